/** Keeps the draft through a reload of the page, without what is secret in it. */
import { userData } from './cloud-init.ts'
import { devicesOf, withDevices, type Draft } from './draft.ts'

const key = 'kubevirt-console.create-vm'

/**
 * The draft without passwords and keys: the whole text of cloud-init and its network data, whatever
 * Secrets hold, and credentials in URLs.
 */
export function withoutSecrets(draft: Draft): Draft {
  const bare = userData.set(draft, '')
  const { volumes, dataVolumeTemplates, disks } = devicesOf(bare)
  const kept = volumes.filter((one) => !one.cloudInitNoCloud && !one.cloudInitConfigDrive)
  const gone = new Set(volumes.filter((one) => !kept.includes(one)).map(({ name }) => name))
  const clean = withDevices(bare, {
    volumes: kept,
    disks: disks.filter(({ name }) => !gone.has(name)),
    dataVolumeTemplates: withoutCredentials(dataVolumeTemplates),
  })
  return { ...clean, others: clean.others.filter(({ kind }) => kind !== 'Secret') }
}

/** `https://me:secret@host/` → `https://host/`. */
function withoutCredentials<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll(/(:\/\/)[^/"@\s]+@/g, '$1')) as T
}

export interface StoredDraft {
  draft: Draft
  /** Something secret was in it, which is to be typed again. */
  lacksSecrets: boolean
}

export function storeDraft(draft: Draft): void {
  const clean = withoutSecrets(draft)
  const lacksSecrets = JSON.stringify(clean) !== JSON.stringify(draft)
  try {
    sessionStorage.setItem(key, JSON.stringify({ draft: clean, lacksSecrets }))
  } catch {
    // Private windows may refuse; the draft then lasts as long as the page.
  }
}

export function storedDraft(): StoredDraft | undefined {
  try {
    const text = sessionStorage.getItem(key)
    return text === null ? undefined : (JSON.parse(text) as StoredDraft)
  } catch {
    return undefined
  }
}

export function forgetDraft(): void {
  try {
    sessionStorage.removeItem(key)
  } catch {
    // Where nothing could be stored there is nothing to forget.
  }
}

/** Keeps the draft through a reload of the page, without what is secret in it. */
import { publicKeyProblem } from '../../../../kube/ssh-public-key.ts'
import type { Volume } from '../../../../kube/vm-devices.ts'
import { perCluster } from '../../../host/cluster-prefix.ts'
import { userData, withNoCloudVolume } from './cloud-init-volume.ts'
import { devicesOf, isSame, withDevices, type Draft, type Manifest } from './draft.ts'
import type { SecretManifest } from './secrets.ts'
import { keptTemplate, withoutTemplate } from './template-start.ts'

const key = perCluster('kubevirt-console.create-vm')

/** Public keys are no secret; anything else in a Secret may be. */
function isSecret(manifest: Manifest): boolean {
  if (manifest.kind !== 'Secret') return false
  const { stringData = {}, data } = manifest as SecretManifest
  const texts = Object.values(stringData)
  return data !== undefined || !texts.every((text) => text === '' || !publicKeyProblem(text))
}

/**
 * The draft without passwords and keys: the whole text of cloud-init and its network data, whatever
 * Secrets hold but public keys, and credentials in URLs.
 */
export function withoutSecrets(draft: Draft): Draft {
  const bare = userData.set(draft, '')
  const gone = bare.others.filter(isSecret)
  const { volumes, dataVolumeTemplates, disks } = devicesOf(bare)
  const names = new Set(gone.map(({ metadata }) => metadata.name))
  const isKept = ({ cloudInitNoCloud, cloudInitConfigDrive, sysprep }: Volume) =>
    !cloudInitNoCloud && !cloudInitConfigDrive && !names.has(sysprep?.secret?.name)
  const kept = volumes.filter(isKept)
  const lost = new Set(volumes.filter((one) => !kept.includes(one)).map(({ name }) => name))
  const clean = withDevices(bare, {
    volumes: kept,
    disks: disks.filter(({ name }) => !lost.has(name)),
    dataVolumeTemplates: withoutCredentials(dataVolumeTemplates),
  })
  return withNoCloudVolume({
    ...clean,
    others: clean.others.filter((one) => !gone.includes(one)),
    ...(clean.template && { template: keptTemplate(clean.template) }),
  })
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
  const lacksSecrets = !isSame(withoutTemplate(clean), withoutTemplate(draft))
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

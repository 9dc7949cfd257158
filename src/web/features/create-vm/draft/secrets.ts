/** Secrets of the draft: what is created beside the VM since it is too long, or too secret, for it. */
import type { Draft, Manifest } from './draft.ts'

export interface SecretManifest extends Manifest {
  stringData?: Record<string, string>
  data?: Record<string, string>
}

function fromBase64(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (one) => one.codePointAt(0) ?? 0))
  } catch {
    return ''
  }
}

/** The draft's own object of that kind and name. */
export function ownObject(
  { others }: Draft,
  kind: 'Secret' | 'ConfigMap',
  name: string | undefined,
): SecretManifest | undefined {
  return others.find((one) => one.kind === kind && one.metadata.name === name)
}

/** The text under a key; empty for none. A ConfigMap's `data` is plain, a Secret's is base64. */
export function textUnder(object: SecretManifest | undefined, key: string): string {
  const coded = object?.data?.[key] ?? ''
  return object?.stringData?.[key] ?? (object?.kind === 'ConfigMap' ? coded : fromBase64(coded))
}

/** The draft whose Secret of that name holds the text under the key; it is made where it is missing. */
export function withSecretText(draft: Draft, name: string, key: string, text: string): Draft {
  const before = ownObject(draft, 'Secret', name)
  const { [key]: _, ...data } = before?.data ?? {}
  const { namespace } = draft.vm.metadata
  const secret: SecretManifest = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    ...before,
    stringData: { ...before?.stringData, [key]: text },
  }
  delete secret.data
  if (Object.keys(data).length > 0) secret.data = data
  return {
    ...draft,
    others: before
      ? draft.others.map((one) => (one === before ? secret : one))
      : [...draft.others, secret],
  }
}

/** Without the text under the key, and without the Secret if nothing else is in it. */
export function withoutSecretText(draft: Draft, name: string | undefined, key: string): Draft {
  const before = ownObject(draft, 'Secret', name)
  if (!before) return draft
  const { [key]: _, ...data } = before.data ?? {}
  const { [key]: __, ...stringData } = before.stringData ?? {}
  const isEmpty = Object.keys(data).length + Object.keys(stringData).length === 0
  const secret = {
    ...before,
    ...(before.data && { data }),
    ...(before.stringData && { stringData }),
  }
  return {
    ...draft,
    others: draft.others.flatMap((one) => (one !== before ? one : isEmpty ? [] : secret)),
  }
}

/** `vm-suffix`, or with a number behind where that is taken. */
export function freeSecretName({ vm, others }: Draft, suffix: string): string {
  const taken = new Set(others.map(({ metadata }) => metadata.name))
  const name = `${vm.metadata.name || 'vm'}-${suffix}`
  let free = name
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`
  return free
}

/** Gives the VM another name, and with it what bears its name. */
import { devicesOf, valueAt, withDevices, withValueAt, type Draft } from './draft.ts'

/** `old-rootdisk` → `new-rootdisk`; other names stay. */
function renamed(name: string, from: string, to: string): string {
  return name.startsWith(`${from}-`) ? `${to}-${name.slice(from.length + 1)}` : name
}

/** Where a volume names an object that may be created with the VM. */
const volumeReferences = [
  ['dataVolume', 'name'],
  ...['cloudInitNoCloud', 'cloudInitConfigDrive'].flatMap((kind) => [
    [kind, 'secretRef', 'name'],
    [kind, 'networkDataSecretRef', 'name'],
  ]),
  ['sysprep', 'secret', 'name'],
  ['sysprep', 'configMap', 'name'],
]
const credentialReferences = [
  ['sshPublicKey', 'source', 'secret', 'secretName'],
  ['userPassword', 'source', 'secret', 'secretName'],
]

function withReferences<T>(object: T, paths: string[][], next: (name: string) => string): T {
  return paths.reduce((at, path) => {
    const name = valueAt(at, path)
    return typeof name === 'string' ? withValueAt(at, path, next(name)) : at
  }, object)
}

const credentialsPath = ['spec', 'template', 'spec', 'accessCredentials']

/** What bears the VM's name before its own bears the new one. */
export function renameDraft(draft: Draft, to: string): Draft {
  const from = draft.vm.metadata.name || 'vm'
  const prefix = to || 'vm'
  const { volumes, dataVolumeTemplates } = devicesOf(draft)
  const own = new Set([
    ...dataVolumeTemplates.map(({ metadata }) => metadata?.name),
    ...draft.others.map(({ metadata }) => metadata.name),
  ])
  const next = (name: string) => (own.has(name) ? renamed(name, from, prefix) : name)
  const withDisks = withDevices(draft, {
    dataVolumeTemplates: dataVolumeTemplates.map((one) => ({
      ...one,
      metadata: { ...one.metadata, name: next(one.metadata?.name ?? '') },
    })),
    volumes: volumes.map((volume) => withReferences(volume, volumeReferences, next)),
  })
  const credentials = valueAt(withDisks.vm, credentialsPath)
  const vm = Array.isArray(credentials)
    ? withValueAt(
        withDisks.vm,
        credentialsPath,
        credentials.map((one: unknown) => withReferences(one, credentialReferences, next)),
      )
    : withDisks.vm
  return {
    ...draft,
    vm: { ...vm, metadata: { ...vm.metadata, name: to } },
    others: draft.others.map((one) => ({
      ...one,
      metadata: {
        ...one.metadata,
        ...(one.metadata.name !== undefined && { name: next(one.metadata.name) }),
      },
    })),
  }
}

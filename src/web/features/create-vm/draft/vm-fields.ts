/** The fields of the wizard that are a value of the VM each, as text where they are typed. */
import { gib, parseQuantity, quantityFromGiB } from '../../../../kube/quantity.ts'
import {
  devicesOf,
  field,
  valueAt,
  vmField,
  withDevices,
  withValueAt,
  type Draft,
  type Field,
} from './draft.ts'

const domain = ['spec', 'template', 'spec', 'domain'] as const

/** `old-rootdisk` → `new-rootdisk`; other names stay. */
function renamed(name: string | undefined, from: string, to: string): string | undefined {
  return name?.startsWith(`${from}-`) ? `${to}-${name.slice(from.length + 1)}` : name
}

/** What bears the VM's name before its own bears the new one. */
function renameDraft(draft: Draft, to: string): Draft {
  const from = draft.vm.metadata.name || 'vm'
  const prefix = to || 'vm'
  const { volumes, dataVolumeTemplates } = devicesOf(draft)
  const own = new Set([
    ...dataVolumeTemplates.map(({ metadata }) => metadata?.name),
    ...draft.others.map(({ metadata }) => metadata.name),
  ])
  const next = (name: string | undefined) =>
    name !== undefined && own.has(name) ? renamed(name, from, prefix) : name
  const withDisks = withDevices(draft, {
    dataVolumeTemplates: dataVolumeTemplates.map((one) => ({
      ...one,
      metadata: { ...one.metadata, name: next(one.metadata?.name) ?? '' },
    })),
    volumes: volumes.map((volume) => {
      const secret = volume.cloudInitNoCloud?.secretRef
      return {
        ...volume,
        ...(volume.dataVolume && {
          dataVolume: { ...volume.dataVolume, name: next(volume.dataVolume.name) ?? '' },
        }),
        ...(secret && {
          cloudInitNoCloud: {
            ...volume.cloudInitNoCloud,
            secretRef: { ...secret, name: next(secret.name) ?? '' },
          },
        }),
      }
    }),
  })
  return {
    ...draft,
    vm: { ...withDisks.vm, metadata: { ...withDisks.vm.metadata, name: to } },
    others: draft.others.map((one) => ({
      ...one,
      metadata: {
        ...one.metadata,
        ...(one.metadata.name !== undefined && { name: next(one.metadata.name) ?? '' }),
      },
    })),
  }
}

export const vmName: Field<string> = field(({ vm }) => vm.metadata.name ?? '', renameDraft)

export const vmNamespace: Field<string> = field(
  ({ vm }) => vm.metadata.namespace ?? '',
  ({ vm, others, ...rest }, namespace) => ({
    ...rest,
    vm: withValueAt(vm, ['metadata', 'namespace'], namespace || undefined),
    others: others.map((one) =>
      withValueAt(one, ['metadata', 'namespace'], namespace || undefined),
    ),
  }),
)

/** Instance type or preference as `KIND/NAME`; empty for none, or one that a volume is to tell. */
function profile(key: 'instancetype' | 'preference', clusterKind: string): Field<string> {
  return field(
    ({ vm }) => {
      const { name, kind } = vm.spec[key] ?? {}
      return name ? `${kind || clusterKind}/${name}` : ''
    },
    (draft, value) => {
      const [kind, name] = value.split('/')
      const matcher = value === '' ? undefined : { kind, name }
      const next = { ...draft, vm: withValueAt(draft.vm, ['spec', key], matcher) }
      if (key === 'preference') return next
      return value === '' ? withCustomSize(next) : withoutCustomSize(next)
    },
  )
}

/** What admission takes for a conflict with an instance type. */
const sizePaths = [
  [...domain, 'cpu', 'cores'],
  [...domain, 'cpu', 'sockets'],
  [...domain, 'cpu', 'threads'],
  [...domain, 'memory', 'guest'],
  [...domain, 'resources', 'requests', 'cpu'],
  [...domain, 'resources', 'requests', 'memory'],
  [...domain, 'resources', 'limits', 'cpu'],
  [...domain, 'resources', 'limits', 'memory'],
]

function withoutCustomSize(draft: Draft): Draft {
  const vm = sizePaths.reduce(
    (at, path) => (valueAt(at, path) === undefined ? at : withValueAt(at, path, undefined)),
    draft.vm,
  )
  return { ...draft, vm }
}

function withCustomSize(draft: Draft): Draft {
  return memoryGiB.set(cpuCount.set(draft, '1'), '2')
}

export const instancetype = profile('instancetype', 'VirtualMachineClusterInstancetype')
export const preference = profile('preference', 'VirtualMachineClusterPreference')

/** The volume whose labels tell instance type or preference when the VM is created. */
export function inferredFrom(draft: Draft): string | undefined {
  return draft.vm.spec.instancetype?.inferFromVolume || undefined
}

/** Virtual CPUs in all. What isn't a number stays as it was typed, for the cluster to judge. */
export const cpuCount: Field<string> = field(
  ({ vm }) => {
    const cpu = valueAt(vm, [...domain, 'cpu']) as Record<string, unknown> | undefined
    if (cpu?.['cores'] === undefined && cpu?.['sockets'] === undefined) return ''
    const { cores = 1, sockets = 1, threads = 1 } = cpu
    if (typeof sockets === 'string') return sockets
    return String(Number(cores) * Number(sockets) * Number(threads))
  },
  (draft, text) => {
    const sockets = /^\d+$/.test(text.trim()) ? Number(text) : text
    const before = valueAt(draft.vm, [...domain, 'cpu']) as object | undefined
    // Sockets can be added while the machine runs; cores can't.
    const cpu =
      text === ''
        ? withValueAt(withValueAt({ ...before }, ['sockets'], undefined), ['cores'], undefined)
        : { ...before, cores: 1, sockets, threads: 1 }
    return { ...draft, vm: withValueAt(draft.vm, [...domain, 'cpu'], cpu) }
  },
)

function sizeText(quantity: unknown): string {
  if (typeof quantity !== 'string' && typeof quantity !== 'number') return ''
  const bytes = parseQuantity(quantity)
  return bytes === undefined ? String(quantity) : String(Number((bytes / gib).toFixed(4)))
}

function sizeQuantity(text: string): string | undefined {
  if (text === '') return undefined
  const sizeGiB = Number(text)
  return Number.isFinite(sizeGiB) ? quantityFromGiB(sizeGiB) : text
}

const memoryPath = [...domain, 'memory', 'guest']

/** Memory in GiB. */
export const memoryGiB: Field<string> = field(
  ({ vm }) => sizeText(valueAt(vm, memoryPath)),
  (draft, text) => ({ ...draft, vm: withValueAt(draft.vm, memoryPath, sizeQuantity(text)) }),
)

/** The size in GiB of the disk that a DataVolume template makes; empty to take that of its source. */
export function templateSizeGiB(dataVolume: string): Field<string> {
  const path = ['spec', 'storage', 'resources', 'requests', 'storage']
  const templateIn = (draft: Draft) =>
    devicesOf(draft).dataVolumeTemplates.find(({ metadata }) => metadata?.name === dataVolume)
  return field(
    (draft) => sizeText(valueAt(templateIn(draft), path)),
    (draft, text) => {
      const { dataVolumeTemplates } = devicesOf(draft)
      const template = templateIn(draft)
      return withDevices(draft, {
        dataVolumeTemplates: dataVolumeTemplates.map((one) => {
          if (one !== template) return one
          const sized = withValueAt(one, path, sizeQuantity(text))
          return sized.spec.storage ? sized : { ...sized, spec: { ...sized.spec, storage: {} } }
        }),
      })
    },
  )
}

function textField(...path: string[]): Field<string> {
  const { get, set } = vmField<string>(...path)
  return field(
    (draft) => get(draft) ?? '',
    (draft, text) => set(draft, text === '' ? undefined : text),
  )
}

export const runStrategy = textField('spec', 'runStrategy')
export const hostname = textField('spec', 'template', 'spec', 'hostname')
export const evictionStrategy = textField('spec', 'template', 'spec', 'evictionStrategy')

export const startsPaused: Field<boolean> = field(
  ({ vm }) => valueAt(vm, ['spec', 'template', 'spec', 'startStrategy']) === 'Paused',
  (draft, isPaused) => {
    const path = ['spec', 'template', 'spec', 'startStrategy']
    return { ...draft, vm: withValueAt(draft.vm, path, isPaused ? 'Paused' : undefined) }
  },
)

export type Firmware = '' | 'bios' | 'uefi' | 'secure'

/** Empty: as the preference says, or else BIOS. */
export const firmware: Field<Firmware> = field(
  ({ vm }) => {
    const loader = valueAt(vm, [...domain, 'firmware', 'bootloader']) as
      | { bios?: object; efi?: { secureBoot?: boolean } }
      | undefined
    if (loader?.efi) return loader.efi.secureBoot === false ? 'uefi' : 'secure'
    return loader?.bios ? 'bios' : ''
  },
  (draft, value) => {
    const bootloader = {
      '': undefined,
      bios: { bios: {} },
      uefi: { efi: { secureBoot: false } },
      secure: { efi: {} },
    }[value]
    const vm = withValueAt(draft.vm, [...domain, 'firmware', 'bootloader'], bootloader)
    // Secure boot needs system management mode (v1.9.0 validating-webhook, efi.secureBoot).
    const smm = value === 'secure' ? true : undefined
    const hasSmm = valueAt(vm, [...domain, 'features', 'smm']) !== undefined
    if (!hasSmm && smm === undefined) return { ...draft, vm }
    const path = [...domain, 'features', 'smm', 'enabled']
    return { ...draft, vm: withValueAt(vm, path, smm) }
  },
)

/** `key=value` lines and the map they stand for. */
function mapField(...path: string[]): Field<string> {
  return field(
    ({ vm }) =>
      Object.entries((valueAt(vm, path) ?? {}) as Record<string, string>)
        .map(([key, value]) => `${key}=${value}`)
        .join('\n'),
    (draft, text) => {
      const pairs = text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '')
        .map((line): [string, string] => {
          const [key = '', ...value] = line.split('=')
          return [key.trim(), value.join('=').trim()]
        })
      const map = pairs.length === 0 ? undefined : Object.fromEntries(pairs)
      return { ...draft, vm: withValueAt(draft.vm, path, map) }
    },
  )
}

export const labels = mapField('metadata', 'labels')
export const nodeSelector = mapField('spec', 'template', 'spec', 'nodeSelector')

/** The fields of the wizard that are a value of the VM each, as text where they are typed. */
import type { Affinity, Toleration } from '../../../../kube/node-match.ts'
import { gib, parseQuantity, quantityFromGiB } from '../../../../kube/quantity.ts'
import type { HostDevice } from '../../../ui/placement/DeviceList.tsx'
import { labelLines, readLabelLines } from '../../../ui/placement/label-lines.ts'
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
import { renameDraft } from './rename.ts'

const domain = ['spec', 'template', 'spec', 'domain'] as const

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
    const path = [...domain, 'firmware', 'bootloader']
    // What else there is of UEFI, such as that its variables stay, outlives the choice of secure boot.
    const before = (valueAt(draft.vm, [...path, 'efi']) ?? {}) as { secureBoot?: boolean }
    const { secureBoot: _, ...efi } = before
    const bootloader = {
      '': undefined,
      bios: { bios: {} },
      uefi: { efi: { ...efi, secureBoot: false } },
      secure: { efi },
    }[value]
    const vm = withValueAt(draft.vm, path, bootloader)
    // Secure boot needs system management mode (v1.9.0 validating-webhook, efi.secureBoot).
    const smm = value === 'secure' ? true : undefined
    const hasSmm = valueAt(vm, [...domain, 'features', 'smm']) !== undefined
    if (!hasSmm && smm === undefined) return { ...draft, vm }
    return { ...draft, vm: withValueAt(vm, [...domain, 'features', 'smm', 'enabled'], smm) }
  },
)

/** `key=value` lines and the map they stand for. */
function mapField(...path: string[]): Field<string> {
  return field(
    ({ vm }) => labelLines(valueAt(vm, path) as Record<string, string> | undefined),
    (draft, text) => {
      const labels = readLabelLines(text)
      const map = Object.keys(labels).length === 0 ? undefined : labels
      return { ...draft, vm: withValueAt(draft.vm, path, map) }
    },
  )
}

const template = ['spec', 'template', 'spec'] as const

export const labels = mapField('metadata', 'labels')
/** Of its instances, and so of their pods. */
export const instanceLabels = mapField('spec', 'template', 'metadata', 'labels')
export const nodeSelector = mapField(...template, 'nodeSelector')
export const affinity = vmField<Affinity>(...template, 'affinity')
export const tolerations = vmField<Toleration[]>(...template, 'tolerations')
export const gpus = vmField<HostDevice[]>(...domain, 'devices', 'gpus')
export const hostDevices = vmField<HostDevice[]>(...domain, 'devices', 'hostDevices')

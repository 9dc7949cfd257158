/** Several VMs of one draft: their names, and what each has of its own. */
import {
  devicesOf,
  field,
  withDevices,
  withValueAt,
  type Draft,
  type Field,
  type Many,
} from './draft.ts'
import { vmName } from './vm-fields.ts'

const one: Many = { count: '1', pattern: '', start: '1', isPool: false }
/** More are a matter for a pool or a script. */
const mostCopies = 100

function manyField<K extends keyof Many>(key: K): Field<Many[K]> {
  return field(
    ({ many = one }) => many[key],
    (draft, value) => ({ ...draft, many: { ...one, ...draft.many, [key]: value } }),
  )
}

export const manyCount = manyField('count')
export const manyPattern = manyField('pattern')
export const manyStart = manyField('start')
export const manyIsPool = manyField('isPool')

/** Anything but one, also what isn't a number yet. */
export function isMany(draft: Draft): boolean {
  return manyCount.get(draft).trim() !== '1'
}

const number = /\{(n+)\}/g

/** The names of the VMs: `web-{n}` counts web-1, web-2 …, `web-{nn}` web-01, web-02 … */
export function copyNames(draft: Draft): string[] {
  const name = vmName.get(draft)
  if (!isMany(draft)) return [name]
  const count = Math.min(mostCopies, Number(manyCount.get(draft)) || 0)
  const start = Number(manyStart.get(draft)) || 0
  const typed = manyPattern.get(draft).trim() || name
  const pattern = /\{n+\}/.test(typed) ? typed : `${typed}-{n}`
  return Array.from({ length: count }, (_, index) =>
    pattern.replaceAll(number, (_all, digits: string) =>
      String(start + index).padStart(digits.length, '0'),
    ),
  )
}

/** What is wrong with how many there are to be. */
export function manyProblems(draft: Draft): string[] {
  if (!isMany(draft)) return []
  const count = Number(manyCount.get(draft))
  if (!Number.isInteger(count) || count < 1 || count > mostCopies)
    return [`A whole number from 1 to ${mostCopies}.`]
  if (!/^\d{1,9}$/.test(manyStart.get(draft).trim()))
    return ['Count from a whole number, 0 or more.']
  const shared = sharedClaims(draft)
  if (shared.length === 0) return []
  return [
    `Each VM needs disks of its own, and all of them would write to ${shared.join(' and ')}: start from something that is copied.`,
  ]
}

/** Claims that aren't made with the VM and that it writes to. */
function sharedClaims(draft: Draft): string[] {
  const { disks, volumes, dataVolumeTemplates } = devicesOf(draft)
  const made = new Set(dataVolumeTemplates.map(({ metadata }) => metadata?.name))
  const readOnly = new Set(
    disks
      .filter(({ cdrom, shareable }) => cdrom !== undefined || shareable === true)
      .map(({ name }) => name),
  )
  return volumes
    .filter(({ name }) => !readOnly.has(name))
    .map(
      ({ dataVolume, persistentVolumeClaim }) =>
        dataVolume?.name ?? persistentVolumeClaim?.claimName,
    )
    .filter((name) => name !== undefined && !made.has(name)) as string[]
}

/** The draft of one VM of several: what bears its name, and without what only one can have. */
export function copyOf(draft: Draft, name: string): Draft {
  const { many: _many, template: _template, ...single } = draft
  if (!isMany(draft)) return single
  const renamed = vmName.set(single, name)
  const before = devicesOf(single)
  const { dataVolumeTemplates, volumes, interfaces } = devicesOf(renamed)
  // Those that don't bear the VM's name would be made twice; a pool numbers its own.
  const kept = new Set(
    name === vmName.get(draft)
      ? []
      : before.dataVolumeTemplates.map(({ metadata }) => metadata?.name),
  )
  const next = (claim: string | undefined) =>
    claim !== undefined && kept.has(claim) ? `${name}-${claim}` : (claim ?? '')
  const own = withDevices(renamed, {
    dataVolumeTemplates: dataVolumeTemplates.map((template) => ({
      ...template,
      metadata: { ...template.metadata, name: next(template.metadata?.name) },
    })),
    volumes: volumes.map((volume) =>
      volume.dataVolume === undefined
        ? volume
        : { ...volume, dataVolume: { ...volume.dataVolume, name: next(volume.dataVolume.name) } },
    ),
    interfaces: interfaces.map(({ macAddress: _mac, ...nic }) => nic),
  })
  return { ...own, vm: withoutIdentity(own.vm) }
}

function withoutIdentity(vm: Draft['vm']): Draft['vm'] {
  const firmware = ['spec', 'template', 'spec', 'domain', 'firmware']
  if (vm.spec.template.spec?.domain.firmware === undefined) return vm
  return withValueAt(
    withValueAt(vm, [...firmware, 'uuid'], undefined),
    [...firmware, 'serial'],
    undefined,
  )
}

const poolLabel = 'kubevirt.io/vmpool'

/** The pool that keeps so many VMs of the draft; it numbers them from 0 itself. */
export function poolManifest(draft: Draft) {
  const { vm } = copyOf(draft, vmName.get(draft))
  const name = vmName.get(draft)
  const labels = { ...vm.metadata.labels, [poolLabel]: name }
  const { namespace = '', annotations } = vm.metadata
  return {
    apiVersion: 'pool.kubevirt.io/v1beta1',
    kind: 'VirtualMachinePool',
    metadata: { name, namespace },
    spec: {
      replicas: Number(manyCount.get(draft)),
      selector: { matchLabels: { [poolLabel]: name } },
      virtualMachineTemplate: {
        metadata: { labels, ...(annotations && { annotations }) },
        spec: vm.spec,
      },
    },
  }
}

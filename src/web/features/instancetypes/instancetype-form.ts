/** The fields of an instance type, their syntax, and the manifest they are of. */
import { z } from 'zod'

import type { FieldRule } from '../../../kube/admission-fields.ts'
import type { Instancetype } from '../../../kube/kinds.ts'
import { parseQuantity } from '../../../kube/quantity.ts'
import type { ManifestFields } from '../../ui/manifest-form/use-manifest-form.ts'
import { nameSyntax, withName, type ProfileManifest } from './profile-manifest.ts'

type Spec = NonNullable<Instancetype['spec']>
export type InstancetypeManifest = ProfileManifest<Spec>

const schema = z
  .object({
    name: nameSyntax,
    namespace: z.string(),
    title: z.string(),
    cpus: z
      .string()
      .trim()
      .refine((text) => /^[1-9]\d*$/.test(text), 'A whole number of CPUs, as in 2.'),
    memory: z
      .string()
      .trim()
      .refine((text) => (parseQuantity(text) ?? 0) > 0, 'An amount with its unit, as in 4Gi.'),
    isDedicated: z.boolean(),
    isNuma: z.boolean(),
    isIsolated: z.boolean(),
    hugepages: z.string(),
    overcommit: z
      .string()
      .trim()
      .refine((text) => text === '' || /^\d{1,2}$/.test(text), 'Percent from 0 to 99, or empty.'),
    gpus: z.string(),
    hostDevices: z.string(),
  })
  .superRefine(({ hugepages, overcommit }, context) => {
    if (hugepages !== '' && overcommit !== '' && overcommit !== '0')
      context.addIssue({
        code: 'custom',
        path: ['overcommit'],
        message: 'Huge pages are set aside; they can’t be promised twice.',
      })
  })

export type InstancetypeValues = z.infer<typeof schema>

function devicesText(devices: Spec['gpus']): string {
  return (devices ?? []).map(({ deviceName }) => deviceName).join(', ')
}

/** Devices keep their names as long as they are what they were, in their order. */
function devicesOf(text: string, before: Spec['gpus'], prefix: string): Spec['gpus'] {
  const names = text.split(/[\s,]+/).filter(Boolean)
  if (names.length === 0) return undefined
  if (devicesText(before) === names.join(', ')) return before
  return names.map((deviceName, index) => ({ name: `${prefix}${index + 1}`, deviceName }))
}

function toValues({ metadata, spec }: InstancetypeManifest): InstancetypeValues {
  const { cpu, memory, gpus, hostDevices } = spec ?? {}
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    title: metadata.annotations?.[titleAnnotation] ?? '',
    cpus: cpu?.guest === undefined ? '' : String(cpu.guest),
    memory: String(memory?.guest ?? ''),
    isDedicated: cpu?.dedicatedCPUPlacement === true,
    isNuma: cpu?.numa?.guestMappingPassthrough !== undefined,
    isIsolated: cpu?.isolateEmulatorThread === true,
    hugepages: memory?.hugepages?.pageSize ?? '',
    overcommit: memory?.overcommitPercent === undefined ? '' : String(memory.overcommitPercent),
    gpus: devicesText(gpus),
    hostDevices: devicesText(hostDevices),
  }
}

const titleAnnotation = 'instancetype.kubevirt.io/displayName'

/** Only what differs from the values of `base` is touched. */
function fromValues(values: InstancetypeValues, base: InstancetypeManifest): InstancetypeManifest {
  const before = toValues(base)
  const cpu = { ...base.spec?.cpu }
  const memory = { ...base.spec?.memory }
  const spec: Spec = { ...base.spec }
  const has = (key: keyof InstancetypeValues) => values[key] !== before[key]
  if (has('cpus')) cpu.guest = Number(values.cpus)
  if (has('memory')) memory.guest = values.memory.trim()
  if (has('isDedicated')) set(cpu, 'dedicatedCPUPlacement', values.isDedicated || undefined)
  if (has('isIsolated')) set(cpu, 'isolateEmulatorThread', values.isIsolated || undefined)
  if (has('isNuma')) set(cpu, 'numa', values.isNuma ? { guestMappingPassthrough: {} } : undefined)
  if (has('hugepages'))
    set(memory, 'hugepages', values.hugepages === '' ? undefined : { pageSize: values.hugepages })
  if (has('overcommit'))
    set(
      memory,
      'overcommitPercent',
      values.overcommit === '' ? undefined : Number(values.overcommit),
    )
  if (has('gpus')) set(spec, 'gpus', devicesOf(values.gpus, base.spec?.gpus, 'gpu'))
  if (has('hostDevices'))
    set(spec, 'hostDevices', devicesOf(values.hostDevices, base.spec?.hostDevices, 'device'))
  return {
    ...withName(base, values, titleAnnotation),
    spec: { ...spec, cpu, memory },
  }
}

function set<T extends object, K extends keyof T>(object: T, key: K, value: T[K] | undefined) {
  if (value === undefined) delete object[key]
  else object[key] = value
}

export const instancetypeFields: ManifestFields<InstancetypeValues, InstancetypeManifest> = {
  schema,
  toValues,
  fromValues,
}

export const newInstancetypeSpec: Spec = { cpu: { guest: 1 }, memory: { guest: '2Gi' } }

export const instancetypeRules: FieldRule<keyof InstancetypeValues>[] = [
  { path: 'metadata.name', field: 'name' },
  { path: 'metadata.namespace', field: 'namespace' },
  { path: 'cpu.guest', field: 'cpus' },
  { path: 'memory.overcommitPercent', field: 'overcommit' },
  { path: 'memory.hugepages*', field: 'hugepages' },
  { path: 'memory*', field: 'memory' },
  { path: 'gpus*', field: 'gpus' },
  { path: 'hostDevices*', field: 'hostDevices' },
]

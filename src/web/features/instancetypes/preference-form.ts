/** The fields of a preference, their syntax, and the manifest they are of. */
import { z } from 'zod'

import type { FieldRule } from '../../../kube/admission-fields.ts'
import type { Preference } from '../../../kube/kinds.ts'
import { parseQuantity } from '../../../kube/quantity.ts'
import type { ManifestFields } from '../../ui/manifest-form/use-manifest-form.ts'
import { nameSyntax, withName, type ProfileManifest } from './profile-manifest.ts'

type Spec = NonNullable<Preference['spec']>
export type PreferenceManifest = ProfileManifest<Spec>

const schema = z.object({
  name: nameSyntax,
  namespace: z.string(),
  title: z.string(),
  os: z.string(),
  diskBus: z.string(),
  nicModel: z.string(),
  topology: z.string(),
  firmware: z.enum(['', 'efi', 'secure']),
  hasTpm: z.boolean(),
  cpus: z
    .string()
    .trim()
    .refine((text) => text === '' || /^[1-9]\d*$/.test(text), 'A whole number of CPUs, or empty.'),
  memory: z
    .string()
    .trim()
    .refine(
      (text) => text === '' || (parseQuantity(text) ?? 0) > 0,
      'An amount with its unit, as in 4Gi, or empty.',
    ),
})

export type PreferenceValues = z.infer<typeof schema>

const titleAnnotation = 'openshift.io/display-name'
const osLabel = 'instancetype.kubevirt.io/os-type'

function firmwareOf({ firmware }: Spec): PreferenceValues['firmware'] {
  const efi = firmware?.preferredEfi
  if (!efi) return ''
  return efi.secureBoot === false ? 'efi' : 'secure'
}

function toValues({ metadata, spec = {} }: PreferenceManifest): PreferenceValues {
  const { devices, cpu, requirements } = spec
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    title: metadata.annotations?.[titleAnnotation] ?? '',
    os: metadata.labels?.[osLabel] ?? '',
    diskBus: devices?.preferredDiskBus ?? '',
    nicModel: devices?.preferredInterfaceModel ?? '',
    topology: cpu?.preferredCPUTopology ?? '',
    firmware: firmwareOf(spec),
    hasTpm: devices?.preferredTPM !== undefined,
    cpus: requirements?.cpu?.guest === undefined ? '' : String(requirements.cpu.guest),
    memory: String(requirements?.memory?.guest ?? ''),
  }
}

/** `object` with a member of a part set, or taken away with the part if nothing else is in it. */
function withMember<P extends keyof Spec>(
  spec: Spec,
  part: P,
  member: string,
  value: unknown,
): Spec {
  const { [member]: _, ...rest } = { ...(spec[part] as Record<string, unknown> | undefined) }
  const next = value === undefined ? rest : { ...rest, [member]: value }
  const { [part]: __, ...others } = spec
  return Object.keys(next).length === 0 ? (others as Spec) : { ...spec, [part]: next }
}

/** Only what differs from the values of `base` is touched. */
function fromValues(values: PreferenceValues, base: PreferenceManifest): PreferenceManifest {
  const before = toValues(base)
  const has = (key: keyof PreferenceValues) => values[key] !== before[key]
  let spec: Spec = base.spec ?? {}
  const put = (part: keyof Spec, member: string, value: unknown) => {
    spec = withMember(spec, part, member, value === '' ? undefined : value)
  }
  if (has('diskBus')) put('devices', 'preferredDiskBus', values.diskBus)
  if (has('nicModel')) put('devices', 'preferredInterfaceModel', values.nicModel)
  if (has('hasTpm')) put('devices', 'preferredTPM', values.hasTpm ? {} : undefined)
  if (has('topology')) put('cpu', 'preferredCPUTopology', values.topology)
  if (has('firmware'))
    put(
      'firmware',
      'preferredEfi',
      values.firmware === '' ? undefined : { secureBoot: values.firmware === 'secure' },
    )
  if (has('cpus'))
    put('requirements', 'cpu', values.cpus === '' ? undefined : { guest: Number(values.cpus) })
  if (has('memory'))
    put(
      'requirements',
      'memory',
      values.memory === '' ? undefined : { guest: values.memory.trim() },
    )
  const manifest = withName(base, values, titleAnnotation)
  const { [osLabel]: _, ...labels } = manifest.metadata.labels ?? {}
  const withOs = values.os === '' ? labels : { ...labels, [osLabel]: values.os }
  const { labels: __, ...metadata } = manifest.metadata
  return {
    ...manifest,
    metadata: has('os')
      ? { ...metadata, ...(Object.keys(withOs).length > 0 && { labels: withOs }) }
      : manifest.metadata,
    spec,
  }
}

export const preferenceFields: ManifestFields<PreferenceValues, PreferenceManifest> = {
  schema,
  toValues,
  fromValues,
}

export const newPreferenceSpec: Spec = {
  devices: { preferredDiskBus: 'virtio', preferredInterfaceModel: 'virtio' },
}

export const preferenceRules: FieldRule<keyof PreferenceValues>[] = [
  { path: 'metadata.name', field: 'name' },
  { path: 'metadata.namespace', field: 'namespace' },
  { path: 'devices.preferredDiskBus', field: 'diskBus' },
  { path: 'devices.preferredInterfaceModel', field: 'nicModel' },
  { path: 'cpu*', field: 'topology' },
  { path: 'firmware*', field: 'firmware' },
  { path: 'requirements.cpu*', field: 'cpus' },
  { path: 'requirements.memory*', field: 'memory' },
]

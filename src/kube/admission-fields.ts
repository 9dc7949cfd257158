/** Brings what admission says to the fields of the form that caused it. */
import type { KubeError } from './kube-error.ts'

/**
 * Where a cause goes. `path` is a normalised path (see {@link normalizePath}); `[*]` stands for any
 * index, a trailing `*` for anything below and a leading one for anything before. `message` narrows it to some texts: KubeVirt blames
 * the name of an interface for several things that aren't about its name. First match wins.
 */
export interface FieldRule<F extends string> {
  path: string
  message?: RegExp
  field: F
}

export interface MappedCauses<F extends string> {
  /** Admission's own words by field, in its order. */
  fields: Partial<Record<F, string[]>>
  /** What belongs to no field of the form. */
  others: string[]
}

/**
 * A cause's path without the prefix of VM (`spec.template.spec`) or VMI (`spec`), and with the paths
 * that KubeVirt reports wrongly put right:
 * doubled disk paths (`disks.domain.devices.disks[i]`, v1.9.0 pkg/storage/admitters/disks.go),
 * `interfaces` without its parents for two pod networks (pkg/network/admitter/netsource.go),
 * `[i].bootOrder` of interfaces and `domain.volumes[i]`
 * (pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go),
 * `spec.dataVolumeTemplate[i].PVC.Storage` (pkg/storage/admitters/data-volume-template.go) and
 * `spec.running` for a missing run strategy.
 */
export function normalizePath(path: string): string {
  const [, rest = ''] = /^(?:spec\.template\.spec|spec)(?=$|[.[])\.?(.*)$/.exec(path) ?? ['', path]
  return rest
    .replace(
      /^domain\.devices\.disks\.domain\.devices\.disks(?:\.disk)?\[/,
      'domain.devices.disks[',
    )
    .replace(/^(\[\d+\]\.bootOrder)$/, 'domain.devices.interfaces$1')
    .replace(/^interfaces$/, 'networks')
    .replace(/^domain\.volumes\[/, 'volumes[')
    .replace(/^dataVolumeTemplate\[/, 'dataVolumeTemplates[')
    .replace(/\.PVC\.Storage$/, '.spec')
    .replace(/^running$/, 'runStrategy')
}

function matcher(path: string): RegExp {
  const pattern = path
    .replace(/[.[\]]/g, '\\$&')
    .replaceAll('\\[*\\]', '\\[\\d+\\]')
    .replace(/^\*|\*$/g, '.*')
  return new RegExp(`^${pattern}$`)
}

/** Admission's preamble, which says nothing to the user: the webhook's name and "denied the request". */
const preamble = /^admission webhook ".+?" denied the request: /

/**
 * Sorts the causes of a refusal by field. A refusal without causes is one text: for `AlreadyExists`
 * it goes where the rules send `metadata.name`, else to the top.
 */
export function mapCauses<F extends string>(
  error: KubeError,
  rules: readonly FieldRule<F>[],
): MappedCauses<F> {
  const mapped: MappedCauses<F> = { fields: {}, others: [] }
  const compiled = rules.map((rule) => ({ ...rule, path: matcher(rule.path) }))
  const put = (at: string | undefined, message: string) => {
    const path = at === undefined ? undefined : normalizePath(at)
    const field = compiled.find(
      (rule) => path !== undefined && rule.path.test(path) && (rule.message?.test(message) ?? true),
    )?.field
    const list = field === undefined ? mapped.others : (mapped.fields[field] ??= [])
    if (!list.includes(message)) list.push(message)
  }
  const causes = error.causes.filter(({ message }) => message)
  for (const { field, message = '' } of causes) put(field ?? pathInBody(message), message)
  // Ten causes are given at most; the text counts the rest ("and 3 more validation errors").
  const [more] = /and \d+ more validation errors?$/.exec(error.message) ?? []
  if (causes.length > 0 && more !== undefined) mapped.others.push(`… ${more}.`)
  if (causes.length === 0) {
    const message = error.message.replace(preamble, '')
    const path = error.reason === 'AlreadyExists' ? 'metadata.name' : pathInBody(message)
    put(path, message)
  }
  return mapped
}

/** KubeVirt's own check of the schema names the field in the text only (v1.9.0 pkg/util/openapi/openapi.go). */
function pathInBody(message: string): string | undefined {
  return /^([\w.[\]]+) in body /.exec(message)?.[1]
}

/**
 * Whether a write was refused because somebody else changed the object first: a stale
 * resourceVersion (409), or a JSON patch that no longer applies, as when a `test` fails. For that
 * kube-apiserver answers 422 with this text and without causes.
 */
export function isChangedMeanwhile(error: KubeError): boolean {
  return (
    error.isConflict ||
    (error.code === 422 &&
      error.causes.length === 0 &&
      error.message.startsWith('the server rejected our request due to an error in our request'))
  )
}

const ports = ['port', 'protocol', 'name'] as const
const dhcpFields = ['bootFileName', 'tftpServerName', 'ntpServers', 'privateOptions'] as const

export type NicField =
  | 'name'
  | 'network'
  | 'binding'
  | 'model'
  | 'macAddress'
  | 'state'
  | 'bootOrder'
  | 'ports'
  | 'pciAddress'
  | 'acpiIndex'
  | 'bootFileName'
  | 'tftpServerName'
  | 'ntpServers'
  | 'privateOptions'
  | 'hasManyQueues'

/** Rules for the form of one NIC, by its place in `interfaces` and in `networks`. */
export function nicFieldRules(index: number, networkIndex: number): FieldRule<NicField>[] {
  const nic = `domain.devices.interfaces[${index}]`
  const network = `networks[${networkIndex}]`
  return [
    {
      path: `${nic}.name`,
      message: /^Bridge on pod network|^Masquerade interface|^PasstBinding/,
      field: 'binding',
    },
    { path: `${nic}.name`, message: /^portRanges/, field: 'ports' },
    { path: `${nic}.name`, field: 'name' },
    { path: nic, message: /binding/, field: 'binding' },
    { path: `${nic}.model`, field: 'model' },
    { path: `${nic}.macAddress`, field: 'macAddress' },
    { path: `${nic}.state`, field: 'state' },
    { path: `${nic}.bootOrder`, field: 'bootOrder' },
    // The later of two devices with one boot order is blamed, which may be another NIC than this.
    {
      path: 'domain.devices.*',
      message: /already set for a different device/,
      field: 'bootOrder',
    },
    ...ports.map((key) => ({
      path: `${nic}.ports[*].${key}`,
      field: 'ports' as const,
    })),
    { path: `${nic}.ports`, field: 'ports' },
    { path: `${nic}.pciAddress`, field: 'pciAddress' },
    { path: `${nic}.acpiIndex`, field: 'acpiIndex' },
    ...dhcpFields.map((field) => ({ path: `${nic}.dhcpOptions.${field}*`, field })),
    { path: 'domain.devices.networkInterfaceMultiqueue', field: 'hasManyQueues' },
    // Blamed on the whole spec (v1.9.0 pkg/network/admitter/admit.go).
    { path: '', message: /DHCPPrivateOptions/, field: 'privateOptions' },
    ...['binding*', 'slirp', 'macvtap', 'passt'].map((key) => ({
      path: `${nic}.${key}`,
      field: 'binding' as const,
    })),
    { path: `${network}.name`, field: 'name' },
    { path: `${network}*`, field: 'network' },
    { path: 'networks', field: 'network' },
  ]
}

export type DiskField =
  | 'name'
  | 'existingClaim'
  | 'claimName'
  | 'type'
  | 'bus'
  | 'serial'
  | 'bootOrder'
  | 'isReadOnly'
  | 'isShareable'
  | 'hasOwnThread'
  | 'cache'
  | 'io'
  | 'errorPolicy'
  | 'image'
  | 'objectName'
  | 'sizeGiB'

/** Rules for the form of one disk, by its place in `disks` and in `volumes`. */
export function diskFieldRules(
  index: number,
  volumeIndex: number,
  sourceField: DiskField = 'existingClaim',
): FieldRule<DiskField>[] {
  const disk = `domain.devices.disks[${index}]`
  const volume = `volumes[${volumeIndex}]`
  return [
    { path: `${disk}.name`, field: 'name' },
    { path: `${disk}.*`, message: /do not support read-only/, field: 'isReadOnly' },
    { path: `${disk}.disk.bus`, field: 'bus' },
    { path: `${disk}.lun.bus`, field: 'bus' },
    { path: `${disk}.cdrom.bus`, field: 'bus' },
    { path: disk, message: /target type/, field: 'type' },
    // KubeVirt blames the whole disk for its I/O thread (a doubled path, without the field).
    { path: disk, message: /^IOThreads are not supported/, field: 'hasOwnThread' },
    { path: `${disk}.lun`, field: 'type' },
    { path: `${disk}.cache`, field: 'cache' },
    { path: `${disk}.io`, field: 'io' },
    { path: `${disk}.errorPolicy`, field: 'errorPolicy' },
    { path: `${disk}.shareable`, field: 'isShareable' },
    { path: `${disk}.serial`, field: 'serial' },
    { path: `${disk}.bootOrder`, field: 'bootOrder' },
    {
      path: 'domain.devices.*',
      message: /already set for a different device/,
      field: 'bootOrder',
    },
    { path: `${volume}.name`, field: 'name' },
    { path: `${volume}*`, field: sourceField },
    // More than one such volume: the list is blamed.
    { path: 'volumes', message: /must have max one serviceAccount/, field: sourceField },
  ]
}

export type DataVolumeField =
  | ClaimField
  | 'sourceClaim'
  | 'sourceSnapshot'
  | 'dataSource'
  | 'image'
  | 'url'

/**
 * Rules for a new DataVolume. CDI's webhook spells the paths as Go does, in part
 * (https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/apiserver/webhooks/datavolume-validate.go).
 */
export const dataVolumeFieldRules: FieldRule<DataVolumeField>[] = [
  { path: 'metadata.name', field: 'claimName' },
  { path: 'name', field: 'claimName' },
  { path: 'source.PVC*', field: 'sourceClaim' },
  { path: 'source.Snapshot*', field: 'sourceSnapshot' },
  { path: 'sourceRef*', field: 'dataSource' },
  { path: 'source.Registry*', field: 'image' },
  { path: 'source.HTTP*', field: 'url' },
  { path: 'source.http*', field: 'url' },
  { path: 'PVC.accessModes', field: 'accessMode' },
  { path: 'storage.resources*', field: 'sizeGiB' },
  { path: 'pvc.resources*', field: 'sizeGiB' },
  { path: 'storage.storageClassName', field: 'storageClass' },
  { path: 'storage.accessModes*', field: 'accessMode' },
  { path: 'storage.volumeMode', field: 'volumeMode' },
]

export type ClaimField = 'claimName' | 'sizeGiB' | 'storageClass' | 'accessMode' | 'volumeMode'

/** Rules for a new or grown PersistentVolumeClaim (k8s.io/kubernetes pkg/apis/core/validation). */
export const claimFieldRules: FieldRule<ClaimField>[] = [
  { path: 'metadata.name', field: 'claimName' },
  { path: 'resources*', field: 'sizeGiB' },
  { path: 'storageClassName', field: 'storageClass' },
  { path: 'accessModes*', field: 'accessMode' },
  { path: 'volumeMode', field: 'volumeMode' },
]

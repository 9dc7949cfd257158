/** Which field of the wizard an admission cause belongs to, and which step holds the field. */
import type { FieldRule } from '../../../kube/admission-fields.ts'

export const stepNames = {
  start: 'Start from',
  size: 'Size',
  disks: 'Disks',
  networks: 'Networks',
  boot: 'First boot',
  scheduling: 'Scheduling and more',
  review: 'Review',
} as const

export type StepId = keyof typeof stepNames

/** Field → the step it is on. */
export const stepOfField = {
  name: 'start',
  namespace: 'start',
  source: 'start',
  count: 'start',
  instancetype: 'size',
  preference: 'size',
  cpu: 'size',
  memory: 'size',
  disks: 'disks',
  networks: 'networks',
  userData: 'boot',
  networkData: 'boot',
  sshKeys: 'boot',
  sysprep: 'boot',
  tpm: 'boot',
  hostname: 'boot',
  runStrategy: 'boot',
  startsPaused: 'boot',
  firmware: 'boot',
  labels: 'scheduling',
  nodeSelector: 'scheduling',
  affinity: 'scheduling',
  gpus: 'scheduling',
  hostDevices: 'scheduling',
  tolerations: 'scheduling',
  evictionStrategy: 'scheduling',
  instanceLabels: 'scheduling',
} as const satisfies Record<string, StepId>

export type WizardField = keyof typeof stepOfField

export function isWizardField(field: string): field is WizardField {
  return Object.hasOwn(stepOfField, field)
}

/** By normalised path, the first that fits. */
export const vmRules: readonly FieldRule<WizardField>[] = [
  { path: 'metadata.name', field: 'name' },
  { path: 'metadata.namespace', field: 'namespace' },
  { path: 'metadata.labels*', field: 'labels' },
  { path: 'instancetype*', field: 'instancetype' },
  { path: 'preference*', field: 'preference' },
  { path: 'domain.cpu*', field: 'cpu' },
  { path: 'domain.memory*', field: 'memory' },
  { path: 'domain.resources*', field: 'memory' },
  { path: 'accessCredentials*', field: 'sshKeys' },
  { path: 'domain.devices.tpm*', field: 'tpm' },
  { path: '*', message: /networkdata/i, field: 'networkData' },
  { path: '*', message: /cloudInit|userdata/i, field: 'userData' },
  { path: 'domain.devices.disks*', field: 'disks' },
  { path: 'domain.devices.filesystems*', field: 'disks' },
  { path: 'dataVolumeTemplates*', field: 'disks' },
  { path: 'volumes*', field: 'disks' },
  { path: 'domain.devices.gpus*', field: 'gpus' },
  { path: 'GPUs*', field: 'gpus' },
  { path: 'domain.devices.hostDevices*', field: 'hostDevices' },
  // v1.9.0 vmi-create-admitter.go, validateHostDevicesWithPassthroughEnabled
  { path: 'HostDevices*', field: 'hostDevices' },
  { path: 'domain.devices.interfaces*', field: 'networks' },
  { path: 'networks*', field: 'networks' },
  { path: 'hostname', field: 'hostname' },
  { path: 'subdomain', field: 'hostname' },
  { path: 'runStrategy', field: 'runStrategy' },
  { path: 'startStrategy', field: 'startsPaused' },
  // Secure boot without system management mode is blamed on the whole domain.
  { path: 'domain', message: /SecureBoot/, field: 'firmware' },
  { path: 'domain.firmware*', field: 'firmware' },
  { path: 'domain.features*', field: 'firmware' },
  { path: 'nodeSelector*', field: 'nodeSelector' },
  { path: 'affinity*', field: 'affinity' },
  // v1.9.0 vmi-create-admitter.go, validateSpecAffinity: without the step of that name.
  { path: 'nodeAffinity*', field: 'affinity' },
  { path: 'podAffinity*', field: 'affinity' },
  { path: 'podAntiAffinity*', field: 'affinity' },
  { path: 'tolerations*', field: 'tolerations' },
  { path: 'evictionStrategy', field: 'evictionStrategy' },
  { path: 'template.metadata*', field: 'instanceLabels' },
]

/** A pool's template is a VM's, two levels further down. */
export const poolRules: readonly FieldRule<WizardField>[] = [
  { path: 'metadata.name', field: 'name' },
  { path: 'replicas', field: 'count' },
  ...vmRules.flatMap(({ path, ...rule }) =>
    path.startsWith('metadata') || path === '*'
      ? []
      : [
          { path: `virtualMachineTemplate.spec.template.spec.${path}`, ...rule },
          { path: `virtualMachineTemplate.spec.${path}`, ...rule },
        ],
  ),
]

/** Those of what is created beside the VM, for the field that it is of. */
export function otherRules(field: WizardField | undefined): readonly FieldRule<WizardField>[] {
  return field === undefined ? [] : [{ path: '*', field }]
}

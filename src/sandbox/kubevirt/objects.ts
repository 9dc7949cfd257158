/**
 * The fields of KubeVirt's, CDI's and Kubernetes' objects that the sandbox's controllers read and
 * write. Everything else in an object passes through untouched.
 */
import type { KubeObject, OwnerReference, ResourceKey } from '../api/cluster.ts'

export const keys = {
  vm: 'kubevirt.io/virtualmachines',
  vmi: 'kubevirt.io/virtualmachineinstances',
  vmim: 'kubevirt.io/virtualmachineinstancemigrations',
  vmirs: 'kubevirt.io/virtualmachineinstancereplicasets',
  kubevirt: 'kubevirt.io/kubevirts',
  pool: 'pool.kubevirt.io/virtualmachinepools',
  snapshot: 'snapshot.kubevirt.io/virtualmachinesnapshots',
  snapshotContent: 'snapshot.kubevirt.io/virtualmachinesnapshotcontents',
  restore: 'snapshot.kubevirt.io/virtualmachinerestores',
  clone: 'clone.kubevirt.io/virtualmachineclones',
  export: 'export.kubevirt.io/virtualmachineexports',
  instancetype: 'instancetype.kubevirt.io/virtualmachineinstancetypes',
  clusterInstancetype: 'instancetype.kubevirt.io/virtualmachineclusterinstancetypes',
  preference: 'instancetype.kubevirt.io/virtualmachinepreferences',
  clusterPreference: 'instancetype.kubevirt.io/virtualmachineclusterpreferences',
  template: 'template.kubevirt.io/virtualmachinetemplates',
  templateRequest: 'template.kubevirt.io/virtualmachinetemplaterequests',
  dataVolume: 'cdi.kubevirt.io/datavolumes',
  dataSource: 'cdi.kubevirt.io/datasources',
  dataImportCron: 'cdi.kubevirt.io/dataimportcrons',
  cdi: 'cdi.kubevirt.io/cdis',
  cdiConfig: 'cdi.kubevirt.io/cdiconfigs',
  storageProfile: 'cdi.kubevirt.io/storageprofiles',
  volumeSnapshot: 'snapshot.storage.k8s.io/volumesnapshots',
  volumeSnapshotClass: 'snapshot.storage.k8s.io/volumesnapshotclasses',
  volumeSnapshotContent: 'snapshot.storage.k8s.io/volumesnapshotcontents',
  nad: 'k8s.cni.cncf.io/network-attachment-definitions',
  namespace: '/namespaces',
  node: '/nodes',
  pod: '/pods',
  pvc: '/persistentvolumeclaims',
  pv: '/persistentvolumes',
  secret: '/secrets',
  configMap: '/configmaps',
  service: '/services',
  serviceAccount: '/serviceaccounts',
  storageClass: 'storage.k8s.io/storageclasses',
  deployment: 'apps/deployments',
  replicaSet: 'apps/replicasets',
  daemonSet: 'apps/daemonsets',
  statefulSet: 'apps/statefulsets',
  controllerRevision: 'apps/controllerrevisions',
  lease: 'coordination.k8s.io/leases',
} as const satisfies Record<string, ResourceKey>

/** Marks VMs, VMIs and pods whose guest is simulated, and started only when it is looked at. */
export const SIMULATED_GUEST = 'sandbox.kubevirt-console.io/guest'

export const VM_FINALIZER = 'kubevirt.io/virtualMachineControllerFinalize'
export const VMI_FINALIZER = 'kubevirt.io/foregroundDeleteVirtualMachine'
export const VM_GENERATION = 'kubevirt.io/vm-generation'

export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  lastProbeTime?: string | null
  lastTransitionTime?: string | null
}

export interface Interface {
  name: string
  model?: string
  macAddress?: string
  state?: string
  bridge?: object
  masquerade?: object
  sriov?: object
  binding?: { name: string }
  ports?: { name?: string; protocol?: string; port: number }[]
  [field: string]: unknown
}

export interface Network {
  name: string
  pod?: object
  multus?: { networkName: string; default?: boolean }
  [field: string]: unknown
}

export interface Disk {
  name: string
  disk?: { bus?: string; readonly?: boolean }
  lun?: { bus?: string; readonly?: boolean }
  cdrom?: { bus?: string; readonly?: boolean }
  serial?: string
  [field: string]: unknown
}

export interface Volume {
  name: string
  persistentVolumeClaim?: { claimName: string; hotpluggable?: boolean; readOnly?: boolean }
  dataVolume?: { name: string; hotpluggable?: boolean }
  containerDisk?: { image: string }
  configMap?: { name?: string }
  secret?: { secretName?: string }
  cloudInitNoCloud?: CloudInit
  cloudInitConfigDrive?: CloudInit
  emptyDisk?: { capacity: string }
  [field: string]: unknown
}

export interface CloudInit {
  userData?: string
  userDataBase64?: string
  secretRef?: { name: string }
  networkData?: string
  networkDataBase64?: string
  networkDataSecretRef?: { name: string }
}

interface Devices {
  disks?: Disk[]
  interfaces?: Interface[]
  autoattachGraphicsDevice?: boolean
  autoattachSerialConsole?: boolean
  autoattachPodInterface?: boolean
  clientPassthrough?: object
  autoattachVSOCK?: boolean
  gpus?: { name: string; deviceName?: string }[]
  hostDevices?: { name: string; deviceName?: string }[]
  [field: string]: unknown
}

interface DomainSpec {
  devices: Devices
  cpu?: {
    cores?: number
    sockets?: number
    threads?: number
    maxSockets?: number
    model?: string
    dedicatedCpuPlacement?: boolean
  }
  memory?: { guest?: string; maxGuest?: string; hugepages?: { pageSize: string } }
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> }
  machine?: { type?: string }
  firmware?: { uuid?: string; serial?: string }
  features?: { acpi?: { enabled?: boolean }; hyperv?: object; [field: string]: unknown }
  [field: string]: unknown
}

interface AccessCredential {
  sshPublicKey?: {
    source: { secret?: { secretName: string } }
    propagationMethod: { noCloud?: object; configDrive?: object; qemuGuestAgent?: object }
  }
}

export interface VmiSpec {
  domain: DomainSpec
  accessCredentials?: AccessCredential[]
  networks?: Network[]
  volumes?: Volume[]
  nodeSelector?: Record<string, string>
  tolerations?: object[]
  affinity?: object
  hostname?: string
  architecture?: string
  terminationGracePeriodSeconds?: number
  evictionStrategy?: string
  startStrategy?: string
  livenessProbe?: { guestAgentPing?: object }
  [field: string]: unknown
}

export interface InterfaceStatus {
  name?: string
  mac?: string
  ipAddress?: string
  ipAddresses?: string[]
  interfaceName?: string
  podInterfaceName?: string
  infoSource?: string
  queueCount?: number
  linkState?: string
}

export interface VolumeStatus {
  name: string
  target: string
  phase?: string
  reason?: string
  message?: string
  size?: number
  persistentVolumeClaimInfo?: object
  hotplugVolume?: { attachPodName?: string; attachPodUID?: string }
  [field: string]: unknown
}

export interface MigrationState {
  startTimestamp?: string
  endTimestamp?: string
  sourceNode?: string
  targetNode?: string
  sourcePod?: string
  targetPod?: string
  mode?: string
  completed?: boolean
  failed?: boolean
  failureReason?: string
  abortRequested?: boolean
  abortStatus?: string
  migrationUid?: string
}

export type VmiPhase =
  | 'Pending'
  | 'Scheduling'
  | 'Scheduled'
  | 'Running'
  | 'Succeeded'
  | 'Failed'
  | 'WaitingForSync'
  | 'Unknown'

export interface VmiStatus {
  phase?: VmiPhase
  nodeName?: string
  conditions?: Condition[]
  interfaces?: InterfaceStatus[]
  volumeStatus?: VolumeStatus[]
  guestOSInfo?: object
  activePods?: Record<string, string>
  phaseTransitionTimestamps?: { phase: string; phaseTransitionTimestamp: string }[]
  migrationState?: MigrationState
  [field: string]: unknown
}

export interface VirtualMachineInstance extends KubeObject {
  spec: VmiSpec
  status?: VmiStatus
}

export interface Matcher {
  name: string
  kind?: string
  revisionName?: string
}

export interface StateChangeRequest {
  action: 'Start' | 'Stop'
  uid?: string
  data?: Record<string, string>
}

export interface VmSpec {
  running?: boolean
  runStrategy?: string
  instancetype?: Matcher
  preference?: Matcher
  dataVolumeTemplates?: {
    metadata: {
      name: string
      labels?: Record<string, string>
      annotations?: Record<string, string>
    }
    spec: DataVolumeSpec
  }[]
  template: {
    metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
    spec: VmiSpec
  }
  [field: string]: unknown
}

export interface VmStatus {
  created?: boolean
  ready?: boolean
  printableStatus?: string
  conditions?: Condition[]
  stateChangeRequests?: StateChangeRequest[]
  startFailure?: {
    consecutiveFailCount: number
    lastFailedVMIUID?: string
    retryAfterTimestamp: string
  }
  volumeSnapshotStatuses?: { name: string; enabled: boolean; reason?: string }[]
  runStrategy?: string
  observedGeneration?: number
  desiredGeneration?: number
  snapshotInProgress?: string
  restoreInProgress?: string
  memoryDumpRequest?: { claimName: string; phase: string; [field: string]: unknown }
  instancetypeRef?: object
  preferenceRef?: object
  [field: string]: unknown
}

export interface VirtualMachine extends KubeObject {
  spec: VmSpec
  status?: VmStatus
}

export interface ContainerStatus {
  name: string
  ready: boolean
  started: boolean
  restartCount: number
  image: string
  imageID: string
  containerID?: string
  state: {
    waiting?: { reason: string; message?: string }
    running?: { startedAt: string }
    terminated?: { exitCode: number; reason: string; startedAt: string; finishedAt: string }
  }
  lastState: object
}

export interface Container {
  name: string
  image: string
  command?: string[]
  args?: string[]
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> }
  restartPolicy?: string
  [field: string]: unknown
}

export interface PodSpec {
  nodeName?: string
  nodeSelector?: Record<string, string>
  tolerations?: { key?: string; operator?: string; value?: string; effect?: string }[]
  containers: Container[]
  initContainers?: Container[]
  volumes?: { name: string; persistentVolumeClaim?: { claimName: string } }[]
  terminationGracePeriodSeconds?: number
  [field: string]: unknown
}

export interface Pod extends KubeObject {
  spec: PodSpec
  status?: {
    phase?: string
    conditions?: Condition[]
    containerStatuses?: ContainerStatus[]
    initContainerStatuses?: ContainerStatus[]
    podIP?: string
    podIPs?: { ip: string }[]
    hostIP?: string
    startTime?: string
    qosClass?: string
    [field: string]: unknown
  }
}

export interface Node extends KubeObject {
  spec: {
    unschedulable?: boolean
    taints?: { key: string; value?: string; effect: string }[]
    [field: string]: unknown
  }
  status: {
    capacity: Record<string, string>
    allocatable: Record<string, string>
    addresses: { type: string; address: string }[]
    [field: string]: unknown
  }
}

export interface PersistentVolumeClaim extends KubeObject {
  spec: {
    accessModes?: string[]
    volumeMode?: string
    volumeName?: string
    storageClassName?: string
    resources: { requests: { storage: string } }
    dataSource?: { kind: string; name: string; apiGroup?: string } | null
    dataSourceRef?: { kind: string; name: string; apiGroup?: string } | null
    [field: string]: unknown
  }
  status?: {
    phase?: string
    capacity?: { storage: string }
    accessModes?: string[]
    conditions?: Condition[]
  }
}

export interface PersistentVolume extends KubeObject {
  spec: {
    accessModes?: string[]
    capacity: { storage: string }
    claimRef?: { name: string; namespace?: string; uid?: string }
    csi?: { driver: string; volumeHandle: string }
    persistentVolumeReclaimPolicy?: string
    storageClassName?: string
    volumeMode?: string
    [field: string]: unknown
  }
  status?: { phase?: string; lastPhaseTransitionTime?: string }
}

export interface VolumeSnapshot extends KubeObject {
  spec: {
    source: { persistentVolumeClaimName?: string; volumeSnapshotContentName?: string }
    volumeSnapshotClassName?: string
  }
  status?: {
    boundVolumeSnapshotContentName?: string
    creationTime?: string
    error?: { message: string; time: string }
    readyToUse?: boolean
    restoreSize?: string
  }
}

export interface VolumeSnapshotClass extends KubeObject {
  driver: string
  deletionPolicy: string
}

export interface StorageClass extends KubeObject {
  provisioner: string
  volumeBindingMode?: string
  reclaimPolicy?: string
  allowVolumeExpansion?: boolean
}

export interface DataVolumeSpec {
  source?: Record<string, { [field: string]: unknown; namespace?: string; name?: string }>
  sourceRef?: { kind: string; name: string; namespace?: string }
  storage?: ClaimRequest
  pvc?: ClaimRequest
  contentType?: string
  [field: string]: unknown
}

export interface ClaimRequest {
  accessModes?: string[]
  volumeMode?: string
  storageClassName?: string
  resources?: { requests?: { storage?: string } }
  [field: string]: unknown
}

export interface DataVolume extends KubeObject {
  spec: DataVolumeSpec
  status?: {
    phase?: string
    progress?: string
    claimName?: string
    restartCount?: number
    conditions?: Condition[]
  }
}

interface ObjectName {
  namespace?: string
  name: string
}

/** A bootable image by name. */
export interface DataSource extends KubeObject {
  spec: { source: { pvc?: ObjectName; snapshot?: ObjectName; dataSource?: ObjectName } }
  status?: { source?: DataSource['spec']['source']; conditions?: Condition[] }
}

/** Keeps a DataSource up to date with an image of a registry. */
export interface DataImportCron extends KubeObject {
  spec: {
    template?: { spec?: DataVolumeSpec }
    schedule: string
    managedDataSource: string
    garbageCollect?: string
    importsToKeep?: number
    retentionPolicy?: string
  }
  status?: {
    conditions?: Condition[]
    currentImports?: { DataVolumeName: string; Digest: string }[]
    lastExecutionTimestamp?: string
    lastImportTimestamp?: string
    lastImportedPVC?: ObjectName
    sourceFormat?: string
  }
}

/** Annotations are optional everywhere; this reads one. */
export function annotation(object: KubeObject, name: string): string | undefined {
  return object.metadata.annotations?.[name]
}

export function isSimulated(object: KubeObject): boolean {
  return annotation(object, SIMULATED_GUEST) === 'simulated'
}

/** The owner reference that makes `owner` the controller of another object. */
export function controllerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  }
}

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller)
}

export function isFinal(vmi: VirtualMachineInstance): boolean {
  return vmi.status?.phase === 'Succeeded' || vmi.status?.phase === 'Failed'
}

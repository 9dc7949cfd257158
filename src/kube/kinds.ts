import type {
  V1beta1CDI,
  V1beta1DataVolume,
} from '@kubevirt-ui-ext/kubevirt-api/containerized-data-importer'
/**
 * The kinds the console works with and their types. Versions are the oldest that every supported
 * KubeVirt (1.5 and later) serves; paths are built from here and nowhere else.
 */
import type {
  IoK8sApiAppsV1DaemonSet,
  IoK8sApiAppsV1Deployment,
  IoK8sApiAppsV1ReplicaSet,
  IoK8sApiAppsV1StatefulSet,
  IoK8sApiCoordinationV1Lease,
  IoK8sApiCoreV1Event,
  IoK8sApiCoreV1Namespace,
  IoK8sApiCoreV1Node,
  IoK8sApiCoreV1PersistentVolume,
  IoK8sApiCoreV1PersistentVolumeClaim,
  IoK8sApiCoreV1Pod,
  IoK8sApiCoreV1Service,
  IoK8sApiCoreV1Secret,
  IoK8sApiStorageV1StorageClass,
} from '@kubevirt-ui-ext/kubevirt-api/kubernetes'
import type {
  V1KubeVirt,
  V1VirtualMachine,
  V1VirtualMachineInstance,
  V1beta1VirtualMachinePool,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

/** `metadata` as the API server returns it; the generated types leave too much optional. */
export interface ObjectMeta {
  name: string
  namespace?: string
  uid: string
  resourceVersion: string
  generation?: number
  creationTimestamp: string
  deletionTimestamp?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  finalizers?: string[]
  ownerReferences?: OwnerReference[]
  managedFields?: unknown[]
}

interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
}

export interface KubeObject {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
}

type Stored<T> = Omit<T, 'metadata'> & { metadata: ObjectMeta }

export type VirtualMachine = Stored<V1VirtualMachine>
export type VirtualMachineInstance = Stored<V1VirtualMachineInstance>
/** A live migration of an instance. */
export interface VirtualMachineInstanceMigration extends KubeObject {
  spec: { vmiName?: string }
  status?: { phase?: string }
}
/** The cluster's KubeVirt installation and its configuration. */
export type KubeVirt = Stored<V1KubeVirt>
export type Pod = Stored<IoK8sApiCoreV1Pod>
export type PersistentVolumeClaim = Stored<IoK8sApiCoreV1PersistentVolumeClaim>
export type PersistentVolume = Stored<IoK8sApiCoreV1PersistentVolume>
export type DataVolume = Stored<V1beta1DataVolume>
export type Secret = Stored<IoK8sApiCoreV1Secret>
export type Namespace = Stored<IoK8sApiCoreV1Namespace>
export type Event = Stored<IoK8sApiCoreV1Event>
export type StorageClass = Stored<IoK8sApiStorageV1StorageClass>
export type Node = Stored<IoK8sApiCoreV1Node>
export type Service = Stored<IoK8sApiCoreV1Service>
export type Deployment = Stored<IoK8sApiAppsV1Deployment>
export type ReplicaSet = Stored<IoK8sApiAppsV1ReplicaSet>
export type DaemonSet = Stored<IoK8sApiAppsV1DaemonSet>
export type StatefulSet = Stored<IoK8sApiAppsV1StatefulSet>
export type Lease = Stored<IoK8sApiCoordinationV1Lease>
/** The cluster's installation of the Containerized Data Importer. */
export type Cdi = Stored<V1beta1CDI>
/** CDI's configuration as it is in effect; the one object is `config`. */
export interface CdiConfig extends KubeObject {
  status?: { uploadProxyURL?: string | null }
}
interface NamedIn {
  /** Absent: that of the object which names it. */
  namespace?: string
  name?: string
}
interface PlainCondition {
  type: string
  status: string
  reason?: string
  message?: string
  lastTransitionTime?: string | null
}
/** A bootable image by name, whatever it stands on. */
export interface DataSource extends KubeObject {
  spec?: { source?: { pvc?: NamedIn; snapshot?: NamedIn; dataSource?: NamedIn } }
  status?: { conditions?: PlainCondition[] }
}
/** Imports an image anew whenever a registry has a newer one. */
export interface DataImportCron extends KubeObject {
  spec: {
    schedule?: string
    managedDataSource?: string
    retentionPolicy?: string
    template?: {
      spec?: {
        source?: {
          registry?: {
            url?: string
            imageStream?: string
            platform?: { architecture?: string }
          }
        }
      }
    }
  }
  status?: {
    conditions?: PlainCondition[]
    currentImports?: { DataVolumeName?: string }[]
    lastExecutionTimestamp?: string
    lastImportTimestamp?: string
    lastImportedPVC?: NamedIn
  }
}
/** CDI's knowledge of a storage class, whose name it bears. */
export interface StorageProfile extends KubeObject {
  status?: {
    /** Access and volume modes that the storage can do, the best for VMs first. */
    claimPropertySets?: { accessModes?: string[]; volumeMode?: 'Block' | 'Filesystem' }[]
    cloneStrategy?: 'copy' | 'snapshot' | 'csi-clone'
    provisioner?: string
    snapshotClass?: string
  }
}
/** https://github.com/kubernetes-csi/external-snapshotter/blob/v8.2.0/client/apis/volumesnapshot/v1/types.go */
export interface VolumeSnapshot extends KubeObject {
  spec: {
    source: { persistentVolumeClaimName?: string; volumeSnapshotContentName?: string }
    volumeSnapshotClassName?: string
  }
  status?: {
    boundVolumeSnapshotContentName?: string
    creationTime?: string
    error?: { message?: string; time?: string }
    readyToUse?: boolean
    restoreSize?: string
  }
}
export interface VolumeSnapshotClass extends KubeObject {
  driver: string
  deletionPolicy: 'Delete' | 'Retain'
}
export interface NetworkAttachmentDefinition extends KubeObject {
  /** `config` is a JSON string that nothing validates. */
  spec?: { config?: string }
}

/** A VM with its disks as they were. https://github.com/kubevirt/kubevirt/blob/v1.9.0/staging/src/kubevirt.io/api/snapshot/v1beta1/types.go */
export interface VirtualMachineSnapshot extends KubeObject {
  spec: {
    source: { apiGroup?: string; kind: string; name: string }
    /** `Retain` keeps what it holds when it is deleted; KubeVirt's default is `Delete`. */
    deletionPolicy?: string
  }
  status?: {
    phase?: string
    readyToUse?: boolean
    creationTime?: string
    error?: { message?: string }
    conditions?: PlainCondition[]
    /** `Online`, `Paused`, `GuestAgent`, `NoGuestAgent`, `QuiesceFailed` */
    indications?: string[]
    /** By KubeVirt's names of volumes. */
    snapshotVolumes?: { includedVolumes?: string[]; excludedVolumes?: string[] }
  }
}
export interface VirtualMachineRestore extends KubeObject {
  status?: VirtualMachineClone['status']
}
/**
 * As many VMs as are asked for, made from one template.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/staging/src/kubevirt.io/api/pool/v1beta1/types.go
 */
export interface VirtualMachinePool extends KubeObject {
  spec: V1beta1VirtualMachinePool['spec']
  status?: V1beta1VirtualMachinePool['status']
}

/** Makes a VM out of another or a snapshot. https://github.com/kubevirt/kubevirt/blob/v1.9.0/staging/src/kubevirt.io/api/clone/v1beta1/types.go */
export interface VirtualMachineClone extends KubeObject {
  spec: {
    source: { apiGroup?: string; kind: string; name: string }
    target?: { apiGroup?: string; kind: string; name: string }
  }
  status?: {
    phase?: string
    targetName?: string
    restoreName?: string
    conditions?: { type: string; status: string; reason?: string; message?: string }[]
  }
}

/** What a VM is given of CPU and memory; the cluster's own kind and the namespace's are alike. */
export interface Instancetype extends KubeObject {
  spec?: {
    cpu?: {
      guest?: number
      dedicatedCPUPlacement?: boolean
      isolateEmulatorThread?: boolean
      numa?: { guestMappingPassthrough?: object }
      realtime?: object
      maxSockets?: number
    }
    memory?: {
      guest?: string
      hugepages?: { pageSize?: string }
      /** Percent of the memory that the pod doesn't ask for. */
      overcommitPercent?: number
    }
    gpus?: { name: string; deviceName: string }[]
    hostDevices?: { name: string; deviceName: string }[]
    ioThreadsPolicy?: string
    nodeSelector?: Record<string, string>
  }
}

/** What suits a guest's system, where its VM says nothing; two kinds as well. */
export interface Preference extends KubeObject {
  spec?: {
    cpu?: { preferredCPUTopology?: string }
    devices?: {
      preferredDiskBus?: string
      preferredInterfaceModel?: string
      preferredInputType?: string
      preferredInputBus?: string
      preferredTPM?: object
      preferredRng?: object
    }
    firmware?: { preferredEfi?: { secureBoot?: boolean } }
    preferredTerminationGracePeriodSeconds?: number
    requirements?: { cpu?: { guest?: number }; memory?: { guest?: string } }
  }
}

/** A place in a template that is filled in when a VM is made of it. */
export interface TemplateParameter {
  name: string
  displayName?: string
  description?: string
  value?: string
  /** `expression`: made of {@link from} where no value is given. */
  generate?: string
  from?: string
  required?: boolean
}

/** A VM with parameters in it. */
export interface VirtualMachineTemplate extends KubeObject {
  spec?: { virtualMachine?: object; parameters?: TemplateParameter[]; message?: string }
  status?: { conditions?: PlainCondition[] }
}

/** Asks for a template to be made of a VM. */
export interface VirtualMachineTemplateRequest extends KubeObject {
  spec: { virtualMachineRef: { namespace: string; name: string }; templateName?: string }
  status?: { conditions?: PlainCondition[]; templateRef?: { name?: string } }
}

/**
 * Objects with parameters in them, as OpenShift keeps them.
 * https://github.com/openshift/api/blob/master/template/v1/types.go
 */
export interface OpenshiftTemplate extends KubeObject {
  objects?: object[]
  parameters?: TemplateParameter[]
  message?: string
}

/** How much of everything a namespace may have. */
export interface ResourceQuota extends KubeObject {
  spec?: {
    hard?: Record<string, string>
    scopes?: string[]
    scopeSelector?: { matchExpressions?: { scopeName: string; operator: string }[] }
  }
  status?: { hard?: Record<string, string>; used?: Record<string, string> }
}

/** How large one pod, container or claim of a namespace may be. */
export interface LimitRange extends KubeObject {
  spec?: {
    limits?: {
      type: string
      max?: Record<string, string>
      min?: Record<string, string>
      /** Limits of containers that say none: where this says none, the highest (max). */
      default?: Record<string, string>
    }[]
  }
}

/** How a kind is addressed. `T` is the type of its objects, for the client's signatures. */
export interface ResourceKind<T extends KubeObject = KubeObject> {
  group: string
  version: string
  kind: string
  plural: string
  namespaced: boolean
  /** Never set; it carries `T`. */
  readonly object?: T
}

function kind<T extends KubeObject>(
  group: string,
  version: string,
  name: string,
  plural: string,
  namespaced = true,
): ResourceKind<T> {
  return { group, version, kind: name, plural, namespaced }
}

export const virtualMachineKind = kind<VirtualMachine>(
  'kubevirt.io',
  'v1',
  'VirtualMachine',
  'virtualmachines',
)
export const virtualMachineInstanceKind = kind<VirtualMachineInstance>(
  'kubevirt.io',
  'v1',
  'VirtualMachineInstance',
  'virtualmachineinstances',
)
export const migrationKind = kind<VirtualMachineInstanceMigration>(
  'kubevirt.io',
  'v1',
  'VirtualMachineInstanceMigration',
  'virtualmachineinstancemigrations',
)
export const kubeVirtKind = kind<KubeVirt>('kubevirt.io', 'v1', 'KubeVirt', 'kubevirts')
/** What a controller keeps of an object's former states; `data` is as that controller likes. */
export interface ControllerRevision extends KubeObject {
  data?: unknown
}
export const controllerRevisionKind = kind<ControllerRevision>(
  'apps',
  'v1',
  'ControllerRevision',
  'controllerrevisions',
)
export const podKind = kind<Pod>('', 'v1', 'Pod', 'pods')
export const persistentVolumeClaimKind = kind<PersistentVolumeClaim>(
  '',
  'v1',
  'PersistentVolumeClaim',
  'persistentvolumeclaims',
)
export const persistentVolumeKind = kind<PersistentVolume>(
  '',
  'v1',
  'PersistentVolume',
  'persistentvolumes',
  false,
)
export const secretKind = kind<Secret>('', 'v1', 'Secret', 'secrets')
export const resourceQuotaKind = kind<ResourceQuota>('', 'v1', 'ResourceQuota', 'resourcequotas')
export const limitRangeKind = kind<LimitRange>('', 'v1', 'LimitRange', 'limitranges')
export const configMapKind = kind('', 'v1', 'ConfigMap', 'configmaps')
export const serviceAccountKind = kind('', 'v1', 'ServiceAccount', 'serviceaccounts')
export const eventKind = kind<Event>('', 'v1', 'Event', 'events')
export const namespaceKind = kind<Namespace>('', 'v1', 'Namespace', 'namespaces', false)
export const storageClassKind = kind<StorageClass>(
  'storage.k8s.io',
  'v1',
  'StorageClass',
  'storageclasses',
  false,
)
export const dataVolumeKind = kind<DataVolume>(
  'cdi.kubevirt.io',
  'v1beta1',
  'DataVolume',
  'datavolumes',
)
export const dataSourceKind = kind<DataSource>(
  'cdi.kubevirt.io',
  'v1beta1',
  'DataSource',
  'datasources',
)
export const dataImportCronKind = kind<DataImportCron>(
  'cdi.kubevirt.io',
  'v1beta1',
  'DataImportCron',
  'dataimportcrons',
)
export const storageProfileKind = kind<StorageProfile>(
  'cdi.kubevirt.io',
  'v1beta1',
  'StorageProfile',
  'storageprofiles',
  false,
)
export const volumeSnapshotKind = kind<VolumeSnapshot>(
  'snapshot.storage.k8s.io',
  'v1',
  'VolumeSnapshot',
  'volumesnapshots',
)
export const volumeSnapshotClassKind = kind<VolumeSnapshotClass>(
  'snapshot.storage.k8s.io',
  'v1',
  'VolumeSnapshotClass',
  'volumesnapshotclasses',
  false,
)
export const cdiKind = kind<Cdi>('cdi.kubevirt.io', 'v1beta1', 'CDI', 'cdis', false)
export const cdiConfigKind = kind<CdiConfig>(
  'cdi.kubevirt.io',
  'v1beta1',
  'CDIConfig',
  'cdiconfigs',
  false,
)
export const virtualMachineSnapshotKind = kind<VirtualMachineSnapshot>(
  'snapshot.kubevirt.io',
  'v1beta1',
  'VirtualMachineSnapshot',
  'virtualmachinesnapshots',
)
export const virtualMachinePoolKind = kind<VirtualMachinePool>(
  'pool.kubevirt.io',
  'v1beta1',
  'VirtualMachinePool',
  'virtualmachinepools',
)
export const virtualMachineRestoreKind = kind<VirtualMachineRestore>(
  'snapshot.kubevirt.io',
  'v1beta1',
  'VirtualMachineRestore',
  'virtualmachinerestores',
)
export const virtualMachineCloneKind = kind<VirtualMachineClone>(
  'clone.kubevirt.io',
  'v1beta1',
  'VirtualMachineClone',
  'virtualmachineclones',
)
export const nodeKind = kind<Node>('', 'v1', 'Node', 'nodes', false)
export const serviceKind = kind<Service>('', 'v1', 'Service', 'services')
export const deploymentKind = kind<Deployment>('apps', 'v1', 'Deployment', 'deployments')
export const replicaSetKind = kind<ReplicaSet>('apps', 'v1', 'ReplicaSet', 'replicasets')
export const daemonSetKind = kind<DaemonSet>('apps', 'v1', 'DaemonSet', 'daemonsets')
export const statefulSetKind = kind<StatefulSet>('apps', 'v1', 'StatefulSet', 'statefulsets')
export const leaseKind = kind<Lease>('coordination.k8s.io', 'v1', 'Lease', 'leases')
export const networkAttachmentDefinitionKind = kind<NetworkAttachmentDefinition>(
  'k8s.cni.cncf.io',
  'v1',
  'NetworkAttachmentDefinition',
  'network-attachment-definitions',
)
export const clusterInstancetypeKind = kind<Instancetype>(
  'instancetype.kubevirt.io',
  'v1beta1',
  'VirtualMachineClusterInstancetype',
  'virtualmachineclusterinstancetypes',
  false,
)
export const instancetypeKind = kind<Instancetype>(
  'instancetype.kubevirt.io',
  'v1beta1',
  'VirtualMachineInstancetype',
  'virtualmachineinstancetypes',
)
export const clusterPreferenceKind = kind<Preference>(
  'instancetype.kubevirt.io',
  'v1beta1',
  'VirtualMachineClusterPreference',
  'virtualmachineclusterpreferences',
  false,
)
export const preferenceKind = kind<Preference>(
  'instancetype.kubevirt.io',
  'v1beta1',
  'VirtualMachinePreference',
  'virtualmachinepreferences',
)

export const virtualMachineTemplateKind = kind<VirtualMachineTemplate>(
  'template.kubevirt.io',
  'v1beta1',
  'VirtualMachineTemplate',
  'virtualmachinetemplates',
)
export const openshiftTemplateKind = kind<OpenshiftTemplate>(
  'template.openshift.io',
  'v1',
  'Template',
  'templates',
)
export const virtualMachineTemplateRequestKind = kind<VirtualMachineTemplateRequest>(
  'template.kubevirt.io',
  'v1beta1',
  'VirtualMachineTemplateRequest',
  'virtualmachinetemplaterequests',
)

/** `kubevirt.io/v1`, or `v1` for the core group. */
export function apiVersion({ group, version }: Pick<ResourceKind, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`
}

/**
 * Schemas of the few custom resources that `@kubevirt-ui-ext/kubevirt-api` does not declare.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/staging/src/kubevirt.io/api/backup/v1alpha1/types.go
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/staging/src/kubevirt.io/api/plugin/v1alpha1/types.go
 * https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/staging/src/kubevirt.io/containerized-data-importer-api/pkg/apis/core/v1beta1/types.go
 * https://github.com/k8snetworkplumbingwg/network-attachment-definition-client/blob/v1.7.7/artifacts/networks-crd.yaml
 * https://github.com/kubernetes-csi/external-snapshotter/blob/v8.2.0/client/apis/volumesnapshot/v1/types.go
 */
import {
  boolean,
  described,
  list,
  mapOf,
  object,
  oneOf,
  quantity,
  resource,
  string,
  time,
} from './schema-parts.mjs'

const typedReference = {
  ...object({ apiGroup: string, kind: string, name: string }, ['kind', 'name']),
  'x-kubernetes-map-type': 'atomic',
}

const condition = object(
  {
    type: string,
    status: string,
    reason: string,
    message: string,
    lastTransitionTime: time,
    lastHeartbeatTime: time,
  },
  ['status', 'type'],
)

const nonEmpty = { type: 'string', minLength: 1 }
const named = list(object({ name: nonEmpty }, ['name']))

const hook = { condition: string, failureStrategy: string, timeout: string }

const plugin = resource('Plugin extends what KubeVirt does to domains, nodes and admission.', {
  spec: object({
    condition: string,
    failureStrategy: string,
    domainHooks: list(
      object({
        ...hook,
        cel: object({ expression: nonEmpty }, ['expression']),
        sidecar: object({ socketPath: nonEmpty }, ['socketPath']),
      }),
    ),
    nodeHooks: list(
      object({ ...hook, permittedHooks: list(string), socket: nonEmpty }, [
        'permittedHooks',
        'socket',
      ]),
    ),
    mutatingAdmissionPolicies: named,
    mutatingAdmissionWebhooks: named,
    validatingAdmissionPolicies: named,
    validatingAdmissionWebhooks: named,
  }),
  status: object({}),
})

const backupTracker = resource(
  'VirtualMachineBackupTracker defines the way to track the latest checkpoint of a backup solution for a vm',
  {
    spec: object(
      {
        source: described(
          'Source specifies the VM that this backupTracker is associated with',
          typedReference,
        ),
      },
      ['source'],
    ),
    status: object({
      checkpointRedefinitionRequired: boolean,
      latestCheckpoint: object({
        name: string,
        creationTime: time,
        volumes: list(
          object(
            { volumeName: string, diskTarget: string, dataEndpoint: string, mapEndpoint: string },
            ['diskTarget', 'volumeName'],
          ),
        ),
      }),
    }),
  },
)

const claimPropertySets = {
  ...list(
    object(
      {
        accessModes: { ...list(string), maxItems: 4 },
        volumeMode: oneOf('Block', 'Filesystem'),
      },
      ['accessModes', 'volumeMode'],
    ),
  ),
  maxItems: 8,
}

const storageProfileParts = {
  claimPropertySets: described(
    'ClaimPropertySets is a provided set of properties applicable to PVC',
    claimPropertySets,
  ),
  cloneStrategy: described(
    'CloneStrategy defines the preferred method for performing a CDI clone',
    string,
  ),
  dataImportCronSourceFormat: described(
    'DataImportCronSourceFormat defines the format of the DataImportCron-created disk image sources',
    string,
  ),
  snapshotClass: described(
    'SnapshotClass is optional specific VolumeSnapshotClass for CloneStrategySnapshot',
    string,
  ),
}

const storageProfile = resource(
  'StorageProfile provides a CDI specific recommendation for storage parameters',
  {
    spec: object(storageProfileParts),
    status: object({
      ...storageProfileParts,
      provisioner: described('The Storage class provisioner plugin name', string),
      storageClass: described('The StorageClass name for which capabilities are defined', string),
      conditions: list(condition),
    }),
  },
)

const volumeCloneSource = resource(
  'VolumeCloneSource refers to a PVC/VolumeSnapshot of any storageclass/volumemode to be used as the source of a new PVC',
  {
    spec: object({ source: typedReference, preallocation: boolean, priorityClassName: string }, [
      'source',
    ]),
  },
)

const volumeUploadSource = resource(
  'VolumeUploadSource is a specification to populate PersistentVolumeClaims with upload data',
  {
    spec: object({ contentType: string, preallocation: boolean }),
    status: object({}),
  },
)

const volumeImportSource = resource(
  'VolumeImportSource works as a specification to populate PersistentVolumeClaims with data imported from an HTTP/S3/Registry/Blank/ImageIO/VDDK source',
  {
    spec: object({
      contentType: string,
      preallocation: boolean,
      finalCheckpoint: boolean,
      targetClaim: string,
      checkpoints: list(object({ current: string, previous: string }, ['current', 'previous'])),
      source: { $ref: 'containerized-data-importer.V1beta1DataVolumeSource' },
    }),
    status: object({}),
  },
)

const networkAttachmentDefinition = resource(
  'NetworkAttachmentDefinition is a CRD schema specified by the Network Plumbing Working Group to express the intent for attaching pods to one or more logical or physical networks. More information available at: https://github.com/k8snetworkplumbingwg/multi-net-spec',
  {
    spec: described(
      'NetworkAttachmentDefinition spec defines the desired state of a network attachment',
      object({
        config: described(
          'NetworkAttachmentDefinition config is a JSON-formatted CNI configuration',
          string,
        ),
      }),
    ),
  },
  undefined,
)

const volumeSnapshot = resource(
  "VolumeSnapshot is a user's request for either creating a point-in-time snapshot of a persistent volume, or binding to a pre-existing snapshot.",
  {
    spec: object(
      {
        source: object({ persistentVolumeClaimName: string, volumeSnapshotContentName: string }),
        volumeSnapshotClassName: string,
      },
      ['source'],
    ),
    status: object({
      boundVolumeSnapshotContentName: string,
      creationTime: time,
      error: object({ message: string, time }),
      readyToUse: boolean,
      restoreSize: quantity,
      volumeGroupSnapshotName: string,
    }),
  },
)

const volumeSnapshotClass = resource(
  'VolumeSnapshotClass specifies parameters that a underlying storage system uses when creating a volume snapshot.',
  { deletionPolicy: oneOf('Delete', 'Retain'), driver: string, parameters: mapOf(string) },
  ['deletionPolicy', 'driver'],
)

const volumeSnapshotContent = resource(
  'VolumeSnapshotContent represents the actual "on-disk" snapshot object in the underlying storage system',
  {
    spec: object(
      {
        deletionPolicy: oneOf('Delete', 'Retain'),
        driver: string,
        source: object({ volumeHandle: string, snapshotHandle: string }),
        sourceVolumeMode: string,
        volumeSnapshotClassName: string,
        volumeSnapshotRef: object({
          apiVersion: string,
          kind: string,
          name: string,
          namespace: string,
          resourceVersion: string,
          uid: string,
        }),
      },
      ['deletionPolicy', 'driver', 'source', 'volumeSnapshotRef'],
    ),
    status: object({
      creationTime: { type: 'integer', format: 'int64' },
      error: object({ message: string, time }),
      readyToUse: boolean,
      restoreSize: { type: 'integer', format: 'int64' },
      snapshotHandle: string,
    }),
  },
)

export const undeclaredSchemas = {
  'kubevirt.V1alpha1Plugin': plugin,
  'kubevirt.V1alpha1VirtualMachineBackupTracker': backupTracker,
  'containerized-data-importer.V1beta1StorageProfile': storageProfile,
  'containerized-data-importer.V1beta1VolumeCloneSource': volumeCloneSource,
  'containerized-data-importer.V1beta1VolumeUploadSource': volumeUploadSource,
  'containerized-data-importer.V1beta1VolumeImportSource': volumeImportSource,
  'cni.NetworkAttachmentDefinition': networkAttachmentDefinition,
  'csi.VolumeSnapshot': volumeSnapshot,
  'csi.VolumeSnapshotClass': volumeSnapshotClass,
  'csi.VolumeSnapshotContent': volumeSnapshotContent,
}

/**
 * The kinds of CDI, of Multus and of the CSI snapshotter.
 * https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/staging/src/kubevirt.io/containerized-data-importer-api/pkg/apis/core/v1beta1/types.go
 * https://github.com/k8snetworkplumbingwg/network-attachment-definition-client/blob/v1.7.7/artifacts/networks-crd.yaml
 * https://github.com/kubernetes-csi/external-snapshotter/tree/v8.2.0/client/config/crd
 */
import { ageColumn, custom, pathColumn, type VersionOptions } from './custom-definition.ts'
import type { ResourceDefinition } from './resource-definition.ts'

const all = ['all']

function beta(kind: string): VersionOptions[] {
  return [{ name: 'v1beta1', storage: true, schema: `containerized-data-importer.V1beta1${kind}` }]
}

const cdiDefinitions: ResourceDefinition[] = [
  custom('cdi.kubevirt.io', 'DataVolume', {
    shortNames: ['dv', 'dvs'],
    categories: all,
    status: true,
    versions: beta('DataVolume'),
    columns: [
      pathColumn('Phase', 'string', '.status.phase', 'The phase the data volume is in'),
      pathColumn(
        'Progress',
        'string',
        '.status.progress',
        'Transfer progress in percentage if known, N/A otherwise',
      ),
      pathColumn(
        'Restarts',
        'integer',
        '.status.restartCount',
        'The number of times the transfer has been restarted.',
      ),
      ageColumn,
    ],
  }),
  custom('cdi.kubevirt.io', 'DataSource', {
    shortNames: ['das'],
    categories: all,
    versions: beta('DataSource'),
  }),
  custom('cdi.kubevirt.io', 'DataImportCron', {
    shortNames: ['dic', 'dics'],
    categories: all,
    versions: beta('DataImportCron'),
    columns: [
      pathColumn(
        'Format',
        'string',
        '.status.sourceFormat',
        'The format in which created sources are saved',
      ),
    ],
  }),
  custom('cdi.kubevirt.io', 'VolumeImportSource', { versions: beta('VolumeImportSource') }),
  custom('cdi.kubevirt.io', 'VolumeUploadSource', { versions: beta('VolumeUploadSource') }),
  custom('cdi.kubevirt.io', 'VolumeCloneSource', { versions: beta('VolumeCloneSource') }),
  custom('cdi.kubevirt.io', 'CDI', {
    shortNames: ['cdi', 'cdis'],
    clusterScoped: true,
    versions: beta('CDI'),
    columns: [ageColumn, pathColumn('Phase', 'string', '.status.phase')],
  }),
  custom('cdi.kubevirt.io', 'CDIConfig', { clusterScoped: true, versions: beta('CDIConfig') }),
  custom('cdi.kubevirt.io', 'StorageProfile', {
    clusterScoped: true,
    status: true,
    versions: beta('StorageProfile'),
  }),
]

const networkDefinitions: ResourceDefinition[] = [
  {
    ...custom('k8s.cni.cncf.io', 'NetworkAttachmentDefinition', {
      plural: 'network-attachment-definitions',
      shortNames: ['net-attach-def'],
      versions: [{ name: 'v1', storage: true, schema: 'cni.NetworkAttachmentDefinition' }],
    }),
    singular: 'network-attachment-definition',
  },
]

const snapshotGroup = 'snapshot.storage.k8s.io'

const volumeSnapshotDefinitions: ResourceDefinition[] = [
  custom(snapshotGroup, 'VolumeSnapshot', {
    shortNames: ['vs'],
    status: true,
    versions: [{ name: 'v1', storage: true, schema: 'csi.VolumeSnapshot' }],
    columns: [
      pathColumn('ReadyToUse', 'boolean', '.status.readyToUse'),
      pathColumn('SourcePVC', 'string', '.spec.source.persistentVolumeClaimName'),
      pathColumn('SourceSnapshotContent', 'string', '.spec.source.volumeSnapshotContentName'),
      pathColumn('RestoreSize', 'string', '.status.restoreSize'),
      pathColumn('SnapshotClass', 'string', '.spec.volumeSnapshotClassName'),
      pathColumn('SnapshotContent', 'string', '.status.boundVolumeSnapshotContentName'),
      pathColumn('CreationTime', 'date', '.status.creationTime'),
      ageColumn,
    ],
  }),
  custom(snapshotGroup, 'VolumeSnapshotClass', {
    plural: 'volumesnapshotclasses',
    shortNames: ['vsclass', 'vsclasses'],
    clusterScoped: true,
    versions: [{ name: 'v1', storage: true, schema: 'csi.VolumeSnapshotClass' }],
    columns: [
      pathColumn('Driver', 'string', '.driver'),
      pathColumn('DeletionPolicy', 'string', '.deletionPolicy'),
      ageColumn,
    ],
  }),
  custom(snapshotGroup, 'VolumeSnapshotContent', {
    shortNames: ['vsc', 'vscs'],
    clusterScoped: true,
    status: true,
    versions: [{ name: 'v1', storage: true, schema: 'csi.VolumeSnapshotContent' }],
    columns: [
      pathColumn('ReadyToUse', 'boolean', '.status.readyToUse'),
      pathColumn('RestoreSize', 'integer', '.status.restoreSize'),
      pathColumn('DeletionPolicy', 'string', '.spec.deletionPolicy'),
      pathColumn('Driver', 'string', '.spec.driver'),
      pathColumn('VolumeSnapshotClass', 'string', '.spec.volumeSnapshotClassName'),
      pathColumn('VolumeSnapshot', 'string', '.spec.volumeSnapshotRef.name'),
      pathColumn('VolumeSnapshotNamespace', 'string', '.spec.volumeSnapshotRef.namespace'),
      ageColumn,
    ],
  }),
]

export const storageAndNetworkDefinitions: ResourceDefinition[] = [
  ...cdiDefinitions,
  ...networkDefinitions,
  ...volumeSnapshotDefinitions,
]

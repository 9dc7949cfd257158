/**
 * The kinds of KubeVirt's CustomResourceDefinitions: names, versions and columns.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-operator/resource/generate/components/crds.go
 */
import {
  ageColumn,
  custom,
  pathColumn,
  statusOf,
  type VersionOptions,
} from './custom-definition.ts'
import type { ResourceDefinition } from './resource-definition.ts'

const all = ['all']

/** Served in v1 and, deprecated, in v1alpha3. */
function coreVersions(schema: string): VersionOptions[] {
  return [
    { name: 'v1', storage: true, schema: `kubevirt.${schema}` },
    {
      name: 'v1alpha3',
      schema: `kubevirt.${schema}`,
      deprecationWarning:
        'kubevirt.io/v1alpha3 is now deprecated and will be removed in a future release.',
    },
  ]
}

/** Stored as v1beta1 and still served as v1alpha1, both of one shape. */
function betaVersions(schema: string): VersionOptions[] {
  return [
    { name: 'v1beta1', storage: true, schema },
    { name: 'v1alpha1', schema },
  ]
}

const phaseColumn = pathColumn('Phase', 'string', '.status.phase')
const sourceKind = pathColumn('SourceKind', 'string', '.spec.source.kind')
const sourceName = pathColumn('SourceName', 'string', '.spec.source.name')
const readyToUse = pathColumn('ReadyToUse', 'boolean', '.status.readyToUse')
const creationTime = pathColumn('CreationTime', 'date', '.status.creationTime')
const errorColumn = pathColumn('Error', 'string', '.status.error.message')

/** Columns and scaling of the two kinds that keep a number of others: `what` says which. */
function replicated(
  what: string,
): Pick<ResourceDefinition, 'scale'> & { columns: ReturnType<typeof pathColumn>[] } {
  return {
    columns: [
      pathColumn('Desired', 'integer', '.spec.replicas', `Number of desired ${what}`),
      pathColumn(
        'Current',
        'integer',
        '.status.replicas',
        `Number of managed and not final or deleted ${what}`,
      ),
      pathColumn(
        'Ready',
        'integer',
        '.status.readyReplicas',
        `Number of managed ${what} which are ready to receive traffic`,
      ),
      ageColumn,
    ],
    scale: {
      specReplicasPath: '.spec.replicas',
      statusReplicasPath: '.status.replicas',
      labelSelectorPath: '.status.labelSelector',
    },
  }
}

const coreDefinitions: ResourceDefinition[] = [
  custom('kubevirt.io', 'VirtualMachine', {
    shortNames: ['vm', 'vms'],
    categories: all,
    status: true,
    versions: coreVersions('V1VirtualMachine'),
    columns: [
      ageColumn,
      pathColumn('Status', 'string', '.status.printableStatus', 'Human Readable Status'),
      statusOf('Ready'),
    ],
  }),
  custom('kubevirt.io', 'VirtualMachineInstance', {
    shortNames: ['vmi', 'vmis'],
    categories: all,
    versions: coreVersions('V1VirtualMachineInstance'),
    columns: [
      ageColumn,
      phaseColumn,
      pathColumn('IP', 'string', '.status.interfaces[0].ipAddress'),
      pathColumn('NodeName', 'string', '.status.nodeName'),
      statusOf('Ready'),
      { ...statusOf('LiveMigratable'), name: 'Live-Migratable', priority: 1 },
      { ...statusOf('Paused'), priority: 1 },
    ],
  }),
  custom('kubevirt.io', 'VirtualMachineInstanceReplicaSet', {
    shortNames: ['vmirs', 'vmirss'],
    categories: all,
    status: true,
    versions: coreVersions('V1VirtualMachineInstanceReplicaSet'),
    ...replicated('VirtualMachineInstances'),
  }),
  custom('kubevirt.io', 'VirtualMachineInstanceMigration', {
    shortNames: ['vmim', 'vmims'],
    categories: all,
    status: true,
    versions: coreVersions('V1VirtualMachineInstanceMigration'),
    columns: [
      { ...phaseColumn, description: 'The current phase of VM instance migration' },
      pathColumn(
        'VMI',
        'string',
        '.spec.vmiName',
        'The name of the VMI to perform the migration on',
      ),
    ],
  }),
  custom('kubevirt.io', 'VirtualMachineInstancePreset', {
    shortNames: ['vmipreset', 'vmipresets'],
    categories: all,
    versions: ['v1', 'v1alpha3'].map((name) => ({
      name,
      storage: name === 'v1alpha3',
      schema: 'kubevirt.V1VirtualMachineInstancePreset',
      deprecationWarning: `kubevirt.io/${name} VirtualMachineInstancePresets is now deprecated and will be removed in v2.`,
    })),
  }),
  custom('kubevirt.io', 'KubeVirt', {
    shortNames: ['kv', 'kvs'],
    categories: all,
    status: true,
    versions: coreVersions('V1KubeVirt'),
    columns: [ageColumn, phaseColumn],
  }),
]

const poolAndCloneDefinitions: ResourceDefinition[] = [
  custom('pool.kubevirt.io', 'VirtualMachinePool', {
    shortNames: ['vmpool', 'vmpools'],
    categories: all,
    status: true,
    versions: betaVersions('kubevirt.V1beta1VirtualMachinePool'),
    ...replicated('VirtualMachines'),
  }),
  custom('clone.kubevirt.io', 'VirtualMachineClone', {
    shortNames: ['vmclone', 'vmclones'],
    categories: all,
    status: true,
    versions: betaVersions('kubevirt.V1beta1VirtualMachineClone'),
    columns: [
      phaseColumn,
      pathColumn('SourceVirtualMachine', 'string', '.spec.source.name'),
      pathColumn('TargetVirtualMachine', 'string', '.spec.target.name'),
    ],
  }),
  custom('migrations.kubevirt.io', 'MigrationPolicy', {
    plural: 'migrationpolicies',
    clusterScoped: true,
    status: true,
    versions: [{ name: 'v1alpha1', storage: true, schema: 'kubevirt.V1alpha1MigrationPolicy' }],
  }),
  custom('plugin.kubevirt.io', 'Plugin', {
    clusterScoped: true,
    versions: [{ name: 'v1alpha1', storage: true, schema: 'kubevirt.V1alpha1Plugin' }],
  }),
]

const backupDefinitions: ResourceDefinition[] = [
  custom('snapshot.kubevirt.io', 'VirtualMachineSnapshot', {
    shortNames: ['vmsnapshot', 'vmsnapshots'],
    categories: all,
    status: true,
    versions: betaVersions('kubevirt.V1beta1VirtualMachineSnapshot'),
    columns: [sourceKind, sourceName, phaseColumn, readyToUse, creationTime, errorColumn],
  }),
  custom('snapshot.kubevirt.io', 'VirtualMachineSnapshotContent', {
    shortNames: ['vmsnapshotcontent', 'vmsnapshotcontents'],
    categories: all,
    status: true,
    versions: betaVersions('kubevirt.V1beta1VirtualMachineSnapshotContent'),
    columns: [readyToUse, creationTime, errorColumn],
  }),
  custom('snapshot.kubevirt.io', 'VirtualMachineRestore', {
    shortNames: ['vmrestore', 'vmrestores'],
    categories: all,
    status: true,
    versions: betaVersions('kubevirt.V1beta1VirtualMachineRestore'),
    columns: [
      pathColumn('TargetKind', 'string', '.spec.target.kind'),
      pathColumn('TargetName', 'string', '.spec.target.name'),
      pathColumn('Complete', 'boolean', '.status.complete'),
      pathColumn('RestoreTime', 'date', '.status.restoreTime'),
    ],
  }),
  custom('export.kubevirt.io', 'VirtualMachineExport', {
    shortNames: ['vmexport', 'vmexports'],
    categories: all,
    status: true,
    versions: [
      { name: 'v1', storage: true, schema: 'kubevirt.V1beta1VirtualMachineExport' },
      {
        name: 'v1beta1',
        schema: 'kubevirt.V1beta1VirtualMachineExport',
        deprecationWarning:
          'export.kubevirt.io/v1beta1 VirtualMachineExport is now deprecated and will be removed in a future version.',
      },
    ],
    columns: [sourceKind, sourceName, phaseColumn],
  }),
  custom('backup.kubevirt.io', 'VirtualMachineBackup', {
    shortNames: ['vmbackup', 'vmbackups'],
    categories: all,
    status: true,
    versions: [
      { name: 'v1alpha1', storage: true, schema: 'kubevirt.V1alpha1VirtualMachineBackup' },
    ],
    columns: [
      sourceKind,
      sourceName,
      pathColumn('Type', 'string', '.status.type'),
      pathColumn('CheckpointName', 'string', '.status.checkpointName'),
    ],
  }),
  custom('backup.kubevirt.io', 'VirtualMachineBackupTracker', {
    shortNames: ['vmbackuptracker', 'vmbackuptrackers'],
    categories: all,
    status: true,
    versions: [
      { name: 'v1alpha1', storage: true, schema: 'kubevirt.V1alpha1VirtualMachineBackupTracker' },
    ],
    columns: [
      sourceKind,
      sourceName,
      pathColumn('LatestCheckpoint', 'string', '.status.latestCheckpoint.name'),
      pathColumn('CheckpointTime', 'date', '.status.latestCheckpoint.creationTime'),
    ],
  }),
]

const instancetypeGroup = 'instancetype.kubevirt.io'

function instancetypeVersions(kind: string): VersionOptions[] {
  return [{ name: 'v1beta1', storage: true, schema: `kubevirt.V1beta1${kind}` }]
}

const instancetypeDefinitions: ResourceDefinition[] = [
  custom(instancetypeGroup, 'VirtualMachineInstancetype', {
    shortNames: ['vminstancetype', 'vminstancetypes', 'vmf', 'vmfs'],
    categories: all,
    versions: instancetypeVersions('VirtualMachineInstancetype'),
  }),
  custom(instancetypeGroup, 'VirtualMachineClusterInstancetype', {
    shortNames: ['vmclusterinstancetype', 'vmclusterinstancetypes', 'vmcf', 'vmcfs'],
    clusterScoped: true,
    versions: instancetypeVersions('VirtualMachineClusterInstancetype'),
  }),
  custom(instancetypeGroup, 'VirtualMachinePreference', {
    shortNames: ['vmpref', 'vmprefs', 'vmp', 'vmps'],
    categories: all,
    versions: instancetypeVersions('VirtualMachinePreference'),
  }),
  custom(instancetypeGroup, 'VirtualMachineClusterPreference', {
    shortNames: ['vmcp', 'vmcps'],
    clusterScoped: true,
    versions: instancetypeVersions('VirtualMachineClusterPreference'),
  }),
]

const templateVersions = (kind: string): VersionOptions[] => [
  { name: 'v1beta1', schema: `virt-template.V1alpha1${kind}` },
  {
    name: 'v1alpha1',
    storage: true,
    schema: `virt-template.V1alpha1${kind}`,
    deprecationWarning: `template.kubevirt.io/v1alpha1 ${kind} is deprecated`,
  },
]

const templateDefinitions: ResourceDefinition[] = [
  custom('template.kubevirt.io', 'VirtualMachineTemplate', {
    shortNames: ['vmt', 'vmts'],
    status: true,
    versions: templateVersions('VirtualMachineTemplate'),
    columns: [ageColumn, statusOf('Ready', '"')],
  }),
  custom('template.kubevirt.io', 'VirtualMachineTemplateRequest', {
    shortNames: ['vmtr', 'vmtrs'],
    status: true,
    versions: templateVersions('VirtualMachineTemplateRequest'),
    columns: [
      pathColumn('Template', 'string', '.status.templateRef.name'),
      ageColumn,
      statusOf('Ready', '"'),
      statusOf('Progressing', '"'),
    ],
  }),
]

export const kubevirtDefinitions: ResourceDefinition[] = [
  ...coreDefinitions,
  ...poolAndCloneDefinitions,
  ...backupDefinitions,
  ...instancetypeDefinitions,
  ...templateDefinitions,
]

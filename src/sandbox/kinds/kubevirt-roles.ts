/**
 * The roles that KubeVirt, its templates and CDI install, of those that are meant for people.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-operator/resource/generate/rbac/cluster.go
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-operator/resource/generate/components/data/virt-template/install-virt-operator.yaml
 * https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/operator/resources/cluster/rbac.go
 */
import type { NewObject } from '../api/cluster.ts'
import {
  aggregateTo,
  binding,
  clusterRole,
  group,
  type PolicyRule,
  readVerbs,
  rule,
} from './role-objects.ts'

const kubevirt = { 'kubevirt.io': '' }
const subresources = 'subresources.kubevirt.io'

/** Verbs of kubevirt.io:edit; only kubevirt.io:admin may delete many at once. */
const editVerbs = ['get', 'delete', 'create', 'update', 'patch', 'list', 'watch']
const adminVerbs = [...editVerbs, 'deletecollection']

const vmis = (...names: string[]) => names.map((name) => `virtualmachineinstances/${name}`)
const vms = (...names: string[]) => names.map((name) => `virtualmachines/${name}`)

const instancetypes = [
  'virtualmachineinstancetypes',
  'virtualmachineclusterinstancetypes',
  'virtualmachinepreferences',
  'virtualmachineclusterpreferences',
]

const guestReads = vmis(
  'guestosinfo',
  'filesystemlist',
  'userlist',
  'sev/fetchcertchain',
  'sev/querylaunchmeasurement',
)
const objectGraphs = [...vms('objectgraph'), ...vmis('objectgraph')]

/** What kubevirt.io:admin and kubevirt.io:edit have in common, with the verbs of either. */
function workRules(verbs: string[], screenshot: string[]): PolicyRule[] {
  return [
    rule(
      ['get'],
      subresources,
      ...vmis('console', 'vnc', ...screenshot, 'portforward'),
      ...guestReads,
      ...vmis('usbredir'),
      ...objectGraphs,
    ),
    rule(
      ['update'],
      subresources,
      ...vmis(
        'pause',
        'unpause',
        'addvolume',
        'removevolume',
        'freeze',
        'unfreeze',
        'softreboot',
        'reset',
        'sev/setupsession',
        'sev/injectlaunchsecret',
        'evacuate/cancel',
      ),
    ),
    rule(['get'], subresources, ...vms('expand-spec', 'portforward')),
    rule(
      ['update'],
      subresources,
      ...vms(
        'start',
        'stop',
        'restart',
        'addvolume',
        'removevolume',
        'memorydump',
        'evacuate/cancel',
      ),
    ),
    rule(['update'], subresources, 'expand-vm-spec'),
    rule(
      verbs,
      'kubevirt.io',
      'virtualmachines',
      'virtualmachineinstances',
      'virtualmachineinstancepresets',
      'virtualmachineinstancereplicasets',
    ),
    rule(readVerbs, 'kubevirt.io', 'virtualmachineinstancemigrations'),
    ...groupRules(verbs),
    rule(readVerbs, 'migrations.kubevirt.io', 'migrationpolicies'),
  ]
}

/** The groups that all three roles treat alike, but for the verbs. */
function groupRules(verbs: string[]): PolicyRule[] {
  return [
    rule(
      verbs,
      'snapshot.kubevirt.io',
      'virtualmachinesnapshots',
      'virtualmachinesnapshotcontents',
      'virtualmachinerestores',
    ),
    rule(verbs, 'backup.kubevirt.io', 'virtualmachinebackups', 'virtualmachinebackuptrackers'),
    rule(verbs, 'export.kubevirt.io', 'virtualmachineexports'),
    rule(verbs, 'clone.kubevirt.io', 'virtualmachineclones'),
    rule(verbs, 'instancetype.kubevirt.io', ...instancetypes),
    rule(verbs, 'pool.kubevirt.io', 'virtualmachinepools'),
  ]
}

const kubevirtsRule = rule(['get', 'list'], 'kubevirt.io', 'kubevirts')

const viewRules: PolicyRule[] = [
  kubevirtsRule,
  rule(['get'], subresources, ...vms('expand-spec'), ...guestReads, ...objectGraphs),
  rule(['update'], subresources, 'expand-vm-spec'),
  rule(
    readVerbs,
    'kubevirt.io',
    'virtualmachines',
    'virtualmachineinstances',
    'virtualmachineinstancepresets',
    'virtualmachineinstancereplicasets',
    'virtualmachineinstancemigrations',
  ),
  ...groupRules(readVerbs),
  rule(readVerbs, 'migrations.kubevirt.io', 'migrationpolicies'),
  rule(readVerbs, 'plugin.kubevirt.io', 'plugins'),
]

const kubevirtRoles: NewObject[] = [
  clusterRole(
    'kubevirt.io:default',
    [kubevirtsRule, rule(['get', 'list'], subresources, 'version', 'guestfs')],
    { ...kubevirt, 'kubernetes.io/bootstrapping': 'rbac-defaults' },
  ),
  clusterRole(
    'kubevirt.io:admin',
    [
      ...workRules(adminVerbs, ['vnc/screenshot']),
      rule(adminVerbs, 'plugin.kubevirt.io', 'plugins'),
    ],
    { ...kubevirt, ...aggregateTo('admin') },
  ),
  clusterRole('kubevirt.io:edit', [...workRules(editVerbs, []), kubevirtsRule], {
    ...kubevirt,
    ...aggregateTo('edit'),
  }),
  clusterRole('kubevirt.io:view', viewRules, { ...kubevirt, ...aggregateTo('view') }),
  clusterRole(
    'kubevirt.io:migrate',
    [
      rule(['update'], subresources, ...vms('migrate')),
      rule(adminVerbs, 'kubevirt.io', 'virtualmachineinstancemigrations'),
    ],
    kubevirt,
  ),
  clusterRole(
    'instancetype.kubevirt.io:view',
    [
      rule(
        readVerbs,
        'instancetype.kubevirt.io',
        'virtualmachineclusterinstancetypes',
        'virtualmachineclusterpreferences',
      ),
    ],
    kubevirt,
  ),
  ...['kubevirt.io:default', 'instancetype.kubevirt.io:view'].map((name) =>
    binding(name, name, [group('system:authenticated')], { labels: kubevirt }),
  ),
]

/** Roles for one resource of template.kubevirt.io. */
function templateRoles(resource: string): NewObject[] {
  const role = (suffix: string, to: 'admin' | 'edit' | 'view', verbs: string[]) =>
    clusterRole(
      `virt-template-${resource}-${suffix}-role`,
      [
        rule(verbs, 'template.kubevirt.io', `${resource}s`),
        rule(['get'], 'template.kubevirt.io', `${resource}s/status`),
      ],
      aggregateTo(to),
    )
  return [
    role('admin', 'admin', adminVerbs),
    role('editor', 'edit', editVerbs),
    role('viewer', 'view', readVerbs),
  ]
}

const cdi = 'cdi.kubevirt.io'
const forklift = ['ovirtvolumepopulators', 'openstackvolumepopulators']
const volumeSources = ['volumeimportsources', 'volumeuploadsources', 'volumeclonesources']
const cloneSource = rule(['create'], cdi, 'datavolumes/source')

const cdiWorkRules: PolicyRule[] = [
  rule(['*'], cdi, 'datavolumes', 'dataimportcrons', 'datasources', ...volumeSources),
  cloneSource,
  rule(['*'], 'upload.cdi.kubevirt.io', 'uploadtokenrequests'),
  rule(['*'], 'forklift.cdi.kubevirt.io', ...forklift),
]

const cdiViewRules: PolicyRule[] = [
  rule(
    readVerbs,
    cdi,
    'cdiconfigs',
    'dataimportcrons',
    'datasources',
    'datavolumes',
    'objecttransfers',
    'storageprofiles',
    ...volumeSources,
  ),
  rule(readVerbs, 'forklift.cdi.kubevirt.io', ...forklift),
]

const cdiRoles: NewObject[] = [
  clusterRole('cdi.kubevirt.io:admin', cdiWorkRules, aggregateTo('admin')),
  clusterRole('cdi.kubevirt.io:edit', cdiWorkRules, aggregateTo('edit')),
  clusterRole('cdi.kubevirt.io:view', cdiViewRules, aggregateTo('view')),
  clusterRole('cdi.kubevirt.io:clone-sourcer', [cloneSource]),
  clusterRole('cdi.kubevirt.io:config-reader', [
    rule(readVerbs, cdi, 'cdiconfigs', 'storageprofiles'),
  ]),
  binding('cdi.kubevirt.io:config-reader', 'cdi.kubevirt.io:config-reader', [
    group('system:authenticated'),
    group('system:serviceaccount'),
  ]),
]

export const virtualizationRoles: NewObject[] = [
  ...kubevirtRoles,
  ...templateRoles('virtualmachinetemplate'),
  ...templateRoles('virtualmachinetemplaterequest'),
  clusterRole(
    'virt-template-virtualmachinetemplaterequest-source-role',
    [rule(['create'], 'template.kubevirt.io', 'virtualmachinetemplaterequests/source')],
    { ...aggregateTo('admin'), ...aggregateTo('edit') },
  ),
  ...cdiRoles,
]

/** The kinds that Kubernetes itself has, as a 1.35 API server lists them in discovery. */
import {
  bindingColumns,
  claimColumns,
  configMapColumns,
  createdAtColumns,
  disruptionBudgetColumns,
  endpointsColumns,
  eventColumns,
  leaseColumns,
  namespaceColumns,
  nodeColumns,
  priorityClassColumns,
  resourceQuotaColumns,
  secretColumns,
  serviceAccountColumns,
  serviceColumns,
  storageClassColumns,
  volumeColumns,
} from './columns/core-columns.ts'
import { ingressColumns, networkPolicyColumns } from './columns/networking-columns.ts'
import { podColumns } from './columns/pod-columns.ts'
import {
  controllerRevisionColumns,
  daemonSetColumns,
  deploymentColumns,
  jobColumns,
  replicaSetColumns,
  statefulSetColumns,
} from './columns/workload-columns.ts'
import type { PrinterColumn, ResourceDefinition } from './resource-definition.ts'

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

interface Options extends Partial<
  Pick<ResourceDefinition, 'scale' | 'selectableFields' | 'protectionFinalizer'>
> {
  singular?: string
  shortNames?: string[]
  categories?: string[]
  clusterScoped?: true
  status?: true
  verbs?: string[]
}

/** One kind of the group and version whose OpenAPI models begin with `models`. */
function builtin(
  [group, version, models]: readonly [group: string, version: string, models: string],
  kind: string,
  plural: string,
  columns: PrinterColumn[],
  { singular, shortNames, categories, clusterScoped, status, verbs, ...rest }: Options = {},
): ResourceDefinition {
  return {
    group,
    kind,
    listKind: `${kind}List`,
    plural,
    singular: singular ?? kind.toLowerCase(),
    shortNames: shortNames ?? [],
    categories: categories ?? [],
    namespaced: !clusterScoped,
    custom: false,
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        schema: { $ref: `${models}${kind}` },
        columns,
      },
    ],
    statusSubresource: status ?? false,
    verbs: verbs ?? allVerbs,
    ...rest,
  }
}

const core = ['', 'v1', 'io.k8s.api.core.v1.'] as const
const apps = ['apps', 'v1', 'io.k8s.api.apps.v1.'] as const
const networking = ['networking.k8s.io', 'v1', 'io.k8s.api.networking.v1.'] as const
const rbac = ['rbac.authorization.k8s.io', 'v1', 'io.k8s.api.rbac.v1.'] as const

const scale: NonNullable<ResourceDefinition['scale']> = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
}

const coreDefinitions = [
  builtin(core, 'ConfigMap', 'configmaps', configMapColumns, { shortNames: ['cm'] }),
  builtin(core, 'Endpoints', 'endpoints', endpointsColumns, { shortNames: ['ep'] }),
  builtin(core, 'Event', 'events', eventColumns, {
    shortNames: ['ev'],
    selectableFields: [
      'involvedObject.kind',
      'involvedObject.namespace',
      'involvedObject.name',
      'involvedObject.uid',
      'involvedObject.apiVersion',
      'involvedObject.resourceVersion',
      'involvedObject.fieldPath',
      'reason',
      'reportingComponent',
      'source',
      'type',
    ],
  }),
  builtin(core, 'LimitRange', 'limitranges', createdAtColumns, { shortNames: ['limits'] }),
  builtin(core, 'Namespace', 'namespaces', namespaceColumns, {
    shortNames: ['ns'],
    clusterScoped: true,
    status: true,
    verbs: allVerbs.filter((verb) => verb !== 'deletecollection'),
    selectableFields: ['status.phase', 'name'],
  }),
  builtin(core, 'Node', 'nodes', nodeColumns, {
    shortNames: ['no'],
    clusterScoped: true,
    status: true,
    selectableFields: ['spec.unschedulable'],
  }),
  builtin(core, 'PersistentVolumeClaim', 'persistentvolumeclaims', claimColumns, {
    shortNames: ['pvc'],
    status: true,
    selectableFields: ['name'],
    protectionFinalizer: 'kubernetes.io/pvc-protection',
  }),
  builtin(core, 'PersistentVolume', 'persistentvolumes', volumeColumns, {
    shortNames: ['pv'],
    clusterScoped: true,
    status: true,
    selectableFields: ['name'],
    protectionFinalizer: 'kubernetes.io/pv-protection',
  }),
  builtin(core, 'Pod', 'pods', podColumns, {
    shortNames: ['po'],
    categories: ['all'],
    status: true,
    selectableFields: [
      'spec.nodeName',
      'spec.restartPolicy',
      'spec.schedulerName',
      'spec.serviceAccountName',
      'spec.hostNetwork',
      'status.phase',
      'status.podIP',
      'status.podIPs',
      'status.nominatedNodeName',
    ],
  }),
  builtin(core, 'ResourceQuota', 'resourcequotas', resourceQuotaColumns, {
    shortNames: ['quota'],
    status: true,
  }),
  builtin(core, 'Secret', 'secrets', secretColumns, { selectableFields: ['type'] }),
  builtin(core, 'ServiceAccount', 'serviceaccounts', serviceAccountColumns, { shortNames: ['sa'] }),
  builtin(core, 'Service', 'services', serviceColumns, {
    shortNames: ['svc'],
    categories: ['all'],
    status: true,
    selectableFields: ['spec.clusterIP', 'spec.type'],
  }),
]

const workloadDefinitions = [
  builtin(apps, 'ControllerRevision', 'controllerrevisions', controllerRevisionColumns),
  builtin(apps, 'DaemonSet', 'daemonsets', daemonSetColumns, {
    shortNames: ['ds'],
    categories: ['all'],
    status: true,
  }),
  builtin(apps, 'Deployment', 'deployments', deploymentColumns, {
    shortNames: ['deploy'],
    categories: ['all'],
    status: true,
    scale,
  }),
  builtin(apps, 'ReplicaSet', 'replicasets', replicaSetColumns, {
    shortNames: ['rs'],
    categories: ['all'],
    status: true,
    scale,
    selectableFields: ['status.replicas'],
  }),
  builtin(apps, 'StatefulSet', 'statefulsets', statefulSetColumns, {
    shortNames: ['sts'],
    categories: ['all'],
    status: true,
    scale,
  }),
  builtin(['batch', 'v1', 'io.k8s.api.batch.v1.'], 'Job', 'jobs', jobColumns, {
    categories: ['all'],
    status: true,
    selectableFields: ['status.successful'],
  }),
]

const otherDefinitions = [
  builtin(rbac, 'ClusterRoleBinding', 'clusterrolebindings', bindingColumns, {
    clusterScoped: true,
  }),
  builtin(rbac, 'ClusterRole', 'clusterroles', createdAtColumns, { clusterScoped: true }),
  builtin(rbac, 'RoleBinding', 'rolebindings', bindingColumns),
  builtin(rbac, 'Role', 'roles', createdAtColumns),
  builtin(
    ['storage.k8s.io', 'v1', 'io.k8s.api.storage.v1.'],
    'StorageClass',
    'storageclasses',
    storageClassColumns,
    { shortNames: ['sc'], clusterScoped: true },
  ),
  builtin(
    ['scheduling.k8s.io', 'v1', 'io.k8s.api.scheduling.v1.'],
    'PriorityClass',
    'priorityclasses',
    priorityClassColumns,
    { shortNames: ['pc'], clusterScoped: true },
  ),
  builtin(
    ['coordination.k8s.io', 'v1', 'io.k8s.api.coordination.v1.'],
    'Lease',
    'leases',
    leaseColumns,
  ),
  builtin(
    ['policy', 'v1', 'io.k8s.api.policy.v1.'],
    'PodDisruptionBudget',
    'poddisruptionbudgets',
    disruptionBudgetColumns,
    { shortNames: ['pdb'], status: true },
  ),
  builtin(networking, 'Ingress', 'ingresses', ingressColumns, {
    shortNames: ['ing'],
    status: true,
  }),
  builtin(networking, 'NetworkPolicy', 'networkpolicies', networkPolicyColumns, {
    shortNames: ['netpol'],
  }),
  builtin(
    ['apiextensions.k8s.io', 'v1', 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.'],
    'CustomResourceDefinition',
    'customresourcedefinitions',
    createdAtColumns,
    {
      shortNames: ['crd', 'crds'],
      categories: ['api-extensions'],
      clusterScoped: true,
      status: true,
    },
  ),
]

export const builtinDefinitions: ResourceDefinition[] = [
  ...coreDefinitions,
  ...workloadDefinitions,
  ...otherDefinitions,
]

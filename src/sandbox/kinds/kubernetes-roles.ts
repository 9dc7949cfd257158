/**
 * The roles that every Kubernetes cluster begins with, of those that people meet.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go
 */
import type { NewObject } from '../api/cluster.ts'
import {
  aggregateTo,
  binding,
  clusterRole,
  group,
  type PolicyRule,
  rbacGroup,
  readVerbs,
  rule,
  writeVerbs,
} from './role-objects.ts'

const bootstrapping = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }

/** A role whose rules are those of all roles labelled for it. */
function aggregated(name: 'admin' | 'edit' | 'view', labels: Record<string, string>): NewObject {
  return {
    ...clusterRole(name, [], { ...bootstrapping, ...labels }),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregateTo(name) }] },
  }
}

/** A workload resource with the subresources that go with it. */
function withStatusAndScale(...resources: string[]): string[] {
  return resources.flatMap((name) => [name, `${name}/scale`, `${name}/status`])
}

const viewRules: PolicyRule[] = [
  rule(
    readVerbs,
    '',
    'configmaps',
    'endpoints',
    'persistentvolumeclaims',
    'persistentvolumeclaims/status',
    'pods',
    'replicationcontrollers',
    'replicationcontrollers/scale',
    'serviceaccounts',
    'services',
    'services/status',
  ),
  rule(
    readVerbs,
    '',
    'bindings',
    'events',
    'limitranges',
    'namespaces/status',
    'pods/log',
    'pods/status',
    'replicationcontrollers/status',
    'resourcequotas',
    'resourcequotas/status',
  ),
  rule(readVerbs, '', 'namespaces'),
  rule(readVerbs, 'discovery.k8s.io', 'endpointslices'),
  rule(
    readVerbs,
    'apps',
    'controllerrevisions',
    'daemonsets',
    'daemonsets/status',
    ...withStatusAndScale('deployments', 'replicasets', 'statefulsets'),
  ),
  rule(readVerbs, 'autoscaling', 'horizontalpodautoscalers', 'horizontalpodautoscalers/status'),
  rule(readVerbs, 'batch', 'cronjobs', 'cronjobs/status', 'jobs', 'jobs/status'),
  rule(
    readVerbs,
    'extensions',
    'daemonsets',
    'daemonsets/status',
    ...withStatusAndScale('deployments', 'replicasets'),
    'ingresses',
    'ingresses/status',
    'networkpolicies',
    'replicationcontrollers/scale',
  ),
  rule(readVerbs, 'policy', 'poddisruptionbudgets', 'poddisruptionbudgets/status'),
  rule(readVerbs, 'networking.k8s.io', 'ingresses', 'ingresses/status', 'networkpolicies'),
]

const podStreams = ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy']

const editRules: PolicyRule[] = [
  rule(readVerbs, '', ...podStreams, 'secrets', 'services/proxy'),
  rule(['impersonate'], '', 'serviceaccounts'),
  rule(writeVerbs, '', 'pods', ...podStreams),
  rule(['create'], '', 'pods/eviction'),
  rule(
    writeVerbs,
    '',
    'configmaps',
    'events',
    'persistentvolumeclaims',
    'replicationcontrollers',
    'replicationcontrollers/scale',
    'secrets',
    'serviceaccounts',
    'services',
    'services/proxy',
  ),
  rule(['create'], '', 'serviceaccounts/token'),
  rule(
    writeVerbs,
    'apps',
    'daemonsets',
    'deployments',
    'deployments/rollback',
    'deployments/scale',
    'replicasets',
    'replicasets/scale',
    'statefulsets',
    'statefulsets/scale',
  ),
  rule(writeVerbs, 'autoscaling', 'horizontalpodautoscalers'),
  rule(writeVerbs, 'batch', 'cronjobs', 'jobs'),
  rule(
    writeVerbs,
    'extensions',
    'daemonsets',
    'deployments',
    'deployments/rollback',
    'deployments/scale',
    'ingresses',
    'networkpolicies',
    'replicasets',
    'replicasets/scale',
    'replicationcontrollers/scale',
  ),
  rule(writeVerbs, 'policy', 'poddisruptionbudgets'),
  rule(writeVerbs, 'networking.k8s.io', 'ingresses', 'networkpolicies'),
  rule([...writeVerbs, ...readVerbs], 'coordination.k8s.io', 'leases'),
]

const adminRules: PolicyRule[] = [
  rule(['create'], 'authorization.k8s.io', 'localsubjectaccessreviews'),
  rule([...writeVerbs, ...readVerbs], rbacGroup, 'rolebindings', 'roles'),
]

const publicInfo = ['/healthz', '/livez', '/readyz', '/version', '/version/']
const discovery = [
  '/api',
  '/api/*',
  '/apis',
  '/apis/*',
  '/healthz',
  '/livez',
  '/openapi',
  '/openapi/*',
]

export const kubernetesRoles: NewObject[] = [
  clusterRole(
    'cluster-admin',
    [rule(['*'], '*', '*'), { verbs: ['*'], nonResourceURLs: ['*'] }],
    bootstrapping,
  ),
  aggregated('admin', {}),
  aggregated('edit', aggregateTo('admin')),
  aggregated('view', aggregateTo('edit')),
  clusterRole('system:aggregate-to-admin', adminRules, {
    ...bootstrapping,
    ...aggregateTo('admin'),
  }),
  clusterRole('system:aggregate-to-edit', editRules, { ...bootstrapping, ...aggregateTo('edit') }),
  clusterRole('system:aggregate-to-view', viewRules, { ...bootstrapping, ...aggregateTo('view') }),
  // https://github.com/kubernetes-sigs/metrics-server/blob/v0.8.0/manifests/base/rbac.yaml
  clusterRole(
    'system:aggregated-metrics-reader',
    [rule(readVerbs, 'metrics.k8s.io', 'pods', 'nodes')],
    {
      ...aggregateTo('view'),
      ...aggregateTo('edit'),
      ...aggregateTo('admin'),
    },
  ),
  clusterRole(
    'system:discovery',
    [{ verbs: ['get'], nonResourceURLs: [...discovery, '/readyz', '/version', '/version/'] }],
    bootstrapping,
  ),
  clusterRole(
    'system:basic-user',
    [
      rule(
        ['create'],
        'authorization.k8s.io',
        'selfsubjectaccessreviews',
        'selfsubjectrulesreviews',
      ),
      rule(['create'], 'authentication.k8s.io', 'selfsubjectreviews'),
    ],
    bootstrapping,
  ),
  clusterRole(
    'system:public-info-viewer',
    [{ verbs: ['get'], nonResourceURLs: publicInfo }],
    bootstrapping,
  ),
  binding('cluster-admin', 'cluster-admin', [group('system:masters')], { labels: bootstrapping }),
  ...['system:discovery', 'system:basic-user'].map((name) =>
    binding(name, name, [group('system:authenticated')], { labels: bootstrapping }),
  ),
  binding(
    'system:public-info-viewer',
    'system:public-info-viewer',
    [group('system:authenticated'), group('system:unauthenticated')],
    { labels: bootstrapping },
  ),
]

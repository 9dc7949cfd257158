/** The roles and bindings the sandbox begins with, ready to be stored. */
import type { NewObject, ResourceKey } from '../api/cluster.ts'
import { kubernetesRoles } from './kubernetes-roles.ts'
import { virtualizationRoles } from './kubevirt-roles.ts'
import { binding, type PolicyRule, rbacGroup, user } from './role-objects.ts'

/** Where the sandbox's ordinary users have rights; nowhere else, as on any plain cluster. */
const userNamespaces = ['demo', 'lab']

/**
 * `sandbox-admin` needs no binding: it is in group system:masters. `sandbox-none` has none. Like
 * every namespaced user of a plain Kubernetes, the others cannot list namespaces, nodes or storage
 * classes.
 */
const userBindings = userNamespaces.flatMap((namespace) =>
  (['edit', 'view'] as const).map((role) =>
    binding(`sandbox-${role}`, role, [user(`sandbox-${role}`)], { namespace }),
  ),
)

interface AggregatingRole {
  metadata: { name?: string; labels?: Record<string, string> }
  aggregationRule?: { clusterRoleSelectors: { matchLabels: Record<string, string> }[] }
  rules?: PolicyRule[]
}

/**
 * The rules of a ClusterRole: its own, or with an aggregationRule those of every role that this
 * selects, duplicates left out, as the clusterrole-aggregation controller would write them.
 */
function effectiveRules(role: AggregatingRole, all: AggregatingRole[]): PolicyRule[] {
  const selectors = role.aggregationRule?.clusterRoleSelectors
  if (!selectors) return role.rules ?? []
  const selected = all
    .filter((other) => other.metadata.name !== role.metadata.name)
    .filter((other) =>
      selectors.some(({ matchLabels }) =>
        Object.entries(matchLabels).every(([key, value]) => other.metadata.labels?.[key] === value),
      ),
    )
    .toSorted((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1))
  const rules = new Map<string, PolicyRule>()
  for (const other of selected) {
    for (const rule of effectiveRules(other, all)) rules.set(JSON.stringify(rule), rule)
  }
  return [...rules.values()]
}

const keys: Record<string, ResourceKey> = {
  ClusterRole: `${rbacGroup}/clusterroles`,
  ClusterRoleBinding: `${rbacGroup}/clusterrolebindings`,
  RoleBinding: `${rbacGroup}/rolebindings`,
}

function aggregate(objects: NewObject[]): NewObject[] {
  const roles = objects.filter((object) => object.kind === 'ClusterRole') as AggregatingRole[]
  return objects.map((object) =>
    object['aggregationRule']
      ? { ...object, rules: effectiveRules(object as AggregatingRole, roles) }
      : object,
  )
}

/** Every role and binding with the key to store it under; namespaces of bindings must exist. */
export const defaultRoles: { key: ResourceKey; object: NewObject }[] = aggregate([
  ...kubernetesRoles,
  ...virtualizationRoles,
  ...userBindings,
]).map((object) => ({ key: keys[object.kind] as ResourceKey, object }))

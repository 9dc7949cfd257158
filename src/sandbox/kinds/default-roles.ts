/** The roles and bindings the sandbox begins with, ready to be stored. */
import type { NewObject, ResourceKey } from '../api/cluster.ts'
import { kubernetesRoles } from './kubernetes-roles.ts'
import { virtualizationRoles } from './kubevirt-roles.ts'
import { binding, type PolicyRule, rbacGroup, user } from './role-objects.ts'

/** Where the sandbox's ordinary users have rights; nowhere else, as on any plain cluster. */
const userNamespaces = ['demo', 'lab']

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

/**
 * Every role and binding with the key to store it under; namespaces of bindings must exist. The
 * two named users get what their roles allow in the users' namespaces. Like every namespaced user
 * of a plain Kubernetes, they cannot list namespaces, nodes or storage classes. An administrator
 * needs no binding, being in group system:masters.
 */
export function defaultRoles(users: {
  edit: string
  view: string
}): { key: ResourceKey; object: NewObject }[] {
  const userBindings = userNamespaces.flatMap((namespace) =>
    (['edit', 'view'] as const).map((role) =>
      binding(users[role], role, [user(users[role])], { namespace }),
    ),
  )
  return aggregate([...kubernetesRoles, ...virtualizationRoles, ...userBindings]).map((object) => ({
    key: keys[object.kind] as ResourceKey,
    object,
  }))
}

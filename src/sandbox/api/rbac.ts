/**
 * Authorization by the stored Roles, ClusterRoles and bindings, as kube-apiserver's RBAC mode.
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
import type { AccessAttributes, KubeObject, ResourceKey, Store, User } from './cluster.ts'
import { deepEqual } from './json-values.ts'
import { selectorMatches } from './selectors.ts'

export interface PolicyRule {
  verbs: string[]
  apiGroups?: string[]
  resources?: string[]
  resourceNames?: string[]
  nonResourceURLs?: string[]
}

interface Role extends KubeObject {
  rules?: PolicyRule[]
  aggregationRule?: { clusterRoleSelectors?: Parameters<typeof selectorMatches>[0][] }
}

interface Binding extends KubeObject {
  roleRef: { kind: string; name: string }
  subjects?: { kind: string; name: string; namespace?: string }[]
}

const GROUP = 'rbac.authorization.k8s.io'
export const RBAC_KEYS = {
  roles: `${GROUP}/roles`,
  clusterRoles: `${GROUP}/clusterroles`,
  roleBindings: `${GROUP}/rolebindings`,
  clusterRoleBindings: `${GROUP}/clusterrolebindings`,
} as const satisfies Record<string, ResourceKey>

const has = (list: readonly string[] | undefined, value: string) =>
  list !== undefined && (list.includes('*') || list.includes(value))

function coversResource(
  rule: PolicyRule,
  { verb, group, resource, subresource, name }: AccessAttributes,
): boolean {
  const full = subresource ? `${resource}/${subresource}` : resource
  return (
    has(rule.verbs, verb) &&
    has(rule.apiGroups, group) &&
    (has(rule.resources, full) ||
      (subresource !== undefined && rule.resources?.includes(`*/${subresource}`) === true)) &&
    (!rule.resourceNames?.length || (name !== undefined && rule.resourceNames.includes(name)))
  )
}

function coversPath(rule: PolicyRule, verb: string, path: string): boolean {
  return (
    has(rule.verbs, verb) &&
    (rule.nonResourceURLs ?? []).some(
      (url) =>
        url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))),
    )
  )
}

function subjectFor(binding: Binding, user: User) {
  return (binding.subjects ?? []).find(({ kind, name, namespace }) => {
    if (kind === 'User') return name === user.name
    if (kind === 'Group') return user.groups.includes(name)
    const home = namespace ?? binding.metadata.namespace ?? ''
    return kind === 'ServiceAccount' && user.name === `system:serviceaccount:${home}:${name}`
  })
}

/** A rule, and which binding gives it to whom, as reviews tell. */
interface Grant {
  rule: PolicyRule
  reason: string
}

export interface Authorizer {
  allowed(user: User, attributes: AccessAttributes): boolean
  /** Like {@link Authorizer.allowed}, with the reason when it is a binding. */
  explain(user: User, attributes: AccessAttributes): { allowed: boolean; reason?: string }
  allowedPath(user: User, verb: string, path: string): boolean
  /** The rules that apply to a user in a namespace, cluster-wide ones first. */
  rulesFor(user: User, namespace: string): PolicyRule[]
  close(): void
}

/** Also keeps the rules of aggregated ClusterRoles up to date in the store. */
export function createAuthorizer(store: Store): Authorizer {
  const cache = new Map<string, Grant[]>()
  const forget = () => cache.clear()

  function aggregate(): void {
    const roles = store.list<Role>(RBAC_KEYS.clusterRoles)
    for (const role of roles) {
      const selectors = role.aggregationRule?.clusterRoleSelectors
      if (!selectors) continue
      const rules = roles
        .filter(
          (other) =>
            other.metadata.name !== role.metadata.name &&
            selectors.some((selector) => selectorMatches(selector, other.metadata.labels)),
        )
        .flatMap((other) => other.rules ?? [])
      const unique = rules.filter(
        (rule, index) => rules.findIndex((other) => deepEqual(other, rule)) === index,
      )
      if (deepEqual(unique, role.rules ?? [])) continue
      store.update<Role>(RBAC_KEYS.clusterRoles, undefined, role.metadata.name, (draft) => {
        draft.rules = unique
      })
    }
  }

  const subscriptions = Object.values(RBAC_KEYS).map((key) =>
    store.subscribe(key, () => {
      forget()
      if (key === RBAC_KEYS.clusterRoles) aggregate()
    }),
  )
  aggregate()

  const rulesOf = ({ metadata: { namespace }, roleRef }: Binding): PolicyRule[] =>
    (roleRef.kind === 'Role'
      ? store.get<Role>(RBAC_KEYS.roles, namespace, roleRef.name)
      : store.get<Role>(RBAC_KEYS.clusterRoles, undefined, roleRef.name)
    )?.rules ?? []

  function grantsBy(binding: Binding, user: User): Grant[] {
    const subject = subjectFor(binding, user)
    if (!subject) return []
    const { name, namespace } = binding.metadata
    const path = namespace ? `${name}/${namespace}` : name
    const role = `${binding.roleRef.kind} ${JSON.stringify(binding.roleRef.name)}`
    const reason = `RBAC: allowed by ${binding.kind} ${JSON.stringify(path)} of ${role} to ${subject.kind} ${JSON.stringify(subject.name)}`
    return rulesOf(binding).map((rule) => ({ rule, reason }))
  }

  /** Cluster-wide grants for the empty namespace, else those of the namespace's bindings. */
  function grants(user: User, namespace: string): Grant[] {
    const id = JSON.stringify([user.name, user.groups, namespace])
    let found = cache.get(id)
    if (!found) {
      const bindings = namespace
        ? store.list<Binding>(RBAC_KEYS.roleBindings, namespace)
        : store.list<Binding>(RBAC_KEYS.clusterRoleBindings)
      found = bindings.flatMap((binding) => grantsBy(binding, user))
      cache.set(id, found)
    }
    return found
  }

  function grantFor(user: User, attributes: AccessAttributes): Grant | undefined {
    const covers = ({ rule }: Grant) => coversResource(rule, attributes)
    return (
      grants(user, '').find(covers) ??
      (attributes.namespace ? grants(user, attributes.namespace).find(covers) : undefined)
    )
  }

  const isMaster = (user: User) => user.groups.includes('system:masters')

  return {
    allowed: (user, attributes) => isMaster(user) || grantFor(user, attributes) !== undefined,
    explain(user, attributes) {
      if (isMaster(user)) return { allowed: true }
      const grant = grantFor(user, attributes)
      return grant ? { allowed: true, reason: grant.reason } : { allowed: false }
    },
    allowedPath: (user, verb, path) =>
      isMaster(user) || grants(user, '').some(({ rule }) => coversPath(rule, verb, path)),
    rulesFor(user, namespace) {
      const everything: PolicyRule[] = isMaster(user)
        ? [
            { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
            { verbs: ['*'], nonResourceURLs: ['*'] },
          ]
        : []
      const local = namespace ? grants(user, namespace) : []
      return [...everything, ...[...grants(user, ''), ...local].map(({ rule }) => rule)]
    },
    close() {
      for (const unsubscribe of subscriptions) unsubscribe()
    },
  }
}

/** Builds RBAC objects in a short form. */
import type { NewObject } from '../api/cluster.ts'

export interface PolicyRule {
  verbs: string[]
  apiGroups?: string[]
  resources?: string[]
  nonResourceURLs?: string[]
}

export const rbacGroup = 'rbac.authorization.k8s.io'

export const readVerbs = ['get', 'list', 'watch']
export const writeVerbs = ['create', 'delete', 'deletecollection', 'patch', 'update']

export function rule(verbs: string[], group: string, ...resources: string[]): PolicyRule {
  return { verbs, apiGroups: [group], resources }
}

/** A ClusterRole; its label says into which of admin, edit and view it is aggregated. */
export function clusterRole(
  name: string,
  rules: PolicyRule[],
  labels: Record<string, string> = {},
): NewObject {
  return {
    apiVersion: `${rbacGroup}/v1`,
    kind: 'ClusterRole',
    metadata: { name, labels },
    rules,
  }
}

export function aggregateTo(role: 'admin' | 'edit' | 'view'): Record<string, string> {
  return { [`${rbacGroup}/aggregate-to-${role}`]: 'true' }
}

export function user(name: string) {
  return { kind: 'User', apiGroup: rbacGroup, name }
}

export function group(name: string) {
  return { kind: 'Group', apiGroup: rbacGroup, name }
}

/** Binds a ClusterRole in one namespace, or without one in the whole cluster. */
export function binding(
  name: string,
  role: string,
  subjects: ReturnType<typeof user>[],
  { namespace, labels = {} }: { namespace?: string; labels?: Record<string, string> } = {},
): NewObject {
  return {
    apiVersion: `${rbacGroup}/v1`,
    kind: namespace ? 'RoleBinding' : 'ClusterRoleBinding',
    metadata: { name, labels, ...(namespace && { namespace }) },
    subjects,
    roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name: role },
  }
}

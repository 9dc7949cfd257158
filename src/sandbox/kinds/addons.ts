/** What clusters have beside KubeVirt, by the API groups it brings. */
import type { ResourceDefinition } from './resource-definition.ts'

/** Many have these, and some have not. */
const groups = {
  multus: 'k8s.cni.cncf.io',
  cdi: 'cdi.kubevirt.io',
  snapshot: 'snapshot.storage.k8s.io',
}

/** Few have these: they are there when they are asked for. */
const extraGroups = {
  'openshift-templates': 'template.openshift.io',
}

export type Addon = keyof typeof groups
export type Extra = keyof typeof extraGroups

export const addons = Object.keys(groups) as Addon[]
export const extras = Object.keys(extraGroups) as Extra[]

/** Whether a cluster that lacks some addons and has some extras has the kind. */
export function isThere(
  without: readonly Addon[],
  having: readonly Extra[],
): (kind: ResourceDefinition) => boolean {
  const missing = new Set<string>([
    ...without.map((addon) => groups[addon]),
    ...extras.filter((extra) => !having.includes(extra)).map((extra) => extraGroups[extra]),
  ])
  return ({ group }) => !missing.has(group)
}

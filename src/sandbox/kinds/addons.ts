/** What many clusters have beside KubeVirt and some have not, by the API groups it brings. */
import type { ResourceDefinition } from './resource-definition.ts'

const groups = {
  multus: 'k8s.cni.cncf.io',
  cdi: 'cdi.kubevirt.io',
  snapshot: 'snapshot.storage.k8s.io',
}

export type Addon = keyof typeof groups

export const addons = Object.keys(groups) as Addon[]

/** Whether a cluster that lacks some addons has the kind. */
export function isThere(without: readonly Addon[]): (kind: ResourceDefinition) => boolean {
  const missing = new Set(without.map((addon) => groups[addon]))
  return ({ group }) => !missing.has(group)
}

/** What device plugins offer on the nodes. */
import type { Node } from '../../../kube/kinds.ts'
import { parseQuantity } from '../../../kube/quantity.ts'

export interface OfferingNode {
  name: string
  count: number
}

function amount(node: Node, resource: string): number {
  const quantity = (node.status?.allocatable as Record<string, string | number> | undefined)?.[
    resource
  ]
  return parseQuantity(quantity) ?? 0
}

/** The nodes with any of a resource, and how many each has. */
export function offeringNodes(nodes: readonly Node[], resource: string): OfferingNode[] {
  return nodes
    .map((node) => ({ name: node.metadata.name, count: amount(node, resource) }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => a.name.localeCompare(b.name))
}

/** Kubernetes' and KubeVirt's own, which are no network devices. */
const others = /^(?:[^/]*$|(?:[^/]+\.)?(?:kubernetes|kubevirt)\.io\/|nvidia\.com\/|amd\.com\/gpu)/

/** Resources that may be virtual functions of network cards. */
export function deviceResources(nodes: readonly Node[]): string[] {
  const names = nodes.flatMap(({ status }) => Object.keys(status?.allocatable ?? {}))
  return [...new Set(names)]
    .filter((name) => !others.test(name) && offeringNodes(nodes, name).length > 0)
    .toSorted()
}

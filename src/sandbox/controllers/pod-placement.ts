/**
 * The scheduler's filters and scores that a pod's own rules decide.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins
 * (nodeaffinity, tainttoleration, interpodaffinity)
 */
import type { Node, Pod } from '../kubevirt/objects.ts'

interface Requirement {
  key: string
  operator: string
  values?: string[]
}

interface Term {
  matchExpressions?: Requirement[]
  matchFields?: Requirement[]
}

interface Selector {
  matchLabels?: Record<string, string>
  matchExpressions?: Requirement[]
}

interface PodTerm {
  labelSelector?: Selector
  namespaces?: string[]
  /** An empty one is every namespace; others aren't looked at here. */
  namespaceSelector?: object
  topologyKey: string
}

interface PodTerms {
  requiredDuringSchedulingIgnoredDuringExecution?: PodTerm[]
  preferredDuringSchedulingIgnoredDuringExecution?: { weight: number; podAffinityTerm: PodTerm }[]
}

interface PodAffinity {
  nodeAffinity?: {
    requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms?: Term[] }
    preferredDuringSchedulingIgnoredDuringExecution?: { weight: number; preference: Term }[]
  }
  podAffinity?: PodTerms
  podAntiAffinity?: PodTerms
}

function affinityOf({ spec }: Pod): PodAffinity {
  return (spec['affinity'] as PodAffinity | undefined) ?? {}
}

function holds({ key, operator, values = [] }: Requirement, labels: Record<string, string>) {
  const has = Object.hasOwn(labels, key)
  const value = labels[key] ?? ''
  switch (operator) {
    case 'In':
      return has && values.includes(value)
    case 'NotIn':
      return !has || !values.includes(value)
    case 'Exists':
      return has
    case 'DoesNotExist':
      return !has
    case 'Gt':
      return has && Number(value) > Number(values[0])
    case 'Lt':
      return has && Number(value) < Number(values[0])
    default:
      return false
  }
}

function matchesTerm({ matchExpressions = [], matchFields = [] }: Term, node: Node): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false
  const labels = node.metadata.labels ?? {}
  const fields = { 'metadata.name': node.metadata.name }
  return (
    matchExpressions.every((one) => holds(one, labels)) &&
    matchFields.every((one) => holds(one, fields))
  )
}

function selects(term: PodTerm, home: string, pod: Pod): boolean {
  const { labelSelector, namespaces = [], namespaceSelector, topologyKey: _ } = term
  const isEverywhere =
    namespaceSelector !== undefined && Object.keys(namespaceSelector).length === 0
  const spaces = namespaces.length === 0 && !namespaceSelector ? [home] : namespaces
  if (!isEverywhere && !spaces.includes(pod.metadata.namespace ?? '')) return false
  if (!labelSelector) return false
  const labels = pod.metadata.labels ?? {}
  return (
    Object.entries(labelSelector.matchLabels ?? {}).every(([key, of]) => labels[key] === of) &&
    (labelSelector.matchExpressions ?? []).every((one) => holds(one, labels))
  )
}

function tolerates(
  { tolerations = [] }: Pod['spec'],
  taint: { key: string; value?: string; effect: string },
) {
  return tolerations.some((one) => {
    if (one.effect && one.effect !== taint.effect) return false
    if (one.key && one.key !== taint.key) return false
    return (
      one.operator === 'Exists' || (Boolean(one.key) && (one.value ?? '') === (taint.value ?? ''))
    )
  })
}

/** All nodes, and the pods on them that still run. */
export interface Placed {
  nodes: readonly Node[]
  pods: readonly Pod[]
}

/** How many of the pods that a term selects are where the node is. */
function countNear(term: PodTerm, home: string, node: Node, { nodes, pods }: Placed): number {
  const domain = node.metadata.labels?.[term.topologyKey]
  if (domain === undefined) return 0
  const near = new Set(
    nodes
      .filter(({ metadata }) => metadata.labels?.[term.topologyKey] === domain)
      .map(({ metadata }) => metadata.name),
  )
  return pods.filter((pod) => near.has(pod.spec.nodeName ?? '') && selects(term, home, pod)).length
}

const unschedulable = 'node.kubernetes.io/unschedulable'

/** Why the node isn't for the pod, in the scheduler's words. */
export function placementProblem(pod: Pod, node: Node, placed: Placed): string | undefined {
  if (
    node.spec.unschedulable &&
    !tolerates(pod.spec, { key: unschedulable, effect: 'NoSchedule' })
  ) {
    return 'node(s) were unschedulable'
  }
  const taint = node.spec.taints?.find(
    (one) => one.effect !== 'PreferNoSchedule' && !tolerates(pod.spec, one),
  )
  if (taint) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`
  const labels = node.metadata.labels ?? {}
  const selector = Object.entries(pod.spec.nodeSelector ?? {})
  const terms =
    affinityOf(pod).nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  if (
    !selector.every(([key, value]) => labels[key] === value) ||
    (terms && !terms.some((term) => matchesTerm(term, node)))
  ) {
    return "node(s) didn't match Pod's node affinity/selector"
  }
  return podProblem(pod, node, placed)
}

function podProblem(pod: Pod, node: Node, placed: Placed): string | undefined {
  const home = pod.metadata.namespace ?? ''
  const { podAffinity, podAntiAffinity } = affinityOf(pod)
  const near = podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
  const isNear = near.every((term) => {
    if (node.metadata.labels?.[term.topologyKey] === undefined) return false
    if (countNear(term, home, node, placed) > 0) return true
    // The first of a series that has affinity to itself may go anywhere.
    return selects(term, home, pod) && !placed.pods.some((one) => selects(term, home, one))
  })
  if (!isNear) return "node(s) didn't match pod affinity rules"
  const away = podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
  if (away.some((term) => countNear(term, home, node, placed) > 0)) {
    return "node(s) didn't match pod anti-affinity rules"
  }
  const isKeptAway = placed.pods.some((other) =>
    (affinityOf(other).podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).some(
      (term) =>
        selects(term, other.metadata.namespace ?? '', pod) &&
        isSamePlace(term.topologyKey, node, other, placed),
    ),
  )
  return isKeptAway ? "node(s) didn't satisfy existing pods anti-affinity rules" : undefined
}

function isSamePlace(topologyKey: string, node: Node, other: Pod, { nodes }: Placed): boolean {
  const domain = node.metadata.labels?.[topologyKey]
  const host = nodes.find(({ metadata }) => metadata.name === other.spec.nodeName)
  return domain !== undefined && host?.metadata.labels?.[topologyKey] === domain
}

/** How much the pod prefers the node; more is better. */
export function placementScore(pod: Pod, node: Node, placed: Placed): number {
  const home = pod.metadata.namespace ?? ''
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinityOf(pod)
  let score = 0
  for (const {
    weight,
    preference,
  } of nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
    if (matchesTerm(preference, node)) score += weight
  }
  for (const [terms, sign] of [
    [podAffinity, 1],
    [podAntiAffinity, -1],
  ] as const) {
    for (const {
      weight,
      podAffinityTerm,
    } of terms?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
      score += sign * weight * countNear(podAffinityTerm, home, node, placed)
    }
  }
  return score
}

/** Whether the pod has rules about other pods, which matter to those as well. */
export function isSociable(pod: Pod): boolean {
  const { podAffinity, podAntiAffinity } = affinityOf(pod)
  return podAffinity !== undefined || podAntiAffinity !== undefined
}

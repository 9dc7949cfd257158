/** Which nodes a VM may run on by its own rules, as Kubernetes' scheduler judges them. */
import type { Node, Pod } from './kinds.ts'
import { parseQuantity } from './quantity.ts'

export interface Expression {
  key: string
  operator: string
  values?: string[]
}

interface NodeTerm {
  matchExpressions?: Expression[]
  matchFields?: Expression[]
}

interface LabelSelector {
  matchLabels?: Record<string, string>
  matchExpressions?: Expression[]
}

export interface PodTerm {
  labelSelector?: LabelSelector
  topologyKey?: string
  namespaces?: string[]
  namespaceSelector?: object
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'

interface PodAffinity {
  [required]?: PodTerm[]
  [preferred]?: { weight: number; podAffinityTerm: PodTerm }[]
}

export interface Affinity {
  nodeAffinity?: {
    [required]?: { nodeSelectorTerms?: NodeTerm[] }
    [preferred]?: { weight: number; preference: NodeTerm }[]
  }
  podAffinity?: PodAffinity
  podAntiAffinity?: PodAffinity
}

export interface Toleration {
  key?: string
  /** `Equal` where it isn't given. */
  operator?: string
  value?: string
  /** All effects where it isn't given. */
  effect?: string
  tolerationSeconds?: number
}

export interface Taint {
  key: string
  value?: string
  effect: string
}

/** What a VM's template says of where it may run. */
export interface Placement {
  nodeSelector?: Record<string, string>
  affinity?: Affinity
  tolerations?: Toleration[]
  domain?: { devices?: { gpus?: DeviceRequest[]; hostDevices?: DeviceRequest[] } }
}

interface DeviceRequest {
  deviceName?: string
}

/** Whether a node has as many devices of each sort as are asked for, taken or not. */
function hasDevices({ domain }: Placement, { status }: Node): boolean {
  const { gpus = [], hostDevices = [] } = domain?.devices ?? {}
  const names = [...gpus, ...hostDevices].flatMap(({ deviceName }) => deviceName || [])
  const allocatable = (status?.allocatable ?? {}) as Record<string, string>
  return names.every(
    (name) =>
      (parseQuantity(allocatable[name]) ?? 0) >= names.filter((other) => other === name).length,
  )
}

/** Whether labels, or fields, are as an expression asks. */
function isMet({ key, operator, values = [] }: Expression, labels: Record<string, string>) {
  const value = labels[key]
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return Number(value) > Number(values[0])
    case 'Lt':
      return Number(value) < Number(values[0])
    default:
      return false
  }
}

function isSelected(labels: Record<string, string>, selector: LabelSelector = {}): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((one) => isMet(one, labels))
  )
}

/** A term without any expression selects nothing. */
function isTermMet({ matchExpressions = [], matchFields = [] }: NodeTerm, { metadata }: Node) {
  return (
    matchExpressions.length + matchFields.length > 0 &&
    matchExpressions.every((one) => isMet(one, metadata.labels ?? {})) &&
    matchFields.every((one) => isMet(one, { 'metadata.name': metadata.name }))
  )
}

/**
 * Whether a taint is tolerated
 * (https://github.com/kubernetes/component-helpers/blob/v0.35.0/scheduling/corev1/helpers.go).
 */
export function isTolerated(taint: Taint, tolerations: readonly Toleration[] = []): boolean {
  return tolerations.some(
    ({ key = '', operator = 'Equal', value = '', effect = '' }) =>
      (effect === '' || effect === taint.effect) &&
      (key === '' ? operator === 'Exists' : key === taint.key) &&
      (operator === 'Exists' || (operator === 'Equal' && value === (taint.value ?? ''))),
  )
}

/** Taints that keep pods away; those that only make a node less liked don't count. */
export function keepingTaints({ spec }: Node): Taint[] {
  const taints = ((spec?.taints ?? []) as Taint[]).filter(
    ({ effect }) => effect !== 'PreferNoSchedule',
  )
  // A cordoned node has this taint; where it hasn't yet, the field says the same.
  const cordon = 'node.kubernetes.io/unschedulable'
  return spec?.unschedulable && !taints.some(({ key }) => key === cordon)
    ? [...taints, { key: cordon, effect: 'NoSchedule' }]
    : taints
}

/** What of the rules a node doesn't meet. */
export type Mismatch = 'kubevirt' | 'labels' | 'affinity' | 'taints' | 'devices' | 'pods'

/** A pod that the VM is to be near or away from. */
export type Neighbour = Pick<Pod, 'metadata' | 'spec'>

interface Surroundings {
  nodes: readonly Node[]
  /** Of the VM's namespace. */
  pods: readonly Neighbour[]
  /** Those that the VM's own pod will have. */
  ownLabels: Record<string, string>
}

/** Names of nodes, by topology key and pods there that the term selects. */
function placesOf(term: PodTerm, { nodes, pods }: Surroundings): Set<string | undefined> {
  const hosts = new Set(
    pods
      .filter(({ metadata }) => isSelected(metadata.labels ?? {}, term.labelSelector))
      .map(({ spec }) => spec?.nodeName),
  )
  return new Set(
    nodes
      .filter(({ metadata }) => hosts.has(metadata.name))
      .map(({ metadata }) => metadata.labels?.[term.topologyKey ?? '']),
  )
}

function arePodsMet({ affinity }: Placement, node: Node, around: Surroundings): boolean {
  const own = (terms: PodTerm[] = []) =>
    // Pods of other namespaces aren't known here.
    terms.filter(({ namespaces, namespaceSelector }) => !namespaces && !namespaceSelector)
  const placeOf = ({ topologyKey = '' }: PodTerm) => node.metadata.labels?.[topologyKey]
  const near = own(affinity?.podAffinity?.[required]).every((term) => {
    const places = placesOf(term, around)
    // The first of a group that wants to be together has nobody to be near to.
    if (places.size === 0) return isSelected(around.ownLabels, term.labelSelector)
    return placeOf(term) !== undefined && places.has(placeOf(term))
  })
  const away = own(affinity?.podAntiAffinity?.[required]).every(
    (term) => placeOf(term) === undefined || !placesOf(term, around).has(placeOf(term)),
  )
  return near && away
}

/** Why a VM may not run on a node; undefined where its rules let it. */
export function nodeMismatch(
  placement: Placement,
  node: Node,
  around: Surroundings,
): Mismatch | undefined {
  const labels = node.metadata.labels ?? {}
  if (labels['kubevirt.io/schedulable'] !== 'true') return 'kubevirt'
  const wanted = Object.entries(placement.nodeSelector ?? {})
  if (!wanted.every(([key, value]) => labels[key] === value)) return 'labels'
  const terms = placement.affinity?.nodeAffinity?.[required]?.nodeSelectorTerms
  if (terms && !terms.some((term) => isTermMet(term, node))) return 'affinity'
  if (keepingTaints(node).some((taint) => !isTolerated(taint, placement.tolerations)))
    return 'taints'
  if (!hasDevices(placement, node)) return 'devices'
  return arePodsMet(placement, node, around) ? undefined : 'pods'
}

/** Whether a rule is about other pods, which then have to be known. */
export function isAboutPods({ affinity }: Placement): boolean {
  const { podAffinity, podAntiAffinity } = affinity ?? {}
  return [podAffinity, podAntiAffinity].some((one) => (one?.[required]?.length ?? 0) > 0)
}

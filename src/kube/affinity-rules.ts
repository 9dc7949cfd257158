/**
 * Affinity as a list of rules that each say one thing. What can't be said so stays in the affinity
 * untouched, and is counted.
 */
import type { Affinity, Expression, PodTerm } from './node-match.ts'

export const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'] as const

export interface AffinityRule {
  /** About nodes' labels, or to be near to or away from pods. */
  about: 'node' | 'near' | 'away'
  isRequired: boolean
  /** 1 to 100, of rules that aren't required. */
  weight: number
  /** Of a node's label. */
  key: string
  operator: string
  values: string[]
  /** Of pods. */
  labels: Record<string, string>
  /** The nodes' label whose value is what counts as one place. */
  topologyKey: string
}

export const newRule: AffinityRule = {
  about: 'node',
  isRequired: true,
  weight: 50,
  key: '',
  operator: 'In',
  values: [],
  labels: {},
  topologyKey: 'kubernetes.io/hostname',
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'

/** A list of the affinity whose items are a rule each. */
interface Slot {
  path: (string | number)[]
  about: AffinityRule['about']
  isRequired: boolean
  item: (rule: AffinityRule) => unknown
  rule: (item: never) => Partial<AffinityRule>
}

const hasNoValues = new Set(['Exists', 'DoesNotExist'])

function expressionOf({ key, operator, values }: AffinityRule): Expression {
  return { key, operator, ...(!hasNoValues.has(operator) && { values }) }
}

function ofExpression({ key, operator, values = [] }: Expression): Partial<AffinityRule> {
  return { key, operator, values }
}

function termOf({ labels, topologyKey }: AffinityRule): PodTerm {
  return { labelSelector: { matchLabels: labels }, topologyKey }
}

function ofTerm({ labelSelector, topologyKey = '' }: PodTerm): Partial<AffinityRule> {
  return { labels: labelSelector?.matchLabels ?? {}, topologyKey }
}

const slots: Slot[] = [
  {
    path: ['nodeAffinity', required, 'nodeSelectorTerms', 0, 'matchExpressions'],
    about: 'node',
    isRequired: true,
    item: expressionOf,
    rule: ofExpression,
  },
  {
    path: ['nodeAffinity', preferred],
    about: 'node',
    isRequired: false,
    item: (rule) => ({
      weight: rule.weight,
      preference: { matchExpressions: [expressionOf(rule)] },
    }),
    rule: ({ weight, preference }: { weight: number; preference: never }) => ({
      weight,
      ...ofExpression((preference as { matchExpressions: Expression[] }).matchExpressions[0]!),
    }),
  },
  ...(['near', 'away'] as const).flatMap((about): Slot[] => {
    const key = about === 'near' ? 'podAffinity' : 'podAntiAffinity'
    return [
      { path: [key, required], about, isRequired: true, item: termOf, rule: ofTerm },
      {
        path: [key, preferred],
        about,
        isRequired: false,
        item: (rule) => ({ weight: rule.weight, podAffinityTerm: termOf(rule) }),
        rule: ({ weight, podAffinityTerm }: { weight: number; podAffinityTerm: PodTerm }) => ({
          weight,
          ...ofTerm(podAffinityTerm),
        }),
      },
    ]
  }),
]

type Tree = Record<string | number, unknown>

function at(tree: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((here, key) => (here as Tree | undefined)?.[key], tree)
}

/** A copy with another value at the path; what is left empty on the way goes too. */
function put(tree: unknown, [key, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (key === undefined) return value
  const copy = (typeof key === 'number' ? [...((tree as []) ?? [])] : { ...(tree as Tree) }) as Tree
  const next = put(copy[key], rest, value)
  const isEmpty = typeof next === 'object' && next !== null && Object.keys(next).length === 0
  if (next !== undefined && !isEmpty) copy[key] = next
  else if (Array.isArray(copy)) copy.splice(Number(key), 1)
  else delete copy[key]
  return copy
}

function isSame(one: unknown, other: unknown): boolean {
  const sorted = (value: unknown): unknown =>
    typeof value !== 'object' || value === null || Array.isArray(value)
      ? Array.isArray(value)
        ? value.map(sorted)
        : value
      : Object.fromEntries(
          Object.entries(value)
            .toSorted(([a], [b]) => a.localeCompare(b))
            .map(([key, inner]) => [key, sorted(inner)]),
        )
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
}

function ruleOf(slot: Slot, item: unknown): AffinityRule | undefined {
  try {
    const { about, isRequired } = slot
    const rule = { ...newRule, about, isRequired, ...slot.rule(item as never) }
    return isSame(slot.item(rule), item) ? rule : undefined
  } catch {
    return undefined
  }
}

function itemsOf(affinity: Affinity | undefined, { path }: Slot): unknown[] {
  const found = at(affinity, path)
  return Array.isArray(found) ? found : []
}

interface PlacedRule {
  rule: AffinityRule
  slot: Slot
  index: number
}

function placedRules(affinity: Affinity | undefined): PlacedRule[] {
  return slots.flatMap((slot) =>
    isWhole(affinity, slot)
      ? itemsOf(affinity, slot).flatMap((item, index) => {
          const rule = ruleOf(slot, item)
          return rule ? { rule, slot, index } : []
        })
      : [],
  )
}

/** Terms are alternatives of each other: of several, none can be shown as a rule that holds. */
function isWhole(affinity: Affinity | undefined, { path }: Slot): boolean {
  if (!path.includes('nodeSelectorTerms')) return true
  const terms = affinity?.nodeAffinity?.[required]?.nodeSelectorTerms ?? []
  return terms.length === 0 || (terms.length === 1 && terms[0]?.matchFields === undefined)
}

/** Whether a further rule about nodes can be one that must hold. */
export function canRequireNode(affinity: Affinity | undefined): boolean {
  return isWhole(affinity, slots[0]!)
}

/** The rules, in a fixed order. */
export function affinityRules(affinity: Affinity | undefined): AffinityRule[] {
  return placedRules(affinity).map(({ rule }) => rule)
}

/** How much of the affinity no rule shows. */
export function otherAffinities(affinity: Affinity | undefined): number {
  const shown = placedRules(affinity).length
  return slots.reduce((sum, slot) => sum + itemsOf(affinity, slot).length, 0) - shown
}

/** With one more rule, or none of it left to say. */
export function addRule(affinity: Affinity | undefined, rule: AffinityRule): Affinity | undefined {
  const slot = slots.find(
    ({ about, isRequired }) => about === rule.about && isRequired === rule.isRequired,
  )!
  return put(affinity, slot.path, [...itemsOf(affinity, slot), slot.item(rule)]) as Affinity
}

function cleaned(affinity: Affinity): Affinity | undefined {
  return Object.keys(affinity).length === 0 ? undefined : affinity
}

export function removeRule(affinity: Affinity | undefined, place: number): Affinity | undefined {
  const placed = placedRules(affinity)[place]
  if (!placed) return affinity
  const left = itemsOf(affinity, placed.slot).filter((_, index) => index !== placed.index)
  return cleaned(put(affinity, placed.slot.path, left) as Affinity)
}

/** Changes a rule; one that becomes of another sort moves to where those are. */
export function changeRule(
  affinity: Affinity | undefined,
  place: number,
  change: Partial<AffinityRule>,
): Affinity | undefined {
  const placed = placedRules(affinity)[place]
  if (!placed) return affinity
  const { slot, index } = placed
  const rule = { ...placed.rule, ...change }
  if (rule.about !== slot.about || rule.isRequired !== slot.isRequired)
    return addRule(removeRule(affinity, place), rule)
  const items = itemsOf(affinity, slot).map((item, here) =>
    here === index ? slot.item(rule) : item,
  )
  return put(affinity, slot.path, items) as Affinity
}

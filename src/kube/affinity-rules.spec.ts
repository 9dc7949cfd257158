import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  addRule,
  affinityRules,
  canRequireNode,
  changeRule,
  newRule,
  otherAffinities,
  removeRule,
} from './affinity-rules.ts'
import type { Affinity } from './node-match.ts'

const word = fc.stringMatching(/^[a-z]{1,5}$/)
const extra = fc.dictionary(
  word.map((key) => `x${key}`),
  word,
  { maxKeys: 1 },
)
const expression = fc.oneof(
  fc.record({ key: word, operator: fc.constant('In'), values: fc.array(word, { maxLength: 2 }) }),
  fc.record({ key: word, operator: fc.constant('Exists') }),
)
const nodeTerm = fc.record({
  matchExpressions: fc.array(expression, { minLength: 1, maxLength: 2 }),
})
const podTerm = fc
  .tuple(
    fc.record({
      labelSelector: fc.record({ matchLabels: fc.dictionary(word, word, { maxKeys: 2 }) }),
      topologyKey: word,
    }),
    extra,
  )
  .map(([term, more]) => ({ ...term, ...more }))
const weight = fc.integer({ min: 1, max: 100 })
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 3 })
const required = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'
const podAffinity = fc.record(
  {
    [required]: list(podTerm),
    [preferred]: list(fc.record({ weight, podAffinityTerm: podTerm })),
  },
  { requiredKeys: [] },
)
const anyAffinity = fc.record(
  {
    nodeAffinity: fc.record({
      [required]: fc.record({ nodeSelectorTerms: list(nodeTerm) }),
      [preferred]: list(fc.record({ weight, preference: nodeTerm })),
    }),
    podAffinity,
    podAntiAffinity: podAffinity,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Affinity>

/** Of each list, how many items there are. */
function size(affinity: Affinity | undefined): number {
  return affinityRules(affinity).length + otherAffinities(affinity)
}

describe('any affinity', () => {
  it('is the same after each rule is set to what it is', () => {
    fc.assert(
      fc.property(anyAffinity, (affinity) => {
        const before = structuredClone(affinity)
        for (const [place, rule] of affinityRules(affinity).entries())
          expect(changeRule(affinity, place, rule)).toEqual(before)
        expect(affinity).toEqual(before)
      }),
    )
  })

  it('loses a rule and nothing else, and gets it back', () => {
    fc.assert(
      fc.property(anyAffinity, (affinity) => {
        const rules = affinityRules(affinity)
        const [first] = rules
        if (!first) return
        const without = removeRule(affinity, 0)
        expect(affinityRules(without)).toEqual(rules.slice(1))
        expect(size(without)).toBe(size(affinity) - 1)
        const again = affinityRules(addRule(without, first))
        expect(again).toHaveLength(rules.length)
        expect(again).toContainEqual(first)
      }),
    )
  })
})

it('counts what no rule can say', () => {
  const term = (values: string[]) => ({
    matchExpressions: [{ key: 'zone', operator: 'In', values }],
  })
  const either: Affinity = {
    nodeAffinity: { [required]: { nodeSelectorTerms: [term(['a']), term(['b'])] } },
  }
  expect(affinityRules(either)).toEqual([])
  expect(canRequireNode(either)).toBe(false)
  const other = { podAffinity: { [required]: [{ topologyKey: 'zone', namespaces: ['x'] }] } }
  expect(otherAffinities(other)).toBe(1)
})

it('moves a rule that becomes of another strength', () => {
  const labels = { app: 'web' }
  const affinity = addRule(undefined, { ...newRule, about: 'away', labels })
  expect(affinity).toEqual({
    podAntiAffinity: {
      [required]: [
        { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' },
      ],
    },
  })
  const may = changeRule(affinity, 0, { isRequired: false })
  expect(may?.podAntiAffinity).toHaveProperty(preferred)
  expect(may?.podAntiAffinity).not.toHaveProperty(required)
  expect(removeRule(may, 0)).toBeUndefined()
})

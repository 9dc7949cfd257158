import { describe, expect, it } from 'vitest'

import type { Node, Pod } from '../kubevirt/objects.ts'
import { placementProblem, placementScore } from './pod-placement.ts'

function node(name: string, labels: Record<string, string>, spec: object = {}): Node {
  return { metadata: { name, labels }, spec, status: { allocatable: {} } } as unknown as Node
}

const one = node('one', { zone: 'a' })
const two = node('two', { zone: 'b' }, { taints: [{ key: 'gpu', effect: 'NoSchedule' }] })
const nodes = [one, two]

function pod(spec: object, labels: Record<string, string> = {}, nodeName?: string): Pod {
  return {
    metadata: { name: 'p', namespace: 'demo', labels },
    spec: { containers: [], ...(nodeName && { nodeName }), ...spec },
  } as unknown as Pod
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'
const term = { labelSelector: { matchLabels: { app: 'db' } }, topologyKey: 'zone' }
const near = { affinity: { podAffinity: { [required]: [term] } } }
const away = { affinity: { podAntiAffinity: { [required]: [term] } } }
const db = (spec: object = {}) => pod(spec, { app: 'db' }, 'one')

describe('a pod', () => {
  it('stays off nodes whose taints it doesn’t tolerate', () => {
    const placed = { nodes, pods: [] }
    const untolerated = 'node(s) had untolerated taint {gpu: }'
    expect(placementProblem(pod({}), two, placed)).toBe(untolerated)
    const other = [{ key: 'gpu', operator: 'Exists', effect: 'NoExecute' }]
    expect(placementProblem(pod({ tolerations: other }), two, placed)).toBe(untolerated)
    const right = [{ key: 'gpu', operator: 'Exists' }]
    expect(placementProblem(pod({ tolerations: right }), two, placed)).toBeUndefined()
  })

  it('goes where its node affinity lets it', () => {
    const asks = (operator: string, values: string[]) => ({
      affinity: {
        nodeAffinity: {
          [required]: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator, values }] }],
          },
        },
      },
    })
    const placed = { nodes, pods: [] }
    expect(placementProblem(pod(asks('In', ['a'])), one, placed)).toBeUndefined()
    expect(placementProblem(pod(asks('NotIn', ['a'])), one, placed)).toBe(
      "node(s) didn't match Pod's node affinity/selector",
    )
  })

  it('goes near to others or away from them', () => {
    const placed = { nodes, pods: [db()] }
    expect(placementProblem(pod(near), one, placed)).toBeUndefined()
    expect(placementProblem(pod(near), one, { nodes, pods: [] })).toBe(
      "node(s) didn't match pod affinity rules",
    )
    expect(placementProblem(pod(near, { app: 'db' }), one, { nodes, pods: [] })).toBeUndefined()
    expect(placementProblem(pod(away), one, placed)).toBe(
      "node(s) didn't match pod anti-affinity rules",
    )
    expect(placementProblem(pod({}, { app: 'db' }), one, { nodes, pods: [db(away)] })).toBe(
      "node(s) didn't satisfy existing pods anti-affinity rules",
    )
  })

  it('likes some nodes better', () => {
    const likes = {
      affinity: {
        podAntiAffinity: { [preferred]: [{ weight: 30, podAffinityTerm: term }] },
        nodeAffinity: {
          [preferred]: [
            { weight: 10, preference: { matchExpressions: [{ key: 'zone', operator: 'Exists' }] } },
          ],
        },
      },
    }
    expect(placementScore(pod(likes), one, { nodes, pods: [db()] })).toBe(-20)
    expect(placementScore(pod(likes), two, { nodes, pods: [db()] })).toBe(10)
  })
})

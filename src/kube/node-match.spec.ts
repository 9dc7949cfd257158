import { describe, expect, it } from 'vitest'

import type { Node } from './kinds.ts'
import { isTolerated, nodeMismatch, type Neighbour, type Placement } from './node-match.ts'

function node(
  name: string,
  labels: Record<string, string> = {},
  spec: object = {},
  allocatable: object = {},
): Node {
  return {
    metadata: { name, labels: { 'kubevirt.io/schedulable': 'true', ...labels } },
    spec,
    status: { allocatable },
  } as unknown as Node
}

const nodes = [
  node('one', { zone: 'a', cpus: '8' }),
  node('two', { zone: 'b', cpus: '32' }, {}, { 'nvidia.com/A10': '1' }),
  node('three', { zone: 'b' }, { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] }),
  node('four', { zone: 'c' }, { unschedulable: true }),
  node('five', { 'kubevirt.io/schedulable': 'false' }),
]

/** Names of the nodes that a placement lets a VM run on. */
function matching(
  placement: Placement,
  pods: readonly [string, Record<string, string>][] = [],
  ownLabels: Record<string, string> = {},
): string[] {
  const around = {
    nodes,
    pods: pods.map(
      ([nodeName, labels]) => ({ metadata: { labels }, spec: { nodeName } }) as never as Neighbour,
    ),
    ownLabels,
  }
  return nodes
    .filter((one) => nodeMismatch(placement, one, around) === undefined)
    .map(({ metadata }) => metadata.name)
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution' as const
const terms = (...all: object[]): Placement => ({
  affinity: { nodeAffinity: { [required]: { nodeSelectorTerms: all } } },
})
const where = (key: string, operator: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator, values }],
})

describe('the nodes that match', () => {
  it('are those for VMs that keep nothing away', () => {
    expect(matching({})).toEqual(['one', 'two'])
    expect(matching({ nodeSelector: { zone: 'b' } })).toEqual(['two'])
  })

  it('have as many devices as are asked for', () => {
    const gpu = { deviceName: 'nvidia.com/A10' }
    expect(matching({ domain: { devices: { gpus: [gpu] } } })).toEqual(['two'])
    expect(matching({ domain: { devices: { gpus: [gpu], hostDevices: [gpu] } } })).toEqual([])
  })

  it.each<[string, object[], string[]]>([
    ['In', [where('zone', 'In', 'a', 'z')], ['one']],
    ['NotIn', [where('zone', 'NotIn', 'a')], ['two']],
    ['Exists', [where('cpus', 'Exists')], ['one', 'two']],
    ['DoesNotExist', [where('cpus', 'DoesNotExist')], []],
    ['Gt', [where('cpus', 'Gt', '8')], ['two']],
    ['Lt', [where('cpus', 'Lt', '9')], ['one']],
    ['either of two', [where('zone', 'In', 'a'), where('zone', 'In', 'b')], ['one', 'two']],
    ['nothing', [{}], []],
    [
      'a name',
      [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['two'] }] }],
      ['two'],
    ],
  ])('are those an affinity asks for by %s', (_name, all, expected) => {
    expect(matching(terms(...all))).toEqual(expected)
  })

  it('are more where taints are tolerated', () => {
    expect(matching({ tolerations: [{ key: 'gpu', operator: 'Exists' }] })).toContain('three')
    expect(matching({ tolerations: [{ operator: 'Exists' }] })).toEqual([
      'one',
      'two',
      'three',
      'four',
    ])
  })

  it('are near to or away from other pods', () => {
    const term = { labelSelector: { matchLabels: { app: 'db' } }, topologyKey: 'zone' }
    const near = { affinity: { podAffinity: { [required]: [term] } } }
    const away = { affinity: { podAntiAffinity: { [required]: [term] } } }
    const db: [string, Record<string, string>][] = [['three', { app: 'db' }]]
    expect(matching(near, db)).toEqual(['two'])
    expect(matching(away, db)).toEqual(['one'])
    expect(matching(near)).toEqual([])
    // The first of those that want to be together.
    expect(matching(near, [], { app: 'db' })).toEqual(['one', 'two'])
  })
})

it.each([
  [{ key: 'gpu', value: 'yes' }, true],
  [{ key: 'gpu', operator: 'Equal', value: 'no' }, false],
  [{ key: 'gpu', operator: 'Exists', effect: 'NoExecute' }, false],
  [{ key: '', operator: 'Equal' }, false],
  [{ key: 'cpu', operator: 'Exists' }, false],
])('the toleration %j lets a taint pass: %s', (toleration, expected) => {
  const taint = { key: 'gpu', value: 'yes', effect: 'NoSchedule' }
  expect(isTolerated(taint, [toleration])).toBe(expected)
})

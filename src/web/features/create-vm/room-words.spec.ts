import { describe, expect, it } from 'vitest'

import type { Node, Pod, ResourceQuota } from '../../../kube/kinds.ts'
import { gib } from '../../../kube/quantity.ts'
import { addTaken, podNeed } from '../../../kube/room.ts'
import { needLine, roomLines, type RoomFacts } from './room-words.ts'

const node = (name: string, cpu: string, memory: string) =>
  ({ metadata: { name }, status: { allocatable: { cpu, memory } } }) as unknown as Node
const nodes = [node('one', '8', '16Gi'), node('two', '8', '32Gi')]

function pod(nodeName: string, memory: string, phase = 'Running'): Pod {
  const container = { name: 'compute', resources: { requests: { cpu: '1', memory } } }
  return { spec: { nodeName, containers: [container] }, status: { phase } } as unknown as Pod
}

function quota(hard: Record<string, string>, used: Record<string, string> = {}): ResourceQuota {
  return { metadata: { name: 'team' }, spec: { hard }, status: { hard, used } } as ResourceQuota
}

const need = podNeed({ cpus: 2, memoryBytes: 4 * gib })

function lines(facts: Partial<RoomFacts> = {}): string[] {
  return roomLines({
    need,
    disks: [],
    wanted: 1,
    nodes,
    allNodes: nodes.length,
    taken: new Map(),
    quotas: [],
    limits: [],
    ...facts,
  }).map(({ text, isShort }) => `${isShort ? '! ' : ''}${text}`)
}

function takenBy(...pods: Pod[]) {
  const taken = new Map()
  addTaken(taken, pods)
  return taken
}

describe('what is said of nodes', () => {
  it('is how much is free now', () => {
    expect(lines()).toEqual(['Fits on 2 of 2 nodes now. The freest has 8 CPUs and 32 GiB left.'])
    const taken = takenBy(pod('one', '14Gi'), pod('two', '20Gi'), pod('two', '12Gi', 'Succeeded'))
    expect(lines({ taken })).toEqual([
      'Fits on 1 of 2 nodes now. The freest has 7 CPUs and 12 GiB left.',
    ])
    expect(lines({ taken, wanted: 10 })).toEqual([
      '! Now there is room on nodes for 2 of the 10. The freest has 7 CPUs and 12 GiB left.',
    ])
  })

  it('is that it never fits, whatever is free', () => {
    expect(lines({ need: podNeed({ cpus: 2, memoryBytes: 64 * gib }) })).toEqual([
      '! Too large for 2 nodes: the largest has 8 CPUs and 32 GiB for pods.',
    ])
    // Dedicated CPUs are counted whole.
    const dedicated = podNeed({ cpus: 9, memoryBytes: gib, isDedicated: true })
    expect(lines({ need: dedicated })[0]).toMatch(/^! Too large/)
    expect(lines({ need: podNeed({ cpus: 9, memoryBytes: gib }) })[0]).toMatch(/^Fits/)
  })

  it('is only what nodes have where nobody may know what is taken', () => {
    expect(lines({ taken: undefined })).toEqual(['Fits on 2 of 2 nodes when free.'])
    expect(lines({ allNodes: 0, nodes: [] })).toEqual([])
  })
})

describe('what is said of the namespace', () => {
  const only = (facts: Partial<RoomFacts>) => lines({ ...facts, nodes: [], allNodes: 0 })

  it('is how many its quotas leave room for', () => {
    const plenty = quota({ pods: '10', 'requests.memory': '20Gi' }, { 'requests.memory': '6Gi' })
    expect(only({ quotas: [plenty] })).toEqual([
      'The namespace’s quota leaves room for 3 of these (team: requests.memory).',
    ])
    expect(only({ quotas: [plenty], wanted: 5 })).toEqual([
      '! Quota team leaves 14 GiB of requests.memory: room for 3 of the 5.',
    ])
    const none = quota(
      { 'count/virtualmachines.kubevirt.io': '2', 'limits.cpu': '1' },
      { 'count/virtualmachines.kubevirt.io': '2' },
    )
    expect(only({ quotas: [none] })).toEqual([
      '! Quota team leaves 0 of count/virtualmachines.kubevirt.io: room for none of these.',
    ])
  })

  it('counts the disks that are new', () => {
    const disks = [
      { bytes: 20 * gib, storageClass: 'fast' },
      { bytes: 5 * gib, storageClass: undefined },
    ]
    const storage = quota({
      'requests.storage': '60Gi',
      'fast.storageclass.storage.k8s.io/requests.storage': '20Gi',
      persistentvolumeclaims: '3',
    })
    expect(only({ quotas: [storage], disks, wanted: 2 })).toEqual([
      '! Quota team leaves 20 GiB of fast.storageclass.storage.k8s.io/requests.storage: room for 1 of the 2.',
      '! Quota team leaves 3 of persistentvolumeclaims: room for 1 of the 2.',
    ])
  })

  it('leaves out quotas for some pods only', () => {
    const scoped = {
      ...quota({ pods: '0' }),
      spec: { hard: { pods: '0' }, scopes: ['BestEffort'] },
    }
    expect(only({ quotas: [scoped] })).toEqual([])
    const ofVms = {
      ...quota({ pods: '0' }),
      spec: {
        hard: { pods: '0' },
        scopes: ['NotTerminating'],
        scopeSelector: { matchExpressions: [{ scopeName: 'NotBestEffort', operator: 'Exists' }] },
      },
    }
    expect(only({ quotas: [ofVms] })).toEqual([
      '! Quota team leaves 0 of pods: room for none of these.',
    ])
  })

  it('is what its limits forbid', () => {
    const limits = [
      {
        metadata: { name: 'small' },
        spec: {
          limits: [
            { type: 'Container', max: { memory: '2Gi', cpu: '4' } },
            { type: 'PersistentVolumeClaim', min: { storage: '10Gi' } },
          ],
        },
      },
    ] as never
    expect(only({ limits, disks: [{ bytes: 5 * gib, storageClass: undefined }] })).toEqual([
      '! Limit range small asks for at most 2 GiB of memory.',
      '! Limit range small asks for at least 10 GiB of storage of a claim.',
    ])
    const range = (limit: object) =>
      [{ metadata: { name: 'r' }, spec: { limits: [limit] } }] as never
    // A limit that containers have by default has to be above what they ask for.
    expect(only({ limits: range({ type: 'Container', max: { memory: '8Gi' } }) })).toEqual([])
    const lower = { type: 'Container', max: { memory: '8Gi' }, default: { memory: '1Gi' } }
    expect(only({ limits: range(lower) })).toEqual([
      '! Limit range r asks for at most 1 GiB of memory.',
    ])
    expect(only({ limits: range({ type: 'Container', min: { memory: '100Mi' } }) })).toEqual([
      '! Limit range r asks for at least 100 MiB of memory, also for the small container that keeps the console’s log.',
    ])
    expect(only({ limits: range({ type: 'Pod', min: { memory: '100Mi' } }) })).toEqual([])
  })
})

it('says what the pod asks for', () => {
  expect(needLine(need)).toBe('Its pod asks for about 0.2 CPUs and 4.26 GiB.')
})

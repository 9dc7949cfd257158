import { expect, it } from 'vitest'

import type { VirtualMachinePool } from './kinds.ts'
import { poolSelector, poolStatus, scaleInWords, updateWords } from './vm-pool.ts'

function pool(
  spec: Partial<VirtualMachinePool['spec']> = {},
  status?: VirtualMachinePool['status'],
): VirtualMachinePool {
  return {
    metadata: { name: 'web', uid: 'u', resourceVersion: '1', creationTimestamp: '' },
    spec: {
      replicas: 3,
      selector: { matchLabels: { pool: 'web', tier: 'a' } },
      virtualMachineTemplate: { spec: { runStrategy: 'Always', template: {} } },
      ...spec,
    },
    ...(status && { status }),
  } as VirtualMachinePool
}

it.each([
  [pool(), 'Unknown'],
  [pool({}, { replicas: 3, readyReplicas: 3 }), 'Ready'],
  [pool({}, { replicas: 1, readyReplicas: 1 }), 'Scaling out'],
  [pool({}, { replicas: 4, readyReplicas: 4 }), 'Scaling in'],
  [pool({ scaleInStrategy: { unmanaged: {} } }, { replicas: 4, readyReplicas: 4 }), 'Too many'],
  [pool({}, { replicas: 3, readyReplicas: 2 }), 'Not ready'],
  [pool({ replicas: 0 }, { replicas: 0, readyReplicas: 0 }), 'Empty'],
  [pool({ paused: true }, { replicas: 1, readyReplicas: 1 }), 'Paused'],
  [
    pool({}, { conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'no quota' }] }),
    'Failing',
  ],
])('says how a pool is', (one, label) => {
  expect(poolStatus(one).label).toBe(label)
})

it('says that a pool of stopped VMs waits for nothing', () => {
  const stopped = { spec: { runStrategy: 'Halted', template: {} } }
  const one = pool({ virtualMachineTemplate: stopped as never }, { replicas: 3 })
  expect(poolStatus(one).label).toBe('Stopped')
})

it('says what becomes of VMs and disks', () => {
  expect(scaleInWords(pool())).toBe('Deletes any of them, with their disks')
  const proactive = {
    selectionPolicy: { sortPolicy: 'Newest' },
    statePreservation: 'Offline',
  }
  expect(scaleInWords(pool({ scaleInStrategy: { proactive } }))).toBe(
    'Deletes the youngest first, and keeps their disks',
  )
  expect(updateWords(pool({ maxUnavailable: '25%' }))).toContain('at most 25% at a time')
  expect(updateWords(pool({ updateStrategy: { opportunistic: {} } }))).toContain('restarted')
})

it('finds its VMs by their labels', () => {
  expect(poolSelector(pool())).toBe('pool=web,tier=a')
  expect(poolSelector(pool({ selector: {} }))).toBeUndefined()
})

import { expect, it } from 'vitest'

import { applyPatch } from '../../../kube/json-patch.ts'
import type { VirtualMachinePool } from '../../../kube/kinds.ts'
import { poolPatch, poolSchema, poolValues } from './pool-form.ts'

function pool(spec: object = {}): VirtualMachinePool {
  return {
    metadata: { name: 'web', uid: 'u', resourceVersion: '1', creationTimestamp: '' },
    spec: { replicas: 2, selector: {}, virtualMachineTemplate: {}, ...spec },
  } as VirtualMachinePool
}

const exact = {
  scaleInStrategy: {
    proactive: {
      statePreservation: 'Online',
      selectionPolicy: { sortPolicy: 'Newest', selectors: { labelSelector: {} } },
    },
  },
  updateStrategy: { proactive: { selectionPolicy: { sortPolicy: 'Oldest' } } },
  maxUnavailable: '25%',
}

it('patches nothing while nothing is changed', () => {
  for (const one of [pool(), pool(exact), pool({ scaleInStrategy: { unmanaged: {} } })])
    expect(poolPatch(one, poolValues(one))).toEqual([])
})

it('changes what was changed, and leaves what it doesn’t know', () => {
  const one = pool(exact)
  const values = { ...poolValues(one), isPaused: true, order: 'DescendingOrder', mostDown: '1' }
  expect(poolSchema.safeParse(values).success).toBe(true)
  const after = applyPatch(one, poolPatch(one, values)) as VirtualMachinePool
  expect(after.spec).toEqual({
    ...one.spec,
    paused: true,
    maxUnavailable: 1,
    scaleInStrategy: {
      proactive: {
        statePreservation: 'Online',
        selectionPolicy: { sortPolicy: 'DescendingOrder', selectors: { labelSelector: {} } },
      },
    },
  })
})

it('keeps disks, and lets go of what was said', () => {
  const one = pool({ maxUnavailable: 2 })
  const values = { ...poolValues(one), isKeeping: true, mostDown: '', hasNumberedSecrets: true }
  const { spec } = applyPatch(one, poolPatch(one, values)) as VirtualMachinePool
  expect(spec).not.toHaveProperty('maxUnavailable')
  expect(spec).toMatchObject({
    scaleInStrategy: { proactive: { statePreservation: 'Offline' } },
    nameGeneration: { appendIndexToConfigMapRefs: false, appendIndexToSecretRefs: true },
  })
})

it.each(['0', '0%', '101%', 'all'])('refuses %s as how many may be down', (mostDown) => {
  expect(poolSchema.shape.mostDown.safeParse(mostDown).success).toBe(false)
})

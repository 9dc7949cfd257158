import { expect, it } from 'vitest'

import type { Condition, VirtualMachine, VirtualMachineInstance } from '../kubevirt/objects.ts'
import { printableStatus, remainingRequests, vmConditions } from './vm-status.ts'

const healthy = { dataVolumeFailed: false, dataVolumeProvisioning: false, unboundClaim: false }

const condition = (type: string, status: 'True' | 'False', reason?: string): Condition => ({
  type,
  status,
  ...(reason ? { reason } : {}),
})

/** Everything is the matter at once; each step takes away what comes first. */
it('takes the first status that holds, in KubeVirt’s order', () => {
  const vm = {
    metadata: { name: 'a', deletionTimestamp: 'now' },
    spec: { runStrategy: 'Always', template: { spec: {} } },
    status: { startFailure: { consecutiveFailCount: 1 } },
  } as unknown as VirtualMachine
  const vmi = {
    metadata: { name: 'a', deletionTimestamp: 'now' },
    status: {
      phase: 'Running',
      migrationState: { startTimestamp: 'then' },
      conditions: [
        condition('Paused', 'True'),
        condition('Synchronized', 'False', 'FailedPvcNotFound'),
        condition('PodScheduled', 'False', 'Unschedulable'),
      ],
    },
  } as unknown as VirtualMachineInstance
  const around = { dataVolumeFailed: true, dataVolumeProvisioning: true, unboundClaim: true }
  const status = vmi.status!
  const seen = [printableStatus(vm, vmi, around)]
  const next = (change: () => void): void => {
    change()
    seen.push(printableStatus(vm, vmi, around))
  }
  next(() => delete vm.metadata.deletionTimestamp)
  next(() => delete vmi.metadata.deletionTimestamp)
  next(() => (status.migrationState!.endTimestamp = 'now'))
  next(() => status.conditions!.shift())
  next(() => (status.phase = 'Scheduling'))
  next(() => status.conditions!.shift())
  next(() => (around.dataVolumeFailed = false))
  next(() => status.conditions!.shift())
  next(() => (around.dataVolumeProvisioning = false))
  next(() => {
    around.unboundClaim = false
    status.conditions!.push(condition('Synchronized', 'False', 'ErrImagePull'))
  })
  next(() => (status.conditions![0]!.reason = 'ImagePullBackOff'))
  next(() => status.conditions!.shift())
  next(() => (status.phase = 'Failed'))
  next(() => delete vm.status!.startFailure)
  expect(seen).toEqual([
    'Terminating',
    'Stopping',
    'Migrating',
    'Paused',
    'Running',
    'ErrorPvcNotFound',
    'DataVolumeError',
    'ErrorUnschedulable',
    'Provisioning',
    'WaitingForVolumeBinding',
    'ErrImagePull',
    'ImagePullBackOff',
    'Starting',
    'CrashLoopBackOff',
    'Stopped',
  ])
})

it('does not wait for volumes of a VM that is not meant to run', () => {
  const vm = {
    metadata: { name: 'a' },
    spec: { runStrategy: 'Halted', template: { spec: {} } },
  } as unknown as VirtualMachine
  expect(printableStatus(vm, undefined, { ...healthy, unboundClaim: true })).toBe('Stopped')
})

it('copies the VMI’s conditions and drops those the VMI no longer has', () => {
  const vm = {
    metadata: { name: 'a' },
    spec: { runStrategy: 'Always', template: { spec: {} } },
    status: { conditions: [condition('Paused', 'True'), condition('Failure', 'True')] },
  } as unknown as VirtualMachine
  const vmi = {
    status: { conditions: [condition('Ready', 'True'), condition('AgentConnected', 'True')] },
  } as unknown as VirtualMachineInstance
  const types = vmConditions(vm, vmi, undefined, true).map(({ type }) => type)
  expect(types.toSorted()).toEqual(['AgentConnected', 'Ready', 'RestartRequired'])
})

it('forgets a request once it is fulfilled', () => {
  const vm = {
    status: { stateChangeRequests: [{ action: 'Stop', uid: 'u1' }, { action: 'Start' }] },
  } as unknown as VirtualMachine
  const vmi = { metadata: { uid: 'u1' }, status: {} } as unknown as VirtualMachineInstance
  expect(remainingRequests(vm, vmi)).toHaveLength(2)
  expect(remainingRequests(vm, undefined)).toEqual([{ action: 'Start' }])
})

/**
 * The status of a VM, as a function of what exists.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go (updateStatus)
 */
import {
  findCondition,
  hasCondition,
  timestamp,
  withCondition,
  withoutCondition,
} from '../kubevirt/conditions.ts'
import {
  isFinal,
  type Condition,
  type StateChangeRequest,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../kubevirt/objects.ts'
import { isSetToStart, runStrategyOf } from './run-strategy.ts'

/** What a VM's status needs to know beyond the VM and its VMI. */
export interface VmSurroundings {
  dataVolumeFailed: boolean
  dataVolumeProvisioning: boolean
  unboundClaim: boolean
}

/** The first that holds, in KubeVirt's order (setPrintableStatus). */
export function printableStatus(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
  around: VmSurroundings,
): string {
  const conditions = vmi?.status?.conditions
  const phase = vmi?.status?.phase
  const final = vmi !== undefined && isFinal(vmi)
  const paused = hasCondition(conditions, 'Paused')
  const migration = vmi?.status?.migrationState
  const synchronized = findCondition(conditions, 'Synchronized')
  const syncFailure = synchronized?.status === 'False' ? synchronized.reason : undefined
  const scheduled = findCondition(conditions, 'PodScheduled')

  if (vm.metadata.deletionTimestamp) return 'Terminating'
  if (vmi && !final && vmi.metadata.deletionTimestamp) return 'Stopping'
  if (migration?.startTimestamp && !migration.endTimestamp && !final) return 'Migrating'
  if (phase === 'Running') return paused ? 'Paused' : 'Running'
  if (syncFailure === 'FailedPvcNotFound') return 'ErrorPvcNotFound'
  if (around.dataVolumeFailed) return 'DataVolumeError'
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    return 'ErrorUnschedulable'
  }
  if (around.dataVolumeProvisioning) return 'Provisioning'
  if (around.unboundClaim && isSetToStart(vm, vmi)) return 'WaitingForVolumeBinding'
  if (syncFailure === 'ErrImagePull' || syncFailure === 'ImagePullBackOff') return syncFailure
  if (vmi && !final && (!phase || ['Pending', 'Scheduling', 'Scheduled'].includes(phase))) {
    return 'Starting'
  }
  if (
    (!vmi || final) &&
    (vm.status?.startFailure?.consecutiveFailCount ?? 0) > 0 &&
    ['Always', 'RerunOnFailure', 'Once'].includes(runStrategyOf(vm))
  ) {
    return 'CrashLoopBackOff'
  }
  if (runStrategyOf(vm) === 'WaitAsReceiver' && !vmi) return 'WaitingForReceiver'
  return !vmi || final ? 'Stopped' : 'Unknown'
}

/** Conditions that belong to the VM; all others are copies of its VMI's. */
const OWN_CONDITIONS = new Set(['Ready', 'Failure', 'RestartRequired', 'ManualRecoveryRequired'])

/** `restartRequired` may be the reason. */
export function vmConditions(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
  failure: { reason: string; message: string } | undefined,
  restartRequired: boolean | string,
): Condition[] {
  let conditions = withCondition(vm.status?.conditions, readyCondition(vmi))
  conditions = failure
    ? withCondition(conditions, { type: 'Failure', status: 'True', ...failure })
    : withoutCondition(conditions, 'Failure')
  conditions = restartRequired
    ? withCondition(conditions, {
        type: 'RestartRequired',
        status: 'True',
        message:
          typeof restartRequired === 'string'
            ? restartRequired
            : 'a non-live-updatable field was changed in the template spec',
      })
    : withoutCondition(conditions, 'RestartRequired')
  if (!vmi) return conditions
  const copied = (vmi.status?.conditions ?? []).filter(({ type }) => !OWN_CONDITIONS.has(type))
  for (const condition of copied) conditions = withCondition(conditions, condition)
  return conditions.filter(
    ({ type }) => OWN_CONDITIONS.has(type) || copied.some((condition) => condition.type === type),
  )
}

function readyCondition(vmi: VirtualMachineInstance | undefined): Condition {
  if (!vmi) {
    return {
      type: 'Ready',
      status: 'False',
      reason: 'VMINotExists',
      message: 'VMI does not exist',
      lastProbeTime: timestamp(),
    }
  }
  return (
    findCondition(vmi.status?.conditions, 'Ready') ?? {
      type: 'Ready',
      status: 'False',
      reason: 'VMIConditionMissing',
      message: 'VMI is missing the Ready condition',
      lastProbeTime: timestamp(),
    }
  )
}

/** The queued requests without the first, when that one has been fulfilled. */
export function remainingRequests(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
): StateChangeRequest[] {
  const requests = vm.status?.stateChangeRequests ?? []
  const first = requests[0]
  if (!first) return []
  const done =
    first.action === 'Stop'
      ? !vmi || first.uid !== vmi.metadata.uid
      : vmi && !vmi.metadata.deletionTimestamp && !isFinal(vmi)
  return done ? requests.slice(1) : requests
}

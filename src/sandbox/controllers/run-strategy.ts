/**
 * What a VM's run strategy demands of its VMI.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go (syncRunStrategy)
 */
import {
  isFinal,
  type VirtualMachine,
  type VirtualMachineInstance,
  type VmStatus,
} from '../kubevirt/objects.ts'

export type RunAction =
  | { do: 'nothing' }
  | { do: 'start' }
  /** Start, but not before `ms` have passed: the crash back-off. */
  | { do: 'wait'; ms: number }
  /** Delete the VMI; `queueStart` asks to start again once it is gone. */
  | { do: 'stop'; queueStart: boolean }
  /** A paused start of a halted VM: set the strategy to Always and keep the request. */
  | { do: 'setAlways' }
  | { do: 'fail'; message: string }

const NOTHING: RunAction = { do: 'nothing' }
const STOP: RunAction = { do: 'stop', queueStart: false }

/** `spec.running` is the deprecated spelling of Always and Halted. */
export function runStrategyOf(vm: VirtualMachine): string {
  return vm.spec.runStrategy ?? (vm.spec.running ? 'Always' : 'Halted')
}

function hasStartRequest(vm: VirtualMachine): boolean {
  return vm.status?.stateChangeRequests?.[0]?.action === 'Start'
}

function hasStopRequest(vm: VirtualMachine, vmi: VirtualMachineInstance): boolean {
  const first = vm.status?.stateChangeRequests?.[0]
  return first?.action === 'Stop' && first.uid === vmi.metadata.uid
}

export function nextRunAction(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
  now: number,
): RunAction {
  const strategy = runStrategyOf(vm)
  switch (strategy) {
    case 'Always':
      if (!vmi) return startAfterBackOff(vm, now)
      return hasStopRequest(vm, vmi) || isFinal(vmi) ? STOP : NOTHING
    case 'RerunOnFailure':
      if (!vmi) return shouldRerun(vm) ? startAfterBackOff(vm, now) : NOTHING
      if (vmi.metadata.deletionTimestamp) return NOTHING
      if (!hasStopRequest(vm, vmi) && !isFinal(vmi)) return NOTHING
      return { do: 'stop', queueStart: vmi.status?.phase === 'Failed' }
    case 'Manual':
      if (vmi) return hasStopRequest(vm, vmi) ? STOP : NOTHING
      return hasStartRequest(vm) ? { do: 'start' } : NOTHING
    case 'Halted':
      if (vmi) return STOP
      return hasStartRequest(vm) ? { do: 'setAlways' } : NOTHING
    case 'Once':
      return vmi ? NOTHING : { do: 'start' }
    case 'WaitAsReceiver':
      return NOTHING
    default:
      return { do: 'fail', message: `unknown runstrategy: ${strategy}` }
  }
}

/** Whether the VM is meant to run; a VM that is not never waits for its volumes. */
export function isSetToStart(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): boolean {
  switch (runStrategyOf(vm)) {
    case 'Always':
      return true
    case 'Manual':
      return vmi ? !hasStopRequest(vm, vmi) : hasStartRequest(vm)
    case 'RerunOnFailure':
      return vmi ? vmi.status?.phase !== 'Succeeded' : shouldRerun(vm)
    case 'Once':
      return !vmi
    default:
      return false
  }
}

function shouldRerun(vm: VirtualMachine): boolean {
  return hasStartRequest(vm) || vm.status?.runStrategy !== 'RerunOnFailure'
}

function startAfterBackOff(vm: VirtualMachine, now: number): RunAction {
  const retryAt = vm.status?.startFailure?.retryAfterTimestamp
  const left = retryAt ? Date.parse(retryAt) - now : 0
  return left > 0 ? { do: 'wait', ms: left } : { do: 'start' }
}

const MAX_BACK_OFF_SECONDS = 300

/** Seconds to wait after the nth failed start in a row: 10 n² and up to half more, at most 300. */
export function backOffSeconds(failCount: number, random: number = Math.random()): number {
  const base = 10 * Math.max(failCount, 1) ** 2
  return Math.min(base + Math.floor(random * (base / 2 + 1)), MAX_BACK_OFF_SECONDS)
}

/** Counts starts that failed before the VMI ever ran; cleared once one has run. */
export function startFailureAfter(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
  now: number,
): VmStatus['startFailure'] {
  const before = vm.status?.startFailure
  const hasRun = vmi?.status?.phaseTransitionTimestamps?.some(({ phase }) => phase === 'Running')
  if (hasRun || !['Always', 'RerunOnFailure', 'Once'].includes(runStrategyOf(vm))) return undefined
  if (!vmi || !isFinal(vmi) || before?.lastFailedVMIUID === vmi.metadata.uid) return before
  const consecutiveFailCount = (before?.consecutiveFailCount ?? 0) + 1
  return {
    consecutiveFailCount,
    lastFailedVMIUID: vmi.metadata.uid,
    retryAfterTimestamp: new Date(now + backOffSeconds(consecutiveFailCount) * 1000).toISOString(),
  }
}

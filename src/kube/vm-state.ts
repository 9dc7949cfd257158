/**
 * What may be done with a VM or VMI in which state, and why not: KubeVirt's own checks, known
 * before asking. The cluster still decides; where this table errs, its refusal is shown.
 *
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/rest/lifecycle.go
 */
import { virtualMachineInstanceKind, virtualMachineKind, type ResourceKind } from './kinds.ts'
import { condition, isFinal, isTrue, runStrategy, type VmFacts, type VmiFacts } from './vm-facts.ts'

export type VmActionId =
  | 'start'
  | 'stop'
  | 'forceStop'
  | 'restart'
  | 'pause'
  | 'unpause'
  | 'softReboot'
  | 'reset'
  | 'delete'

export interface VmActionRule {
  id: VmActionId
  label: string
  /** The kind that is acted on. `delete` takes the VMI where there is no VM. */
  kind: ResourceKind
  /** Path of the subresource; absent for `delete`. */
  subresource?: string
  body?: object
  /** Why it can't be done now, in words; `undefined` when it can. */
  refusal(vm: VmFacts | undefined, vmi: VmiFacts | undefined): string | undefined
}

const notRunning = "It isn't running."
const beingDeleted = 'It is being deleted.'

/** A VMI that holds the place of a running machine. */
function liveVmi(vmi: VmiFacts | undefined): VmiFacts | undefined {
  return vmi && !isFinal(vmi) ? vmi : undefined
}

function isRunning(vmi: VmiFacts | undefined): boolean {
  return vmi?.status?.phase === 'Running'
}

function underWay(vm: VmFacts): string | undefined {
  const [request, second] = vm.status?.stateChangeRequests ?? []
  if (!request) return undefined
  if (second) return 'A restart is already under way.'
  return request.action === 'Start' ? 'It is already starting.' : 'It is already stopping.'
}

function refusalToStart(vm: VmFacts | undefined, vmi: VmiFacts | undefined): string | undefined {
  if (!vm) return 'A standalone instance runs once; it has no VirtualMachine to start it again.'
  if (vm.metadata.deletionTimestamp) return beingDeleted
  const phase = vmi?.status?.phase
  if (liveVmi(vmi) && phase !== undefined && phase !== 'Unknown')
    return phase === 'Running' ? 'It is already running.' : 'It is already starting.'
  if (isTrue(vm, 'ManualRecoveryRequired'))
    return (
      condition(vm, 'ManualRecoveryRequired')?.message ?? 'Its volumes need manual recovery first.'
    )
  const strategy = runStrategy(vm)
  if (strategy === 'Always' || strategy === 'Once')
    return `The cluster starts it by itself (run strategy ${strategy}).`
  if (strategy === 'RerunOnFailure' && phase === 'Failed')
    return 'The cluster starts it again by itself after a failure (run strategy RerunOnFailure).'
  if (strategy === 'WaitAsReceiver') return 'It waits to receive a migration.'
  return underWay(vm)
}

function refusalToStop(vm: VmFacts | undefined, vmi: VmiFacts | undefined): string | undefined {
  if (!vm) return "A standalone instance can't be stopped and kept; delete it instead."
  if (vm.metadata.deletionTimestamp) return beingDeleted
  const strategy = runStrategy(vm)
  // These two keep starting it, so stopping makes sense even between two attempts.
  if (strategy === 'Always' || strategy === 'Once') return undefined
  if (!liveVmi(vmi)) return notRunning
  if (strategy === 'Halted') return 'It is already stopping. Force stop ends it at once.'
  return underWay(vm)
}

function refusalToForceStop(
  vm: VmFacts | undefined,
  vmi: VmiFacts | undefined,
): string | undefined {
  if (!vm) return "A standalone instance can't be stopped and kept; delete it instead."
  if (!liveVmi(vmi)) return notRunning
  if (runStrategy(vm) === 'Halted' && vmi?.spec.terminationGracePeriodSeconds === 0)
    return 'It is already stopping without a grace period.'
  return undefined
}

function refusalToRestart(vm: VmFacts | undefined, vmi: VmiFacts | undefined): string | undefined {
  if (!vm) return 'A standalone instance runs once; it has no VirtualMachine to start it again.'
  if (vm.metadata.deletionTimestamp) return beingDeleted
  if (isTrue(vm, 'VolumesChange')) return 'Its volumes are being moved.'
  const strategy = runStrategy(vm)
  if (strategy === 'Halted') return vmi ? 'It is stopping.' : notRunning
  if (strategy === 'Once') return 'It runs once only (run strategy Once).'
  if (!vmi) return notRunning
  return underWay(vm)
}

function refusalToPause(vmi: VmiFacts | undefined): string | undefined {
  if (!isRunning(vmi)) return notRunning
  if (vmi?.spec.livenessProbe && !vmi.spec.livenessProbe.guestAgentPing)
    return 'Its liveness probe would fail while paused and restart it.'
  return condition(vmi, 'Paused') ? 'It is already paused.' : undefined
}

function refusalToUnpause(vm: VmFacts | undefined, vmi: VmiFacts | undefined): string | undefined {
  if (!isRunning(vmi)) return notRunning
  if (!condition(vmi, 'Paused')) return "It isn't paused."
  return vm?.status?.snapshotInProgress === undefined ? undefined : 'A snapshot is being taken.'
}

function refusalToSoftReboot(vmi: VmiFacts | undefined): string | undefined {
  if (!isRunning(vmi)) return notRunning
  if (isTrue(vmi, 'Paused')) return 'It is paused.'
  if (!condition(vmi, 'AgentConnected') && vmi?.spec.domain.features?.acpi?.enabled === false)
    return 'The guest has neither the guest agent nor ACPI, so nothing would hear the request.'
  return undefined
}

/** Every action, in the order menus show them. */
export const vmActionRules: readonly VmActionRule[] = [
  {
    id: 'start',
    label: 'Start',
    kind: virtualMachineKind,
    subresource: 'start',
    refusal: refusalToStart,
  },
  {
    id: 'stop',
    label: 'Stop',
    kind: virtualMachineKind,
    subresource: 'stop',
    refusal: refusalToStop,
  },
  {
    id: 'forceStop',
    label: 'Force stop',
    kind: virtualMachineKind,
    subresource: 'stop',
    body: { gracePeriod: 0 },
    refusal: refusalToForceStop,
  },
  {
    id: 'restart',
    label: 'Restart',
    kind: virtualMachineKind,
    subresource: 'restart',
    refusal: refusalToRestart,
  },
  {
    id: 'pause',
    label: 'Pause',
    kind: virtualMachineInstanceKind,
    subresource: 'pause',
    refusal: (_vm, vmi) => refusalToPause(vmi),
  },
  {
    id: 'unpause',
    label: 'Unpause',
    kind: virtualMachineInstanceKind,
    subresource: 'unpause',
    refusal: refusalToUnpause,
  },
  {
    id: 'softReboot',
    label: 'Soft reboot',
    kind: virtualMachineInstanceKind,
    subresource: 'softreboot',
    refusal: (_vm, vmi) => refusalToSoftReboot(vmi),
  },
  {
    id: 'reset',
    label: 'Reset',
    kind: virtualMachineInstanceKind,
    subresource: 'reset',
    refusal: (_vm, vmi) => (isRunning(vmi) ? undefined : notRunning),
  },
  {
    id: 'delete',
    label: 'Delete',
    kind: virtualMachineKind,
    refusal: (vm, vmi) => ((vm ?? vmi)?.metadata.deletionTimestamp ? beingDeleted : undefined),
  },
]

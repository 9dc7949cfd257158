/** What a console session needs to know of its guest, read from the VirtualMachineInstance. */
import type { VirtualMachine, VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { vmStatus } from '../../../../kube/vm-status.ts'

export interface GuestFacts {
  /** Another UID under the same name is another run of the VM. Absent: there is no instance. */
  uid: string | undefined
  /** KubeVirt serves consoles of Running instances only. */
  running: boolean
  /** On its way to Running. */
  starting: boolean
  /** Being deleted: it still runs until the guest has shut down. */
  stopping: boolean
  paused: boolean
  /** A live migration is under way. */
  migrating: boolean
  node: string | undefined
  /** What keeps it from running, and what to do about it, in sentences. */
  obstacle?: string
}

const startingPhases = new Set(['Pending', 'Scheduling', 'Scheduled', 'WaitingForSync'])

/** The VM, where it is at hand, tells more of what keeps it from running. */
export function guestFacts(
  vmi: VirtualMachineInstance | undefined,
  vm?: VirtualMachine,
): GuestFacts {
  const phase = vmi?.status?.phase
  const migration = vmi?.status?.migrationState
  return {
    uid: vmi?.metadata.uid,
    running: phase === 'Running',
    starting: vmi !== undefined && (phase === undefined || startingPhases.has(phase)),
    stopping: vmi?.metadata.deletionTimestamp !== undefined,
    paused:
      vmi?.status?.conditions?.some(({ type, status }) => type === 'Paused' && status === 'True') ??
      false,
    migrating:
      migration?.startTimestamp !== undefined &&
      migration.endTimestamp === undefined &&
      !migration.completed &&
      !migration.failed,
    node: vmi?.status?.nodeName,
    ...(phase !== 'Running' && obstacleOf(vm, vmi)),
  }
}

function obstacleOf(vm: VirtualMachine | undefined, vmi: VirtualMachineInstance | undefined) {
  const { tone, reason, nextStep } = vmStatus(vm, vmi)
  if (tone !== 'danger' || reason === undefined) return {}
  return { obstacle: nextStep === undefined ? reason : `${reason} ${nextStep}` }
}

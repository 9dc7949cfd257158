/** What a console session needs to know of its guest, read from the VirtualMachineInstance. */
import type { VirtualMachineInstance } from '../../../../kube/kinds.ts'

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
}

const startingPhases = new Set(['Pending', 'Scheduling', 'Scheduled', 'WaitingForSync'])

export function guestFacts(vmi: VirtualMachineInstance | undefined): GuestFacts {
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
  }
}

import type { VirtualMachineInstance } from '../kubevirt/objects.ts'

/** Whether a live migration of the VMI is under way. */
export function isMigrating({ status }: VirtualMachineInstance): boolean {
  const state = status?.migrationState
  return state?.startTimestamp !== undefined && state.endTimestamp === undefined
}

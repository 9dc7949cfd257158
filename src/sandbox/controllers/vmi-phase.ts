/** Writing a VMI's phase, with the time of each transition. */
import { timestamp } from '../kubevirt/conditions.ts'
import type { VirtualMachineInstance, VmiPhase, VmiStatus } from '../kubevirt/objects.ts'

export function setPhase(vmi: VirtualMachineInstance, phase: VmiPhase): void {
  const status: VmiStatus = (vmi.status ??= {})
  if (status.phase === phase) return
  status.phase = phase
  status.phaseTransitionTimestamps = [
    ...(status.phaseTransitionTimestamps ?? []),
    { phase, phaseTransitionTimestamp: timestamp() },
  ]
}

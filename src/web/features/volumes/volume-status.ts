import type { PersistentVolume } from '../../../kube/kinds.ts'
import type { PlainStatus } from '../../../kube/vm-status.ts'

/** The state of a PersistentVolume in plain words. */
export function volumeStatus({ metadata, status }: PersistentVolume): PlainStatus {
  if (metadata.deletionTimestamp !== undefined)
    return {
      label: 'Terminating',
      tone: 'progress',
      reason: 'It is being deleted; it stays while a claim is bound to it.',
    }
  const phase = String(status?.phase ?? 'Pending')
  switch (phase) {
    case 'Bound':
      return { label: phase, tone: 'success' }
    case 'Available':
      return { label: phase, tone: 'neutral', reason: 'No claim has taken it yet.' }
    case 'Released':
      return {
        label: phase,
        tone: 'warning',
        reason: 'Its claim is deleted. Its data is still there, and no other claim gets it.',
      }
    case 'Failed':
      return {
        label: phase,
        tone: 'danger',
        reason: `It could not be reclaimed: ${status?.message ?? status?.reason ?? 'no reason is given'}`,
      }
    default:
      return { label: phase, tone: 'progress' }
  }
}

import type { VolumeSnapshot } from './kinds.ts'
import type { PlainStatus } from './vm-status.ts'

/** The state of a VolumeSnapshot in plain words. */
export function volumeSnapshotStatus({ metadata, status }: VolumeSnapshot): PlainStatus {
  if (metadata.deletionTimestamp !== undefined)
    return {
      label: 'Terminating',
      tone: 'progress',
      reason: 'It is being deleted; it stays while a claim is being restored from it.',
    }
  if (status?.readyToUse) return { label: 'Ready', tone: 'success' }
  if (status?.error?.message)
    return {
      label: 'Failed',
      tone: 'danger',
      reason: `The storage can’t take it: ${status.error.message}`,
    }
  return {
    label: 'Pending',
    tone: 'progress',
    reason: status?.boundVolumeSnapshotContentName
      ? 'The storage is taking it.'
      : 'It waits for the snapshot controller.',
  }
}

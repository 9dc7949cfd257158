/** A VirtualMachineSnapshot in plain words: how it is, and how the guest was when it was taken. */
import type { VirtualMachineSnapshot } from './kinds.ts'
import type { PlainStatus } from './vm-status.ts'

/** https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/storage/snapshot/snapshot.go */
export function vmSnapshotStatus({ metadata, status }: VirtualMachineSnapshot): PlainStatus {
  if (metadata.deletionTimestamp !== undefined)
    return { label: 'Terminating', tone: 'progress', reason: 'It is being deleted.' }
  if (status?.readyToUse) return { label: 'Ready', tone: 'success' }
  const failure = status?.conditions?.find(({ type }) => type === 'Failure')
  const error =
    status?.error?.message ??
    (failure?.status === 'True' ? (failure.message ?? failure.reason) : undefined)
  if (status?.phase === 'Failed')
    return {
      label: 'Failed',
      tone: 'danger',
      reason: error ?? 'KubeVirt doesn’t say why.',
      nextStep: 'It can’t be used any more: delete it.',
    }
  if (error !== undefined)
    return {
      label: 'In trouble',
      tone: 'warning',
      reason: error,
      nextStep: 'KubeVirt tries on until its deadline has passed.',
    }
  const progress = status?.conditions?.find(({ type }) => type === 'Progressing')?.reason
  return {
    label: 'Being taken',
    tone: 'progress',
    reason: progress ? `KubeVirt says: ${progress}.` : 'It waits for KubeVirt.',
  }
}

/** What a restored guest will find, by what KubeVirt noted when it took the snapshot. */
export function guestWords({ status }: VirtualMachineSnapshot): string {
  const noted = new Set(status?.indications)
  if (noted.has('QuiesceFailed'))
    return 'It ran, and its agent couldn’t hold its file systems still: as after a power cut.'
  if (noted.has('GuestAgent')) return 'It ran, and its agent held its file systems still.'
  if (noted.has('Paused')) return 'It was paused: as after a power cut.'
  if (noted.has('Online')) return 'It ran, without an agent: as after a power cut.'
  return status?.readyToUse ? 'It was off.' : '–'
}

/** How far a clone has come, by its phase and conditions. */
import type { VirtualMachineClone } from '../../../../kube/kinds.ts'
import type { Stage } from '../StageList.tsx'

/** In their order; KubeVirt leaves a phase when what it names is done. */
const phases = ['SnapshotInProgress', 'RestoreInProgress', 'CreatingTargetVM', 'Succeeded'] as const
const titles = [
  'A snapshot is taken',
  'The disks are copied',
  'The VM is made',
  'The clone is there',
]

export function cloneStages({ spec, status }: VirtualMachineClone): Stage[] {
  const reached = phases.findIndex((phase) => phase === status?.phase)
  const isDone = status?.phase === 'Succeeded'
  const isOfSnapshot = spec.source.kind === 'VirtualMachineSnapshot'
  return titles.map((title, index) => ({
    id: phases[index] ?? title,
    title: index === 0 && isOfSnapshot ? 'The snapshot is ready' : title,
    state:
      isDone || index < reached
        ? 'done'
        : index === Math.max(reached, 0) && status?.phase !== 'Failed'
          ? 'current'
          : 'pending',
  }))
}

interface CloneProblem {
  /** It won't go on by itself. */
  isFinal: boolean
  title: string
  /** The cluster's own words. */
  words: string
  advice: string
}

/** Why a clone doesn't go on, with what to do. KubeVirt puts its words in a condition's reason. */
export function cloneProblem({ status }: VirtualMachineClone): CloneProblem | undefined {
  const condition = (type: string) => status?.conditions?.find((one) => one.type === type)
  const words = condition('Ready')?.message ?? condition('Ready')?.reason ?? ''
  if (status?.phase === 'Failed')
    return {
      isFinal: true,
      title: 'The clone failed',
      words,
      advice: 'KubeVirt doesn’t try again. Clone anew once that is mended.',
    }
  if (condition('Progressing')?.reason !== 'Pending') return undefined
  return {
    isFinal: false,
    title: 'The clone waits',
    words,
    advice: /snapshot/i.test(words)
      ? 'KubeVirt copies disks by snapshots: their storage class needs a VolumeSnapshotClass of the same driver.'
      : 'It goes on by itself once its source is there.',
  }
}

/** A restore that ends in a refusal leaves its clone in progress forever; only its condition tells. */
export function restoreProblem(
  restore: { status?: VirtualMachineClone['status'] } | undefined,
): string | undefined {
  const conditions = restore?.status?.conditions ?? []
  const progressing = conditions.find(({ type }) => type === 'Progressing')
  const ready = conditions.find(({ type }) => type === 'Ready')
  if (progressing?.status !== 'False' || ready?.status !== 'False') return undefined
  return ready.message ?? ready.reason
}

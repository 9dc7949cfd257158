/** A claim's conditions in plain words; they tell of growth and of changes of its class. */
import type { PersistentVolumeClaim } from '../../../kube/kinds.ts'
import type { ConditionRow } from '../../ui/Section.tsx'

/** https://github.com/kubernetes/api/blob/v0.35.0/core/v1/types.go PersistentVolumeClaimConditionType */
const wordings: Record<string, { words: string; isWarning?: boolean }> = {
  Resizing: { words: 'The volume is growing' },
  FileSystemResizePending: {
    words: 'The volume has grown; its file system grows when a VM or pod that uses it starts',
  },
  ControllerResizeError: { words: 'The volume could not be grown', isWarning: true },
  NodeResizeError: { words: 'The file system could not be grown', isWarning: true },
  ModifyingVolume: { words: 'The attributes of the volume are being changed' },
  ModifyVolumeError: { words: 'The attributes could not be changed', isWarning: true },
  Unused: { words: 'No pod has used it for a while' },
}

export function claimConditionRows({ status }: PersistentVolumeClaim): ConditionRow[] {
  return (status?.conditions ?? []).map((one) => {
    const type = String(one.type)
    const isTrue = String(one.status) === 'True'
    const wording = isTrue ? wordings[type] : undefined
    const detail = [one.reason, one.message].filter(Boolean).join(': ')
    return {
      type,
      status: String(one.status),
      words: wording?.words ?? `${type}: ${String(one.status)}`,
      isWarning: wording?.isWarning ?? false,
      ...(detail !== '' && { detail }),
    }
  })
}

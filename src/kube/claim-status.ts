/** The state of a PersistentVolumeClaim in plain words. */
import type { PersistentVolumeClaim, StorageClass } from './kinds.ts'
import { formatQuantity, parseQuantity } from './quantity.ts'
import { classNameOf, isStatic, waitsForConsumer } from './storage-classes.ts'
import type { PlainStatus } from './vm-status.ts'

const pvcProtection = 'kubernetes.io/pvc-protection'
const selectedNode = 'volume.kubernetes.io/selected-node'
/** CDI fills such a claim before it is bound. */
const usePopulator = 'cdi.kubevirt.io/storage.usePopulator'

/** Bytes that are asked for. */
export function requestedBytes({ spec }: PersistentVolumeClaim): number {
  return parseQuantity(spec?.resources?.requests?.storage) ?? 0
}

/** What it has, else what it asks for; they differ while it grows. */
export function claimSize({ spec, status }: PersistentVolumeClaim): string {
  const asked = formatQuantity(spec?.resources?.requests?.storage)
  const has = status?.capacity?.storage
  if (has === undefined || String(status?.phase) !== 'Bound') return `${asked} asked`
  const got = formatQuantity(has)
  return got === asked ? got : `${got} of ${asked} asked`
}

interface Surroundings {
  /** Absent while they aren't known or may not be read. */
  classes?: readonly StorageClass[]
}

export function claimStatus(
  claim: PersistentVolumeClaim,
  { classes }: Surroundings = {},
): PlainStatus {
  const { metadata, status } = claim
  if (metadata.deletionTimestamp !== undefined) {
    const isProtected = metadata.finalizers?.includes(pvcProtection)
    return {
      label: 'Terminating',
      tone: 'progress',
      reason: isProtected
        ? 'It goes as soon as no pod uses it; until then it stays (pvc-protection).'
        : `It waits for ${metadata.finalizers?.join(', ') ?? 'the cluster'}.`,
    }
  }
  switch (String(status?.phase ?? 'Pending')) {
    case 'Bound':
      return growth(claim) ?? { label: 'Bound', tone: 'success' }
    case 'Lost':
      return {
        label: 'Lost',
        tone: 'danger',
        reason: 'Its PersistentVolume is gone, and what was on it can’t be reached by this claim.',
      }
    case 'Pending':
      return { label: 'Pending', ...whyPending(claim, classes) }
    default:
      return { label: String(status?.phase), tone: 'warning' }
  }
}

/** https://github.com/kubernetes/api/blob/v0.35.0/core/v1/types.go PersistentVolumeClaimConditionType */
function growth(claim: PersistentVolumeClaim): PlainStatus | undefined {
  const conditions = claim.status?.conditions ?? []
  const find = (type: string) =>
    conditions.find((one) => String(one.type) === type && String(one.status) === 'True')
  const asked = formatQuantity(claim.spec?.resources?.requests?.storage)
  const failed = find('ControllerResizeError') ?? find('NodeResizeError')
  if (failed)
    return {
      label: 'Bound',
      tone: 'danger',
      reason: `It could not be grown to ${asked}: ${failed.message ?? 'no reason is given'}`,
    }
  if (find('FileSystemResizePending'))
    return {
      label: 'Bound',
      tone: 'progress',
      reason: `The volume has grown to ${asked}. The file system in it grows when a VM or pod that uses it starts.`,
    }
  if (find('Resizing'))
    return { label: 'Bound', tone: 'progress', reason: `The volume is growing to ${asked}.` }
  return undefined
}

function whyPending(
  claim: PersistentVolumeClaim,
  classes: readonly StorageClass[] | undefined,
): Omit<PlainStatus, 'label'> {
  const { annotations } = claim.metadata
  const className = classNameOf(claim)
  if (className === '')
    return {
      tone: 'warning',
      reason:
        claim.spec?.storageClassName === undefined
          ? 'It names no storage class, and none was the default when it was created.'
          : 'It wants no storage class, and no PersistentVolume made by hand suits it.',
    }
  const storageClass = classes?.find(({ metadata }) => metadata.name === className)
  if (classes && !storageClass)
    return {
      tone: 'danger',
      reason: `There is no storage class ${className}.`,
      nextStep: 'It binds once such a class is created; or create the claim anew in another class.',
    }
  if (storageClass && waitsForConsumer(storageClass) && annotations?.[selectedNode] === undefined)
    return {
      tone: 'progress',
      reason: isStatic(storageClass)
        ? `Waits for its first use, and for a PersistentVolume made by hand: nothing provisions class ${className}.`
        : `Waits for its first use: class ${className} makes the volume when a VM or pod needs it.`,
    }
  if (annotations?.[usePopulator] === 'true')
    return { tone: 'progress', reason: 'Its DataVolume fills it first.' }
  return { tone: 'progress', reason: 'Its volume is being made.' }
}

/** The DataVolume that made it and would make it again. */
export function owningDataVolume({ metadata }: PersistentVolumeClaim): string | undefined {
  return metadata.ownerReferences?.find(({ kind }) => kind === 'DataVolume')?.name
}

/** The claim that this one is filled for, for a while: CDI's `prime-…`. */
export function primeOf({ metadata }: PersistentVolumeClaim): string | undefined {
  return metadata.ownerReferences?.find(({ kind }) => kind === 'PersistentVolumeClaim')?.name
}

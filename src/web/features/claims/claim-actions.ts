import {
  persistentVolumeClaimKind,
  storageClassKind,
  volumeSnapshotClassKind,
  volumeSnapshotKind,
  type PersistentVolumeClaim,
  type ResourceKind,
} from '../../../kube/kinds.ts'
import { classNameOf, whyNoGrowth } from '../../../kube/storage-classes.ts'
import { claimUpload, isUploadTarget, whyNoUpload } from '../../../kube/upload-state.ts'
import { useDenial } from '../../data/access.ts'
import { useListOnce } from '../../data/list-once.ts'
import { openingAction, type MenuAction } from '../../ui/ActionMenu.tsx'

export type ClaimActionId = 'upload' | 'grow' | 'clone' | 'snapshot' | 'delete'

function useKindDenial(verb: string, kind: ResourceKind, namespace: string): string | undefined {
  return useDenial({ verb, group: kind.group, resource: kind.plural, namespace })
}

/** Said where the cluster has no snapshot API at all. */
export const noSnapshotApi =
  'The cluster has no snapshot API (snapshot.storage.k8s.io). Cloning the claim copies it without one.'

/** Why a claim can't have its snapshot taken; undefined where it can. */
export function useSnapshotDenial(claim: PersistentVolumeClaim): string | undefined {
  const denial = useKindDenial('create', volumeSnapshotKind, claim.metadata.namespace ?? '')
  const { error } = useListOnce(volumeSnapshotClassKind)
  if (error?.isNotFound) return noSnapshotApi
  return denial ?? whyNotBound(claim, 'its snapshot is taken')
}

function whyNotBound(claim: PersistentVolumeClaim, before: string): string | undefined {
  if (claim.metadata.deletionTimestamp !== undefined) return 'It is being deleted.'
  return String(claim.status?.phase) === 'Bound'
    ? undefined
    : `It has to be bound to a volume before ${before}.`
}

/** What can be done with a claim, in menu order; what can't says why. */
export function useClaimActions(
  claim: PersistentVolumeClaim,
  open: (action: ClaimActionId) => void,
): MenuAction[] {
  const { namespace = '' } = claim.metadata
  const patching = useKindDenial('patch', persistentVolumeClaimKind, namespace)
  const creating = useKindDenial('create', persistentVolumeClaimKind, namespace)
  const deleting = useKindDenial('delete', persistentVolumeClaimKind, namespace)
  const snapshotting = useSnapshotDenial(claim)
  const uploading = useDenial({
    verb: 'create',
    group: 'upload.cdi.kubevirt.io',
    resource: 'uploadtokenrequests',
    namespace,
  })
  const classes = useListOnce(storageClassKind)
  const className = classNameOf(claim)
  const storageClass = classes.items.find(({ metadata }) => metadata.name === className)
  const action = (id: ClaimActionId, label: string, reason: string | undefined) =>
    openingAction(id, label, reason, open)
  return [
    ...(isUploadTarget(claim)
      ? [
          action(
            'upload',
            'Upload a disk image into it',
            uploading ?? whyNoUpload(claimUpload(claim)),
          ),
        ]
      : []),
    action(
      'grow',
      'Grow',
      patching ?? whyNotBound(claim, 'it can grow') ?? whyNoGrowth(storageClass, className),
    ),
    action('clone', 'Clone', creating ?? whyNotBound(claim, 'it can be cloned')),
    action('snapshot', 'Take snapshot', snapshotting),
    action(
      'delete',
      'Delete',
      deleting ??
        (claim.metadata.deletionTimestamp === undefined
          ? undefined
          : 'It is being deleted already.'),
    ),
  ]
}

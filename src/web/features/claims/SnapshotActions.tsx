import { useState } from 'react'

import {
  persistentVolumeClaimKind,
  volumeSnapshotKind,
  type VolumeSnapshot,
} from '../../../kube/kinds.ts'
import { useDenial } from '../../data/access.ts'
import { useKube } from '../../data/host-context.tsx'
import { useListOnce } from '../../data/list-once.ts'
import { ActionMenu, openingAction, type MenuAction } from '../../ui/ActionMenu.tsx'
import { DeleteQuestion } from '../../ui/DeleteQuestion.tsx'
import { CreateClaimDialog } from './CreateClaimDialog.tsx'

type SnapshotAction = 'restore' | 'delete'

function useSnapshotActions(
  { metadata, status }: VolumeSnapshot,
  open: (action: SnapshotAction) => void,
): MenuAction[] {
  const { namespace = '' } = metadata
  const ofKind = ({ group, plural }: { group: string; plural: string }, verb: string) => ({
    verb,
    group,
    resource: plural,
    namespace,
  })
  const creating = useDenial(ofKind(persistentVolumeClaimKind, 'create'))
  const deleting = useDenial(ofKind(volumeSnapshotKind, 'delete'))
  const action = (id: SnapshotAction, label: string, reason: string | undefined) =>
    openingAction(id, label, reason, open)
  return [
    action(
      'restore',
      'Restore into new PVC',
      creating ?? (status?.readyToUse ? undefined : 'It isn’t ready to be restored.'),
    ),
    action('delete', 'Delete', deleting),
  ]
}

/** The menu of a snapshot, and the dialogs it opens. */
export function SnapshotActions({
  snapshot,
  isKebab = false,
}: {
  snapshot: VolumeSnapshot
  isKebab?: boolean
}) {
  const [opened, setOpened] = useState<SnapshotAction>()
  const { namespace = '', name } = snapshot.metadata
  const close = () => setOpened(undefined)
  function useActions() {
    return useSnapshotActions(snapshot, setOpened)
  }
  return (
    <>
      <ActionMenu
        label={isKebab ? `Actions for ${name}` : 'Actions'}
        isKebab={isKebab}
        useActions={useActions}
      />
      {opened === 'restore' && (
        <CreateClaimDialog
          namespace={namespace}
          preset={{ source: 'snapshot', name }}
          onClose={close}
        />
      )}
      {opened === 'delete' && <DeleteSnapshotDialog snapshot={snapshot} onClose={close} />}
    </>
  )
}

function DeleteSnapshotDialog({
  snapshot,
  onClose,
}: {
  snapshot: VolumeSnapshot
  onClose: () => void
}) {
  const client = useKube()
  const { namespace = '', name, uid } = snapshot.metadata
  const claims = useListOnce(persistentVolumeClaimKind, { namespace, mustBeFresh: true })
  const restored = claims.items
    .filter(
      ({ spec }) =>
        spec?.dataSource?.kind === volumeSnapshotKind.kind && spec.dataSource.name === name,
    )
    .map(({ metadata }) => metadata.name)
  return (
    <DeleteQuestion
      title={`Delete snapshot ${name}?`}
      action="Delete snapshot"
      isReady={!claims.isLoading}
      onDelete={() => client.delete(volumeSnapshotKind, { namespace, name }, { uid })}
      onClose={onClose}
    >
      <p>
        What it holds of {snapshot.spec.source.persistentVolumeClaimName ?? 'its claim'} can’t be
        restored any more, unless its class keeps the content (deletionPolicy Retain). The claim
        itself stays as it is.
      </p>
      {restored.length > 0 && (
        <p>Restored from it and not harmed: {restored.toSorted().join(', ')}.</p>
      )}
    </DeleteQuestion>
  )
}

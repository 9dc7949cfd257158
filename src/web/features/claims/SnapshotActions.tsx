import { useState } from 'react'
import { useNavigate } from 'react-router'

import {
  persistentVolumeClaimKind,
  virtualMachineKind,
  volumeSnapshotKind,
  type VolumeSnapshot,
} from '../../../kube/kinds.ts'
import { useDenial } from '../../data/access.ts'
import { useKube } from '../../data/host-context.tsx'
import { useListOnce } from '../../data/list-once.ts'
import { ActionMenu, openingAction, type MenuAction } from '../../ui/ActionMenu.tsx'
import { DeleteQuestion } from '../../ui/DeleteQuestion.tsx'
import { createVmPath } from '../../ui/page-paths.ts'
import { CreateClaimDialog } from './CreateClaimDialog.tsx'

type SnapshotAction = 'create-vm' | 'restore' | 'delete'

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
  const creatingVm = useDenial(ofKind(virtualMachineKind, 'create'))
  const deleting = useDenial(ofKind(volumeSnapshotKind, 'delete'))
  const action = (id: SnapshotAction, label: string, reason: string | undefined) =>
    openingAction(id, label, reason, open)
  const unready = status?.readyToUse ? undefined : 'It isn’t ready to be restored.'
  return [
    action('create-vm', 'Create VirtualMachine', creatingVm ?? unready),
    action('restore', 'Restore into new PVC', creating ?? unready),
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
  const navigate = useNavigate()
  const [opened, setOpened] = useState<Exclude<SnapshotAction, 'create-vm'>>()
  const { namespace = '', name } = snapshot.metadata
  const close = () => setOpened(undefined)
  function useActions() {
    return useSnapshotActions(snapshot, (action) => {
      if (action === 'create-vm') void navigate(createVmPath(namespace, { snapshot: name }))
      else setOpened(action)
    })
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

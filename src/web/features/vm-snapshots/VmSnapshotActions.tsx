import { useState } from 'react'
import { useNavigate } from 'react-router'

import {
  virtualMachineCloneKind,
  virtualMachineSnapshotKind,
  type VirtualMachineSnapshot,
} from '../../../kube/kinds.ts'
import { useDenial } from '../../data/access.ts'
import { useKube } from '../../data/host-context.tsx'
import { ActionMenu, openingAction } from '../../ui/ActionMenu.tsx'
import { askToClone } from '../../ui/clone-request.ts'
import { DeleteQuestion } from '../../ui/DeleteQuestion.tsx'
import { clonePath } from '../../ui/page-paths.ts'

/** The menu of a snapshot, and the question before it is deleted. */
export function VmSnapshotActions({
  snapshot,
  isKebab = false,
}: {
  snapshot: VirtualMachineSnapshot
  isKebab?: boolean
}) {
  const navigate = useNavigate()
  const [isDeleting, setIsDeleting] = useState(false)
  const { namespace = '', name, deletionTimestamp } = snapshot.metadata
  function useActions() {
    const { group, plural: resource } = virtualMachineSnapshotKind
    const clones = {
      group: virtualMachineCloneKind.group,
      resource: virtualMachineCloneKind.plural,
    }
    const cloning = useDenial({ verb: 'create', ...clones, namespace })
    const deleting = useDenial({ verb: 'delete', group, resource, namespace })
    const going = deletionTimestamp === undefined ? undefined : 'It is being deleted already.'
    const unready = snapshot.status?.readyToUse === true ? undefined : 'It isn’t ready to be used.'
    return [
      openingAction('create-vm', 'Create VirtualMachine', cloning ?? going ?? unready, () =>
        askToClone({
          namespace,
          source: `${virtualMachineSnapshotKind.kind}/${name}`,
          onCreated: (clone) => void navigate(clonePath(namespace, clone)),
        }),
      ),
      openingAction('delete', 'Delete', deleting ?? going, () => setIsDeleting(true)),
    ]
  }
  return (
    <>
      <ActionMenu
        label={isKebab ? `Actions for ${name}` : 'Actions'}
        isKebab={isKebab}
        useActions={useActions}
      />
      {isDeleting && <DeleteDialog snapshot={snapshot} onClose={() => setIsDeleting(false)} />}
    </>
  )
}

function DeleteDialog({
  snapshot: { metadata, spec },
  onClose,
}: {
  snapshot: VirtualMachineSnapshot
  onClose: () => void
}) {
  const client = useKube()
  const { namespace = '', name, uid } = metadata
  return (
    <DeleteQuestion
      title={`Delete snapshot ${name}?`}
      action="Delete snapshot"
      onDelete={() => client.delete(virtualMachineSnapshotKind, { namespace, name }, { uid })}
      onClose={onClose}
    >
      <p>
        {spec.deletionPolicy === 'Retain'
          ? 'What it holds stays in the cluster (deletionPolicy Retain), but no VM can be made from it or restored to it any more.'
          : `What it holds of ${spec.source.name} is lost.`}{' '}
        The VM itself, and VMs that were made from the snapshot, stay as they are.
      </p>
    </DeleteQuestion>
  )
}

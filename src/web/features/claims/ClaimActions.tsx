import { useState } from 'react'

import { owningDataVolume } from '../../../kube/claim-status.ts'
import type { PersistentVolumeClaim } from '../../../kube/kinds.ts'
import { useClaimUsage } from '../../data/claim-usage.ts'
import { ActionMenu } from '../../ui/ActionMenu.tsx'
import { GrowClaimDialog } from '../../ui/storage/GrowClaimDialog.tsx'
import { askForUpload, type UploadVolume } from '../../ui/upload-request.ts'
import { useClaimActions, type ClaimActionId } from './claim-actions.ts'
import { CreateClaimDialog } from './CreateClaimDialog.tsx'
import { DeleteClaimDialog } from './DeleteClaimDialog.tsx'
import { TakeSnapshotDialog } from './TakeSnapshotDialog.tsx'

type DialogId = Exclude<ClaimActionId, 'upload'>

/** By its DataVolume where it has one, whose phases tell more. */
function uploadVolumeOf(claim: PersistentVolumeClaim): UploadVolume {
  const owner = owningDataVolume(claim)
  return owner === undefined
    ? { kind: 'PersistentVolumeClaim', name: claim.metadata.name }
    : { kind: 'DataVolume', name: owner }
}

/** The menu of a claim, and the dialogs it opens. */
export function ClaimActions({
  claim,
  isKebab = false,
}: {
  claim: PersistentVolumeClaim
  isKebab?: boolean
}) {
  const { namespace = '' } = claim.metadata
  const [opened, setOpened] = useState<{ id: DialogId; claim: PersistentVolumeClaim }>()
  function useActions() {
    return useClaimActions(claim, (id) => {
      if (id === 'upload') askForUpload({ namespace, into: uploadVolumeOf(claim) })
      else setOpened({ id, claim })
    })
  }
  return (
    <>
      <ActionMenu
        label={isKebab ? `Actions for ${claim.metadata.name}` : 'Actions'}
        isKebab={isKebab}
        useActions={useActions}
      />
      {opened && <ClaimDialog {...opened} onClose={() => setOpened(undefined)} />}
    </>
  )
}

function ClaimDialog({
  id,
  claim,
  onClose,
}: {
  id: DialogId
  claim: PersistentVolumeClaim
  onClose: () => void
}) {
  const { namespace = '', name } = claim.metadata
  const { users } = useClaimUsage(namespace)
  const isRunning = users.get(`${namespace}/${name}`)?.some((user) => user.isRunning) ?? false
  switch (id) {
    case 'grow':
      return <GrowClaimDialog claim={claim} isRunning={isRunning} onClose={onClose} />
    case 'clone':
      return (
        <CreateClaimDialog
          namespace={namespace}
          preset={{ source: 'claim', name }}
          onClose={onClose}
        />
      )
    case 'snapshot':
      return <TakeSnapshotDialog claim={claim} isRunning={isRunning} onClose={onClose} />
    case 'delete':
      return <DeleteClaimDialog claim={claim} onClose={onClose} />
  }
}

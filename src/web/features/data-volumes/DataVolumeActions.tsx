import { useState } from 'react'

import { dataVolumeKind, type DataVolume } from '../../../kube/kinds.ts'
import { dataVolumeUpload, whyNoUpload } from '../../../kube/upload-state.ts'
import { useDenial } from '../../data/access.ts'
import { ActionMenu, openingAction, type MenuAction } from '../../ui/ActionMenu.tsx'
import { askForUpload } from '../../ui/upload-request.ts'
import { DeleteDataVolumeDialog } from './DeleteDataVolumeDialog.tsx'
import { RetryDialog } from './RetryDialog.tsx'

type ActionId = 'upload' | 'retry' | 'delete'

function useDataVolumeActions(dataVolume: DataVolume, open: (id: ActionId) => void): MenuAction[] {
  const { metadata, spec } = dataVolume
  const { group, plural: resource } = dataVolumeKind
  const { namespace = '' } = metadata
  const deleting = useDenial({ verb: 'delete', group, resource, namespace })
  const creating = useDenial({ verb: 'create', group, resource, namespace })
  const uploading = useDenial({
    verb: 'create',
    group: 'upload.cdi.kubevirt.io',
    resource: 'uploadtokenrequests',
    namespace,
  })
  const going =
    metadata.deletionTimestamp === undefined ? undefined : 'It is being deleted already.'
  const action = (id: ActionId, label: string, reason: string | undefined) =>
    openingAction(id, label, reason, open)
  return [
    ...(spec?.source?.upload
      ? [
          action(
            'upload',
            'Upload a disk image into it',
            uploading ?? going ?? whyNoUpload(dataVolumeUpload(dataVolume)),
          ),
        ]
      : []),
    action('retry', 'Retry by re-creation', deleting ?? creating ?? going),
    action('delete', 'Delete', deleting ?? going),
  ]
}

/** The menu of a DataVolume, and the dialogs it opens. */
export function DataVolumeActions({
  dataVolume,
  isKebab = false,
}: {
  dataVolume: DataVolume
  isKebab?: boolean
}) {
  // As it was when the dialog opened: it goes while it is being retried.
  const [opened, setOpened] = useState<{ id: ActionId; dataVolume: DataVolume }>()
  const close = () => setOpened(undefined)
  function useActions() {
    return useDataVolumeActions(dataVolume, (id) => {
      const { name, namespace = '' } = dataVolume.metadata
      if (id === 'upload') askForUpload({ namespace, into: { kind: 'DataVolume', name } })
      else setOpened({ id, dataVolume })
    })
  }
  return (
    <>
      <ActionMenu
        label={isKebab ? `Actions for ${dataVolume.metadata.name}` : 'Actions'}
        isKebab={isKebab}
        useActions={useActions}
      />
      {opened?.id === 'retry' && <RetryDialog dataVolume={opened.dataVolume} onClose={close} />}
      {opened?.id === 'delete' && (
        <DeleteDataVolumeDialog dataVolume={opened.dataVolume} onClose={close} />
      )}
    </>
  )
}

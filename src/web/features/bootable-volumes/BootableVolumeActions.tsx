import { useState } from 'react'

import type { BootableVolume } from '../../../kube/bootable-volume.ts'
import { dataSourceKind } from '../../../kube/kinds.ts'
import { useDenial } from '../../data/access.ts'
import { ActionMenu, openingAction, type MenuAction } from '../../ui/ActionMenu.tsx'
import { DeleteImageDialog } from './DeleteImageDialog.tsx'
import { ImageDefaultsDialog } from './ImageDefaultsDialog.tsx'

type ActionId = 'defaults' | 'delete'

function useImageActions(
  { dataSource: { metadata } }: BootableVolume,
  open: (id: ActionId) => void,
): MenuAction[] {
  const { group, plural: resource } = dataSourceKind
  const { namespace = '' } = metadata
  const patching = useDenial({ verb: 'patch', group, resource, namespace })
  const deleting = useDenial({ verb: 'delete', group, resource, namespace })
  const going =
    metadata.deletionTimestamp === undefined ? undefined : 'It is being deleted already.'
  return [
    openingAction('defaults', 'Edit defaults', patching ?? going, open),
    openingAction('delete', 'Delete', deleting ?? going, open),
  ]
}

/** The menu of a bootable volume, and the dialogs it opens. */
export function BootableVolumeActions({
  image,
  isKebab = false,
}: {
  image: BootableVolume
  isKebab?: boolean
}) {
  const [opened, setOpened] = useState<{ id: ActionId; image: BootableVolume }>()
  const close = () => setOpened(undefined)
  function useActions() {
    return useImageActions(image, (id) => setOpened({ id, image }))
  }
  return (
    <>
      <ActionMenu
        label={isKebab ? `Actions for ${image.dataSource.metadata.name}` : 'Actions'}
        isKebab={isKebab}
        useActions={useActions}
      />
      {opened?.id === 'defaults' && (
        <ImageDefaultsDialog dataSource={opened.image.dataSource} onClose={close} />
      )}
      {opened?.id === 'delete' && <DeleteImageDialog image={opened.image} onClose={close} />}
    </>
  )
}

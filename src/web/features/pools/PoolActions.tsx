import { lazy, Suspense, useState } from 'react'

import { virtualMachinePoolKind, type VirtualMachinePool } from '../../../kube/kinds.ts'
import { useDenial } from '../../data/access.ts'
import { ActionMenu, openingAction } from '../../ui/ActionMenu.tsx'
import { DeletePoolDialog } from './DeletePoolDialog.tsx'

const EditPoolDialog = lazy(async () => ({
  default: (await import('./EditPoolDialog.tsx')).EditPoolDialog,
}))
const ScalePoolDialog = lazy(async () => ({
  default: (await import('./ScalePoolDialog.tsx')).ScalePoolDialog,
}))

type ActionId = 'scale' | 'edit' | 'delete'

/** The menu of a pool, and the dialogs it opens. */
export function PoolActions({
  pool,
  isKebab = false,
}: {
  pool: VirtualMachinePool
  isKebab?: boolean
}) {
  const [opened, setOpened] = useState<{ id: ActionId; pool: VirtualMachinePool }>()
  const { namespace = '', name, deletionTimestamp } = pool.metadata
  const close = () => setOpened(undefined)
  function useActions() {
    const { group, plural: resource } = virtualMachinePoolKind
    const patching = useDenial({ verb: 'patch', group, resource, namespace })
    const deleting = useDenial({ verb: 'delete', group, resource, namespace })
    const going = deletionTimestamp === undefined ? undefined : 'It is being deleted already.'
    const open = (id: ActionId) => setOpened({ id, pool })
    return [
      openingAction('scale', 'Scale', patching ?? going, open),
      openingAction('edit', 'Edit', patching ?? going, open),
      openingAction('delete', 'Delete', deleting ?? going, open),
    ]
  }
  return (
    <>
      <ActionMenu
        label={isKebab ? `Actions for ${name}` : 'Actions'}
        isKebab={isKebab}
        useActions={useActions}
      />
      <Suspense fallback={null}>
        {opened?.id === 'scale' && <ScalePoolDialog pool={opened.pool} onClose={close} />}
        {opened?.id === 'edit' && <EditPoolDialog pool={opened.pool} onClose={close} />}
      </Suspense>
      {opened?.id === 'delete' && <DeletePoolDialog pool={opened.pool} onClose={close} />}
    </>
  )
}

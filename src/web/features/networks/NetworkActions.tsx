import { useState } from 'react'

import {
  networkAttachmentDefinitionKind,
  type NetworkAttachmentDefinition,
} from '../../../kube/kinds.ts'
import { useDenial } from '../../data/access.ts'
import { ActionMenu, type MenuAction } from '../../ui/ActionMenu.tsx'
import { DeleteNetworkDialog } from './DeleteNetworkDialog.tsx'
import { nadToValues } from './nad-form.ts'
import { NetworkDialog } from './NetworkDialog.tsx'

type ActionId = 'edit' | 'delete'

/** What can be done with a network, in menu order; what can't says why. */
function useNetworkActions(
  definition: NetworkAttachmentDefinition,
  open: (id: ActionId) => void,
): MenuAction[] {
  const { namespace = '' } = definition.metadata
  const { group, plural: resource } = networkAttachmentDefinitionKind
  const patching = useDenial({ verb: 'patch', group, resource, namespace })
  const deleting = useDenial({ verb: 'delete', group, resource, namespace })
  const isFormless = nadToValues(definition) === undefined
  const editReason =
    patching ?? (isFormless ? 'There is no form for this configuration: edit its YAML.' : undefined)
  const action = (id: ActionId, label: string, reason: string | undefined): MenuAction => ({
    id,
    label,
    isPending: false,
    ...(reason !== undefined && { disabledReason: reason }),
    // oxlint-disable-next-line typescript/require-await -- an action may take time; these don't
    run: async () => {
      if (reason === undefined) open(id)
    },
  })
  return [action('edit', 'Edit', editReason), action('delete', 'Delete', deleting)]
}

/** The menu of a network, and the dialogs it opens. */
export function NetworkActions({
  definition,
  isKebab = false,
}: {
  definition: NetworkAttachmentDefinition
  isKebab?: boolean
}) {
  const [opened, setOpened] = useState<{ id: ActionId; definition: NetworkAttachmentDefinition }>()
  const { namespace = '', name } = definition.metadata
  const close = () => setOpened(undefined)
  function useActions() {
    return useNetworkActions(definition, (id) => setOpened({ id, definition }))
  }
  return (
    <>
      <ActionMenu
        label={isKebab ? `Actions for ${name}` : 'Actions'}
        isKebab={isKebab}
        useActions={useActions}
      />
      {opened?.id === 'edit' && (
        <NetworkDialog namespace={namespace} definition={opened.definition} onClose={close} />
      )}
      {opened?.id === 'delete' && (
        <DeleteNetworkDialog definition={opened.definition} onClose={close} />
      )}
    </>
  )
}

import { useState } from 'react'
import { useNavigate } from 'react-router'

import {
  virtualMachineKind,
  virtualMachineTemplateKind,
  type VirtualMachineTemplate,
} from '../../../kube/kinds.ts'
import { useDenial } from '../../data/access.ts'
import { ActionMenu, openingAction } from '../../ui/ActionMenu.tsx'
import { createVmPath } from '../../ui/page-paths.ts'
import { DeleteTemplateDialog } from './DeleteTemplateDialog.tsx'

/** The menu of a template, and the dialogs it opens. */
export function TemplateActions({
  template,
  isKebab = false,
}: {
  template: VirtualMachineTemplate
  isKebab?: boolean
}) {
  const navigate = useNavigate()
  const [deleted, setDeleted] = useState<VirtualMachineTemplate>()
  const { namespace = '', name } = template.metadata
  function useActions() {
    const { group, plural: resource } = virtualMachineTemplateKind
    const creating = useDenial({
      verb: 'create',
      group: virtualMachineKind.group,
      resource: virtualMachineKind.plural,
      namespace,
    })
    const deleting = useDenial({ verb: 'delete', group, resource, namespace })
    return [
      openingAction(
        'use',
        'Create VirtualMachine',
        creating,
        () => void navigate(createVmPath(namespace, { template: name })),
      ),
      openingAction('delete', 'Delete', deleting, () => setDeleted(template)),
    ]
  }
  return (
    <>
      <ActionMenu
        label={isKebab ? `Actions for ${name}` : 'Actions'}
        isKebab={isKebab}
        useActions={useActions}
      />
      {deleted && <DeleteTemplateDialog template={deleted} onClose={() => setDeleted(undefined)} />}
    </>
  )
}

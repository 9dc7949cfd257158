import { useState } from 'react'
import { useNavigate } from 'react-router'

import {
  virtualMachineKind,
  virtualMachineTemplateKind,
  type VirtualMachineTemplate,
} from '../../../kube/kinds.ts'
import { useDenial } from '../../data/access.ts'
import { useKube } from '../../data/host-context.tsx'
import { ActionMenu, openingAction } from '../../ui/ActionMenu.tsx'
import { DeleteQuestion } from '../../ui/DeleteQuestion.tsx'
import { listPath, objectPagePath } from '../../ui/page-paths.ts'
import { UseTemplateDialog } from './UseTemplateDialog.tsx'

type ActionId = 'use' | 'delete'

/** The menu of a template, and the dialogs it opens. */
export function TemplateActions({
  template,
  isKebab = false,
}: {
  template: VirtualMachineTemplate
  isKebab?: boolean
}) {
  const [opened, setOpened] = useState<{ id: ActionId; template: VirtualMachineTemplate }>()
  const { namespace = '', name } = template.metadata
  const close = () => setOpened(undefined)
  function useActions() {
    const { group, plural: resource } = virtualMachineTemplateKind
    const creating = useDenial({
      verb: 'create',
      group: virtualMachineKind.group,
      resource: virtualMachineKind.plural,
      namespace,
    })
    const deleting = useDenial({ verb: 'delete', group, resource, namespace })
    const open = (id: ActionId) => setOpened({ id, template })
    return [
      openingAction('use', 'Create VirtualMachine', creating, open),
      openingAction('delete', 'Delete', deleting, open),
    ]
  }
  return (
    <>
      <ActionMenu
        label={isKebab ? `Actions for ${name}` : 'Actions'}
        isKebab={isKebab}
        useActions={useActions}
      />
      {opened?.id === 'use' && <UseTemplateDialog template={opened.template} onClose={close} />}
      {opened?.id === 'delete' && <DeleteTemplate template={opened.template} onClose={close} />}
    </>
  )
}

function DeleteTemplate({
  template,
  onClose,
}: {
  template: VirtualMachineTemplate
  onClose: () => void
}) {
  const client = useKube()
  const navigate = useNavigate()
  const { namespace = '', name, uid } = template.metadata
  const ref = { namespace, name }
  return (
    <DeleteQuestion
      title={`Delete template ${name}?`}
      action="Delete template"
      onDelete={() => client.delete(virtualMachineTemplateKind, ref, { uid })}
      onClose={(isDone) => {
        onClose()
        const page = objectPagePath(virtualMachineTemplateKind, ref)
        if (isDone && window.location.pathname.includes(page))
          void navigate(listPath(virtualMachineTemplateKind, namespace))
      }}
    >
      The disks that were kept for it go with it. VMs that were made from it have copies of their
      own and stay; one whose disks are still being copied waits in vain.
    </DeleteQuestion>
  )
}

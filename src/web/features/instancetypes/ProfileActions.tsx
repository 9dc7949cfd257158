import { lazy, Suspense, useState } from 'react'

import type { Instancetype, Preference, ResourceKind } from '../../../kube/kinds.ts'
import { useDenial } from '../../data/access.ts'
import { ActionMenu, openingAction, type MenuAction } from '../../ui/ActionMenu.tsx'
import { DeleteProfileDialog } from './DeleteProfileDialog.tsx'

const CreateProfileForm = lazy(async () => ({
  default: (await import('./ProfileForms.tsx')).CreateProfileForm,
}))
const EditProfileForm = lazy(async () => ({
  default: (await import('./ProfileForms.tsx')).EditProfileForm,
}))

type ActionId = 'edit' | 'clone' | 'delete'

function useProfileActions(
  { group, plural: resource }: ResourceKind,
  { metadata: { namespace } }: Instancetype | Preference,
  open: (id: ActionId) => void,
): MenuAction[] {
  const where = { group, resource, ...(namespace !== undefined && { namespace }) }
  const patching = useDenial({ verb: 'patch', ...where })
  // The cluster's own can be cloned into a namespace, which the form asks for.
  const creating = useDenial(namespace === undefined ? undefined : { verb: 'create', ...where })
  const deleting = useDenial({ verb: 'delete', ...where })
  return [
    openingAction('edit', 'Edit', patching, open),
    openingAction('clone', 'Clone', creating, open),
    openingAction('delete', 'Delete', deleting, open),
  ]
}

/** The menu of an instance type or preference, and the dialogs it opens. */
export function ProfileActions({
  kind,
  object,
  isKebab = false,
}: {
  kind: ResourceKind
  object: Instancetype | Preference
  isKebab?: boolean
}) {
  const [opened, setOpened] = useState<{ id: ActionId; object: Instancetype | Preference }>()
  const { name, namespace = '' } = object.metadata
  const close = () => setOpened(undefined)
  function useActions() {
    return useProfileActions(kind, object, (id) => setOpened({ id, object }))
  }
  return (
    <>
      <ActionMenu
        label={isKebab ? `Actions for ${name}` : 'Actions'}
        isKebab={isKebab}
        useActions={useActions}
      />
      <Suspense fallback={null}>
        {opened?.id === 'edit' && (
          <EditProfileForm kind={kind} object={opened.object} onClose={close} />
        )}
        {opened?.id === 'clone' && (
          <CreateProfileForm
            kind={kind}
            namespace={namespace}
            original={opened.object}
            onClose={close}
          />
        )}
      </Suspense>
      {opened?.id === 'delete' && (
        <DeleteProfileDialog kind={kind} object={opened.object} onClose={close} />
      )}
    </>
  )
}

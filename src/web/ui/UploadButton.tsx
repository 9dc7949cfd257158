import { useDenial } from '../data/access.ts'
import { ActionButton, openingAction, type MenuAction } from './ActionMenu.tsx'
import { askForUpload } from './upload-request.ts'

/** Begins an upload into a new volume of the namespace, or says why that isn't possible. */
export function useUploadAction(namespace: string | undefined): MenuAction {
  const denial = useDenial(
    namespace === undefined
      ? undefined
      : {
          verb: 'create',
          group: 'upload.cdi.kubevirt.io',
          resource: 'uploadtokenrequests',
          namespace,
        },
  )
  const reason =
    namespace === undefined ? 'Choose a namespace first: a volume is created in one.' : denial
  return openingAction('upload', 'Upload disk image', reason, () => {
    if (namespace !== undefined) askForUpload({ namespace })
  })
}

/** A list's button for it. */
export function UploadButton({ namespace }: { namespace: string | undefined }) {
  const action = useUploadAction(namespace)
  return (
    <ActionButton variant="secondary" action={action}>
      {action.label}
    </ActionButton>
  )
}

import { lazy, Suspense } from 'react'

import { closeCloneRequest, useCloneRequest } from '../ui/clone-request.ts'

const CloneDialog = lazy(async () => ({
  default: (await import('../features/create-vm/clone/CloneDialog.tsx')).CloneDialog,
}))

/** Where the dialog that clones a VM appears; once per page. */
export function CloneHost() {
  const request = useCloneRequest()
  if (!request) return null
  return (
    <Suspense fallback={null}>
      <CloneDialog request={request} onClose={closeCloneRequest} />
    </Suspense>
  )
}

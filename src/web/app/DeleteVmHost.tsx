import { lazy, Suspense } from 'react'

import { closeDeleteRequest, useDeleteRequest } from '../ui/delete-request.ts'

const DeleteVmDialog = lazy(async () => ({
  default: (await import('../features/delete-vm/DeleteVmDialog.tsx')).DeleteVmDialog,
}))

/** Where the dialog that deletes a VM appears; once per page. */
export function DeleteVmHost() {
  const request = useDeleteRequest()
  if (!request) return null
  return (
    <Suspense fallback={null}>
      <DeleteVmDialog key={request.uid} request={request} onClose={closeDeleteRequest} />
    </Suspense>
  )
}

import { lazy, Suspense } from 'react'

import { closeUploadRequest, useUploadCount, useUploadRequest } from '../ui/upload-request.ts'

const UploadDialog = lazy(async () => ({
  default: (await import('../features/upload/UploadDialog.tsx')).UploadDialog,
}))
const UploadsTray = lazy(async () => ({
  default: (await import('../features/upload/UploadsTray.tsx')).UploadsTray,
}))

/** Where the dialog that uploads a disk image appears; once per page. */
export function UploadHost() {
  const request = useUploadRequest()
  if (!request) return null
  return (
    <Suspense fallback={null}>
      <UploadDialog request={request} onClose={closeUploadRequest} />
    </Suspense>
  )
}

/** The uploads of this window, at the foot of every page; nothing while there are none. */
export function Uploads() {
  if (useUploadCount() === 0) return null
  return (
    <Suspense fallback={null}>
      <UploadsTray />
    </Suspense>
  )
}

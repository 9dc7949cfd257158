import type { ReactNode } from 'react'

import { useHostParts } from '../data/host-context.tsx'
import { ConfirmDialog } from '../ui/confirm.tsx'
import { Hints } from '../ui/Hints.tsx'
import { Toasts } from '../ui/toasts.tsx'
import { CloneHost } from './CloneHost.tsx'
import { DeleteVmHost } from './DeleteVmHost.tsx'
import { HostContexts, type OpenHost } from './open-host.tsx'
import { UploadHost } from './Uploads.tsx'

/** What our pages stand in, in either host. */
export function ConsoleProviders({ opened, children }: { opened: OpenHost; children: ReactNode }) {
  return (
    <HostContexts opened={opened}>
      {children}
      <Dialogs />
    </HostContexts>
  )
}

/** Where messages, questions and the dialogs of all pages appear; once per window. */
export function Dialogs() {
  const { Toasts: Messages = Toasts, Sync } = useHostParts()
  return (
    <>
      <Messages />
      {Sync && <Sync />}
      <Hints />
      <ConfirmDialog />
      <DeleteVmHost />
      <CloneHost />
      <UploadHost />
    </>
  )
}

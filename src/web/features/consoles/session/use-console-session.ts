import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useSyncExternalStore } from 'react'

import type { ResourceKind } from '../../../../kube/kinds.ts'
import { useHost, useKube } from '../../../data/host-context.tsx'
import type { RdpSession } from '../rdp/rdp-session.ts'
import type { SerialDisplay } from '../serial/serial-display.ts'
import type { VncDisplay } from '../vnc/vnc-display.ts'
import type { ConsoleSession } from './console-session.ts'
import {
  obtainRdpSession,
  obtainSerialSession,
  obtainVncSession,
  setConsoleHome,
  type Guest,
} from './console-sessions.ts'
import type { ConsoleKind, ConsoleState } from './console-state.ts'

/** The console on the screen; its session carries the functions of its kind. */
export type OpenConsole =
  | { kind: 'vnc'; session: ConsoleSession<VncDisplay> }
  | { kind: 'serial'; session: ConsoleSession<SerialDisplay> }
  | { kind: 'rdp'; session: RdpSession }

/**
 * Opens the session of a console, or takes up the one that is open. Without a kind, none.
 * @param home the kind of page that shows the guest's consoles
 */
export function useOpenConsole(
  kind: ConsoleKind | undefined,
  { namespace, name }: Guest,
  home: ResourceKind,
): OpenConsole | undefined {
  const client = useKube()
  const queryClient = useQueryClient()
  const { session, rdpUrl, gatewayProtocols: protocols } = useHost()
  const { user } = session
  return useMemo(() => {
    const guest = { namespace, name }
    const context = { client, queryClient, user }
    setConsoleHome(guest, home)
    if (kind === 'vnc') return { kind, session: obtainVncSession(context, guest) }
    if (kind === 'serial') return { kind, session: obtainSerialSession(context, guest) }
    if (kind === 'rdp' && rdpUrl)
      return { kind, session: obtainRdpSession(context, guest, { url: rdpUrl(guest), protocols }) }
    return undefined
  }, [client, queryClient, user, rdpUrl, protocols, kind, namespace, name, home])
}

const subscribeToNothing = () => () => {}

export function useSessionState(session: ConsoleSession | undefined): ConsoleState | undefined {
  return useSyncExternalStore(session?.subscribe ?? subscribeToNothing, () =>
    session?.getShownState(),
  )
}

import { useEffect, useMemo, useSyncExternalStore } from 'react'

import type { VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { useHost, useKube } from '../../../data/host-context.tsx'
import type { VncDisplay } from '../vnc/vnc-display.ts'
import type { ConsoleSession } from './console-session.ts'
import {
  findConsoleSession,
  obtainSerialSession,
  obtainVncSession,
  type Guest,
} from './console-sessions.ts'
import type { ConsoleKind, ConsoleState } from './console-state.ts'

/** The console on the screen; its session carries the functions of its kind. */
export type OpenConsole =
  | { kind: 'vnc'; session: ConsoleSession<VncDisplay> }
  | { kind: 'serial'; session: ConsoleSession }

/** Opens the session of a console, or takes up the one that is open. Without a kind, none. */
export function useOpenConsole(
  kind: ConsoleKind | undefined,
  { namespace, name }: Guest,
): OpenConsole | undefined {
  const client = useKube()
  const { user } = useHost().session
  return useMemo(() => {
    const guest = { namespace, name }
    if (kind === 'vnc') return { kind, session: obtainVncSession(client, user, guest) }
    if (kind === 'serial') return { kind, session: obtainSerialSession(client, user, guest) }
    return undefined
  }, [client, user, kind, namespace, name])
}

const subscribeToNothing = () => () => {}

export function useSessionState(session: ConsoleSession | undefined): ConsoleState | undefined {
  return useSyncExternalStore(session?.subscribe ?? subscribeToNothing, () => session?.getState())
}

/** Passes what the cluster says of the guest on to its session, on the screen or not. */
export function useSessionNews(
  kind: ConsoleKind,
  { namespace, name }: Guest,
  vmi: VirtualMachineInstance | undefined,
  allowed: boolean | undefined,
  isReconnecting: boolean,
): void {
  useEffect(() => {
    findConsoleSession(kind, { namespace, name })?.update(vmi, allowed, isReconnecting)
  })
}

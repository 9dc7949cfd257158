/** The sessions of the signed-in user. */
import type { KubeClient } from '../../../../kube/client.ts'
import { virtualMachineInstanceKind } from '../../../../kube/kinds.ts'
import { KubeError } from '../../../../kube/kube-error.ts'
import { loadSerialDisplay } from '../serial/serial-display.ts'
import { loadVncDisplay, type VncDisplay } from '../vnc/vnc-display.ts'
import { createConsoleSession, type ConsoleSession } from './console-session.ts'
import type { ConsoleKind } from './console-state.ts'
import { createSessionRegistry, sessionName } from './session-registry.ts'
import { acquireWindowLock } from './window-lock.ts'

const registry = createSessionRegistry()

/** Whose the sessions are: streams carry the rights they were opened with. */
let owner: string | undefined

export interface Guest {
  namespace: string
  name: string
}

/** A VNC session, new or as it was left. A change of `user` closes every session. */
export function obtainVncSession(
  client: KubeClient,
  user: string,
  guest: Guest,
): ConsoleSession<VncDisplay> {
  keepTo(user)
  return registry.obtain({ kind: 'vnc', ...guest }, () => createVncSession(client, guest))
}

/** A serial session, new or as it was left. A change of `user` closes every session. */
export function obtainSerialSession(
  client: KubeClient,
  user: string,
  guest: Guest,
): ConsoleSession {
  keepTo(user)
  return registry.obtain({ kind: 'serial', ...guest }, () => createSerialSession(client, guest))
}

function keepTo(user: string) {
  if (owner !== undefined && owner !== user) registry.closeAll()
  owner = user
}

/** The session of a console if it has been opened. */
export function findConsoleSession(kind: ConsoleKind, guest: Guest): ConsoleSession | undefined {
  return registry.get({ kind, ...guest })
}

function sessionBasis(client: KubeClient, guest: Guest, kind: ConsoleKind) {
  const { namespace, name } = guest
  return {
    async readGuest() {
      try {
        return await client.get(virtualMachineInstanceKind, { namespace, name })
      } catch (error) {
        if (error instanceof KubeError && error.isNotFound) return undefined
        throw error
      }
    },
    acquireLock: (options: Parameters<typeof acquireWindowLock>[1]) =>
      acquireWindowLock(sessionName({ kind, namespace, name }), options),
  }
}

/** Ctrl+Alt leaves a console for the bar above it, from where Tab goes on. */
function focusBar(session: ConsoleSession | undefined) {
  session?.element
    .closest('.kc-consoles')
    ?.querySelector<HTMLElement>('.kc-console-bar button[aria-pressed="true"]')
    ?.focus()
}

function createVncSession(client: KubeClient, guest: Guest): ConsoleSession<VncDisplay> {
  const { namespace, name } = guest
  const session: ConsoleSession<VncDisplay> = createConsoleSession<VncDisplay>({
    kind: 'vnc',
    ...sessionBasis(client, guest, 'vnc'),
    openSocket: ({ takeOver }) =>
      client.openStream(
        virtualMachineInstanceKind,
        { namespace, name },
        `vnc?preserveSession=${!takeOver}`,
      ),
    loadDisplay: (element) =>
      loadVncDisplay(element, {
        label: `Screen of ${name}. Keys go to the guest; Ctrl+Alt gives the keyboard back.`,
        onRelease: () => focusBar(session),
      }),
  })
  return session
}

function createSerialSession(client: KubeClient, guest: Guest): ConsoleSession {
  const { namespace, name } = guest
  const session: ConsoleSession = createConsoleSession({
    kind: 'serial',
    ...sessionBasis(client, guest, 'serial'),
    openSocket: () => client.openStream(virtualMachineInstanceKind, { namespace, name }, 'console'),
    loadDisplay: (element) => loadSerialDisplay(element, { onRelease: () => focusBar(session) }),
  })
  return session
}

/** The sessions of the signed-in user. */
import { virtualMachineInstanceKind, type ResourceKind } from '../../../../kube/kinds.ts'
import { whenUserEnds } from '../../../data/user-end.ts'
import { confirm } from '../../../ui/confirm.tsx'
import { setOpenConsoles } from '../../../ui/open-consoles.ts'
import { objectPagePath } from '../../../ui/page-paths.ts'
import { showToast } from '../../../ui/toasts.tsx'
import { consoleLabels } from '../console-offers.ts'
import type { RdpEndpoint } from '../rdp/rdp-client.ts'
import { loadRdpDisplay } from '../rdp/rdp-display.ts'
import { createRdpSession, type RdpSession } from '../rdp/rdp-session.ts'
import { createGuestLogReader } from '../serial/guest-log.ts'
import { loadSerialDisplay, type SerialDisplay } from '../serial/serial-display.ts'
import { stepFontSize } from '../serial/serial-settings.ts'
import { loadVncDisplay, preloadVnc, type VncDisplay } from '../vnc/vnc-display.ts'
import type { ConsoleSession } from './console-session.ts'
import { mayResume, type ConsoleKind, type ConsoleState } from './console-state.ts'
import { informSession, sessionInquiry, type SessionContext } from './guest-feed.ts'
import { createSessionRegistry, sessionName, type SessionKey } from './session-registry.ts'
import { stateTone, stateWords } from './state-words.ts'
import { createStreamSession } from './stream-session.ts'
import { createStreamShare } from './stream-share.ts'
import { acquireWindowLock } from './window-lock.ts'

export interface Guest {
  namespace: string
  name: string
}

/** Whose the sessions are: streams carry the rights they were opened with. */
let context: SessionContext | undefined
/** The kind of page each machine was opened from. */
const homes = new Map<string, ResourceKind>()

const registry = createSessionRegistry({
  onOpened: ({ key, session }) =>
    context ? informSession(context, key, session) : () => undefined,
  onCrowdedOut: ({ kind, name }, limit) =>
    // Sessions are opened while a page is drawn, which must not change another part of it.
    queueMicrotask(() =>
      showToast({
        variant: 'info',
        title: `${consoleLabels[kind]} console of ${name} closed`,
        body: `${limit} consoles stay open at a time; it was the one unused for longest.`,
      }),
    ),
})

whenUserEnds(() => registry.closeAll())

let isPublishing = false
registry.subscribe(() => {
  if (isPublishing) return
  isPublishing = true
  queueMicrotask(() => {
    isPublishing = false
    publish()
  })
})

/** Whether it has been connected, and the user has not let go of it. */
function isOpen(session: ConsoleSession): boolean {
  const state: ConsoleState = session.getState()
  const isLetGo =
    state.name === 'signIn' ||
    (state.name === 'disconnected' && (state.cause === 'byUser' || state.cause === 'moved'))
  return session.display !== undefined && !isLetGo
}

/** Tells what is open to those who show it elsewhere. */
function publish() {
  setOpenConsoles(
    registry
      .list()
      .filter(({ session }) => isOpen(session))
      .map(({ key, session }) => {
        const state = session.getState()
        const { kind, namespace, name } = key
        const home = homes.get(`${namespace}/${name}`) ?? virtualMachineInstanceKind
        return {
          id: sessionName(key),
          namespace,
          name,
          type: kind,
          kind: consoleLabels[kind],
          path: `${objectPagePath(home, key, 'console')}?type=${kind}`,
          tone: stateTone(state),
          word: stateWords(state, { kind, name }).word,
          // What somebody looks at stays, to be connected again.
          close: () => (session.isAttached ? session.disconnect() : registry.close(key)),
        }
      }),
  )
}

/** The session of `key`, new or as it was left. A change of user closes every session. */
function obtain<Session extends ConsoleSession>(
  next: SessionContext,
  key: SessionKey,
  create: () => Session,
): Session {
  if (context !== undefined && context.user !== next.user) registry.closeAll()
  context = next
  return registry.obtain(key, create)
}

export function obtainVncSession(
  current: SessionContext,
  guest: Guest,
): ConsoleSession<VncDisplay> {
  const key: SessionKey = { kind: 'vnc', ...guest }
  return obtain(current, key, () => createVncSession(current, key))
}

export function obtainSerialSession(
  current: SessionContext,
  guest: Guest,
): ConsoleSession<SerialDisplay> {
  const key: SessionKey = { kind: 'serial', ...guest }
  return obtain(current, key, () => createSerialSession(current, key))
}

export function obtainRdpSession(
  current: SessionContext,
  guest: Guest,
  endpoint: RdpEndpoint,
): RdpSession {
  const key: SessionKey = { kind: 'rdp', ...guest }
  return obtain(current, key, () => makeRdpSession(current, key, endpoint))
}

/** Where the consoles of a guest are shown: with its VM, or with the instance alone. */
export function setConsoleHome({ namespace, name }: Guest, home: ResourceKind): void {
  homes.set(`${namespace}/${name}`, home)
}

/** The session of a console if it has been opened. */
export function findConsoleSession(kind: ConsoleKind, guest: Guest): ConsoleSession | undefined {
  return registry.get({ kind, ...guest })
}

function sessionBasis(current: SessionContext, key: SessionKey) {
  return {
    ...sessionInquiry(current, key),
    tellsWhoEnds: current.client.transport.tellsWhoEnds ?? false,
    acquireLock: (options: Parameters<typeof acquireWindowLock>[1]) =>
      acquireWindowLock(sessionName(key), options),
  }
}

/** Ctrl+Alt leaves a console for the bar above it, from where Tab goes on. */
function focusBar(session: ConsoleSession | undefined) {
  session?.element
    .closest('.kc-consoles')
    ?.querySelector<HTMLElement>('.kc-console-bar button[aria-pressed="true"]')
    ?.focus()
}

function createVncSession(current: SessionContext, key: SessionKey): ConsoleSession<VncDisplay> {
  preloadVnc()
  const session: ConsoleSession<VncDisplay> = createStreamSession<VncDisplay>({
    kind: 'vnc',
    ...sessionBasis(current, key),
    openSocket: ({ takeOver }) =>
      current.client.openStream(
        virtualMachineInstanceKind,
        key,
        `vnc?preserveSession=${!takeOver}`,
      ),
    loadDisplay: (element) =>
      loadVncDisplay(element, {
        name: key.name,
        label: `Screen of ${key.name}. Keys go to the guest; Ctrl+Alt gives the keyboard back.`,
        onRelease: () => focusBar(session),
      }),
  })
  session.subscribe(() => {
    if (!mayResume(session.getState())) session.display?.stopRecording('session')
  })
  return session
}

function createSerialSession(
  current: SessionContext,
  key: SessionKey,
): ConsoleSession<SerialDisplay> {
  const { namespace, name } = key
  const session: ConsoleSession<SerialDisplay> = createStreamSession<SerialDisplay>({
    kind: 'serial',
    ...sessionBasis(current, key),
    share: createStreamShare(`${namespace}/${name}`),
    openSocket: () => current.client.openStream(virtualMachineInstanceKind, key, 'console'),
    loadDisplay: (element) =>
      loadSerialDisplay(element, {
        title: `${namespace}/${name}`,
        readLog: createGuestLogReader(current.client, { namespace, name }),
        onRelease: () => focusBar(session),
        onLink: (url) => void openGuestLink(url, name),
        onFontStep: stepFontSize,
      }),
  })
  return session
}

function makeRdpSession(
  current: SessionContext,
  key: SessionKey,
  endpoint: RdpEndpoint,
): RdpSession {
  const session: RdpSession = createRdpSession({
    endpoint,
    ...sessionInquiry(current, key),
    loadDisplay: (element) =>
      loadRdpDisplay(element, {
        label: `Desktop of ${key.name}. Keys go to the guest; Ctrl+Alt gives the keyboard back.`,
        onRelease: () => focusBar(session),
      }),
  })
  return session
}

/** A guest may print any link under any text: where it leads is shown before it is opened. */
async function openGuestLink(url: URL, name: string) {
  const isConfirmed = await confirm({
    title: `Open a page of ${url.host}?`,
    consequence: `The guest ${name} has printed this link: ${url.href}`,
    action: 'Open in a new tab',
  })
  if (isConfirmed) window.open(url.href, '_blank', 'noopener,noreferrer')
}

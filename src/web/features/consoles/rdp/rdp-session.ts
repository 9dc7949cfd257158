/**
 * A remote desktop as a console session. Unlike the others it needs somebody to sign in, its client
 * opens the connection itself, and the guest can be reached without KubeVirt counting viewers: so
 * nobody is ever replaced, and there is nothing to take over.
 */
import { inquire, type Inquiry } from '../session/close-inquiry.ts'
import type { ConsoleSession } from '../session/console-session.ts'
import { guestFacts, type GuestFacts } from '../session/guest-facts.ts'
import { createRetries } from '../session/retries.ts'
import { createSessionShell } from '../session/session-shell.ts'
import type { RdpConnection, RdpCredentials, RdpEndpoint } from './rdp-client.ts'
import type { RdpDisplay } from './rdp-display.ts'
import { RdpConnectError, rdpProblem, type RdpProblem, type RdpProblemKind } from './rdp-problem.ts'

export interface RdpSession extends ConsoleSession<RdpDisplay> {
  /** Connects as this user. Kept until the session ends, for connections that are cut. */
  signIn(credentials: RdpCredentials): void
  /** Who signed in last, without the password. */
  readonly lastUser: Pick<RdpCredentials, 'username' | 'domain'> | undefined
}

export interface RdpSessionOptions extends Inquiry {
  endpoint: RdpEndpoint
  loadDisplay: (element: HTMLElement) => Promise<RdpDisplay>
}

/** The watch tells of a guest's end a moment after its connection has gone. */
const settleMs = 700
const retryDelaysMs = [500, 1000, 2000, 4000, 8000, 15_000, 30_000] as const
/** A guest that moves or restarts its server is not to be reached for a while. */
const patienceMs = 90_000

/** What may pass by itself while a connection that stood is being opened again. */
const passing = new Set<RdpProblemKind>([
  'portClosed',
  'unreachable',
  'silent',
  'hungUp',
  'gateway',
  'cluster',
  'noGuest',
  'noNetwork',
  'paused',
])

export function createRdpSession({
  endpoint,
  loadDisplay,
  ...inquiry
}: RdpSessionOptions): RdpSession {
  const shell = createSessionShell<RdpDisplay>({ name: 'signIn', problem: undefined }, loadDisplay)
  const { setState } = shell
  const retries = createRetries()

  let guest = guestFacts(undefined)
  let isGuestKnown = false
  let allowed: boolean | undefined
  let isAttached = false
  let troubleAt = -Infinity
  let connection: RdpConnection | undefined
  let credentials: RdpCredentials | undefined
  let lastUser: Pick<RdpCredentials, 'username' | 'domain'> | undefined
  /** Renewals of the user's credentials before the latest attempt. */
  let openedWith = 0
  /** The attempt under way; aborted, it is void. */
  let attempt: AbortController | undefined

  /** Ends what is under way, without a word about why. */
  function drop({ isPictureKept = false } = {}) {
    attempt?.abort()
    attempt = undefined
    retries.stop()
    const closing = connection
    connection = undefined
    shell.display?.closed(isPictureKept)
    closing?.close()
  }

  function forget() {
    credentials = undefined
    retries.restart()
    retries.bePatient(0)
  }

  function ask(problem: RdpProblem | undefined) {
    forget()
    setState({ name: 'signIn', problem })
  }

  async function open() {
    drop({ isPictureKept: true })
    if (!credentials) return ask(undefined)
    const own = new AbortController()
    attempt = own
    const { signal } = own
    if (shell.state.name !== 'migrating') setState({ name: 'connecting' })
    try {
      const display = await shell.load()
      if (signal.aborted) return
      const guestAtOpening = guest
      openedWith = inquiry.renewals()
      const opened = await display.open({
        endpoint,
        credentials,
        signal,
        onStale: () => void open(),
      })
      connection = opened
      void follow(opened, guestAtOpening)
      retries.restart()
      retries.bePatient(0)
      setState({ name: 'live' })
    } catch (error) {
      if (signal.aborted) return
      attempt = undefined
      fail(error instanceof RdpConnectError ? error.problem : rdpProblem('other', String(error)))
    }
  }

  function fail(problem: RdpProblem) {
    if (problem.kind === 'noRight') return setState({ name: 'denied', detail: problem.advice })
    if (problem.kind === 'signedOut') return void awaitSignIn()
    if (!guest.running && isGuestKnown) return setState({ name: 'guestOff' })
    if (retries.isPatient && passing.has(problem.kind)) retryLater()
    else ask(problem)
  }

  /** The gateway tells only its own client that the cluster doesn't know the user; a request tells all. */
  async function awaitSignIn() {
    const own = new AbortController()
    attempt = own
    setState({ name: 'expired' })
    const { isExpired } = await inquire(inquiry)
    if (own.signal.aborted) return
    attempt = undefined
    if (!isExpired && inquiry.renewals() !== openedWith) void open()
  }

  async function follow(opened: RdpConnection, guestAtOpening: GuestFacts) {
    let farewell: string | undefined
    try {
      farewell = await opened.ended
    } catch {
      // Cut, or ended by a server that takes no leave; what is known of the guest tells.
    }
    if (opened !== connection) return
    connection = undefined
    shell.display?.closed(true)
    await explain(farewell, guestAtOpening)
  }

  /** Why a connection that stood has ended, and what follows from it. */
  async function explain(farewell: string | undefined, before: GuestFacts) {
    const own = new AbortController()
    attempt = own
    const endedAt = Date.now()
    setState({ name: 'disconnected', cause: 'unexplained' })
    await new Promise((resolve) => setTimeout(resolve, settleMs))
    const hadTrouble = !navigator.onLine || troubleAt > endedAt - settleMs
    const found = hadTrouble ? undefined : await inquire(inquiry)
    if (own.signal.aborted) return
    attempt = undefined
    if (found && !found.unreachable) guest = found.guest
    if (found?.isExpired) {
      setState({ name: 'expired' })
    } else if (found?.refusal !== undefined) {
      forget()
      setState({ name: 'denied', detail: found.refusal })
    } else if (!guest.running || guest.stopping) {
      setState({ name: 'guestOff' })
    } else if (guest.uid !== before.uid) {
      setState({ name: 'disconnected', cause: 'restarted' })
    } else if (guest.migrating || guest.node !== before.node) {
      retries.bePatient(patienceMs)
      setState({ name: 'migrating' })
      retries.after(retryDelaysMs[0], () => void open())
    } else if (farewell !== undefined) {
      // Signing out, being signed out, or another client of the same user.
      forget()
      setState({ name: 'disconnected', cause: 'ended' })
    } else {
      retries.bePatient(patienceMs)
      retryLater()
    }
  }

  function retryLater() {
    const delayMs = retries.nextPause(retryDelaysMs)
    const retryAt = isAttached ? Date.now() + delayMs : undefined
    if (shell.state.name !== 'migrating')
      setState({ name: 'disconnected', cause: 'network', retryAt })
    if (isAttached) retries.after(delayMs, () => void open())
    else retries.stop()
  }

  const isCut = () => shell.state.name === 'disconnected' && shell.state.cause === 'network'

  function retryNow() {
    retries.bePatient(patienceMs)
    void open()
  }

  /** What new facts mean for a session that is not connected. */
  function reconsider(isRefused: boolean) {
    if (connection || attempt) return
    if (isRefused) {
      forget()
      setState({ name: 'denied', detail: undefined })
    } else if (!guest.running) {
      if (shell.state.name !== 'guestOff') setState({ name: 'guestOff' })
    } else if (shell.state.name === 'guestOff' && !guest.stopping) {
      if (credentials) setState({ name: 'disconnected', cause: 'restarted' })
      else ask(undefined)
    } else if (shell.state.name === 'denied' && shell.state.detail === undefined && allowed) {
      ask(undefined)
    }
  }

  const handleOnline = () => {
    if (isAttached && isCut()) retryNow()
  }
  window.addEventListener('online', handleOnline)

  return {
    kind: 'rdp',
    element: shell.element,
    get display() {
      return shell.display
    },
    get isAttached() {
      return isAttached
    },
    get lastUser() {
      return lastUser
    },
    getState: () => shell.state,
    getShownState: () => shell.shownState,
    subscribe: shell.subscribe,

    update(vmi, nowAllowed, isReconnecting = false) {
      if (isReconnecting) troubleAt = Date.now()
      guest = guestFacts(vmi)
      isGuestKnown = true
      const isRefused = nowAllowed === false && allowed !== false
      allowed = nowAllowed
      reconsider(isRefused)
    },

    attach() {
      isAttached = true
      shell.display?.shown()
      if (isCut() && !attempt) retryNow()
    },

    detach() {
      isAttached = false
    },

    connect() {
      retries.restart()
      if (isGuestKnown && !guest.running) setState({ name: 'guestOff' })
      else void open()
    },

    signIn(given) {
      credentials = given
      lastUser = { username: given.username, domain: given.domain }
      void open()
    },

    disconnect(cause = 'byUser') {
      const wasOpening = shell.state.name === 'connecting' && !connection
      drop()
      if (wasOpening) return ask(undefined)
      forget()
      setState({ name: 'disconnected', cause })
    },

    dispose() {
      drop()
      forget()
      lastUser = undefined
      window.removeEventListener('online', handleOnline)
      shell.dispose()
    },
  }
}

/**
 * A console session: one stream of one VirtualMachineInstance, with the element that shows it. It
 * lives outside React, so that changing tabs or console types takes the element off the page and
 * nothing else. Components put `element` into the page, call `attach`, and follow `getState`
 * through useSyncExternalStore.
 */
import type { VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { closeCause, type Closing } from './close-cause.ts'
import { inquire, type Inquiry } from './close-inquiry.ts'
import type { ConsoleKind, ConsoleState, LiveState } from './console-state.ts'
import { guestFacts, type GuestFacts } from './guest-facts.ts'
import { keepAlive } from './keep-alive.ts'
import type { RemoteInput } from './remote-input.ts'
import type { StreamShare } from './stream-share.ts'
import type { WindowLock, WindowLockOptions } from './window-lock.ts'

/** What is on a session's element, whatever it shows. */
export interface ConsoleScreen {
  /** The session's element is on the page and has a size. */
  shown(): void
  focus(): void
  /** For keys that are typed elsewhere; absent where it takes its own only. */
  readonly input?: RemoteInput
  dispose(): void
}

/** What shows a stream and takes input: noVNC or xterm. */
export interface ConsoleDisplay extends ConsoleScreen {
  /** Called before each stream of the cluster, which waits for it. Ends soon, and never rejects. */
  prepare?(): Promise<void>
  /** Shows a stream that is about to open. `ready` when the guest can be seen and typed to. */
  attach(
    socket: WebSocket,
    events: { onReady: () => void; onFailure: (detail: string) => void },
  ): void
  /** The stream has ended: what is on the screen stays. */
  detach(): void
}

export interface ConsoleSessionOptions<Display extends ConsoleDisplay> extends Inquiry {
  kind: ConsoleKind
  /** `takeOver`: at the cost of any other viewer. */
  openSocket: (options: { takeOver: boolean }) => WebSocket
  /** Loads the library that draws; called at the first connection. */
  loadDisplay: (element: HTMLElement) => Promise<Display>
  acquireLock: (options: WindowLockOptions) => Promise<WindowLock | undefined>
  /** Where several windows may have one stream. */
  share?: StreamShare
}

export interface ConnectOptions {
  /** Ends the session of any other viewer. */
  takeOver?: boolean
  /** Ends the session that another window of ours has. */
  move?: boolean
  /** Shows what another window of ours has, and types into it. */
  follow?: boolean
  /** Asks again and again, politely, until the other viewer has gone. */
  wait?: boolean
}

export interface ConsoleSession<Display extends ConsoleScreen = ConsoleScreen> {
  readonly kind: ConsoleKind
  readonly element: HTMLElement
  /** Undefined before the first connection. */
  readonly display: Display | undefined
  readonly isAttached: boolean
  getState: () => ConsoleState
  subscribe: (listener: () => void) => () => void
  /**
   * News from the cluster. `allowed` is undefined until the access review is answered;
   * `isReconnecting` when the streams that bring the news are themselves cut.
   */
  update(
    vmi: VirtualMachineInstance | undefined,
    allowed: boolean | undefined,
    isReconnecting?: boolean,
  ): void
  /** The element is on the page; connects when that takes nothing from anybody. */
  attach(): void
  detach(): void
  connect(options?: ConnectOptions): void
  disconnect(cause?: 'byUser' | 'moved'): void
  /** Ends the session for good. */
  dispose(): void
}

/** The watch tells of a guest's end a moment after its stream has closed. */
const settleMs = 700
/** Until then, news of the guest may still correct what was made of a close. */
const correctionMs = 10_000
/** How long refusals are put down to our own former stream, which the server has yet to drop. */
const patienceMs = { migrating: 30_000, network: 10_000, move: 3000 }
const reattachDelayMs = 500
/** Pauses between tries, by what is tried; the last one repeats. */
const pausesMs = {
  network: [1000, 2000, 4000, 8000, 15_000, 30_000],
  waiting: [2000, 4000, 8000, 15_000, 30_000],
  signIn: [5000, 10_000],
}
const openTimeoutMs = 30_000
/** Streams cut so shortly before or after ours were cut by the same cause. */
const sameCauseMs = 2000
/** A serial console left alone for longer may have got another viewer, whom we would displace. */
const longAwayMs = 30_000

function closed(socket: WebSocket | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (!socket || socket.readyState === socket.CLOSED) resolve()
    else socket.addEventListener('close', () => resolve())
  })
}

export function createConsoleSession<Display extends ConsoleDisplay>({
  kind,
  openSocket,
  loadDisplay,
  acquireLock,
  share,
  ...inquiry
}: ConsoleSessionOptions<Display>): ConsoleSession<Display> {
  const element = document.createElement('div')
  element.className = 'kc-console-session'
  const listeners = new Set<() => void>()

  let state: ConsoleState = { name: 'connecting' }
  let guest = guestFacts(undefined)
  let isGuestKnown = false
  let allowed: boolean | undefined
  let display: Display | undefined
  /** One display for all attempts, though one begins before the library has arrived for another. */
  let loading: Promise<Display> | undefined
  let lock: WindowLock | undefined
  /** Settles when a lock given up is really free. */
  let released: Promise<void> | undefined
  let socket: WebSocket | undefined
  let latestVmi: VirtualMachineInstance | undefined
  let troubleAt = -Infinity
  let isAttached = false
  /** The user wants to be connected, so connections may be made that cost nobody anything. */
  let isWanted = true
  /** Counts attempts: what an older one still awaits is void. */
  let attempt = 0
  let isOpening = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let tries = 0
  let patientUntil = 0
  let lastClosing: (Closing & { at: number; isFollowing: boolean }) | undefined
  /** Since when the user waits until the screen is free. */
  let waitingSince: number | undefined
  /** Since when the way to the cluster has been cut. */
  let cutSince: number | undefined
  /** The guest as it was last seen through this session. */
  let shownGuest: GuestFacts | undefined
  let followers = 0

  function setState(next: ConsoleState) {
    state = next
    for (const listener of listeners) listener()
  }

  function after(delayMs: number, action: () => void) {
    clearTimeout(timer)
    timer = setTimeout(action, delayMs)
  }

  /** The pause before the next of several tries. */
  function nextPause(pauses: readonly number[]): number {
    const pause = pauses[Math.min(tries, pauses.length - 1)] ?? 0
    tries += 1
    return pause
  }

  /** Ends what is under way, without a word about why. */
  function drop() {
    attempt += 1
    isOpening = false
    clearTimeout(timer)
    const dropped = socket
    const held = lock
    socket = undefined
    lock = undefined
    if (dropped) {
      display?.detach()
      dropped.close()
    }
    // Whoever gets the lock next must find the stream free.
    if (held) release(closed(dropped).then(() => held.release()))
  }

  function release(releasing: Promise<void>) {
    released = releasing
    void releasing.then(() => {
      if (released === releasing) released = undefined
    })
  }

  function isCut(): boolean {
    return state.name === 'disconnected' && state.cause === 'network'
  }

  /** Connects if the user wants it, it is possible, and no state says otherwise. */
  function advance() {
    if (socket || isOpening || !isWanted || !isAttached || !isGuestKnown) return
    if (allowed === undefined) return
    if (!allowed) {
      if (state.name !== 'denied') setState({ name: 'denied', detail: undefined })
      return
    }
    const mayConnect =
      state.name === 'connecting' ||
      state.name === 'guestOff' ||
      (state.name === 'denied' && state.detail === undefined) ||
      (state.name === 'disconnected' && state.cause === 'restarted')
    if (!mayConnect) return
    if (!guest.running || (guest.stopping && state.name === 'guestOff')) {
      if (state.name !== 'guestOff') setState({ name: 'guestOff' })
      return
    }
    void open({})
  }

  async function open({ takeOver = false, move = false, follow = false }: ConnectOptions) {
    drop()
    const own = attempt
    const isVoid = () => own !== attempt
    isOpening = true
    const announce = () => {
      if (state.name !== 'migrating' && state.name !== 'waiting') setState({ name: 'connecting' })
    }
    // Where only the lock is to be asked for, that is quicker than to draw that it is waited for.
    const isQuick = display && !display.prepare && !released && !move && !follow
    if (!isQuick) announce()
    try {
      // Loads while the lock is waited for.
      loading ??= loadDisplay(element)
      loading.catch(() => undefined)
      await released
      if (isVoid()) return
      if (!follow) {
        const acquired = await acquireLock({
          move,
          onAsked: () => {
            if (!isVoid()) disconnect('moved')
          },
        })
        if (isVoid()) {
          if (acquired) release(acquired.release())
          return
        }
        if (!acquired) {
          isOpening = false
          waitingSince = undefined
          setState({ name: 'disconnected', cause: 'otherTab' })
          return
        }
        lock = acquired
      }
      display = await loading
      if (isVoid()) return
      if (isAttached) display.shown()
      if (follow && share) {
        stream(share.follow(), { tookOver: false, isFollowing: true })
        return
      }
      await display.prepare?.()
      if (isVoid()) return
      stream(openSocket({ takeOver }), { tookOver: takeOver, isFollowing: false })
      if (isQuick) announce()
    } catch (error) {
      // The next attempt loads again what could not be loaded.
      if (!display) loading = undefined
      if (isVoid()) return
      drop()
      setState({ name: 'failed', detail: error instanceof Error ? error.message : String(error) })
    }
  }

  function stream(
    opening: WebSocket,
    { tookOver, isFollowing }: { tookOver: boolean; isFollowing: boolean },
  ) {
    socket = opening
    isOpening = false
    const guestAtOpening = guest
    let opened = false
    const fail = (detail: string) => {
      if (socket !== opening) return
      drop()
      setState({ name: 'failed', detail })
    }
    after(openTimeoutMs, () => fail(`No answer came within ${openTimeoutMs / 1000} seconds.`))
    opening.addEventListener('open', () => {
      opened = true
    })
    opening.addEventListener('close', ({ code }) => {
      if (socket !== opening) return
      // Drawing stops before the library's own handler clears the screen.
      drop()
      void explain({ kind, code, opened, tookOver, guestAtOpening, isFollowing })
    })
    if (!isFollowing) {
      keepAlive(opening)
      share?.carry(opening)
    }
    display?.attach(opening, {
      onReady: () => {
        if (socket !== opening) return
        clearTimeout(timer)
        goLive(isFollowing)
      },
      onFailure: fail,
    })
  }

  function goLive(isFollowing: boolean) {
    const from = returnedFrom()
    tries = 0
    patientUntil = 0
    lastClosing = undefined
    waitingSince = undefined
    cutSince = undefined
    shownGuest = guest
    setState({
      name: 'live',
      ...(from && { returned: { from, at: Date.now() } }),
      ...(isFollowing && { isFollowing }),
    })
  }

  function returnedFrom(): NonNullable<LiveState['returned']>['from'] | undefined {
    if (!shownGuest) return undefined
    if (guest.uid !== shownGuest.uid) return 'restart'
    if (guest.node !== shownGuest.node) return 'migration'
    return cutSince === undefined ? undefined : 'network'
  }

  async function explain(closing: Closing & { isFollowing: boolean }) {
    const own = attempt
    lastClosing = { ...closing, at: Date.now() }
    if (closing.opened) {
      setState({ name: 'disconnected', cause: 'unexplained' })
      await new Promise((resolve) => setTimeout(resolve, settleMs))
      if (own !== attempt) return
    }
    if (closing.isFollowing) {
      followAgain(closing.opened)
      return
    }
    const circumstances = await inquire(inquiry)
    if (own !== attempt) return
    if (!circumstances.unreachable) guest = circumstances.guest
    // Though the cluster answers again by now.
    const unreachable = circumstances.unreachable || troubleAt > lastClosing.at - sameCauseMs
    apply(closeCause(closing, { ...circumstances, guest, unreachable }))
  }

  /** The window that is followed may only have lost its own stream for a moment. */
  function followAgain(wasOpen: boolean) {
    if (wasOpen) patientUntil = Date.now() + patienceMs.network
    if (Date.now() < patientUntil) after(reattachDelayMs, () => void open({ follow: true }))
    else setState({ name: 'disconnected', cause: 'followEnded' })
  }

  /** Enters a state found out from a close, and does what follows from it by itself. */
  function apply(next: ConsoleState) {
    const isPatient = Date.now() < patientUntil
    if (isPatient && (next.name === 'inUse' || next.name === 'failed')) {
      after(reattachDelayMs, () => void open({}))
      return
    }
    if (next.name === 'migrating') {
      if (!isPatient) patientUntil = Date.now() + patienceMs.migrating
      setState(next)
      after(reattachDelayMs, () => void open({}))
      return
    }
    if (next.name === 'disconnected' && next.cause === 'network') {
      patientUntil = 0
      retryLater()
      return
    }
    if (next.name === 'inUse' && waitingSince !== undefined) {
      waitMore(waitingSince)
      return
    }
    waitingSince = undefined
    if (next.name === 'expired') {
      awaitSignIn()
      return
    }
    setState(next)
    advance()
  }

  function waitMore(since: number) {
    const delayMs = nextPause(pausesMs.waiting)
    setState({ name: 'waiting', since, retryAt: Date.now() + delayMs })
    after(delayMs, () => void open({}))
  }

  function retryLater() {
    const delayMs = nextPause(pausesMs.network)
    cutSince ??= Date.now()
    const retryAt = isAttached ? Date.now() + delayMs : undefined
    setState({ name: 'disconnected', cause: 'network', retryAt })
    if (isAttached) after(delayMs, retryNow)
  }

  function retryNow() {
    patientUntil = Date.now() + patienceMs.network
    const isLongAway = cutSince !== undefined && Date.now() - cutSince > longAwayMs
    if (kind === 'serial' && isLongAway) void probe({ name: 'disconnected', cause: 'awayLong' })
    else void open({})
  }

  /** Another sign-in, in another tab maybe, serves this page as well. */
  function awaitSignIn() {
    setState({ name: 'expired' })
    after(nextPause(pausesMs.signIn), () => void probe(undefined))
  }

  /** Asks the cluster before opening anything; `reached` is the state if it answers, else we connect. */
  async function probe(reached: ConsoleState | undefined) {
    const own = attempt
    const circumstances = await inquire(inquiry)
    if (own !== attempt) return
    allowed = circumstances.refusal === undefined
    if (circumstances.isExpired) awaitSignIn()
    else if (circumstances.unreachable) retryLater()
    else if (circumstances.refusal !== undefined)
      setState({ name: 'denied', detail: circumstances.refusal })
    else if (!circumstances.guest.running) setState({ name: 'guestOff' })
    else if (reached) setState(reached)
    else {
      patientUntil = Date.now() + patienceMs.network
      void open({})
    }
  }

  function disconnect(cause: 'byUser' | 'moved' = 'byUser') {
    isWanted = false
    waitingSince = undefined
    drop()
    setState({ name: 'disconnected', cause })
  }

  /** What new facts about the guest mean for a session that is not connected. */
  function reconsider() {
    if (!['replaced', 'inUse', 'waiting', 'failed'].includes(state.name)) return
    const isRecent = lastClosing !== undefined && Date.now() - lastClosing.at < correctionMs
    if (lastClosing && isRecent) {
      const corrected = closeCause(lastClosing, {
        guest,
        unreachable: false,
        isExpired: false,
        refusal: undefined,
      })
      const isNew = corrected.name !== (state.name === 'waiting' ? 'inUse' : state.name)
      if (isNew && corrected.name !== 'failed') apply(corrected)
    } else if (!guest.running) {
      // The viewer who took over keeps precedence when the guest comes back.
      isWanted = state.name === 'waiting'
      waitingSince = undefined
      clearTimeout(timer)
      setState({ name: 'guestOff' })
    }
  }

  const handleOnline = () => {
    if (isAttached && isCut()) retryNow()
  }
  const handleFocus = () => {
    // Back from the tab where one has signed in, maybe.
    if (state.name === 'expired') void probe(undefined)
  }
  window.addEventListener('online', handleOnline)
  window.addEventListener('focus', handleFocus)
  share?.onFollowers((count) => {
    followers = count
    if (state.name !== 'live' || state.isFollowing) return
    const { followers: _, ...live } = state
    setState({ ...live, ...(followers > 0 && { followers }) })
  })

  return {
    kind,
    element,
    get display() {
      return display
    },
    get isAttached() {
      return isAttached
    },
    getState: () => state,

    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    update(vmi, nowAllowed, isReconnecting = false) {
      const isNews = vmi !== latestVmi
      latestVmi = vmi
      if (isReconnecting) troubleAt = Date.now()
      guest = guestFacts(vmi)
      isGuestKnown = true
      allowed = nowAllowed
      if (!socket) {
        reconsider()
        if (state.name === 'guestOff' && guest.running && !guest.stopping && !isWanted)
          setState({ name: 'disconnected', cause: 'restarted' })
        if (state.name === 'disconnected' && state.cause !== 'network' && !guest.running)
          setState({ name: 'guestOff' })
      }
      // Who hears from the cluster again need not wait for the next try.
      if (isCut() && isNews && !isReconnecting && isAttached && guest.running) retryNow()
      else advance()
    },

    attach() {
      isAttached = true
      display?.shown()
      if (isCut() && !socket) retryNow()
      else advance()
    },

    detach() {
      isAttached = false
    },

    connect({ wait = false, ...how } = {}) {
      isWanted = true
      tries = 0
      lastClosing = undefined
      patientUntil = how.move || how.follow ? Date.now() + patienceMs.move : 0
      waitingSince = wait ? Date.now() : undefined
      if (waitingSince !== undefined) waitMore(waitingSince)
      else if (isCut()) retryNow()
      else if (state.name === 'denied' || state.name === 'expired') void probe(undefined)
      else if (allowed === false) setState({ name: 'denied', detail: undefined })
      else if (isGuestKnown && !guest.running) setState({ name: 'guestOff' })
      else void open(how)
    },

    disconnect,

    dispose() {
      isWanted = false
      drop()
      window.removeEventListener('online', handleOnline)
      window.removeEventListener('focus', handleFocus)
      share?.dispose()
      setState({ name: 'disconnected', cause: 'byUser' })
      void loading?.then(
        (loaded) => loaded.dispose(),
        () => undefined,
      )
      element.remove()
      listeners.clear()
    },
  }
}

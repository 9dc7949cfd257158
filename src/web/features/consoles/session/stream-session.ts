/**
 * A console session over a stream of the cluster: the screen or the serial console. It connects when
 * that takes nothing from anybody, finds out why a stream has ended, and comes back by itself where
 * nobody minds.
 */
import type { VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { closeCause, type Closing } from './close-cause.ts'
import { inquire, type Inquiry } from './close-inquiry.ts'
import type { ConnectOptions, ConsoleDisplay, ConsoleSession } from './console-session.ts'
import type { ConsoleKind, ConsoleState, LiveState } from './console-state.ts'
import { guestFacts, type GuestFacts } from './guest-facts.ts'
import { createGuestStream, type StreamKind, type StreamSources } from './guest-stream.ts'
import { createRetries } from './retries.ts'
import { createSessionShell } from './session-shell.ts'

export interface StreamSessionOptions<Display extends ConsoleDisplay>
  extends Inquiry, StreamSources {
  kind: ConsoleKind
  /** Loads the library that draws; called at the first connection. */
  loadDisplay: (element: HTMLElement) => Promise<Display>
  /** As in `kube/transport.ts`. */
  tellsWhoEnds?: boolean
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
/** Streams cut so shortly before or after ours were cut by the same cause. */
const sameCauseMs = 2000
/** A serial console left alone for longer may have got another viewer, whom we would displace. */
const longAwayMs = 30_000

export function createStreamSession<Display extends ConsoleDisplay>({
  kind,
  openSocket,
  loadDisplay,
  acquireLock,
  share,
  tellsWhoEnds = false,
  ...inquiry
}: StreamSessionOptions<Display>): ConsoleSession<Display> {
  const shell = createSessionShell<Display>({ name: 'connecting' }, loadDisplay)
  const { setState } = shell
  const retries = createRetries()
  const stream = createGuestStream(
    shell,
    { openSocket, acquireLock, ...(share && { share }) },
    {
      isAttached: () => isAttached,
      onOpening() {
        const { name } = shell.state
        if (name !== 'migrating' && name !== 'waiting') setState({ name: 'connecting' })
      },
      onStream(streamKind) {
        const guestAtOpening = guest
        const renewals = inquiry.renewals()
        return (end) =>
          void explain({ kind, guestAtOpening, tellsWhoEnds, ...streamKind, ...end }, renewals)
      },
      onLive: goLive,
      onFailure: (detail) => setState({ name: 'failed', detail }),
      onHeldElsewhere() {
        waitingSince = undefined
        setState({ name: 'disconnected', cause: 'otherTab' })
      },
      onAsked: () => disconnect('moved'),
    },
  )

  let guest = guestFacts(undefined)
  let isGuestKnown = false
  let allowed: boolean | undefined
  let latestVmi: VirtualMachineInstance | undefined
  let troubleAt = -Infinity
  let isAttached = false
  /** The user wants to be connected, so connections may be made that cost nobody anything. */
  let isWanted = true
  let lastClosing: (Closing & { at: number; isFollowing: boolean }) | undefined
  /** Since when the user waits until the screen is free. */
  let waitingSince: number | undefined
  /** Since when the way to the cluster has been cut. */
  let cutSince: number | undefined
  /** The guest as it was last seen through this session. */
  let shownGuest: GuestFacts | undefined

  /** Ends what is under way, without a word about why. */
  function drop() {
    retries.stop()
    stream.drop()
  }

  function open(options: ConnectOptions) {
    retries.stop()
    void stream.open(options)
  }

  function isCut(): boolean {
    return shell.state.name === 'disconnected' && shell.state.cause === 'network'
  }

  /** Connects if the user wants it, it is possible, and no state says otherwise. */
  function advance() {
    if (stream.isUnderWay || !isWanted || !isAttached || !isGuestKnown) return
    if (allowed === undefined) return
    if (!allowed) {
      if (shell.state.name !== 'denied') setState({ name: 'denied', detail: undefined })
      return
    }
    const mayConnect =
      shell.state.name === 'connecting' ||
      shell.state.name === 'guestOff' ||
      (shell.state.name === 'denied' && shell.state.detail === undefined) ||
      (shell.state.name === 'disconnected' && shell.state.cause === 'restarted')
    if (!mayConnect) return
    if (!guest.running || (guest.stopping && shell.state.name === 'guestOff')) {
      if (shell.state.name !== 'guestOff') setState({ name: 'guestOff' })
      return
    }
    open({})
  }

  function goLive({ isFollowing }: StreamKind) {
    const from = returnedFrom()
    retries.restart()
    retries.bePatient(0)
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

  /** @param openedWith so many renewals of the credentials */
  async function explain(closing: Closing & { isFollowing: boolean }, openedWith: number) {
    const isVoid = stream.mark()
    const renewals = closing.opened ? inquiry.renewals() : openedWith
    lastClosing = { ...closing, at: Date.now() }
    if (closing.opened) {
      setState({ name: 'disconnected', cause: 'unexplained' })
      await new Promise((resolve) => setTimeout(resolve, settleMs))
      if (isVoid()) return
    }
    if (closing.isFollowing) {
      followAgain(closing.opened)
      return
    }
    const circumstances = await inquire(inquiry)
    if (isVoid()) return
    if (!circumstances.unreachable) guest = circumstances.guest
    // Though the cluster answers again by now, or has been shown other credentials.
    const unreachable =
      circumstances.unreachable ||
      troubleAt > lastClosing.at - sameCauseMs ||
      inquiry.renewals() !== renewals
    apply(closeCause(closing, { ...circumstances, guest, unreachable }))
  }

  /** The window that is followed may only have lost its own stream for a moment. */
  function followAgain(wasOpen: boolean) {
    if (wasOpen) retries.bePatient(patienceMs.network)
    if (retries.isPatient) retries.after(reattachDelayMs, () => open({ follow: true }))
    else setState({ name: 'disconnected', cause: 'followEnded' })
  }

  /** Enters a state found out from a close, and does what follows from it by itself. */
  function apply(next: ConsoleState) {
    const { isPatient } = retries
    if (isPatient && (next.name === 'inUse' || next.name === 'failed')) {
      retries.after(reattachDelayMs, () => open({}))
      return
    }
    if (next.name === 'migrating') {
      if (!isPatient) retries.bePatient(patienceMs.migrating)
      setState(next)
      retries.after(reattachDelayMs, () => open({}))
      return
    }
    if (next.name === 'disconnected' && next.cause === 'network') {
      retries.bePatient(0)
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
    const delayMs = retries.nextPause(pausesMs.waiting)
    setState({ name: 'waiting', since, retryAt: Date.now() + delayMs })
    retries.after(delayMs, () => open({}))
  }

  function retryLater() {
    const delayMs = retries.nextPause(pausesMs.network)
    cutSince ??= Date.now()
    const retryAt = isAttached ? Date.now() + delayMs : undefined
    setState({ name: 'disconnected', cause: 'network', retryAt })
    if (isAttached) retries.after(delayMs, retryNow)
  }

  function retryNow() {
    retries.bePatient(patienceMs.network)
    const isLongAway = cutSince !== undefined && Date.now() - cutSince > longAwayMs
    if (kind === 'serial' && isLongAway) void probe({ name: 'disconnected', cause: 'awayLong' })
    else open({})
  }

  /** Another sign-in, in another tab maybe, serves this page as well. */
  function awaitSignIn() {
    setState({ name: 'expired' })
    retries.after(retries.nextPause(pausesMs.signIn), () => void probe(undefined))
  }

  /** Asks the cluster before opening anything; `reached` is the state if it answers, else we connect. */
  async function probe(reached: ConsoleState | undefined) {
    const isVoid = stream.mark()
    const circumstances = await inquire(inquiry)
    if (isVoid()) return
    allowed = circumstances.refusal === undefined
    if (circumstances.isExpired) awaitSignIn()
    else if (circumstances.unreachable) retryLater()
    else if (circumstances.refusal !== undefined)
      setState({ name: 'denied', detail: circumstances.refusal })
    else if (!circumstances.guest.running) setState({ name: 'guestOff' })
    else if (reached) setState(reached)
    else {
      retries.bePatient(patienceMs.network)
      open({})
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
    if (!['replaced', 'inUse', 'waiting', 'failed'].includes(shell.state.name)) return
    const isRecent = lastClosing !== undefined && Date.now() - lastClosing.at < correctionMs
    if (lastClosing && isRecent) {
      const corrected = closeCause(lastClosing, {
        guest,
        unreachable: false,
        isExpired: false,
        refusal: undefined,
      })
      const isNew = corrected.name !== (shell.state.name === 'waiting' ? 'inUse' : shell.state.name)
      if (isNew && corrected.name !== 'failed') apply(corrected)
    } else if (!guest.running) {
      // The viewer who took over keeps precedence when the guest comes back.
      isWanted = shell.state.name === 'waiting'
      waitingSince = undefined
      retries.stop()
      setState({ name: 'guestOff' })
    }
  }

  const handleOnline = () => {
    if (isAttached && isCut()) retryNow()
  }
  const handleFocus = () => {
    // Back from the tab where one has signed in, maybe.
    if (shell.state.name === 'expired') void probe(undefined)
  }
  window.addEventListener('online', handleOnline)
  window.addEventListener('focus', handleFocus)
  share?.onFollowers((followers) => {
    if (shell.state.name !== 'live' || shell.state.isFollowing) return
    const { followers: _, ...live } = shell.state
    setState({ ...live, ...(followers > 0 && { followers }) })
  })

  return {
    kind,
    element: shell.element,
    get display() {
      return shell.display
    },
    get isAttached() {
      return isAttached
    },
    getState: () => shell.state,
    getShownState: () => shell.shownState,

    subscribe: shell.subscribe,

    update(vmi, nowAllowed, isReconnecting = false) {
      const isNews = vmi !== latestVmi
      latestVmi = vmi
      if (isReconnecting) troubleAt = Date.now()
      guest = guestFacts(vmi)
      isGuestKnown = true
      allowed = nowAllowed
      if (!stream.isThere) {
        reconsider()
        if (shell.state.name === 'guestOff' && guest.running && !guest.stopping && !isWanted)
          setState({ name: 'disconnected', cause: 'restarted' })
        if (
          shell.state.name === 'disconnected' &&
          shell.state.cause !== 'network' &&
          !guest.running
        )
          setState({ name: 'guestOff' })
      }
      // Who hears from the cluster again need not wait for the next try.
      if (isCut() && isNews && !isReconnecting && isAttached && guest.running) retryNow()
      else advance()
    },

    attach() {
      isAttached = true
      shell.display?.shown()
      if (isCut() && !stream.isThere) retryNow()
      else advance()
    },

    detach() {
      isAttached = false
    },

    connect({ wait = false, ...how } = {}) {
      const isPlain = !wait && !how.takeOver && !how.move && !how.follow
      // A second click, before there is an answer to the first.
      if (isPlain && isWanted && stream.isUnderWay && shell.state.name === 'connecting') return
      isWanted = true
      retries.restart()
      retries.bePatient(how.move || how.follow ? patienceMs.move : 0)
      lastClosing = undefined
      waitingSince = wait ? Date.now() : undefined
      if (waitingSince !== undefined) waitMore(waitingSince)
      else if (isCut()) retryNow()
      else if (shell.state.name === 'denied' || shell.state.name === 'expired')
        void probe(undefined)
      else if (allowed === false) setState({ name: 'denied', detail: undefined })
      else if (isGuestKnown && !guest.running) setState({ name: 'guestOff' })
      else open(how)
    },

    disconnect,

    dispose() {
      isWanted = false
      drop()
      window.removeEventListener('online', handleOnline)
      window.removeEventListener('focus', handleFocus)
      share?.dispose()
      shell.dispose()
    },
  }
}

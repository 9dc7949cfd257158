/**
 * What a session does by itself about a stream that can't be had now: it waits until the screen is
 * free, until the network is back or until somebody has signed in, and tries again, later each time.
 */
import { inquire, type Inquiry } from './close-inquiry.ts'
import type { ConsoleKind, ConsoleState } from './console-state.ts'
import type { Retries } from './retries.ts'

export interface ComebackOptions {
  kind: ConsoleKind
  inquiry: Inquiry
  retries: Retries
  setState: (next: ConsoleState) => void
  isAttached: () => boolean
  open: () => void
  /** Tells later whether anything has begun or been dropped since. */
  mark: () => () => boolean
  /** The cluster has said whether the user may open the stream. */
  onAccess: (isAllowed: boolean) => void
}

export interface Comeback {
  /** Asks for the screen politely, again and again; the user waits since `since`, epoch ms. */
  waitMore(since: number): void
  retryLater(): void
  retryNow(): void
  /** Another sign-in, in another tab maybe, serves this page as well. */
  awaitSignIn(): void
  /** Asks the cluster before opening anything; `reached` is the state if it answers, else we connect. */
  probe(reached: ConsoleState | undefined): Promise<void>
  /** The way to the cluster has been cut since the session was last live. */
  readonly wasCut: boolean
  arrived(): void
}

/** How long refusals are put down to our own former stream, which the server has yet to drop. */
export const patienceMs = { migrating: 30_000, network: 10_000, move: 3000 }
/** Pauses between tries, by what is tried; the last one repeats. */
const pausesMs = {
  network: [1000, 2000, 4000, 8000, 15_000, 30_000],
  waiting: [2000, 4000, 8000, 15_000, 30_000],
  signIn: [5000, 10_000],
}
/** A serial console left alone for longer may have got another viewer, whom we would displace. */
const longAwayMs = 30_000

export function createComeback({
  kind,
  inquiry,
  retries,
  setState,
  isAttached,
  open,
  mark,
  onAccess,
}: ComebackOptions): Comeback {
  /** Since when the way to the cluster has been cut. */
  let cutSince: number | undefined

  function waitMore(since: number) {
    const delayMs = retries.nextPause(pausesMs.waiting)
    setState({ name: 'waiting', since, retryAt: Date.now() + delayMs })
    retries.after(delayMs, open)
  }

  function retryLater() {
    const delayMs = retries.nextPause(pausesMs.network)
    cutSince ??= Date.now()
    const retryAt = isAttached() ? Date.now() + delayMs : undefined
    setState({ name: 'disconnected', cause: 'network', retryAt })
    if (isAttached()) retries.after(delayMs, retryNow)
  }

  function retryNow() {
    retries.bePatient(patienceMs.network)
    const isLongAway = cutSince !== undefined && Date.now() - cutSince > longAwayMs
    if (kind === 'serial' && isLongAway) void probe({ name: 'disconnected', cause: 'awayLong' })
    else open()
  }

  function awaitSignIn() {
    setState({ name: 'expired' })
    retries.after(retries.nextPause(pausesMs.signIn), () => void probe(undefined))
  }

  async function probe(reached: ConsoleState | undefined) {
    const isVoid = mark()
    const circumstances = await inquire(inquiry)
    if (isVoid()) return
    onAccess(circumstances.refusal === undefined)
    if (circumstances.isExpired) awaitSignIn()
    else if (circumstances.unreachable) retryLater()
    else if (circumstances.refusal !== undefined)
      setState({ name: 'denied', detail: circumstances.refusal })
    else if (!circumstances.guest.running) setState({ name: 'guestOff' })
    else if (reached) setState(reached)
    else {
      retries.bePatient(patienceMs.network)
      open()
    }
  }

  return {
    waitMore,
    retryLater,
    retryNow,
    awaitSignIn,
    probe,
    get wasCut() {
      return cutSince !== undefined
    },
    arrived() {
      cutSince = undefined
    },
  }
}

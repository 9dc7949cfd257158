/**
 * Keeps the session with the gateway going: renews it before it ends and when the cluster no longer
 * takes its credentials, in one of all tabs at a time. When it can't, requests wait until somebody
 * has signed in again, here or in another tab, and then go on as if nothing had happened.
 */
import { KubeError } from '../../kube/kube-error.ts'
import type { Session } from './contract.ts'
import { endSession, readSession } from './session-api.ts'
import { openSessionNews } from './session-news.ts'
import { renewSession } from './session-renewal.ts'

type EndCause =
  /** It has run out, and can't be renewed. */
  | 'expired'
  /** The gateway knows the user, the cluster refuses the credentials all the same. */
  | 'refused'
  /** What would renew it does not answer; `detail` says why. */
  | 'unreachable'
  /** Somebody has signed out in another tab. */
  | 'signedOut'

export type SessionState =
  | { name: 'open' }
  /** Dismissed: the page is looked at as it is, and requests fail. */
  | { name: 'ended'; cause: EndCause; detail?: string; isDismissed: boolean }
  /** Somebody else has signed in than the one whose page this is; nothing is sent for them. */
  | { name: 'otherUser'; user: string }

export interface SessionKeeper {
  getState(this: void): SessionState
  subscribe(this: void, listener: () => void): () => void
  /** As the browser's own. A request that was refused for its credentials is repeated with new ones. */
  fetch(this: void, url: string, init?: RequestInit): Promise<Response>
  /** How often the credentials have been renewed. */
  renewals(this: void): number
  /** Goes on with a session that somebody has just signed in to. */
  resume(session: Session): void
  /** Looks whether the session is good again. */
  look(): Promise<void>
  /** Leaves the page as it is: what waits is refused. */
  dismiss(): void
  /** Asks for a sign-in again that has been dismissed. */
  ask(): void
  /** Ends the session in all tabs. Resolves to where the provider wants the browser to go. */
  signOut(): Promise<string | undefined>
  dispose(): void
}

export interface SessionKeeperOptions {
  /** Whether the cluster takes the credentials, by something that everybody may read. */
  probe: () => Promise<boolean>
}

/** How long before its end a session is renewed, unless it lasts but little longer. */
const earlyMs = 60_000
const retryMs = 10_000
/** Credentials refused so soon after they were renewed would be so again. */
const freshMs = 10_000
/** Of a browser's timer. */
const longestTimerMs = 2 ** 31 - 1

export function createSessionKeeper(
  first: Session,
  { probe }: SessionKeeperOptions,
): SessionKeeper {
  const listeners = new Set<() => void>()
  const waiting = new Set<(isOpen: boolean) => void>()
  let state: SessionState = { name: 'open' }
  let known = first
  let renewals = 0
  let renewedAt = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  let underWay: Promise<void> | undefined
  /** What is under way is so because the cluster has refused what there is. */
  let isRefused = false
  /** When to look after the session by ourselves. */
  let dueAt = Infinity

  function setState(next: SessionState): void {
    state = next
    for (const listener of listeners) listener()
  }

  function setDue(at: number): void {
    dueAt = at
    clearTimeout(timer)
    if (at !== Infinity)
      timer = setTimeout(tend, Math.min(Math.max(0, at - Date.now()), longestTimerMs))
  }

  /** Timers stand still while a laptop sleeps, so this is called when it may have woken up as well. */
  function tend(): void {
    if (Date.now() < dueAt) setDue(dueAt)
    else if (state.name === 'open') void renew()
    else if (document.visibilityState === 'visible') void look()
    else setDue(Date.now() + retryMs)
  }

  function adopt(session: Session): void {
    if (known.user !== '' && session.user !== '' && session.user !== known.user) {
      setDue(Infinity)
      setState({ name: 'otherUser', user: session.user })
      return
    }
    known = session
    renewals += 1
    renewedAt = Date.now()
    setDueBefore(session.expiresAt)
    setState({ name: 'open' })
    release(true)
  }

  function setDueBefore(expiresAt: number | undefined): void {
    if (expiresAt === undefined) return setDue(Infinity)
    const leftMs = expiresAt - Date.now()
    setDue(expiresAt - Math.min(earlyMs, leftMs / 2))
  }

  function release(isOpen: boolean): void {
    const released = [...waiting]
    waiting.clear()
    for (const go of released) go(isOpen)
  }

  function end(cause: EndCause, detail?: string): void {
    if (state.name === 'otherUser') return
    const isDismissed = state.name === 'ended' && state.isDismissed
    setState({ name: 'ended', cause, isDismissed, ...(detail !== undefined && { detail }) })
    // Those two may pass by themselves.
    const mayPass = cause === 'refused' || cause === 'unreachable'
    setDue(mayPass ? Date.now() + retryMs : Infinity)
  }

  function renew({ isNeeded = false } = {}): Promise<void> {
    isRefused ||= isNeeded
    underWay ??= renewSession(known).then((outcome) => {
      const wasRefused = isRefused
      isRefused = false
      underWay = undefined
      if (outcome.type === 'renewed') {
        adopt(outcome.session)
        if (outcome.isOurs) news.tell()
        return
      }
      const isOver = known.expiresAt !== undefined && Date.now() >= known.expiresAt
      if (!wasRefused && !isOver) {
        // It lasts a little longer, whatever comes then.
        const isFinal = outcome.type === 'refused'
        setDue(Math.min(known.expiresAt ?? Infinity, isFinal ? Infinity : Date.now() + retryMs))
        return
      }
      if (outcome.type === 'unreachable') end('unreachable', outcome.message)
      else end(outcome.isKnown ? 'refused' : 'expired')
    })
    return underWay
  }

  /** Whether to repeat a request that was refused after `sentWith` renewals. */
  async function recover(sentWith: number, signal: AbortSignal | undefined): Promise<boolean> {
    if (renewals === sentWith && state.name === 'open') {
      // virt-api says 401 also to those it knows but does not let in, and so may other servers
      // behind the cluster's; that is no matter of the session.
      if (await isAccepted()) return renewals !== sentWith
      if (Date.now() - renewedAt < freshMs) end('refused')
      else await renew({ isNeeded: true })
    }
    return untilOpen(signal)
  }

  let probing: Promise<boolean> | undefined
  /** Of many requests that are refused at once, one asks. */
  function isAccepted(): Promise<boolean> {
    probing ??= probe()
      // Who gets no answer can't be told to sign in.
      .catch(() => true)
      .finally(() => (probing = undefined))
    return probing
  }

  function untilOpen(signal: AbortSignal | undefined): Promise<boolean> {
    if (state.name === 'open') return Promise.resolve(true)
    if (state.name === 'ended' && state.isDismissed) return Promise.resolve(false)
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const go = (isOpen: boolean) => {
        signal?.removeEventListener('abort', stop)
        resolve(isOpen)
      }
      const stop = () => {
        waiting.delete(go)
        reject(signal?.reason as Error)
      }
      waiting.add(go)
      signal?.addEventListener('abort', stop, { once: true })
    })
  }

  async function look(): Promise<void> {
    if (state.name === 'ended' && state.cause === 'unreachable') return renew({ isNeeded: true })
    try {
      const session = await readSession()
      if (await probe()) adopt(session)
      else if (state.name === 'ended') end('refused')
    } catch (error) {
      if (state.name !== 'ended') return
      if (error instanceof KubeError && error.code === 401)
        end(state.cause === 'signedOut' ? 'signedOut' : 'expired')
      else setDue(Date.now() + retryMs)
    }
  }

  /** Another tab has signed in or out, or has renewed the session. */
  async function follow(): Promise<void> {
    try {
      adopt(await readSession())
    } catch (error) {
      // Of any other failure the next request tells.
      if (error instanceof KubeError && error.code === 401 && state.name === 'open')
        end('signedOut')
    }
  }

  function handleWaking(): void {
    if (document.visibilityState !== 'visible') return
    // Somebody may have signed in elsewhere meanwhile.
    if (state.name === 'ended') void look()
    else tend()
  }
  /** Back from where one has signed out, say: a browser may show a page as it was left. */
  function handleReturn({ persisted }: PageTransitionEvent): void {
    if (persisted) void follow()
  }
  window.addEventListener('pageshow', handleReturn)
  document.addEventListener('visibilitychange', handleWaking)
  window.addEventListener('focus', handleWaking)
  window.addEventListener('online', handleWaking)
  const news = openSessionNews(() => void follow())
  setDueBefore(first.expiresAt)

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async fetch(url, init) {
      const signal = init?.signal ?? undefined
      for (;;) {
        await untilOpen(signal)
        const sentWith = renewals
        const response = await fetch(url, init)
        if (response.status !== 401 || !(await recover(sentWith, signal))) return response
      }
    },
    renewals: () => renewals,
    resume(session) {
      adopt(session)
      news.tell()
    },
    look,
    dismiss() {
      if (state.name !== 'ended') return
      setState({ ...state, isDismissed: true })
      release(false)
    },
    ask() {
      if (state.name === 'ended') setState({ ...state, isDismissed: false })
      else void renew({ isNeeded: true })
    },
    async signOut() {
      const redirect = await endSession()
      setDue(Infinity)
      news.tell()
      return redirect
    },
    dispose() {
      setDue(Infinity)
      news.close()
      window.removeEventListener('pageshow', handleReturn)
      document.removeEventListener('visibilitychange', handleWaking)
      window.removeEventListener('focus', handleWaking)
      window.removeEventListener('online', handleWaking)
    },
  }
}

/**
 * Pictures of many screens: of those that are in view only, a few requests at a time, each screen
 * again some seconds after its last answer. Each picture is drawn by the node the guest runs on, so
 * whoever is slow or refuses is asked less often.
 */
import { KubeError } from '../../../../kube/kube-error.ts'

export interface ScreenRef {
  namespace: string
  name: string
}

/** What the feed knows of one screen; a new object whenever something of it is new. */
export interface ScreenState<Picture> {
  picture?: Picture
  /** Epoch milliseconds of the last answer with a picture. */
  takenAt?: number
  /** When a picture last differed from the one before it. */
  changedAt?: number
  /** Why the last request brought no picture; the former one stays. */
  error?: string
}

/** Makes a picture of what was read, or takes the former one where it is the same. */
type Look<Picture> = (
  blob: Blob,
  former: Picture | undefined,
) => Promise<{ picture: Picture; isChanged: boolean }>

export interface ScreenFeedOptions<Picture> {
  /** Fetches a picture. Rejects with KubeError. */
  read: (ref: ScreenRef, signal: AbortSignal) => Promise<Blob>
  look: Look<Picture>
  /** Frees what a picture holds. */
  drop: (picture: Picture) => void
  /** Whether nobody can see the page. */
  isHidden?: () => boolean
}

export interface ScreenFeed<Picture> {
  /** Asks for pictures of a screen until the answer is called. */
  watch: (ref: ScreenRef) => () => void
  getState: (ref: ScreenRef) => ScreenState<Picture>
  subscribe: (ref: ScreenRef, listener: () => void) => () => void
  /** The page may be seen again. */
  resume: () => void
  dispose: () => void
}

/** A browser has six HTTP/1.1 connections to a host; the others are for what the user does. */
export const requestsAtOnce = 4
export const intervalMs = 5000
const longestIntervalMs = 60_000
/** A screen is asked for no more than this part of the time, however long an answer takes. */
const shareOfTime = 1 / 4
/** Pictures of screens that are out of view are kept for when one scrolls back. */
const keptPictures = 60

interface Screen<Picture> {
  ref: ScreenRef
  watchers: number
  /** Epoch milliseconds. */
  dueAt: number
  failures: number
  request: AbortController | undefined
  state: ScreenState<Picture>
  listeners: Set<() => void>
}

const nothingYet: ScreenState<never> = {}

export function createScreenFeed<Picture>({
  read,
  look,
  drop,
  isHidden = () => document.hidden,
}: ScreenFeedOptions<Picture>): ScreenFeed<Picture> {
  /** In order of last use: the first is the least recently watched. */
  const screens = new Map<string, Screen<Picture>>()
  let running = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  /** The cluster asked for a pause. */
  let pausedUntil = 0
  let refusals = 0
  let isDisposed = false

  const keyOf = ({ namespace, name }: ScreenRef) => `${namespace}/${name}`

  function obtain(ref: ScreenRef): Screen<Picture> {
    const key = keyOf(ref)
    const screen = screens.get(key) ?? {
      ref,
      watchers: 0,
      dueAt: 0,
      failures: 0,
      request: undefined,
      state: nothingYet,
      listeners: new Set(),
    }
    screens.delete(key)
    screens.set(key, screen)
    return screen
  }

  function setState(screen: Screen<Picture>, state: ScreenState<Picture>) {
    screen.state = state
    for (const listener of screen.listeners) listener()
  }

  function forgetExcess() {
    let excess = screens.size - keptPictures
    for (const [key, screen] of screens) {
      if (excess <= 0) return
      if (screen.watchers > 0 || screen.listeners.size > 0) continue
      screens.delete(key)
      if (screen.state.picture) drop(screen.state.picture)
      excess -= 1
    }
  }

  function pump() {
    clearTimeout(timer)
    if (isDisposed || isHidden()) return
    const now = Date.now()
    const waiting = [...screens.values()]
      .filter(({ watchers, request }) => watchers > 0 && !request)
      .sort((a, b) => a.dueAt - b.dueAt)
    for (const screen of waiting) {
      if (running >= requestsAtOnce) return
      const startAt = Math.max(screen.dueAt, pausedUntil)
      if (startAt > now) {
        timer = setTimeout(pump, startAt - now)
        return
      }
      void ask(screen)
    }
  }

  async function ask(screen: Screen<Picture>) {
    const request = new AbortController()
    const askedAt = Date.now()
    screen.request = request
    running += 1
    try {
      const blob = await read(screen.ref, request.signal)
      const former = screen.state
      const { picture, isChanged } = await look(blob, former.picture)
      if (isDisposed || request.signal.aborted) {
        if (picture !== former.picture) drop(picture)
        return
      }
      const takenAt = Date.now()
      refusals = 0
      screen.failures = 0
      screen.dueAt = takenAt + Math.max(intervalMs, (takenAt - askedAt) / shareOfTime)
      setState(screen, {
        picture,
        takenAt,
        ...(isChanged
          ? { changedAt: takenAt }
          : former.changedAt !== undefined && { changedAt: former.changedAt }),
      })
      if (former.picture && former.picture !== picture) drop(former.picture)
    } catch (error) {
      if (isDisposed || request.signal.aborted) return
      defer(screen, error)
    } finally {
      running -= 1
      if (screen.request === request) screen.request = undefined
      pump()
    }
  }

  function defer(screen: Screen<Picture>, error: unknown) {
    const now = Date.now()
    screen.failures += 1
    screen.dueAt = now + Math.min(longestIntervalMs, intervalMs * 2 ** screen.failures)
    // Too many requests, or nobody there: it would be the same for the next screen.
    if (error instanceof KubeError && (error.code === 429 || error.isUnreachable)) {
      refusals += 1
      const pauseMs = (error.retryAfterSeconds ?? 2 ** Math.min(refusals, 5)) * 1000
      pausedUntil = now + Math.min(longestIntervalMs, pauseMs)
    }
    setState(screen, {
      ...screen.state,
      error: error instanceof Error ? error.message : String(error),
    })
  }

  return {
    watch(ref) {
      const screen = obtain(ref)
      screen.watchers += 1
      pump()
      return () => {
        screen.watchers -= 1
        if (screen.watchers > 0) return
        // What is on its way would be for nobody.
        screen.request?.abort()
        screen.request = undefined
        forgetExcess()
      }
    },

    getState: (ref) => screens.get(keyOf(ref))?.state ?? nothingYet,

    subscribe(ref, listener) {
      const { listeners } = obtain(ref)
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    resume: pump,

    dispose() {
      isDisposed = true
      clearTimeout(timer)
      for (const { request, state } of screens.values()) {
        request?.abort()
        if (state.picture) drop(state.picture)
      }
      screens.clear()
    },
  }
}

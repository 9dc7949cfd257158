/**
 * The one stream a session has at a time: the lock among our windows that allows it, its opening,
 * and its end. What an end means is the session's to find out.
 */
import type { ConsoleDisplay, ConnectOptions } from './console-session.ts'
import { keepAlive } from './keep-alive.ts'
import type { SessionShell } from './session-shell.ts'
import type { StreamShare } from './stream-share.ts'
import type { WindowLock, WindowLockOptions } from './window-lock.ts'

export interface StreamSources {
  /** `takeOver`: at the cost of any other viewer. */
  openSocket: (options: { takeOver: boolean }) => WebSocket
  acquireLock: (options: WindowLockOptions) => Promise<WindowLock | undefined>
  /** Where several windows may have one stream. */
  share?: StreamShare
}

export interface StreamKind {
  tookOver: boolean
  /** It is another window's. */
  isFollowing: boolean
}

interface StreamEvents {
  onOpening(): void
  /** The stream is about to open; what is returned is called when it has closed by itself. */
  onStream(kind: StreamKind): (closing: { code: number; opened: boolean }) => void
  onLive(kind: StreamKind): void
  onFailure(detail: string): void
  /** Another window of ours has it, and keeps it. */
  onHeldElsewhere(): void
  /** Another window of ours wants it. */
  onAsked(): void
}

export interface GuestStream {
  open(options: Pick<ConnectOptions, 'takeOver' | 'move' | 'follow'>): Promise<void>
  /** Ends what is under way, without a word about why. */
  drop(): void
  /** There is a stream, though it may not be live yet. */
  readonly isThere: boolean
  /** There is one, or will be by itself. */
  readonly isUnderWay: boolean
  /** Tells later whether anything has begun or been dropped since. */
  mark(): () => boolean
}

const openTimeoutMs = 30_000

function closed(socket: WebSocket | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (!socket || socket.readyState === socket.CLOSED) resolve()
    else socket.addEventListener('close', () => resolve())
  })
}

export function createGuestStream<Display extends ConsoleDisplay>(
  shell: SessionShell<Display>,
  { openSocket, acquireLock, share }: StreamSources,
  events: StreamEvents & { isAttached: () => boolean },
): GuestStream {
  let lock: WindowLock | undefined
  /** Settles when a lock given up is really free. */
  let released: Promise<void> | undefined
  let socket: WebSocket | undefined
  /** Counts attempts: what an older one still awaits is void. */
  let attempt = 0
  let isOpening = false
  let timeout: ReturnType<typeof setTimeout> | undefined

  function drop() {
    attempt += 1
    isOpening = false
    clearTimeout(timeout)
    const dropped = socket
    const held = lock
    socket = undefined
    lock = undefined
    if (dropped) {
      shell.display?.detach()
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

  function mark() {
    const own = attempt
    return () => own !== attempt
  }

  async function open({ takeOver = false, move = false, follow = false }: ConnectOptions) {
    drop()
    const isVoid = mark()
    isOpening = true
    // Where only the lock is to be asked for, that is quicker than to draw that it is waited for.
    const isQuick = shell.display && !shell.display.prepare && !released && !move && !follow
    if (!isQuick) events.onOpening()
    try {
      // Loads while the lock is waited for.
      const loading = shell.load()
      loading.catch(() => undefined)
      await released
      if (isVoid()) return
      if (!follow && !(await takeLock(move, isVoid))) return
      const display = await loading
      if (isVoid()) return
      if (events.isAttached()) display.shown()
      if (follow && share) {
        hold(share.follow(), display, { tookOver: false, isFollowing: true })
        return
      }
      await display.prepare?.()
      if (isVoid()) return
      hold(openSocket({ takeOver }), display, { tookOver: takeOver, isFollowing: false })
      if (isQuick) events.onOpening()
    } catch (error) {
      if (isVoid()) return
      drop()
      events.onFailure(error instanceof Error ? error.message : String(error))
    }
  }

  async function takeLock(move: boolean, isVoid: () => boolean): Promise<boolean> {
    const acquired = await acquireLock({
      move,
      onAsked: () => {
        if (!isVoid()) events.onAsked()
      },
    })
    if (isVoid()) {
      if (acquired) release(acquired.release())
      return false
    }
    lock = acquired
    if (acquired) return true
    isOpening = false
    events.onHeldElsewhere()
    return false
  }

  function hold(opening: WebSocket, display: Display, kind: StreamKind) {
    socket = opening
    isOpening = false
    const onClosed = events.onStream(kind)
    let opened = false
    const fail = (detail: string) => {
      if (socket !== opening) return
      drop()
      events.onFailure(detail)
    }
    clearTimeout(timeout)
    timeout = setTimeout(
      () => fail(`No answer came within ${openTimeoutMs / 1000} seconds.`),
      openTimeoutMs,
    )
    opening.addEventListener('open', () => {
      opened = true
    })
    opening.addEventListener('close', ({ code }) => {
      if (socket !== opening) return
      // Drawing stops before the library's own handler clears the screen.
      drop()
      onClosed({ code, opened })
    })
    if (!kind.isFollowing) {
      keepAlive(opening)
      share?.carry(opening)
    }
    display.attach(opening, {
      onReady: () => {
        if (socket !== opening) return
        clearTimeout(timeout)
        events.onLive(kind)
      },
      onFailure: fail,
    })
  }

  return {
    open,
    drop,
    get isThere() {
      return socket !== undefined
    },
    get isUnderWay() {
      return socket !== undefined || isOpening
    },
    mark,
  }
}

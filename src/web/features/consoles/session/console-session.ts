/**
 * A console session: one stream of one VirtualMachineInstance, with the element that shows it. It
 * lives outside React, so that changing tabs or console types takes the element off the page and
 * nothing else. Components put `element` into the page, call `attach`, and follow `getState`
 * through useSyncExternalStore.
 */
import type { VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { KubeError } from '../../../../kube/kube-error.ts'
import { closeCause, type Closing } from './close-cause.ts'
import type { ConsoleKind, ConsoleState } from './console-state.ts'
import { guestFacts } from './guest-facts.ts'
import type { WindowLock, WindowLockOptions } from './window-lock.ts'

/** What shows a stream and takes input: noVNC or xterm. */
export interface ConsoleDisplay {
  /** Shows a stream that is about to open. `ready` when the guest can be seen and typed to. */
  attach(
    socket: WebSocket,
    events: { onReady: () => void; onFailure: (detail: string) => void },
  ): void
  /** The stream has ended: what is on the screen stays. */
  detach(): void
  /** The session's element is on the page and has a size. */
  shown(): void
  focus(): void
  dispose(): void
}

export interface ConsoleSessionOptions<Display extends ConsoleDisplay> {
  kind: ConsoleKind
  /** `takeOver`: at the cost of any other viewer. */
  openSocket: (options: { takeOver: boolean }) => WebSocket
  /** Loads the library that draws; called at the first connection. */
  loadDisplay: (element: HTMLElement) => Promise<Display>
  /** A fresh reading of the instance; undefined when there is none. Rejects with KubeError. */
  readGuest: () => Promise<VirtualMachineInstance | undefined>
  acquireLock: (options: WindowLockOptions) => Promise<WindowLock | undefined>
}

export interface ConsoleSession<Display extends ConsoleDisplay = ConsoleDisplay> {
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
  connect(options?: { takeOver?: boolean; move?: boolean }): void
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
const retryDelaysMs = [1000, 2000, 4000, 8000, 15_000, 30_000]
const openTimeoutMs = 30_000
/** Streams cut so shortly before or after ours were cut by the same cause. */
const sameCauseMs = 2000

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
  readGuest,
  acquireLock,
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
  let retries = 0
  let patientUntil = 0
  let lastClosing: (Closing & { at: number }) | undefined

  function setState(next: ConsoleState) {
    state = next
    for (const listener of listeners) listener()
  }

  function after(delayMs: number, action: () => void) {
    clearTimeout(timer)
    timer = setTimeout(action, delayMs)
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
    if (held) released = closed(dropped).then(() => held.release())
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

  async function open({ takeOver = false, move = false }) {
    drop()
    const own = attempt
    const isVoid = () => own !== attempt
    isOpening = true
    if (state.name !== 'migrating') setState({ name: 'connecting' })
    try {
      await released
      if (isVoid()) return
      const acquired = await acquireLock({
        move,
        onAsked: () => {
          if (!isVoid()) disconnect('moved')
        },
      })
      if (isVoid()) {
        released = acquired?.release()
        return
      }
      if (!acquired) {
        isOpening = false
        setState({ name: 'disconnected', cause: 'otherTab' })
        return
      }
      lock = acquired
      loading ??= loadDisplay(element)
      display = await loading
      if (isVoid()) return
      if (isAttached) display.shown()
      stream(openSocket({ takeOver }), takeOver)
    } catch (error) {
      // The next attempt loads again what could not be loaded.
      if (!display) loading = undefined
      if (isVoid()) return
      drop()
      setState({ name: 'failed', detail: error instanceof Error ? error.message : String(error) })
    }
  }

  function stream(opening: WebSocket, tookOver: boolean) {
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
      void explain({ kind, code, opened, tookOver, guestAtOpening })
    })
    display?.attach(opening, {
      onReady: () => {
        if (socket !== opening) return
        clearTimeout(timer)
        retries = 0
        patientUntil = 0
        lastClosing = undefined
        setState({ name: 'live' })
      },
      onFailure: fail,
    })
  }

  async function explain(closing: Closing) {
    const own = attempt
    lastClosing = { ...closing, at: Date.now() }
    if (closing.opened) {
      setState({ name: 'disconnected', cause: 'unexplained' })
      await new Promise((resolve) => setTimeout(resolve, settleMs))
    }
    let unreachable = !navigator.onLine || troubleAt > lastClosing.at - sameCauseMs
    let refusal: string | undefined
    if (!unreachable) {
      try {
        const vmi = await readGuest()
        if (own === attempt) guest = guestFacts(vmi)
      } catch (error) {
        if (error instanceof KubeError && (error.code === 401 || error.code === 403))
          refusal = error.message
        else unreachable = true
      }
    }
    if (own !== attempt) return
    apply(closeCause(closing, { guest, unreachable, refusal }))
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
    setState(next)
    advance()
  }

  function retryLater() {
    const delayMs = retryDelaysMs[Math.min(retries, retryDelaysMs.length - 1)] ?? 0
    retries += 1
    const retryAt = isAttached ? Date.now() + delayMs : undefined
    setState({ name: 'disconnected', cause: 'network', retryAt })
    if (isAttached) after(delayMs, retryNow)
  }

  function retryNow() {
    patientUntil = Date.now() + patienceMs.network
    void open({})
  }

  function disconnect(cause: 'byUser' | 'moved' = 'byUser') {
    isWanted = false
    drop()
    setState({ name: 'disconnected', cause })
  }

  /** What new facts about the guest mean for a session that is not connected. */
  function reconsider() {
    if (state.name !== 'replaced' && state.name !== 'inUse' && state.name !== 'failed') return
    const isRecent = lastClosing !== undefined && Date.now() - lastClosing.at < correctionMs
    if (lastClosing && isRecent) {
      const corrected = closeCause(lastClosing, { guest, unreachable: false, refusal: undefined })
      if (corrected.name !== state.name && corrected.name !== 'failed') apply(corrected)
    } else if (!guest.running) {
      // The viewer who took over keeps precedence when the guest comes back.
      isWanted = false
      setState({ name: 'guestOff' })
    }
  }

  const handleOnline = () => {
    if (isAttached && state.name === 'disconnected' && state.cause === 'network') retryNow()
  }
  window.addEventListener('online', handleOnline)

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
      const isCut = state.name === 'disconnected' && state.cause === 'network'
      // Who hears from the cluster again need not wait for the next try.
      if (isCut && isNews && !isReconnecting && isAttached && guest.running) retryNow()
      else advance()
    },

    attach() {
      isAttached = true
      display?.shown()
      if (state.name === 'disconnected' && state.cause === 'network' && !socket) retryNow()
      else advance()
    },

    detach() {
      isAttached = false
    },

    connect({ takeOver = false, move = false } = {}) {
      isWanted = true
      retries = 0
      lastClosing = undefined
      patientUntil = move ? Date.now() + patienceMs.move : 0
      if (allowed === false) setState({ name: 'denied', detail: undefined })
      else if (isGuestKnown && !guest.running) setState({ name: 'guestOff' })
      else void open({ takeOver, move })
    },

    disconnect,

    dispose() {
      isWanted = false
      drop()
      window.removeEventListener('online', handleOnline)
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

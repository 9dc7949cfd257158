/** What every console session keeps, whatever it shows: its element, its state, and what draws. */
import type { ConsoleScreen } from './console-session.ts'
import type { ConsoleState } from './console-state.ts'

export interface SessionShell<Display extends ConsoleScreen> {
  readonly element: HTMLElement
  readonly state: ConsoleState
  /** What pages draw: the state, but a new connection that is quick is never drawn as under way. */
  readonly shownState: ConsoleState
  setState: (next: ConsoleState) => void
  subscribe: (listener: () => void) => () => void
  /** Undefined until it is loaded. */
  readonly display: Display | undefined
  /** One display for all attempts, though one begins before the library has arrived for another. */
  load(): Promise<Display>
  dispose(): void
}

/** To draw a state takes as long as most connections do. */
const quickMs = 150

/** `loadDisplay` is called at the first connection, and again if that failed. */
export function createSessionShell<Display extends ConsoleScreen>(
  initial: ConsoleState,
  loadDisplay: (element: HTMLElement) => Promise<Display>,
): SessionShell<Display> {
  const element = document.createElement('div')
  element.className = 'kc-console-session'
  const listeners = new Set<() => void>()
  let state = initial
  let shownState = initial
  let timer: ReturnType<typeof setTimeout> | undefined
  let display: Display | undefined
  let loading: Promise<Display> | undefined

  function setState(next: ConsoleState) {
    state = next
    clearTimeout(timer)
    if (next.name === 'connecting' && shownState.name === 'disconnected') {
      timer = setTimeout(() => {
        shownState = next
        tell()
      }, quickMs)
    } else {
      shownState = next
    }
    tell()
  }

  function tell() {
    for (const listener of listeners) listener()
  }

  return {
    element,
    get state() {
      return state
    },
    get shownState() {
      return shownState
    },
    setState,

    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    get display() {
      return display
    },

    async load() {
      loading ??= loadDisplay(element)
      const own = loading
      try {
        display = await own
        return display
      } catch (error) {
        // The next attempt loads again what could not be loaded.
        if (loading === own) loading = undefined
        throw error
      }
    },

    dispose() {
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

/**
 * Text between the user's clipboard and a guest's. Reading the user's takes the browser's
 * permission, which is asked for where it can be kept (Chromium); elsewhere only pasting itself
 * tells what there is. Writing it takes a click in some browsers: the text waits for one then.
 */

interface ClipboardState {
  isOn: boolean
  /** Why text does not come or go by itself; undefined while it does. */
  hindrance: string | undefined
  /** Copied in the guest, and not yet in the user's clipboard. */
  waiting: string | undefined
}

export interface ClipboardLink {
  readonly isOn: boolean
  getState: () => ClipboardState
  subscribe: (listener: () => void) => () => void
  setOn(isOn: boolean): void
  /** Offers the guest what is in the user's clipboard, if that may be known. */
  read(): Promise<void>
  /** Offers the guest a text, if it is another one than before. */
  offer(text: string): void
  /** Text was copied in the guest. */
  receive(text: string): Promise<void>
  /** Puts what waits into the user's clipboard; within a click. */
  takeWaiting(): Promise<void>
  dispose(): void
}

const insecure =
  'Text copied in the guest stays there: browsers give the clipboard to pages served by https only. Pasting with Ctrl+V works.'
const notRead =
  'This browser does not let the page read the clipboard by itself: paste with Ctrl+V in the guest.'
const notWritten = 'The browser wants a click before it takes over what was copied in the guest.'

export function createClipboardLink(send: (text: string) => void): ClipboardLink {
  const listeners = new Set<() => void>()
  let offered: string | undefined
  let state: ClipboardState = {
    isOn: true,
    hindrance: navigator.clipboard ? undefined : insecure,
    waiting: undefined,
  }

  function change(next: Partial<ClipboardState>) {
    state = { ...state, ...next }
    for (const listener of listeners) listener()
  }

  function offer(text: string) {
    if (!state.isOn || text === offered || text === '') return
    offered = text
    send(text)
  }

  /** Elsewhere than in Chromium reading shows a button of the browser's own each time. */
  async function mayRead(): Promise<boolean> {
    try {
      const name = 'clipboard-read' as PermissionName
      return (await navigator.permissions.query({ name })).state !== 'denied'
    } catch {
      return false
    }
  }

  async function write(text: string) {
    try {
      await navigator.clipboard.writeText(text)
      change({
        waiting: undefined,
        ...(state.hindrance === notWritten && { hindrance: undefined }),
      })
    } catch {
      change({ waiting: text, hindrance: notWritten })
    }
  }

  return {
    get isOn() {
      return state.isOn
    },
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    setOn(isOn) {
      // What was offered before stays with the guest, which may have pasted it already.
      change({ isOn, waiting: undefined })
    },

    async read() {
      if (!state.isOn || !navigator.clipboard) return
      if (!(await mayRead())) return change({ hindrance: notRead })
      try {
        offer(await navigator.clipboard.readText())
        if (state.hindrance === notRead) change({ hindrance: undefined })
      } catch {
        // Refused, or the window is not in front: the next focus asks again.
        if (document.hasFocus()) change({ hindrance: notRead })
      }
    },

    offer,

    async receive(text) {
      if (!state.isOn || text === offered) return
      // Else the next reading would offer the guest its own text.
      offered = text
      if (navigator.clipboard) await write(text)
    },

    async takeWaiting() {
      if (state.waiting !== undefined) await write(state.waiting)
    },

    dispose() {
      offered = undefined
      listeners.clear()
    },
  }
}

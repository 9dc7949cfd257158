/**
 * Holds a key while a guest starts, for the firmware's menus: nobody can press it in time who first
 * has to see that the console is there. It is pressed again and again while the screen changes, and
 * not while it stands still, where a menu waits for a choice: SeaBIOS leaves its boot menu at an Esc
 * that comes more than 1.5 s after it appeared
 * (https://github.com/coreboot/seabios/blob/rel-1.16.2/src/boot.c, interactive_bootmenu).
 */
import type { Key } from '../vnc/keyboard-keys.ts'
import type { ConsoleDisplay, ConsoleSession } from './console-session.ts'

export type HoldableKey = 'Esc' | 'F2' | 'F12' | 'Del'

const keys: Record<HoldableKey, Key> = {
  Esc: { keysym: 0xff1b, code: 'Escape' },
  F2: { keysym: 0xffbf, code: 'F2' },
  F12: { keysym: 0xffc9, code: 'F12' },
  Del: { keysym: 0xffff, code: 'Delete' },
}
export const holdableKeys = Object.keys(keys) as HoldableKey[]

/** What shows a screen and can press a key in it, without taking the focus. */
interface Keyboard extends ConsoleDisplay {
  pressKey(key: Key): void
}

interface HeldKeyState {
  /** To be held at the next start. */
  chosen: HoldableKey | undefined
  isPressing: boolean
}

export interface HeldKey {
  getState: () => HeldKeyState
  subscribe: (listener: () => void) => () => void
  choose(key: HoldableKey | undefined): void
  release(): void
}

const pressEveryMs = 250
/** The screen stands still: whatever the key was for has appeared. */
const stillAfterMs = 900
/** KubeVirt's boot prompt waits 10 s; what comes later is the guest's own. */
const limitMs = 15_000
/** A blinking cursor changes fewer pixels, a line of text more. */
const changedPixels = 200

/** @param readScreen the pixels on the screen; undefined when there are none */
export function createHeldKey(
  session: Pick<ConsoleSession<Keyboard>, 'getState' | 'subscribe' | 'display' | 'element'>,
  readScreen: () => Uint32Array | undefined = screenReader(session.element),
): HeldKey {
  const listeners = new Set<() => void>()
  let state: HeldKeyState = { chosen: undefined, isPressing: false }
  let hasBeenOff = false
  let timer: ReturnType<typeof setInterval> | undefined

  function setState(next: HeldKeyState) {
    state = next
    for (const listener of listeners) listener()
  }

  function press(key: Key) {
    const startedAt = Date.now()
    let before = readScreen()
    let changedAt = Infinity
    setState({ ...state, isPressing: true })
    timer = setInterval(() => {
      const now = Date.now()
      if (now - startedAt > limitMs) {
        release()
        return
      }
      const picture = readScreen()
      if (isChanged(before, picture)) changedAt = now
      before = picture
      // Before the first change the firmware has not begun.
      if (now < changedAt || now - changedAt < stillAfterMs) session.display?.pressKey(key)
    }, pressEveryMs)
  }

  function release() {
    clearInterval(timer)
    timer = undefined
    setState({ chosen: undefined, isPressing: false })
  }

  session.subscribe(() => {
    const { name } = session.getState()
    if (name === 'guestOff') hasBeenOff = true
    if (name === 'live') {
      if (hasBeenOff && state.chosen && !state.isPressing) press(keys[state.chosen])
      hasBeenOff = false
    } else if (state.isPressing) release()
  })
  hasBeenOff = session.getState().name === 'guestOff'
  // Who types takes over.
  session.element.addEventListener(
    'keydown',
    () => {
      if (state.isPressing) release()
    },
    true,
  )

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    choose: (chosen) => setState({ ...state, chosen }),
    release,
  }
}

function isChanged(before: Uint32Array | undefined, after: Uint32Array | undefined): boolean {
  if (!before || !after || before.length !== after.length) return before !== after
  let changed = 0
  for (let pixel = 0; pixel < after.length; pixel += 1) {
    if (before[pixel] === after[pixel]) continue
    changed += 1
    if (changed > changedPixels) return true
  }
  return false
}

/** Reads by way of a canvas of its own: reading from noVNC's would take it off the graphics card. */
function screenReader(element: HTMLElement): () => Uint32Array | undefined {
  const copy = document.createElement('canvas')
  return () => {
    const screen = element.querySelector<HTMLCanvasElement>('canvas:not(.kc-last-frame)')
    if (!screen || screen.width === 0) return undefined
    copy.width = screen.width
    copy.height = screen.height
    const drawing = copy.getContext('2d', { willReadFrequently: true })
    if (!drawing) return undefined
    drawing.drawImage(screen, 0, 0)
    return new Uint32Array(drawing.getImageData(0, 0, copy.width, copy.height).data.buffer)
  }
}

const heldKeys = new WeakMap<object, HeldKey>()

/** The one of a session, as long as that exists. */
export function heldKeyOf(session: ConsoleSession<Keyboard>): HeldKey {
  let heldKey = heldKeys.get(session)
  if (!heldKey) heldKeys.set(session, (heldKey = createHeldKey(session)))
  return heldKey
}

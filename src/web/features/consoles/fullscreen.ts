/**
 * One element of the page on the whole of the user's screen. The page itself is what the browser
 * makes fullscreen, and the element covers it: else dialogs, menus and messages, which lie beside
 * the element, would not be seen.
 */

interface Fullscreen {
  container: HTMLElement
  /** Keys that the browser or the desktop keeps for itself arrive here as well, Esc among them. */
  hasKeyboard: boolean
}

/** https://wicg.github.io/keyboard-lock/, in Chromium only. */
interface NavigatorKeyboard {
  keyboard?: { lock?: () => Promise<void>; unlock?: () => void }
}

let shown: Fullscreen | undefined
const listeners = new Set<() => void>()

function setShown(next: Fullscreen | undefined) {
  if (shown && shown.container !== next?.container) delete shown.container.dataset.fullscreen
  if (next) next.container.dataset.fullscreen = 'true'
  shown = next
  for (const listener of listeners) listener()
}

const { keyboard } = navigator as NavigatorKeyboard

function handleChange() {
  if (document.fullscreenElement !== null) return
  keyboard?.unlock?.()
  document.removeEventListener('fullscreenchange', handleChange)
  setShown(undefined)
}

/** What is fullscreen by our doing. */
export function fullscreen(): Fullscreen | undefined {
  return shown
}

export function subscribeToFullscreen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Shows an element alone. A refusal, as in a frame without the permission, leaves the page as it is. */
export async function enterFullscreen(container: HTMLElement): Promise<void> {
  try {
    await document.documentElement.requestFullscreen()
  } catch {
    return
  }
  document.addEventListener('fullscreenchange', handleChange)
  setShown({ container, hasKeyboard: false })
  try {
    if (!keyboard?.lock) return
    await keyboard.lock()
    if (shown) setShown({ ...shown, hasKeyboard: true })
  } catch {
    // Then the browser keeps its keys, and the hint says how to leave.
  }
}

export function leaveFullscreen(): void {
  if (document.fullscreenElement !== null) void document.exitFullscreen()
}

/** What keys, pasting and the right mouse button do in a terminal, besides reaching the guest. */
import type { Terminal } from '@xterm/xterm'

import { createReleaseDetector } from '../session/keyboard-release.ts'

interface ShortcutEvents {
  /** The user gave the keyboard back with Ctrl+Alt. */
  onRelease: () => void
  onSearch: () => void
  /** Ctrl with +, - or 0. */
  onFontStep: (step: number) => void
  onPaste: (text: string) => void
  /** In pixels of the window. */
  onMenu: (at: { x: number; y: number }) => void
}

export function takeShortcuts(
  terminal: Terminal,
  element: HTMLElement,
  { onRelease, onSearch, onFontStep, onPaste, onMenu }: ShortcutEvents,
) {
  function copySelection() {
    if (terminal.hasSelection()) void navigator.clipboard?.writeText(terminal.getSelection())
  }

  /** Keys that are the terminal's; all others go to the guest. */
  function shortcut({ code, key, shiftKey }: KeyboardEvent): (() => void) | undefined {
    if (code === 'KeyC' && shiftKey) return copySelection
    // Editors and pagers go a page forward by it.
    const isFullScreen = terminal.buffer.active.type === 'alternate'
    if (code === 'KeyF' && (shiftKey || !isFullScreen)) return onSearch
    if (key === '+' || key === '=') return () => onFontStep(1)
    if (key === '-') return () => onFontStep(-1)
    if (key === '0') return () => onFontStep(0)
    return undefined
  }

  const detectRelease = createReleaseDetector(onRelease)
  terminal.attachCustomKeyEventHandler((event) => {
    detectRelease(event)
    if (!event.ctrlKey || event.altKey || event.metaKey) return true
    // The browser's own paste follows, as a paste event.
    if (event.shiftKey && event.code === 'KeyV') return false
    if (event.type !== 'keydown') return true
    const run = shortcut(event)
    if (!run) return true
    // The browser would search, zoom, or open its developer tools.
    event.preventDefault()
    run()
    return false
  })

  // Before xterm, which would paste without a question.
  element.addEventListener(
    'paste',
    (event) => {
      if (!element.querySelector('.xterm')?.contains(event.target as Node)) return
      event.preventDefault()
      event.stopPropagation()
      onPaste(event.clipboardData?.getData('text/plain') ?? '')
    },
    true,
  )
  element.addEventListener('contextmenu', (event) => {
    // Programs that take the mouse have menus of their own; with Shift it is the browser's.
    if (event.shiftKey || terminal.modes.mouseTrackingMode !== 'none') return
    event.preventDefault()
    onMenu({ x: event.clientX, y: event.clientY })
  })
}

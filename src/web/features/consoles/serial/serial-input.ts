/** Keys as a terminal sends them: xterm's own, for keys that are typed elsewhere. */
import type { KeyStroke, RemoteInput } from '../session/remote-input.ts'

/** Last byte of CSI, or of SS3 where the guest asked for that. */
const letters: Record<string, string> = {
  ArrowUp: 'A',
  ArrowDown: 'B',
  ArrowRight: 'C',
  ArrowLeft: 'D',
  End: 'F',
  Home: 'H',
}

const functionLetters: Record<string, string> = { F1: 'P', F2: 'Q', F3: 'R', F4: 'S' }

/** Numbers of CSI … ~ (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html, PC-Style Function Keys). */
const numbers: Record<string, number> = {
  Insert: 2,
  Delete: 3,
  PageUp: 5,
  PageDown: 6,
  F5: 15,
  F6: 17,
  F7: 18,
  F8: 19,
  F9: 20,
  F10: 21,
  F11: 23,
  F12: 24,
}

const escape = '\u001b'

const plain: Record<string, string> = {
  Enter: '\r',
  Escape: escape,
  Tab: '\t',
  // As xterm and the Linux console do; ^H is Ctrl+Backspace.
  Backspace: '\u007f',
}

export interface TerminalModes {
  /** The guest wants arrows as SS3 (DECCKM). */
  applicationCursorKeysMode: boolean
}

/** What a key sends; empty for one that sends nothing, such as Shift. */
export function terminalText(stroke: KeyStroke, { applicationCursorKeysMode }: TerminalModes) {
  const { type, key, shiftKey, isAltGraph, metaKey } = stroke
  if (type !== 'keydown' || metaKey) return ''
  const altKey = stroke.altKey && !isAltGraph
  const ctrlKey = stroke.ctrlKey && !isAltGraph
  const modifier = 1 + (shiftKey ? 1 : 0) + (altKey ? 2 : 0) + (ctrlKey ? 4 : 0)

  const letter = letters[key] ?? functionLetters[key]
  if (letter !== undefined) {
    if (modifier > 1) return `${escape}[1;${modifier}${letter}`
    const isSs3 = key in functionLetters || applicationCursorKeysMode
    return `${escape}${isSs3 ? 'O' : '['}${letter}`
  }
  const number = numbers[key]
  if (number !== undefined)
    return modifier > 1 ? `${escape}[${number};${modifier}~` : `${escape}[${number}~`

  const text = key === 'Tab' && shiftKey ? `${escape}[Z` : (plain[key] ?? character(key, ctrlKey))
  return altKey && text !== '' ? escape + text : text
}

function character(key: string, ctrlKey: boolean): string {
  // Names of keys are longer than a character, which may be two code units.
  if (Array.from(key).length !== 1) return ''
  if (!ctrlKey) return key
  if (key === ' ') return '\u0000'
  if (key === '/') return '\u001f'
  const code = key.toUpperCase().charCodeAt(0)
  return code >= 0x40 && code < 0x60 ? String.fromCharCode(code & 0x1f) : ''
}

interface SerialInputOptions {
  modes: () => TerminalModes
  /** As if typed in the terminal. */
  type: (text: string) => void
  paste: (text: string) => void
}

export function createSerialInput({ modes, type, paste }: SerialInputOptions): RemoteInput {
  return {
    key(stroke) {
      const text = terminalText(stroke, modes())
      if (text !== '') type(text)
    },
    // A terminal sends characters, and knows no key that is down.
    release() {},
    paste,
  }
}

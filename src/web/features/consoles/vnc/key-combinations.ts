/** Key combinations that the browser or the desktop keeps for itself, so a menu sends them. */

export interface Key {
  /** X11 keysym, for servers that know no scan codes. */
  keysym: number
  /** KeyboardEvent.code: names the scan code. */
  code: string
}

export interface KeyCombination {
  label: string
  keys: Key[]
}

const control: Key = { keysym: 0xffe3, code: 'ControlLeft' }
const alt: Key = { keysym: 0xffe9, code: 'AltLeft' }

function withControlAlt(name: string, key: Key): KeyCombination {
  return { label: `Ctrl+Alt+${name}`, keys: [control, alt, key] }
}

export const keyCombinations: KeyCombination[] = [
  withControlAlt('Del', { keysym: 0xffff, code: 'Delete' }),
  withControlAlt('Backspace', { keysym: 0xff08, code: 'Backspace' }),
  ...[1, 2, 3, 4, 5, 6, 7].map((number) =>
    withControlAlt(`F${number}`, { keysym: 0xffbd + number, code: `F${number}` }),
  ),
]

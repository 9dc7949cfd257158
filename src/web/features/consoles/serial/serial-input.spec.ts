import { expect, it } from 'vitest'

import type { KeyStroke } from '../session/remote-input.ts'
import { terminalText } from './serial-input.ts'

function stroke(keys: string): KeyStroke {
  const parts = keys.split('+')
  const has = (name: string) => parts.includes(name)
  return {
    type: 'keydown',
    key: parts.at(-1) ?? '',
    code: '',
    ctrlKey: has('Ctrl') || has('AltGr'),
    altKey: has('Alt') || has('AltGr'),
    shiftKey: has('Shift'),
    metaKey: has('Meta'),
    isAltGraph: has('AltGr'),
  }
}

it.each([
  ['a', 'a'],
  ['Shift+A', 'A'],
  ['ü', 'ü'],
  ['AltGr+@', '@'],
  ['Enter', '\r'],
  ['Backspace', '\u007f'],
  ['Tab', '\t'],
  ['Shift+Tab', '\u001b[Z'],
  ['Escape', '\u001b'],
  ['Ctrl+c', '\u0003'],
  ['Ctrl+[', '\u001b'],
  ['Ctrl+ ', '\u0000'],
  ['Ctrl+1', ''],
  ['Alt+f', '\u001bf'],
  ['ArrowUp', '\u001b[A'],
  ['Ctrl+ArrowLeft', '\u001b[1;5D'],
  ['Home', '\u001b[H'],
  ['Delete', '\u001b[3~'],
  ['Shift+PageUp', '\u001b[5;2~'],
  ['F1', '\u001bOP'],
  ['F5', '\u001b[15~'],
  ['Shift', ''],
  ['Meta+v', ''],
])('%s sends %j', (keys, expected) => {
  expect(terminalText(stroke(keys), { applicationCursorKeysMode: false })).toBe(expected)
})

it('sends arrows as the guest asked for them', () => {
  expect(terminalText(stroke('ArrowUp'), { applicationCursorKeysMode: true })).toBe('\u001bOA')
})

import { expect, it } from 'vitest'

import { createKeyInput } from './key-input.ts'
import type { KeyStroke } from './remote-input.ts'

function stroke(type: 'keydown' | 'keyup', code: string, key: string): KeyStroke {
  const modifiers = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false }
  return { type, code, key, ...modifiers, isAltGraph: false }
}

function recorded() {
  const sent: string[] = []
  const input = createKeyInput({
    sendKey: (keysym, code, isDown) =>
      sent.push(`${isDown ? '+' : '-'}${code}:${keysym.toString(16)}`),
  })
  return { input, sent }
}

it('sends positions, and lets go of the key that went down though its character has changed', () => {
  const { input, sent } = recorded()
  input.key(stroke('keydown', 'ShiftLeft', 'Shift'))
  input.key(stroke('keydown', 'KeyA', 'A'))
  input.key(stroke('keyup', 'ShiftLeft', 'Shift'))
  input.key(stroke('keyup', 'KeyA', 'a'))
  expect(sent).toEqual(['+ShiftLeft:0', '+KeyA:41', '-ShiftLeft:0', '-KeyA:41'])
})

it('takes the Ctrl of AltGr back', () => {
  const { input, sent } = recorded()
  input.key(stroke('keydown', 'ControlLeft', 'Control'))
  input.key(stroke('keydown', 'AltRight', 'AltGraph'))
  input.key(stroke('keydown', 'KeyE', '€'))
  expect(sent).toEqual(['+ControlLeft:0', '-ControlLeft:0', '+AltRight:0', '+KeyE:10020ac'])
})

it('lets go of all that is down when the releases won’t come', () => {
  const { input, sent } = recorded()
  input.key(stroke('keydown', 'ControlLeft', 'Control'))
  input.key(stroke('keydown', 'KeyC', 'c'))
  input.release()
  input.key(stroke('keyup', 'KeyC', 'c'))
  expect(sent.slice(2)).toEqual(['-ControlLeft:0', '-KeyC:63'])
})

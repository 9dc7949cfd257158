import { expect, test } from 'vitest'

import { keyOfCode, keysOfCharacter, modifierOfCode } from './keyboard-keys.ts'

const codes = (character: string) => keysOfCharacter(character).map(({ code }) => code)

test('types a character with the key it is on, and Shift where it takes that', () => {
  expect(codes('a')).toEqual(['KeyA'])
  expect(codes('A')).toEqual(['ShiftLeft', 'KeyA'])
  expect(codes('9')).toEqual(['Digit9'])
  expect(codes('(')).toEqual(['ShiftLeft', 'Digit9'])
  expect(codes(')')).toEqual(['ShiftLeft', 'Digit0'])
  expect(codes(' ')).toEqual(['Space'])
  expect(codes('\n')).toEqual(['Enter'])
})

test('types what has no key by its keysym', () => {
  expect(keysOfCharacter('é')).toEqual([{ code: '', keysym: 0xe9 }])
  expect(keysOfCharacter('€')).toEqual([{ code: '', keysym: 0x010020ac }])
})

test('knows keys by their position', () => {
  expect(keyOfCode('F12')).toEqual({ name: 'F12', code: 'F12', keysym: 0xffc9 })
  expect(keyOfCode('KeyC')).toEqual({ name: 'C', code: 'KeyC', keysym: 0x63 })
  expect(keyOfCode('Fn')).toBeUndefined()
  expect(modifierOfCode('MetaRight')).toBe('Win')
  expect(modifierOfCode('AltRight')).toBeUndefined()
})

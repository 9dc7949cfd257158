import { expect, test } from 'vitest'

import {
  combinationLabel,
  consoleCombinations,
  ownKeys,
  parseOwnCombinations,
  sysRqCommands,
  usualCombinations,
} from './key-combinations.ts'

test('names combinations by what is printed on the keys', () => {
  expect(usualCombinations.map(({ label }) => label)).toEqual([
    'Ctrl+Alt+Del',
    'Ctrl+Alt+Backspace',
    'Ctrl+Esc',
    'Alt+Tab',
    'Alt+F4',
    'Win',
    'Win+L',
    'Win+R',
    'Esc',
    'Tab',
    'Print',
  ])
  expect(consoleCombinations.at(-1)?.label).toBe('Ctrl+Alt+F12')
})

test('holds Alt and SysRq while the letter is pressed', () => {
  const sync = sysRqCommands.find(({ letter }) => letter === 'S')
  expect(sync?.keys.map(({ code }) => code)).toEqual(['AltLeft', 'PrintScreen', 'KeyS'])
})

test('reads what it has stored, and nothing else', () => {
  const own = { name: 'Lock', codes: ['MetaLeft', 'KeyL'] }
  expect(parseOwnCombinations(JSON.stringify([own]))).toEqual([own])
  expect(ownKeys(own).map(({ code }) => code)).toEqual(own.codes)
  expect(combinationLabel(own.codes)).toBe('Win+L')
  const others = [{ name: 1, codes: ['KeyL'] }, { name: 'x', codes: [] }, null, 'y']
  expect(parseOwnCombinations(JSON.stringify([...others, { name: 'z', codes: ['Fn'] }]))).toEqual(
    [],
  )
  expect(parseOwnCombinations('{')).toEqual([])
  expect(parseOwnCombinations(undefined)).toEqual([])
})

import { describe, expect, it } from 'vitest'

import { scanCode } from './scan-codes.ts'

describe('scanCode', () => {
  // One from within and the end of each row: a key left out would shift all that follow.
  it.each<[string, number]>([
    ['Backspace', 0x0e],
    ['ControlLeft', 0x1d],
    ['Backslash', 0x2b],
    ['NumpadMultiply', 0x37],
    ['F1', 0x3b],
    ['F10', 0x44],
    ['ScrollLock', 0x46],
    ['NumpadAdd', 0x4e],
    ['NumpadDecimal', 0x53],
    ['F12', 0x58],
    ['F23', 0x6e],
    ['IntlRo', 0x73],
    ['ControlRight', 0xe01d],
    ['AltRight', 0xe038],
    ['PageUp', 0xe049],
    ['Delete', 0xe053],
    ['ContextMenu', 0xe05d],
  ])('%s', (code, expected) => {
    expect(scanCode(code)).toBe(expected)
  })

  it('knows no key that is none', () => {
    expect(scanCode('')).toBeUndefined()
    expect(scanCode('Fn')).toBeUndefined()
  })
})

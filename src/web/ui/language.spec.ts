import { afterEach, expect, it } from 'vitest'

import { dateFormat, formatNumber, setLanguage } from './language.ts'

afterEach(() => setLanguage(undefined))

it('writes numbers as in English until a host has a say, then as in its language', () => {
  expect(formatNumber(12_345)).toBe('12,345')
  setLanguage('fr')
  expect(formatNumber(12_345)).toMatch(/^12\s345$/)
  expect(dateFormat({ month: 'long' }).format(new Date(2026, 0, 1))).toBe('janvier')
})

it('takes no language that the browser doesn’t know', () => {
  setLanguage('not a language')
  expect(formatNumber(12_345)).toBe('12,345')
})

import { describe, expect, it } from 'vitest'

import { formatBytes, formatQuantity, parseQuantity, quantityFromGiB } from './quantity.ts'

describe('parseQuantity', () => {
  it.each([
    ['20Gi', 20 * 2 ** 30],
    ['512Mi', 512 * 2 ** 20],
    ['1.5Ti', 1.5 * 2 ** 40],
    ['10G', 10e9],
    ['100k', 100_000],
    ['1500m', 1.5],
    ['1e3', 1000],
    ['2E', 2e18],
    ['12345678n', 0.012345678],
    ['.5Gi', 2 ** 29],
    [' 7 ', 7],
    [42, 42],
    ['-1Ki', -1024],
  ])('reads %s', (quantity, value) => {
    expect(parseQuantity(quantity)).toBeCloseTo(value, 9)
  })

  it.each(['', 'Gi', '1 Gi', '1gi', '1GiB', '1e', 'ten', '1.2.3', undefined])(
    'takes %s for none',
    (quantity) => {
      expect(parseQuantity(quantity)).toBeUndefined()
    },
  )
})

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [20 * 2 ** 30, '20 GiB'],
  [1.5 * 2 ** 40, '1.5 TiB'],
  [10e9, '9.31 GiB'],
])('shows %d bytes as %s', (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words)
})

it('shows a missing size as a dash', () => {
  expect(formatQuantity(undefined)).toBe('–')
})

it.each([
  [20, '20Gi'],
  [0.5, '512Mi'],
  [1.2, '1288490189'],
])('writes %d GiB as %s', (sizeGiB, quantity) => {
  expect(quantityFromGiB(sizeGiB)).toBe(quantity)
  expect(parseQuantity(quantityFromGiB(sizeGiB))).toBeGreaterThanOrEqual(sizeGiB * 2 ** 30)
})

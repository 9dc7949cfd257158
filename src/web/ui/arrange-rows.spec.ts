import { describe, expect, it } from 'vitest'

import { createSort, keepOrder, naturalKey } from './arrange-rows.ts'

describe('createSort', () => {
  const sorted = (values: (string | number | undefined)[], isDescending = false) =>
    createSort<{ value: string | number | undefined; key: string }>(
      (row) => row.value,
      isDescending,
    )(values.map((value, index) => ({ value, key: String(index) }))).map((row) => row.value)

  it('orders numbers within names as people count', () => {
    const names = ['web-10', 'web-9', 'db-1'].map(naturalKey)
    expect(sorted(names)).toEqual(['db-1', 'web-9', 'web-10'].map(naturalKey))
  })

  it('leaves rows without a value last in either direction', () => {
    expect(sorted(['b', undefined, 'a'])).toEqual(['a', 'b', undefined])
    expect(sorted(['b', undefined, 'a'], true)).toEqual(['b', 'a', undefined])
  })

  it('puts new rows between those that stay, and forgets those that are gone', () => {
    const row = (value: string) => ({ key: value, value })
    const [a, b, c, d, e] = [row('a'), row('b'), row('c'), row('d'), row('e')]
    const sort = createSort<{ key: string; value: string }>((one) => one.value, false)
    expect(sort([d, b, a])).toEqual([a, b, d])
    expect(sort([e, d, c, a])).toEqual([a, c, d, e])
    expect(sort([b])).toEqual([b])
  })

  it('moves no row that changes among its equals', () => {
    const row = (key: string) => ({ key })
    const [a, b, c] = [row('web-01'), row('web-1'), row('web-001')]
    const sort = createSort<{ key: string }>(() => undefined, true)
    const keys = (rows: { key: string }[]) => sort(rows).map(({ key }) => key)
    expect(keys([a, b, c])).toEqual(['web-001', 'web-01', 'web-1'])
    expect(keys([row('web-01'), b, c])).toEqual(['web-001', 'web-01', 'web-1'])
    expect(keys([a, row('web-1'), row('web-001')])).toEqual(['web-001', 'web-01', 'web-1'])
  })
})

describe('keepOrder', () => {
  it('moves no row, keeps the place of one that is gone, and adds new ones last', () => {
    const kept = keepOrder(
      [{ key: 'b' }, { key: 'gone' }, { key: 'c' }],
      [{ key: 'a' }, { key: 'c' }, { key: 'b' }],
    )
    expect(kept.map(({ row, isGone }) => row.key + (isGone ? '!' : ''))).toEqual([
      'b',
      'gone!',
      'c',
      'a',
    ])
  })
})

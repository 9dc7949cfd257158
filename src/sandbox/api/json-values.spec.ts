import { expect, test } from 'vitest'

import { copyOf, shareParts } from './json-values.ts'

test('a copy shares nothing with its source', () => {
  const source = { a: [{ b: 1 }], c: { d: null }, e: 'x' }
  const copy = copyOf(source)
  expect(copy).toEqual(source)
  copy.a[0]!.b = 2
  expect(source.a[0]!.b).toBe(1)
  expect(copy.c).not.toBe(source.c)
})

test('equal parts become the old ones, and the old value stays what it was', () => {
  const old = { kept: { deep: [1, { x: 1 }] }, list: [{ a: 1 }, { a: 2 }], gone: {}, same: 's' }
  const before = copyOf(old)
  const next = { kept: { deep: [1, { x: 1 }] }, list: [{ a: 1 }, { a: 3 }], same: 's', more: {} }
  const wanted = copyOf(next)
  expect(shareParts<object>(old, next)).toBe(next)
  expect(next).toEqual(wanted)
  expect(old).toEqual(before)
  expect(next.kept).toBe(old.kept)
  expect(next.list[0]).toBe(old.list[0])
  expect(next.list[1]).not.toBe(old.list[1])
})

test.each([
  ['a member more', { a: 1 }, { a: 1, b: 2 }],
  ['a member less', { a: 1, b: 2 }, { a: 1 }],
  ['another member', { a: 1 }, { b: undefined }],
  ['an item less', [1, 2], [1]],
  ['a list for an object', {}, []],
  ['null for an object', { a: {} }, { a: null }],
])('%s is not the same', (_what, old: object, next: object) => {
  const wanted = structuredClone(next)
  expect(shareParts(old, next)).toBe(next)
  expect(next).toEqual(wanted)
})

test('what is equal throughout is the old value itself', () => {
  const old = { a: [{ b: null }], c: 1 }
  expect(shareParts(old, copyOf(old))).toBe(old)
})

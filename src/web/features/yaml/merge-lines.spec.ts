import { expect, it } from 'vitest'

import { mergeLines } from './merge-lines.ts'

const base = 'a\nb\nc\nd\ne\nf'

it.each([
  ['changes in different places', 'a\nB\nc\nd\ne\nf', 'a\nb\nc\nd\ne\nF', 'a\nB\nc\nd\ne\nF'],
  ['a removal and an addition', 'a\nc\nd\ne\nf', 'a\nb\nc\nd\ne\nf\ng', 'a\nc\nd\ne\nf\ng'],
  ['the same change', 'a\nb\nX\nd\ne\nf', 'a\nb\nX\nd\ne\nf', 'a\nb\nX\nd\ne\nf'],
  ['only theirs', base, 'a\nb\nc\nd\nE\nf', 'a\nb\nc\nd\nE\nf'],
  ['different changes of a line', 'a\nb\nX\nd\ne\nf', 'a\nb\nY\nd\ne\nf', undefined],
  ['changes beside each other', 'a\nX\nc\nd\ne\nf', 'a\nb\nY\nd\ne\nf', undefined],
])('merges %s', (_name, mine, theirs, expected) => {
  expect(mergeLines(base, mine, theirs)).toBe(expected)
})

import { expect, test } from 'vitest'

import { sparkPath } from './spark-path.ts'

const frame = { width: 100, height: 10, toMs: 600_000, spanMs: 600_000, max: 2 }

test('goes from left to right and from the bottom up', () => {
  expect(
    sparkPath(
      [
        { timeMs: 480_000, value: 0 },
        { timeMs: 540_000, value: 1 },
        { timeMs: 600_000, value: 2 },
      ],
      frame,
    ),
  ).toBe('M80.0 10.0L90.0 5.0L100.0 0.0')
})

test('is broken where figures are missing, and leaves out what is too old', () => {
  expect(
    sparkPath(
      [
        { timeMs: -60_000, value: 1 },
        { timeMs: 0, value: 1 },
        { timeMs: 300_000, value: 1 },
      ],
      frame,
    ),
  ).toBe('M0.0 5.0M50.0 5.0')
})

test('never leaves the frame, also without a scale', () => {
  expect(sparkPath([{ timeMs: 600_000, value: 9 }], frame)).toBe('M100.0 0.0')
  expect(sparkPath([{ timeMs: 600_000, value: 9 }], { ...frame, max: 0 })).toBe('M100.0 10.0')
  expect(sparkPath([], frame)).toBe('')
})

import { expect, it } from 'vitest'

import { movedPlace } from './wall-keys.ts'

/** Eleven tiles in rows of four, two rows in view: the last row has three. */
const places = { count: 11, columns: 4, rowsInView: 2 }

it.each([
  ['ArrowRight', 3, 4],
  ['ArrowRight', 10, 10],
  ['ArrowLeft', 0, 0],
  ['ArrowDown', 1, 5],
  ['ArrowDown', 7, 10],
  ['ArrowDown', 9, 9],
  ['ArrowUp', 2, 2],
  ['ArrowUp', 9, 5],
  ['Home', 6, 4],
  ['End', 5, 7],
  ['End', 8, 10],
  ['Ctrl+Home', 9, 0],
  ['Ctrl+End', 1, 10],
  ['PageDown', 1, 9],
  ['PageUp', 9, 1],
  ['PageUp', 6, 2],
  ['a', 3, undefined],
  ['Enter', 3, undefined],
])('%s leads from %i to %s', (keys, from, to) => {
  const event = {
    key: keys.replace('Ctrl+', ''),
    ctrlKey: keys.startsWith('Ctrl'),
    altKey: false,
    metaKey: false,
  }
  expect(movedPlace(event, from, places)).toBe(to)
})

import { expect, test } from 'vitest'

import { connectionQuality, pictureEncoding, picturelessUpdates } from './connection-meter.ts'

/** A FramebufferUpdate of one rectangle of 16 × 16, as far as its encoding. */
function update(encoding: number, ...content: number[]): Uint8Array {
  const header = new DataView(new ArrayBuffer(16))
  header.setUint16(2, 1)
  header.setUint16(8, 16)
  header.setUint16(10, 16)
  header.setInt32(12, encoding)
  return new Uint8Array([...new Uint8Array(header.buffer), ...content])
}

const joined = (...parts: Uint8Array[]) => new Uint8Array(parts.flatMap((part) => [...part]))

test('finds acknowledgements wherever they are in a chunk', () => {
  const acknowledgement = update(-258)
  expect(picturelessUpdates(acknowledgement)).toEqual({ acknowledgements: 1, all: 1 })
  const mixed = joined(update(7, 0x80, 1, 2, 3), acknowledgement, update(-261, 0), acknowledgement)
  expect(picturelessUpdates(mixed)).toEqual({ acknowledgements: 2, all: 3 })
  expect(picturelessUpdates(mixed.subarray(0, 30)).all).toBe(0)
})

test('takes no pixels for an acknowledgement', () => {
  const white = update(0, ...Array.from({ length: 64 }, () => 0xff))
  expect(picturelessUpdates(white).all).toBe(0)
})

test('names the encoding of a picture', () => {
  expect(pictureEncoding(update(7, 0x80))).toBe('Tight')
  expect(pictureEncoding(update(-258))).toBeUndefined()
  expect(pictureEncoding(new Uint8Array([2]))).toBeUndefined()
})

test('says in a word how a connection is', () => {
  expect(connectionQuality({ roundTripMs: undefined, waitingMs: 10 })).toBe('Measuring')
  expect(connectionQuality({ roundTripMs: 20, waitingMs: 0 })).toBe('Good')
  expect(connectionQuality({ roundTripMs: 200, waitingMs: 0 })).toBe('Slow')
  expect(connectionQuality({ roundTripMs: 500, waitingMs: 0 })).toBe('Poor')
  // An answer that stays out counts, whatever the last one took.
  expect(connectionQuality({ roundTripMs: 20, waitingMs: 200 })).toBe('Slow')
  expect(connectionQuality({ roundTripMs: undefined, waitingMs: 5000 })).toBe('Poor')
})

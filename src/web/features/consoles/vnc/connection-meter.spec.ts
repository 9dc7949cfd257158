import { expect, test } from 'vitest'

import { chunkFacts, connectionQuality } from './connection-meter.ts'

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
  expect(chunkFacts(acknowledgement, true)).toMatchObject({ acknowledgements: 1, pictureless: 1 })
  const mixed = joined(update(7, 0x80, 1, 2, 3), acknowledgement, update(-261, 0), acknowledgement)
  expect(chunkFacts(mixed, true)).toEqual({
    acknowledgements: 2,
    pictureless: 3,
    encoding: 'Tight',
  })
  expect(chunkFacts(mixed.subarray(0, 30), true).acknowledgements).toBe(0)
})

test('takes no pixels for an acknowledgement', () => {
  const white = update(0, ...Array.from({ length: 64 }, () => 0xff))
  expect(chunkFacts(white, true)).toEqual({ acknowledgements: 0, pictureless: 0, encoding: 'Raw' })
})

test('names an encoding only where a message begins', () => {
  expect(chunkFacts(update(7), false).encoding).toBeUndefined()
  expect(chunkFacts(update(-258), true).encoding).toBeUndefined()
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

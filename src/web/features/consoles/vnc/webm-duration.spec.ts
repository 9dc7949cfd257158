import { expect, test } from 'vitest'

import { withDuration } from './webm-duration.ts'

const unknownSize = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
const ebml = [0x1a, 0x45, 0xdf, 0xa3, 0x82, 0x42, 0x86]
const segment = [0x18, 0x53, 0x80, 0x67]
const scale = [0x2a, 0xd7, 0xb1, 0x83, 0x0f, 0x42, 0x40]
const cluster = [0x1f, 0x43, 0xb6, 0x75, ...unknownSize, 0xe7, 0x81, 0x00]

const file = (...bytes: number[][]) => new Uint8Array(bytes.flat())
const info = (...content: number[]) => [0x15, 0x49, 0xa9, 0x66, 0x80 + content.length, ...content]

test('puts the length into the facts of a file that was written as it went', () => {
  const fixed = withDuration(file(ebml, segment, unknownSize, info(...scale), cluster), 2500)
  const duration = new DataView(new ArrayBuffer(8))
  duration.setFloat64(0, 2500)
  expect([...fixed]).toEqual([
    ...ebml,
    ...segment,
    ...unknownSize,
    0x15,
    0x49,
    0xa9,
    0x66,
    0x01,
    0,
    0,
    0,
    0,
    0,
    0,
    scale.length + 11,
    ...scale,
    0x44,
    0x89,
    0x88,
    ...new Uint8Array(duration.buffer),
    ...cluster,
  ])
})

test('counts in the unit of the file', () => {
  const microseconds = [0x2a, 0xd7, 0xb1, 0x82, 0x03, 0xe8]
  const fixed = withDuration(file(segment, unknownSize, info(...microseconds)), 1)
  expect(new DataView(fixed.buffer).getFloat64(fixed.length - 8)).toBe(1000)
})

test('leaves other files as they are', () => {
  const known = file(segment, [0x80 + 12], info(...scale))
  expect(withDuration(known, 1)).toBe(known)
  const timed = file(segment, unknownSize, info(...scale, 0x44, 0x89, 0x84, 1, 2, 3, 4))
  expect(withDuration(timed, 1)).toBe(timed)
  const cut = file(segment, unknownSize, [0x15, 0x49, 0xa9, 0x66, 0x90, 1])
  expect(withDuration(cut, 1)).toBe(cut)
  expect(withDuration(new Uint8Array(), 1)).toHaveLength(0)
})

import { expect, it } from 'vitest'

import { clipboardAnswer } from './clipboard-answer.ts'

const u32 = (value: number) => [
  value & 0xff,
  (value >> 8) & 0xff,
  (value >> 16) & 0xff,
  value >> 24,
]

/** Of the channel, by an MCS Send Data Indication. */
function pdu(content: number[], { channel = 1004, isLong = false, flags = 3 } = {}) {
  const data = [...u32(content.length + 8), ...u32(flags), ...content]
  const length = isLong ? [0x80, data.length] : [data.length]
  const mcs = [0x68, 0, 1, channel >> 8, channel & 0xff, 0x70, ...length, ...data]
  const size = 7 + mcs.length
  return Uint8Array.from([3, 0, size >> 8, size & 0xff, 2, 0xf0, 0x80, ...mcs])
}

const response = [3, 0, 1, 0, ...u32(0)]
/** With four bytes of padding, as xrdp sends it. */
const padded = [...response, ...u32(0)]
const request = [4, 0, 0, 0, ...u32(4), ...u32(13)]

it.each([
  ['taken', 'a response', pdu(response)],
  ['taken', 'a response with padding', pdu(padded, { flags: 0x13 })],
  ['taken', 'a response with a long length', pdu(response, { isLong: true })],
  ['asks', 'a request', pdu(request)],
  [undefined, 'a format list', pdu([2, 0, 0, 0, ...u32(0)])],
  [undefined, 'a part of something', pdu(response, { flags: 1 })],
  [undefined, 'the session’s own channel', pdu(response, { channel: 1003 })],
  [undefined, 'something short', pdu([3, 0])],
  [undefined, 'no data at all', Uint8Array.of(3, 0, 0, 9, 2, 0xf0, 0x80, 0x21, 0x80)],
])('says %s of %s', (answer, _name, bytes) => {
  expect(clipboardAnswer(bytes)).toBe(answer)
})

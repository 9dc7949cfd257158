import { describe, expect, it } from 'vitest'

import { withAutologon } from './client-info.ts'

function sendDataRequest(userData: number[]): Uint8Array<ArrayBuffer> {
  const length = userData.length
  const mcs = [0x64, 0, 6, 3, 0xeb, 0x70, ...(length < 128 ? [length] : [0x80, length])]
  const body = [2, 0xf0, 0x80, ...mcs, ...userData]
  return Uint8Array.of(3, 0, 0, body.length + 4, ...body)
}

const clientInfo = (flags: number, rest = 0) => [
  0x40,
  0,
  0,
  0,
  9,
  9,
  9,
  9,
  flags,
  1,
  0,
  0,
  ...Array<number>(rest).fill(7),
]

describe('withAutologon', () => {
  it.each([0, 150])('sets the flag and nothing else (%i bytes more)', (rest) => {
    const result = withAutologon(sendDataRequest(clientInfo(0x33, rest)))
    expect(result).toEqual(sendDataRequest(clientInfo(0x3b, rest)))
  })

  it.each([
    ['another security header', sendDataRequest([0x80, ...clientInfo(0).slice(1)])],
    ['one too short', sendDataRequest([0x40, 0, 0, 0])],
    ['fast-path input', Uint8Array.of(0x04, 0x04, 0x00, 0x1e)],
    ['RDCleanPath', Uint8Array.of(0x30, 0x03, 1, 2, 3)],
  ])('leaves %s alone', (_case, message) => {
    expect(withAutologon(message)).toBe(message)
  })
})

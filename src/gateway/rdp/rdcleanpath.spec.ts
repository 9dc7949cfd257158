import { describe, expect, test } from 'vitest'

import { derSize, readDer, writeDer, writeDerInteger } from './der.ts'
import { cleanPathError, cleanPathResponse, readCleanPathRequest } from './rdcleanpath.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

/**
 * IronRDP's own vectors.
 * https://github.com/Devolutions/IronRDP/blob/18e259cd108b1debe6598b93f760af5d527ad194/crates/ironrdp-testsuite-core/tests/rdcleanpath.rs
 */
describe('as IronRDP writes and reads it', () => {
  const deadBeef = hex('deadbeef')

  test('a request, but for its preconnection blob', () => {
    const request = hex(
      `302b a00402020d3e a20d0c0b64657374696e6174696f6e a30c0c0a70726f78792061757468 a6060404deadbeef`,
    )
    expect(readCleanPathRequest(request)).toEqual(deadBeef)
  })

  test('a response', () => {
    expect(cleanPathResponse(deadBeef, [deadBeef, deadBeef, deadBeef], '192.168.7.95')).toEqual(
      hex(
        `3034 a00402020d3e a6060404deadbeef a7143012 0404deadbeef 0404deadbeef 0404deadbeef
         a90e0c0c3139322e3136382e372e3935`.replaceAll(/\s/g, ''),
      ),
    )
  })

  test('an HTTP error and a TLS alert', () => {
    expect(cleanPathError({ http: 500 })).toEqual(
      hex('3015 a00402020d3e a10d300b a003020101 a104020201f4'),
    )
    expect(cleanPathError({ tls: 48 })).toEqual(
      hex('3014 a00402020d3e a10c300a a003020101 a303020130'),
    )
  })
})

test('a socket error, and a negotiation error with the guest’s answer', () => {
  expect(cleanPathError({ wsa: 10061 })).toEqual(
    hex('3015 a00402020d3e a10d300b a003020101 a2040202274d'),
  )
  expect(cleanPathError({ negotiation: hex('deadbeef') })).toEqual(
    hex('3017 a00402020d3e a1073005 a003020102 a6060404deadbeef'),
  )
})

describe('DER', () => {
  test.each([0, 1, 127, 128, 255, 256, 503, 10_061, 0xffff, 0x7fffffff, 0xffffffff])(
    'the integer %i is written shortest, and positive',
    (value) => {
      const [read] = readDer(writeDerInteger(value))
      const content = read?.content ?? Buffer.alloc(0)
      expect(BigInt.asIntN(content.length * 8, BigInt(`0x${content.toString('hex')}`))).toBe(
        BigInt(value),
      )
      expect(content.length === 1 || content.readInt16BE(0) >= 0x80).toBe(true)
    },
  )

  test.each([0, 1, 127, 128, 255, 256, 65_535])('content of %i bytes is read back', (length) => {
    const content = Buffer.alloc(length, 7)
    expect(readDer(writeDer(4, content))).toEqual([{ tag: 4, content }])
  })

  test('more than 64 KiB is neither written nor read', () => {
    expect(() => writeDer(4, Buffer.alloc(65_536))).toThrow(RangeError)
    expect(() => derSize(hex('3083010000'))).toThrow('too large')
  })

  test.each(['', '30', '3081', '3082', '308201'])('%s is too little to tell the size', (start) => {
    expect(derSize(hex(start))).toBeUndefined()
  })
})

const version = 'a00402020d3e'
const x224 = 'a6060404deadbeef'
const sequence = (...fields: string[]) => writeDer(0x30, hex(fields.join('')))

test('a request needs neither destination nor authorization, for nobody looks at them', () => {
  expect(readCleanPathRequest(sequence(version, x224))).toEqual(hex('deadbeef'))
})

test.each([
  ['nothing', Buffer.alloc(0)],
  ['another version', sequence('a00402020d3f', x224)],
  ['a version that is written longer than needed', sequence('a0050203000d3e', x224)],
  ['no version', sequence(x224)],
  ['no X.224', sequence(version)],
  ['fields out of order', sequence(version, x224, 'a2020c00')],
  ['a field twice', sequence(version, x224, x224)],
  ['a preconnection blob', sequence(version, 'a5050c03504342', x224)],
  ['a field of answers', sequence(version, 'a10530030201 01'.replaceAll(' ', ''), x224)],
  ['a field that there is not', sequence(version, x224, 'aa0404020000')],
  ['a universal tag where a field should be', sequence(version, '0404deadbeef')],
  ['X.224 as text', sequence(version, 'a6060c04deadbeef')],
  ['a destination as bytes', sequence(version, 'a2030401 61'.replaceAll(' ', ''), x224)],
  ['two values in a field', sequence(version, 'a60a0404deadbeef0402dead')],
  ['a field without a value', sequence(version, 'a600')],
  ['a field that is cut short', sequence(version, 'a6060404deadbe')],
  ['a value longer than its field', sequence(version, 'a6060408deadbeef')],
  ['an indefinite length', hex(`3080${version}${x224}0000`)],
  ['a length of four bytes', hex('3084ffffffff')],
  ['a length that is not the shortest', hex(`30810e${version}${x224}`)],
  ['a long tag', hex('3f8101')],
  ['two messages', Buffer.concat([sequence(version, x224), sequence(version, x224)])],
  ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['an RDP client that knows no gateway', hex('0300002d28e00000000000')],
])('%s is no request', (_what, message) => {
  expect(() => readCleanPathRequest(message)).toThrow(Error)
})

test('nesting without end is refused at its first level', () => {
  let nested: Buffer = Buffer.alloc(0)
  for (let depth = 0; depth < 2000; depth++) nested = writeDer(0x30, nested)
  expect(() => readCleanPathRequest(nested)).toThrow('out of order')
})

test('no bytes whatever make it fail otherwise than by an Error of ours', () => {
  const failures = new Set<unknown>()
  // A small generator of its own, so that a failure can be repeated.
  let state = 1
  const next = () => (state = (state * 48_271) % 0x7fffffff)
  const whole = sequence(version, 'a2080c0668', '6f7374313a', x224)
  for (let round = 0; round < 5000; round++) {
    const bytes = Buffer.from(whole)
    for (let change = next() % 4; change >= 0; change--) bytes[next() % bytes.length] = next() % 256
    try {
      readCleanPathRequest(bytes.subarray(0, next() % (bytes.length + 1)))
    } catch (error) {
      failures.add((error as Error).constructor)
    }
  }
  expect([...failures]).toEqual([Error])
})

import { expect, test } from 'vitest'

import { isConnectionRequest, readConnectionConfirm, tpktSize } from './x224.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

test('the request that IronRDP sends is one', () => {
  const cookie = Buffer.from('Cookie: mstshash=someone\r\n').toString('hex')
  expect(isConnectionRequest(hex(`0300002d28e00000000000${cookie}010008000b000000`))).toBe(true)
})

test.each([
  ['nothing', ''],
  ['another TPKT version', '0200000b06e00000000000'],
  ['a TPKT length that is not its own', '0300000c06e00000000000'],
  ['a length indicator that is not its own', '0300000b07e00000000000'],
  ['a Connection Confirm', '0300000b06d00000000000'],
  ['too few bytes for X.224', '0300000702f080'],
  ['more bytes after it', '0300000b06e0000000000000'],
  ['a whole HTTP request', '474554202f20485454502f312e310d0a0d0a'],
])('%s is none', (_what, bytes) => {
  expect(isConnectionRequest(hex(bytes))).toBe(false)
})

test('a packet larger than an opening has is refused before it has come', () => {
  expect(() => tpktSize(hex('0300ffff'))).toThrow('65535 bytes')
  expect(tpktSize(hex('0300'))).toBeUndefined()
})

test.each([
  ['01000000', 'TLS'],
  ['02000000', 'CredSSP'],
  ['08000000', 'CredSSP with early user authorization'],
])('a guest that selects %s takes %s', (selected, protocol) => {
  expect(readConnectionConfirm(hex(`030000130ed0000012340002000800${selected}`))).toEqual({
    protocol,
  })
})

test('a failure is handed on as the guest wrote it', () => {
  const failure = hex('030000130ed000000000000300080005000000')
  expect(readConnectionConfirm(failure)).toEqual({
    refusal: failure,
    reason: 'the guest refuses to negotiate (failure 5)',
  })
})

test.each([
  ['that selects it', '030000130ed000001234000200080000000000'],
  ['that knows nothing else (Windows XP)', '0300000b06d00000123400'],
  ['that selects what nobody asked for', '030000130ed000001234000200080010000000'],
  ['that says it cut short', '0300000f0ad0000012340002000800'],
])('a guest %s, standard RDP security, is told to the client as failure 2', (_what, confirm) => {
  const result = readConnectionConfirm(hex(confirm))
  expect(result).toMatchObject({ refusal: hex('030000130ed000000000000300080002000000') })
})

test('what is no Connection Confirm is refused', () => {
  expect(() => readConnectionConfirm(hex('0300000b06e00000000000'))).toThrow('no X.224')
})

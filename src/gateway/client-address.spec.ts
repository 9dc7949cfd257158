import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'

import { describe, expect, test } from 'vitest'

import { addressMatcher, clientAddress } from './client-address.ts'

test.each([
  ['10.1.2.3', true],
  ['11.0.0.1', false],
  ['192.168.0.7', true],
  ['192.168.0.8', false],
  ['fd00::1', true],
  ['fe80::1', false],
  ['', false],
  ['nonsense', false],
])('%s is in the ranges: %s', (address, isIn) => {
  expect(addressMatcher(['10.0.0.0/8', '192.168.0.7', 'fd00::/8'])(address)).toBe(isIn)
})

describe('whose request it is', () => {
  const isTrusted = addressMatcher(['10.0.0.0/8', '::1'])
  const from = (peer: string, forwarded?: string) => {
    const socket = new Socket()
    Object.defineProperty(socket, 'remoteAddress', { value: peer })
    const request = new IncomingMessage(socket)
    if (forwarded !== undefined) request.headersDistinct['x-forwarded-for'] = [forwarded]
    return clientAddress(request, isTrusted)
  }

  test.each([
    ['203.0.113.1', undefined, '203.0.113.1'],
    ['::ffff:203.0.113.1', undefined, '203.0.113.1'],
    // Nobody has to believe a stranger.
    ['203.0.113.1', '198.51.100.1', '203.0.113.1'],
    ['10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    // What a client has written before its proxy's own word.
    ['10.0.0.1', '127.0.0.1, 198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '198.51.100.1, 10.0.0.2', '198.51.100.1'],
    ['10.0.0.1', '', '10.0.0.1'],
    ['10.0.0.1', 'unknown', '10.0.0.1'],
    ['10.0.0.1', '198.51.100.1, unknown', '10.0.0.1'],
    ['::1', '2001:db8::1', '2001:db8::1'],
  ])('%s with %j is %s', (peer, forwarded, address) => {
    expect(from(peer, forwarded)).toBe(address)
  })
})

/** Requests that two servers in a row would cut in different places. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

import { describe, expect, test } from 'vitest'

import { cluster, json, send, startGatewayPerTest } from '../gateway-harness.ts'
import { recordRequests, sendRaw, statusesOf } from './raw-http.ts'

startGatewayPerTest()

const lines = (...all: string[]) => `${all.join('\r\n')}\r\n`
const smuggled = lines('GET /api/v1/secrets HTTP/1.1', 'host: x', '')

describe('a request with two ideas of its length is refused, and nobody is asked', () => {
  const post = (headers: string[], body: string) =>
    lines(
      'POST /api/kubernetes/x HTTP/1.1',
      'host: localhost',
      'connection: close',
      ...headers,
      '',
    ) + body
  const chunked = `0\r\n\r\n${smuggled}`

  test.each([
    ['Content-Length and Transfer-Encoding', ['content-length: 4', 'transfer-encoding: chunked']],
    ['the two the other way round', ['transfer-encoding: chunked', 'content-length: 4']],
    ['two Content-Lengths', ['content-length: 0', 'content-length: 44']],
    ['a list as Content-Length', ['content-length: 0, 44']],
    ['a signed Content-Length', ['content-length: +4']],
    ['a hexadecimal Content-Length', ['content-length: 0x4']],
    ['a space before the colon', ['transfer-encoding : chunked']],
    ['a space before the name', ['x: y', ' transfer-encoding: chunked', 'content-length: 4']],
    ['an encoding that ends otherwise', ['transfer-encoding: chunked, identity']],
    ['a misspelt encoding', ['transfer-encoding: xchunked']],
    ['a quoted encoding', ['transfer-encoding: "chunked"']],
    ['an encoding after a vertical tab', ['transfer-encoding: \x0bchunked']],
    ['two encodings', ['transfer-encoding: chunked', 'transfer-encoding: identity']],
    ['a NUL in a header', ['x: \0', 'content-length: 0']],
    ['a lone CR in a header', ['x: y\rtransfer-encoding: chunked', 'content-length: 0']],
    ['a lone LF after a header', ['x: y\ntransfer-encoding: chunked', 'content-length: 4']],
  ])('%s', async (_what, headers) => {
    const asked = recordRequests()
    const answer = await sendRaw(post(headers, chunked))
    expect(statusesOf(answer)).toEqual([400])
    expect(asked).toEqual([])
  })

  test.each([
    ['a size that is no number', 'x\r\n'],
    ['a size of 64 bits', `${'f'.repeat(17)}\r\nx`],
    ['a bare LF after the size', '1\nx\r\n0\r\n\r\n'],
    ['a bare LF in an extension', '1;a\nb\r\nx\r\n0\r\n\r\n'],
    ['no CRLF after the bytes', '1\r\nxx0\r\n\r\n'],
  ])('chunks with %s', async (_what, body) => {
    const asked = recordRequests()
    await sendRaw(post(['transfer-encoding: chunked'], body + smuggled))
    expect(asked.join()).not.toContain('secrets')
  })

  test('extensions of chunks end at the gateway', async () => {
    const asked = recordRequests()
    await sendRaw(post(['transfer-encoding: chunked'], '1;a=b\r\nx\r\n0\r\n\r\n'))
    expect(asked).toEqual(['POST /x x'])
  })
})

test.each(['GET', 'DELETE', 'POST', 'OPTIONS'])(
  'the body of a %s whose length the client calls a matter of one hop stays a body',
  async (method) => {
    const asked = recordRequests()
    await sendRaw(
      lines(
        `${method} /api/kubernetes/x HTTP/1.1`,
        'host: localhost',
        'connection: close, content-length',
        `content-length: ${smuggled.length}`,
        '',
      ),
      smuggled,
    )
    expect(asked).toEqual([`${method} /x ${smuggled}`.trim()])
  },
)

describe('upgrades', () => {
  const upgrade = (...headers: string[]) =>
    lines(
      'GET /api/kubernetes/x HTTP/1.1',
      'host: localhost',
      'connection: upgrade',
      'upgrade: websocket',
      ...headers,
      '',
    )

  /** What the cluster gets for upgrades, each of which it refuses. */
  function recordUpgrades() {
    const asked: string[] = []
    cluster.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      asked.push(`${request.url}${String(head)}`)
      socket.write('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n')
      socket.on('data', (data) => asked.push(String(data)))
    })
    return asked
  }

  test('a request behind one that is refused by the gateway is not answered', async () => {
    const asked = recordRequests()
    const answer = await sendRaw(
      upgrade('origin: https://evil.example'),
      lines('GET /api/kubernetes/y HTTP/1.1', 'host: localhost', ''),
    )
    expect(statusesOf(answer)).toEqual([403])
    expect(asked).toEqual([])
  })

  test.each([
    ['a length', `content-length: ${smuggled.length}`],
    ['chunks', 'transfer-encoding: chunked'],
  ])('one with a body that has %s is refused', async (_what, header) => {
    const asked = recordUpgrades()
    const answer = await sendRaw(upgrade(header), smuggled)
    expect(statusesOf(answer)).toEqual([400])
    expect(asked).toEqual([])
  })

  test('one of kubectl, which says that its body is empty, is not', async () => {
    const asked = recordUpgrades()
    await sendRaw(upgrade('content-length: 0'))
    expect(asked).toEqual(['/x'])
  })
})

test.each(['TRACE', 'PROPFIND', 'M-SEARCH'])('%s is no method of the API', async (method) => {
  const asked = recordRequests()
  const answer = await send('/api/kubernetes/x', { method })
  expect(answer.statusCode).toBe(405)
  expect(await json(answer)).toMatchObject({ kind: 'Status', reason: 'MethodNotAllowed' })
  expect(asked).toEqual([])
})

test('nobody gets a tunnel', async () => {
  const answer = await sendRaw(lines('CONNECT 127.0.0.1:22 HTTP/1.1', 'host: localhost', ''))
  expect(answer).toBe('')
})

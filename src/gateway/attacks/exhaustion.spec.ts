/** Clients that take more than their share, or never end. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'

import { describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'

import {
  answerWith,
  cluster,
  gateway,
  json,
  opened,
  restart,
  send,
  startGatewayPerTest,
} from '../gateway-harness.ts'
import { defaultLimits } from '../limits/limits.ts'
import { recordRequests, sendRaw, statusesOf } from './raw-http.ts'

startGatewayPerTest()

const get = 'GET /api/kubernetes/x HTTP/1.1\r\nhost: localhost\r\n'
const post = 'POST /api/kubernetes/x HTTP/1.1\r\nhost: localhost\r\n'

/** A connection that sends a byte now and then, for as long as it can. */
async function trickle(start: string, byte: string, everyMs: number) {
  const socket = connect(gateway.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(start)
  const timer = setInterval(() => socket.write(byte), everyMs)
  const answer = await text(socket).catch(() => '')
  clearInterval(timer)
  return answer
}

describe('slow-loris', () => {
  test('headers that trickle are cut off', async () => {
    await restart({ limits: { headersMs: 300 } })
    expect(statusesOf(await trickle(get, 'x: y\r\n', 50))).toEqual([408])
  })

  test('and so is who says nothing at all', async () => {
    await restart({ limits: { headersMs: 300 } })
    expect(await trickle('', '', 10_000)).not.toContain('200')
  })

  test.each([
    '/api/kubernetes/x',
    '/api/console/session',
    '/api/upload/namespaces/a/persistentvolumeclaims/b',
  ])('a body for %s that stops is cut off', async (path) => {
    await restart({ limits: { idleBodyMs: 200 } })
    answerWith((request, response) => {
      if (request.url?.startsWith('/apis')) {
        const { port } = silent.address() as AddressInfo
        const status = { uploadProxyURL: `http://127.0.0.1:${port}`, token: 'upload' }
        response.end(JSON.stringify({ status }))
      } else request.resume()
    })
    const silent = createServer((request) => request.resume()).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`
    const answer = await sendRaw(`${head}content-length: 10\r\n\r\n{`)
    silent.closeAllConnections()
    silent.close()
    expect(statusesOf(answer)).toEqual([408])
    expect(answer).toContain('stopped coming')
  })

  test('a body that goes on slowly is not, however long it takes', async () => {
    await restart({ limits: { idleBodyMs: 400 } })
    const asked = recordRequests()
    const socket = connect(gateway.port, '127.0.0.1')
    socket.write(`${post}connection: close\r\ncontent-length: 8\r\n\r\n`)
    for (const byte of 'slowness') {
      await new Promise((resolve) => setTimeout(resolve, 120))
      socket.write(byte)
    }
    expect(statusesOf(await text(socket))).toEqual([200])
    expect(asked).toEqual(['POST /x slowness'])
  })

  test('nor one that waits for a slow cluster, nor the wait for the answer', async () => {
    // More than the buffers of all sockets in between hold.
    const size = 16 * 1024 * 1024
    await restart({ limits: { idleBodyMs: 500, bodyBytes: size } })
    answerWith((request, response) => {
      request.pause()
      setTimeout(() => {
        void text(request).then((body) => setTimeout(() => response.end(String(body.length)), 1200))
      }, 1200)
    })
    const answer = await send('/api/kubernetes/x', { method: 'POST', body: 'x'.repeat(size) })
    expect(await text(answer)).toBe(String(size))
  })
})

describe('size', () => {
  test.each([
    ['one header', `x: ${'y'.repeat(defaultLimits.headerBytes)}\r\n`],
    ['many headers', `${'x'.repeat(90)}: y\r\n`.repeat(defaultLimits.headerBytes / 90)],
  ])('%s that is too large is refused', async (_what, headers) => {
    const asked = recordRequests()
    expect(statusesOf(await sendRaw(`${get}${headers}\r\n`))).toEqual([431])
    expect(asked).toEqual([])
  })

  test('an Origin behind thousands of headers is judged all the same', async () => {
    const asked = recordRequests()
    const many = 'x:\r\n'.repeat(3000)
    const answer = await sendRaw(
      `${get}connection: close\r\n${many}origin: http://evil.example\r\n\r\n`,
    )
    expect(statusesOf(answer)).toEqual([403])
    expect(asked).toEqual([])
  })

  test('a body that says it is too large is refused before it comes', async () => {
    const asked = recordRequests()
    const answer = await sendRaw(`${post}content-length: ${defaultLimits.bodyBytes + 1}\r\n\r\n`)
    expect(statusesOf(answer)).toEqual([413])
    expect(answer).toContain('RequestEntityTooLarge')
    expect(asked).toEqual([])
  })

  test('one in chunks is cut where it becomes so, and the cluster never has it whole', async () => {
    await restart({ limits: { bodyBytes: 1000 } })
    let isWhole: boolean | undefined
    answerWith((request) => {
      request.on('close', () => (isWhole = request.complete)).resume()
      request.on('error', () => undefined)
    })
    const chunk = `1f4\r\n${'x'.repeat(500)}\r\n`
    const answer = await sendRaw(`${post}transfer-encoding: chunked\r\n\r\n${chunk.repeat(3)}`)
    expect(statusesOf(answer)).toEqual([413])
    await vi.waitFor(() => expect(isWhole).toBe(false))
  })

  test('as large as kube-apiserver takes passes', async () => {
    answerWith((request, response) => {
      void text(request).then((body) => response.end(String(body.length)))
    })
    const body = 'x'.repeat(defaultLimits.bodyBytes)
    const answer = await send('/api/kubernetes/x', { method: 'POST', body })
    expect(await text(answer)).toBe(String(defaultLimits.bodyBytes))
  })

  test('an upload is a stream of any size', async () => {
    await restart({ limits: { bodyBytes: 10 } })
    const answer = await send('/api/upload/namespaces/a/persistentvolumeclaims/b', {
      method: 'POST',
      body: 'x'.repeat(1000),
    })
    expect(answer.statusCode).not.toBe(413)
  })
})

describe('floods', () => {
  test('requests of one address are limited, and it is one address behind a proxy', async () => {
    await restart({ limits: { requestsPerAddress: 2 }, trustedProxies: ['127.0.0.1'] })
    answerWith((_request, response) => response.writeHead(200).flushHeaders())
    const from = (client: string) =>
      send('/api/kubernetes/x?watch=1', { headers: { 'x-forwarded-for': client } })
    const held = [await from('198.51.100.7'), await from('198.51.100.7')]
    const refused = await from('198.51.100.7')
    expect(refused.statusCode).toBe(429)
    expect(refused.headers['retry-after']).toBe('1')
    expect(await json(refused)).toMatchObject({ kind: 'Status', reason: 'TooManyRequests' })
    held.push(await from('198.51.100.8'))
    expect(held.map((one) => one.statusCode)).toEqual([200, 200, 200])
    held[0]?.destroy()
    await vi.waitFor(async () => {
      const again = await from('198.51.100.7')
      again.destroy()
      expect(again.statusCode).toBe(200)
    })
    for (const one of held) one.destroy()
  })

  function acceptUpgrades() {
    cluster.on('upgrade', (_request: IncomingMessage, socket: Socket) => {
      socket.on('error', () => undefined)
      socket.on('end', () => socket.end()).resume()
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
      )
    })
  }
  const upgrade = `${get}connection: upgrade\r\nupgrade: websocket\r\n`
  async function upgraded(headers = '') {
    const socket = connect(gateway.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(`${upgrade}${headers}\r\n`)
    const [first] = (await once(socket, 'data')) as [Buffer]
    return { socket, status: statusesOf(String(first))[0] }
  }

  test('open consoles and watches of one person are limited; others are not in their way', async () => {
    await restart({ limits: { upgradesPerPerson: 2 } })
    acceptUpgrades()
    const held = [await upgraded(), await upgraded()]
    expect((await upgraded()).status).toBe(429)
    held.push(await upgraded('authorization: Bearer other\r\n'))
    expect(held.map(({ status }) => status)).toEqual([101, 101, 101])
    held[0]?.socket.destroy()
    await vi.waitFor(async () => {
      const again = await upgraded()
      again.socket.destroy()
      expect(again.status).toBe(101)
    })
    for (const { socket } of held) socket.destroy()
  })

  test('and those of all', async () => {
    await restart({ limits: { upgrades: 2 } })
    acceptUpgrades()
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, at) => upgraded(`authorization: Bearer ${at}\r\n`)),
    )
    const statuses = all.map(({ status }) => status)
    expect(statuses.filter((status) => status === 101)).toHaveLength(2)
    expect(statuses.filter((status) => status === 429)).toHaveLength(18)
    expect((await send('/healthz')).statusCode).toBe(200)
    for (const { socket } of all) socket.destroy()
  })

  test('a remote desktop counts as well', async () => {
    await restart({ limits: { upgrades: 1 } })
    acceptUpgrades()
    const { socket } = await upgraded()
    const path = '/api/rdp/namespaces/demo/virtualmachineinstances/win-1'
    await expect(opened(new WebSocket(`${gateway.url}${path}`))).rejects.toThrow('429')
    socket.destroy()
  })
})

test('a browser with ten consoles and twelve watches, 500 of them behind one address, meets no limit', () => {
  const people = 500
  const each = 10 + 12
  expect(defaultLimits.upgradesPerPerson).toBeGreaterThanOrEqual(5 * each)
  expect(defaultLimits.upgrades).toBeGreaterThanOrEqual(2 * people * each)
  // Six connections are all that a browser has for requests over HTTP/1.1.
  expect(defaultLimits.requestsPerAddress).toBeGreaterThanOrEqual(2 * people * 6)
})

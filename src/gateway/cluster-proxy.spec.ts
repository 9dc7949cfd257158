import { Agent, request as httpRequest } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'

import { describe, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'

import {
  answerWith,
  cluster,
  clusterUrl,
  gateway,
  json,
  opened,
  send,
  startGatewayPerTest,
} from './gateway-harness.ts'

startGatewayPerTest()

describe('cluster API', () => {
  test('a watch arrives event by event, and a leaving client ends it at the cluster', async () => {
    let watch: ServerResponse | undefined
    answerWith((_request, response) => {
      watch = response
      response.writeHead(200)
      response.flushHeaders()
    })
    const response = await send('/api/kubernetes/api/v1/pods?watch=1')
    expect(response.statusCode).toBe(200)
    for (const event of ['{"type":"ADDED"}\n', '{"type":"DELETED"}\n']) {
      const arrived = new Promise((resolve) => response.once('data', resolve))
      watch?.write(event)
      expect(String(await arrived)).toBe(event)
    }
    const ended = new Promise((resolve) => watch?.once('close', resolve))
    response.destroy()
    await ended
  })

  test('an answer that breaks off at the cluster breaks off at the client', async () => {
    answerWith((_request, response) => {
      response.write('half')
      setImmediate(() => response.destroy())
    })
    await expect(text(await send('/api/kubernetes/api'))).rejects.toThrow('aborted')
  })

  test.each([
    ['a control character in its status', 'HTTP/1.1 200 O\x01K\r\ncontent-length: 0\r\n\r\n'],
    ['no status that there is', 'HTTP/1.1 099 No\r\ncontent-length: 0\r\n\r\n'],
    ['another protocol', 'HTTP/1.1 101 No\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'],
  ])('an answer with %s is refused and harms nobody', async (_what, raw) => {
    answerWith((request) => request.socket.end(raw))
    const response = await send('/api/kubernetes/api')
    expect(response.statusCode).toBe(503)
    expect((await json(response)).message).toContain("can't reach the cluster")
    expect((await send('/healthz')).statusCode).toBe(200)
  })

  test('a refused upgrade that breaks off is cut short, with no second answer in it', async () => {
    let breakOff: (() => void) | undefined
    answerWith((request, response) => {
      response.writeHead(500, { 'content-length': 1000 })
      response.write('half')
      breakOff = () => request.socket.resetAndDestroy()
    })
    const headers = { connection: 'upgrade', upgrade: 'websocket' }
    const response = await send('/api/kubernetes/x', { headers })
    let body = ''
    response.on('data', (chunk: Buffer) => {
      body += chunk.toString()
      breakOff?.()
    })
    await new Promise((resolve) => response.once('error', resolve))
    expect(body).toBe('half')
  })

  test('a body that the cluster did not read does not block its connection', async () => {
    answerWith((request) => request.socket.destroy())
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const body = 'x'.repeat(3_000_000)
    const refused = await send('/api/kubernetes/x', { method: 'POST', body, agent })
    expect((await json(refused)).code).toBe(503)
    expect((await send('/healthz', { agent })).statusCode).toBe(200)
    agent.destroy()
  })

  test('a request body is streamed, with the method and the media type it has', async () => {
    const received: unknown[] = []
    answerWith((request, response) => {
      received.push(request.method, request.headers['content-type'])
      request.once('data', (first: Buffer) => {
        received.push(String(first))
        response.end()
      })
    })
    const request = httpRequest({
      host: '127.0.0.1',
      port: gateway.port,
      path: '/api/kubernetes/apis/kubevirt.io/v1/namespaces/demo/virtualmachines/web-1',
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
    })
    request.on('error', () => undefined)
    // The body never ends, so an answer proves that its beginning went through.
    request.write('{"spec":')
    await new Promise((resolve) => request.once('response', resolve))
    request.destroy()
    expect(received).toEqual(['PATCH', 'application/merge-patch+json', '{"spec":'])
  })

  test('a DELETE may have a body in chunks', async () => {
    answerWith((request, response) => void text(request).then((body) => response.end(body)))
    const response = await send('/api/kubernetes/api/v1/namespaces/x', {
      method: 'DELETE',
      headers: { 'transfer-encoding': 'chunked' },
      body: '{"propagationPolicy":"Foreground"}',
    })
    expect(await text(response)).toBe('{"propagationPolicy":"Foreground"}')
  })

  test('connections to the cluster are used again', async () => {
    const ports = new Set<number | undefined>()
    answerWith((request, response) => {
      ports.add(request.socket.remotePort)
      response.end('{}')
    })
    for (let i = 0; i < 3; i++) await text(await send('/api/kubernetes/api'))
    expect(ports.size).toBe(1)
  })

  test('the path and query reach the cluster as written', async () => {
    const path = '/apis/x/v1/y?labelSelector=a%3Db%2Cc&fieldSelector=%252F&q=a+b//../c'
    expect(await json(await send(`/api/kubernetes${path}`))).toMatchObject({ url: path })
  })

  test.each([
    '/api/kubernetes/../../healthz',
    '/api/kubernetes/api/%2e%2e/%2E./x',
    '/api/kubernetes/api/..%2fx',
    '/api/kubernetes/api/a%5cb',
    '/api/kubernetes/api/a\\b',
    '/api/kubernetes/api/%00',
    '/api/kubernetes/api/%0d%0aX:%20y',
    '/api/kubernetes/api/%zz',
    '/api/kubernetes//evil.example/api',
    '/api/kubernetes/api#x',
  ])('%s is refused', async (path) => {
    const asked = vi.fn<() => void>()
    answerWith((_request, response) => {
      asked()
      response.end()
    })
    const response = await send(path)
    expect(response.statusCode).toBe(400)
    expect(await json(response)).toMatchObject({ kind: 'Status', reason: 'BadRequest' })
    expect(asked).not.toHaveBeenCalled()
  })

  test('an absolute-form target is not followed', async () => {
    const response = await send('http://evil.example/api/kubernetes/api')
    expect(response.statusCode).toBeGreaterThanOrEqual(400)
  })

  test('headers of one hop, cookies and other origins’ powers stay on their side', async () => {
    answerWith((request, response) => {
      response.setHeader('warning', ['299 - "one"', '299 - "two"'])
      response.writeHead(200, {
        'set-cookie': 'a=b',
        'service-worker-allowed': '/',
        connection: 'x-hop',
        'x-hop': '1',
      })
      response.end(JSON.stringify(request.headers))
    })
    const response = await send('/api/kubernetes/api', {
      headers: {
        cookie: 'c=d',
        connection: 'x-mine, close',
        'x-mine': '1',
        te: 'trailers',
        a: 'b',
      },
    })
    expect(response.headers).not.toHaveProperty('set-cookie')
    expect(response.headers).not.toHaveProperty('service-worker-allowed')
    expect(response.headers).not.toHaveProperty('x-hop')
    expect(response.headersDistinct.warning).toHaveLength(2)
    expect(response.headers['content-security-policy']).toContain('sandbox')
    const seen = await json(response)
    expect(seen).toMatchObject({ a: 'b', host: clusterUrl.host })
    for (const name of ['cookie', 'x-mine', 'te']) expect(seen).not.toHaveProperty(name)
  })

  test('a cluster out of reach is told as a Status', async () => {
    cluster.close()
    cluster.closeAllConnections()
    const response = await send('/api/kubernetes/api')
    expect(response.statusCode).toBe(503)
    expect(await json(response)).toMatchObject({
      kind: 'Status',
      reason: 'ServiceUnavailable',
      message: expect.stringContaining(`can't reach the cluster at ${clusterUrl.origin}:`),
    })
  })
})

describe('upgrades', () => {
  test('frames, subprotocol and close code pass both ways', async () => {
    const server = new WebSocketServer({
      server: cluster,
      handleProtocols: () => 'plain.kubevirt.io',
    })
    server.on('connection', (peer) => {
      peer.send('hello')
      peer.on('message', (data) => {
        peer.send(data)
        peer.close(4001, 'replaced')
      })
    })
    const socket = new WebSocket(`${gateway.url}/api/kubernetes/apis/x/vnc`, ['plain.kubevirt.io'])
    const received: string[] = []
    socket.on('message', (data: Buffer) => received.push(String(data)))
    await opened(socket)
    expect(socket.protocol).toBe('plain.kubevirt.io')
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    const large = 'x'.repeat(300_000)
    socket.send(large)
    expect(await closed).toBe(4001)
    expect(received).toEqual(['hello', large])
    server.close()
  })

  test('the cluster’s refusal arrives with its status and body', async () => {
    answerWith((_request, response) => {
      response.writeHead(403, { 'content-type': 'application/json' })
      response.end('{"kind":"Status","reason":"Forbidden"}')
    })
    cluster.on('upgrade', (_request, socket: Socket) =>
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 6\r\n\r\ndenied'),
    )
    const response = await new Promise<IncomingMessage>((resolve) => {
      const socket = new WebSocket(`${gateway.url}/api/kubernetes/apis/x/vnc`)
      socket.on('unexpected-response', (_request, refused) => resolve(refused))
    })
    expect(response.statusCode).toBe(403)
    expect(await text(response)).toBe('denied')
  })

  test('after a refusal nothing more is passed to the cluster on that connection', async () => {
    const asked: (string | undefined)[] = []
    cluster.on('upgrade', (request: IncomingMessage, socket: Socket) => {
      asked.push(request.url)
      socket.write('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n')
      socket.on('data', (data) => asked.push(String(data)))
    })
    const raw = connect(gateway.port, '127.0.0.1')
    const upgrade = 'connection: upgrade\r\nupgrade: websocket'
    raw.write(
      `GET /api/kubernetes/one HTTP/1.1\r\nhost: localhost\r\n${upgrade}\r\n\r\n` +
        'GET /two HTTP/1.1\r\nhost: localhost\r\n\r\n',
    )
    await text(raw)
    expect(asked).toEqual(['/one'])
  })

  /** Accepts every upgrade and says so; notes from which port it came. */
  function acceptUpgrades(accept: (socket: Socket) => void = switchProtocols) {
    const ports: (number | undefined)[] = []
    cluster.on('upgrade', (_request, socket: Socket) => {
      ports.push(socket.remotePort)
      accept(socket)
    })
    return ports
  }
  function switchProtocols(socket: Socket) {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nhi',
    )
  }
  /** What comes for an upgrade, up to and including the first bytes of the other protocol. */
  async function upgraded() {
    const raw = connect(gateway.port, '127.0.0.1')
    raw.write(
      'GET /api/kubernetes/x HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    )
    let words = ''
    for await (const chunk of raw) {
      words += String(chunk)
      if (words.endsWith('\r\n\r\nhi')) break
    }
    return words
  }

  test('an idle connection to the cluster is taken, once', async () => {
    const asked: (number | undefined)[] = []
    answerWith((request, response) => {
      asked.push(request.socket.remotePort)
      response.end('{}')
    })
    await text(await send('/api/kubernetes/api'))
    const ports = acceptUpgrades()
    expect(await upgraded()).toMatch(/^HTTP\/1\.1 101 /)
    expect(ports).toEqual(asked)
    expect(await upgraded()).toMatch(/^HTTP\/1\.1 101 /)
    expect(ports[1]).not.toBe(ports[0])
  })

  test('an idle connection that has just been closed is replaced by a new one', async () => {
    await text(await send('/api/kubernetes/api'))
    let isFirst = true
    const ports = acceptUpgrades((socket) => {
      if (isFirst) socket.resetAndDestroy()
      else switchProtocols(socket)
      isFirst = false
    })
    expect(await upgraded()).toMatch(/^HTTP\/1\.1 101 /)
    expect(ports).toHaveLength(2)
  })

  test('a cluster that cuts the line cuts the client’s', async () => {
    cluster.on('upgrade', (_request, socket: Socket) => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: SPDY/3.1\r\n\r\n',
      )
      socket.once('data', () => socket.resetAndDestroy())
    })
    const raw = connect(gateway.port, '127.0.0.1')
    raw.on('error', () => undefined)
    raw.write(
      'POST /api/kubernetes/x HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: SPDY/3.1\r\n\r\n',
    )
    const first = await new Promise((resolve) => raw.once('data', resolve))
    expect(String(first)).toMatch(/^HTTP\/1\.1 101 [^]*SPDY\/3\.1/)
    const closed = new Promise((resolve) => raw.once('close', resolve))
    raw.write('x')
    await closed
  })

  test('a cluster out of reach is told as a Status', async () => {
    cluster.close()
    cluster.closeAllConnections()
    const socket = new WebSocket(`${gateway.url}/api/kubernetes/x`)
    await expect(opened(socket)).rejects.toThrow('503')
  })

  test('shutting down ends them, and watches', async () => {
    cluster.on('upgrade', (_request, socket: Socket) => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
      )
    })
    answerWith((_request, response) => response.writeHead(200).flushHeaders())
    const raw = connect(gateway.port, '127.0.0.1')
    raw.write(
      'GET /api/kubernetes/x HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    )
    await new Promise((resolve) => raw.once('data', resolve))
    const watch = await send('/api/kubernetes/api?watch=true')
    const ends = Promise.all([
      new Promise((resolve) => raw.once('close', resolve)),
      expect(text(watch)).rejects.toThrow('aborted'),
    ])
    await gateway.close()
    await ends
  })
})

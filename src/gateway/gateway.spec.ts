import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest } from 'node:http'
import type { IncomingMessage, RequestOptions, Server, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { brotliCompressSync } from 'node:zlib'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'

import { passThroughAccess, sandboxAccess, secretAccess } from './access.ts'
import { directConnection } from './cluster-connection.ts'
import { createGateway } from './gateway.ts'
import type { Gateway, GatewayConfig } from './gateway.ts'

const users = new Map([
  ['sandbox-admin', 'token-a'],
  ['sandbox-view', 'token-v'],
])

let pageDirectory: string
let cluster: Server
let clusterUrl: URL
/** What the fake cluster does with a request. */
let answer: (request: IncomingMessage, response: ServerResponse) => void
let gateway: Gateway

beforeAll(async () => {
  pageDirectory = await mkdtemp(join(tmpdir(), 'gateway-spec-'))
  await mkdir(join(pageDirectory, 'assets'))
  await mkdir(join(pageDirectory, '.vite'))
  const script = 'export const answer = 42\n'.repeat(100)
  await writeFile(join(pageDirectory, 'index.html'), '<!doctype html><title>page</title>')
  await writeFile(join(pageDirectory, '.vite/manifest.json'), '{}')
  await writeFile(join(pageDirectory, 'assets/index-abc.js'), script)
  await writeFile(join(pageDirectory, 'assets/index-abc.js.br'), brotliCompressSync(script))
})
afterAll(() => rm(pageDirectory, { recursive: true }))

beforeEach(async () => {
  answer = (request, response) =>
    response.end(JSON.stringify({ url: request.url, headers: request.headers }))
  cluster = createServer((request, response) => answer(request, response))
  await new Promise<void>((done) => cluster.listen(0, '127.0.0.1', done))
  clusterUrl = new URL(`http://127.0.0.1:${(cluster.address() as AddressInfo).port}`)
  gateway = await start()
})
afterEach(async () => {
  await gateway.close()
  cluster.closeAllConnections()
  cluster.close()
})

function start(config: Partial<GatewayConfig> = {}) {
  return createGateway({
    host: '127.0.0.1',
    port: 0,
    pageDirectory,
    connection: directConnection(clusterUrl),
    access: (port) => sandboxAccess('sandbox', users, port),
    logLevel: 'silent',
    ...config,
  })
}

/** Sends a request as written: no client tidies its path or headers. */
function send(path: string, options: RequestOptions & { body?: string } = {}) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port: gateway.port, path, agent: false, ...options },
      resolve,
    )
    request.on('error', reject)
    request.end(options.body)
  })
}

async function json(response: IncomingMessage) {
  return JSON.parse(await text(response))
}

describe('page', () => {
  test('has a strict policy, and is asked for anew each time', async () => {
    const page = await send('/', { headers: { accept: 'text/html' } })
    expect(page.statusCode).toBe(200)
    expect(page.headers['cache-control']).toBe('no-cache')
    const policy = page.headers['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe-eval')
    expect(page.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    })
    expect(page.headers).not.toHaveProperty('strict-transport-security')
  })

  test('hashed files are kept for a year and come compressed as they were built', async () => {
    const script = await send('/assets/index-abc.js', { headers: { 'accept-encoding': 'br' } })
    expect(script.headers).toMatchObject({
      'content-encoding': 'br',
      'cache-control': 'public, max-age=31536000, immutable',
    })
    expect(script.headers['content-type']).toContain('javascript')
  })

  test.each([
    ['/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1.example', 'text/html', 200],
    ['/assets/gone-123.js', '*/*', 404],
    ['/assets/gone-123.js', 'text/html', 404],
    ['/api/unknown', 'text/html', 404],
    ['/favicon.ico', 'image/*', 404],
    ['/.vite/manifest.json', '*/*', 404],
    ['/%2e%2e/%2e%2e/etc/passwd', '*/*', 403],
    ['/..%2f..%2fetc/passwd', '*/*', 403],
  ])('%s asked for as %s is answered %i', async (path, accept, status) => {
    const response = await send(path, { headers: { accept } })
    expect(response.statusCode).toBe(status)
    expect(await text(response)).not.toContain('root:')
  })

  test('says that it is well', async () => {
    expect(await text(await send('/healthz'))).toBe('ok\n')
  })
})

describe('cluster API', () => {
  test('a watch arrives event by event, and a leaving client ends it at the cluster', async () => {
    let watch: ServerResponse | undefined
    answer = (_request, response) => {
      watch = response
      response.writeHead(200)
      response.flushHeaders()
    }
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
    answer = (_request, response) => {
      response.write('half')
      setImmediate(() => response.destroy())
    }
    await expect(text(await send('/api/kubernetes/api'))).rejects.toThrow('aborted')
  })

  test('a request body is streamed, with the method and the media type it has', async () => {
    const received: unknown[] = []
    answer = (request, response) => {
      received.push(request.method, request.headers['content-type'])
      request.once('data', (first: Buffer) => {
        received.push(String(first))
        response.end()
      })
    }
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
    answer = (request, response) => void text(request).then((body) => response.end(body))
    const response = await send('/api/kubernetes/api/v1/namespaces/x', {
      method: 'DELETE',
      headers: { 'transfer-encoding': 'chunked' },
      body: '{"propagationPolicy":"Foreground"}',
    })
    expect(await text(response)).toBe('{"propagationPolicy":"Foreground"}')
  })

  test('connections to the cluster are used again', async () => {
    const ports = new Set<number | undefined>()
    answer = (request, response) => {
      ports.add(request.socket.remotePort)
      response.end('{}')
    }
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
    answer = (_request, response) => {
      asked()
      response.end()
    }
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
    answer = (request, response) => {
      response.setHeader('warning', ['299 - "one"', '299 - "two"'])
      response.writeHead(200, {
        'set-cookie': 'a=b',
        'service-worker-allowed': '/',
        connection: 'x-hop',
        'x-hop': '1',
      })
      response.end(JSON.stringify(request.headers))
    }
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

describe('foreign pages', () => {
  const own = () => `http://127.0.0.1:${gateway.port}`

  test.each([
    ['another Host', 'GET', '/', { host: 'evil.example' }],
    ['another Host’s API', 'GET', '/api/kubernetes/api', { host: 'evil.example:9080' }],
    ['a loopback look-alike', 'GET', '/', { host: '127.0.0.1.evil.example' }],
    ['a mutation', 'POST', '/api/kubernetes/api', { origin: 'http://evil.example' }],
    ['a page without origin', 'POST', '/api/kubernetes/api', { origin: 'null' }],
    ['another port', 'PUT', '/api/console/session', { origin: 'http://127.0.0.1:1' }],
    ['a read', 'GET', '/api/kubernetes/api', { 'sec-fetch-site': 'cross-site' }],
    ['same site, other port', 'GET', '/api/kubernetes/api', { 'sec-fetch-site': 'same-site' }],
    ['a script', 'GET', '/api/kubernetes/api', { 'sec-fetch-dest': 'script' }],
    ['a service worker', 'GET', '/api/kubernetes/api', { 'service-worker': 'script' }],
  ])('%s is refused', async (_what, method, path, headers) => {
    const response = await send(path, {
      method,
      headers: { host: `127.0.0.1:${gateway.port}`, ...headers },
    })
    expect(response.statusCode).toBe(403)
    expect(await json(response)).toMatchObject({ kind: 'Status', reason: 'Forbidden' })
  })

  test('an upgrade is refused', async () => {
    const socket = new WebSocket(`${own()}/api/kubernetes/x`, { origin: 'http://evil.example' })
    await expect(opened(socket)).rejects.toThrow('403')
  })

  test('the console’s own page and clients that are no browsers pass', async () => {
    const page = { origin: own(), 'sec-fetch-site': 'same-origin' }
    expect((await send('/api/kubernetes/api', { method: 'POST', headers: page })).statusCode).toBe(
      200,
    )
    expect((await send('/api/kubernetes/api', { method: 'POST' })).statusCode).toBe(200)
    const link = { 'sec-fetch-site': 'cross-site', accept: 'text/html' }
    expect((await send('/k8s/all-namespaces/x', { headers: link })).statusCode).toBe(200)
  })

  test('a name that was allowed passes', async () => {
    await gateway.close()
    gateway = await start({ hostNames: ['console.example'] })
    expect((await send('/', { headers: { host: 'console.example' } })).statusCode).toBe(200)
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
    answer = (_request, response) => {
      response.writeHead(403, { 'content-type': 'application/json' })
      response.end('{"kind":"Status","reason":"Forbidden"}')
    }
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
    answer = (_request, response) => response.writeHead(200).flushHeaders()
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

describe('sandbox session', () => {
  const authorization = async (headers: Record<string, string> = {}) =>
    (await json(await send('/api/kubernetes/api', { headers }))).headers.authorization

  test('one is admin at first, and may be another user by cookie or by token', async () => {
    expect(await json(await send('/api/console/session'))).toEqual({
      mode: 'sandbox',
      cluster: 'sandbox',
      user: 'sandbox-admin',
      users: ['sandbox-admin', 'sandbox-view'],
    })
    expect(await authorization()).toBe('Bearer token-a')

    const switched = await put({ user: 'sandbox-view' })
    expect(await json(switched)).toMatchObject({ user: 'sandbox-view' })
    const setCookie = switched.headers['set-cookie']?.[0] ?? ''
    expect(setCookie).toMatch(/; Path=\/api; HttpOnly; SameSite=Strict$/)
    const cookie = setCookie.split(';')[0] ?? ''
    expect(await authorization({ cookie })).toBe('Bearer token-v')
    expect(await authorization({ cookie, authorization: 'Bearer mine' })).toBe('Bearer mine')
    expect(await authorization({ authorization: basic('sandbox-view:') })).toBe('Bearer token-v')
  })

  test('there is no other user, and no secret', async () => {
    expect((await put({ user: 'root' })).statusCode).toBe(422)
    const headers = { authorization: basic('root:') }
    expect((await send('/api/kubernetes/api', { headers })).statusCode).toBe(401)
    expect((await put({})).statusCode).toBe(400)
    const post = await send('/api/console/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"secret":"x"}',
    })
    expect(post.statusCode).toBe(405)
  })

  const put = (body: object) =>
    send('/api/console/session', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
})

describe('kubeconfig session', () => {
  const session = { mode: 'kubeconfig', cluster: 'prod', user: 'ann' } as const
  const post = (secret: string) =>
    send('/api/console/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret }),
    })

  beforeEach(async () => {
    await gateway.close()
    gateway = await start({ access: (port) => secretAccess(session, port, 'the-secret') })
  })

  test('nothing goes without the secret', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { cookie: 'a=the-secret' }]) {
      const response = await send('/api/kubernetes/api', { headers })
      expect(response.statusCode).toBe(401)
      expect(await json(response)).toMatchObject({ kind: 'Status', reason: 'Unauthorized' })
    }
    expect((await send('/api/console/session')).statusCode).toBe(401)
    expect((await post('wrong')).statusCode).toBe(401)
    await expect(opened(new WebSocket(`${gateway.url}/api/kubernetes/x`))).rejects.toThrow('401')
  })

  test('the secret is exchanged for a cookie which is not the secret', async () => {
    const response = await post('the-secret')
    expect(await json(response)).toEqual(session)
    const cookie = response.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    expect(cookie).not.toContain('the-secret')
    expect((await send('/api/kubernetes/api', { headers: { cookie } })).statusCode).toBe(200)
  })

  test.each(['Bearer the-secret', basic('any:the-secret')])(
    'the secret as %s opens the way and stays here',
    async (authorization) => {
      const headers = { authorization }
      const seen = await json(await send('/api/kubernetes/api', { headers }))
      expect(seen.headers).not.toHaveProperty('authorization')
    },
  )
})

test('in a cluster each request brings its own credentials', async () => {
  await gateway.close()
  gateway = await start({ access: () => passThroughAccess('cluster') })
  expect((await send('/api/kubernetes/api')).statusCode).toBe(401)
  const headers = { authorization: 'Bearer ann' }
  const seen = await json(await send('/api/kubernetes/api', { headers }))
  expect(seen.headers.authorization).toBe('Bearer ann')
})

function basic(login: string) {
  return `Basic ${Buffer.from(login).toString('base64')}`
}

function opened(socket: WebSocket) {
  return new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
}

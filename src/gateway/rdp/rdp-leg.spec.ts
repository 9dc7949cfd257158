import { randomBytes, X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { TLSSocket } from 'node:tls'
import type { TLSSocketOptions } from 'node:tls'

import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createWebSocketStream, WebSocket, WebSocketServer } from 'ws'

import { directConnection, kubeconfigConnection } from '../cluster-connection.ts'
import {
  certificate,
  cluster,
  clusterUrl,
  gateway,
  key,
  opened,
  restart,
  send,
  startGatewayPerTest,
} from '../gateway-harness.ts'
import { secretAccess } from '../local-access.ts'
import { clusterAccess } from '../sign-in/cluster-access.ts'
import { readDer, writeDer, writeDerInteger } from './der.ts'
import { cleanPathError } from './rdcleanpath.ts'
import { guestOf } from './rdp-leg.ts'
import { tpktSize } from './x224.ts'

startGatewayPerTest()

/** Tens of MiB go through four TLS ends and two WebSockets in one process. */
const largeMs = 30_000

const hex = (text: string) => Buffer.from(text, 'hex')
const path = '/api/rdp/namespaces/demo/virtualmachineinstances/win-1'
const forwardPath =
  '/apis/subresources.kubevirt.io/v1/namespaces/demo/virtualmachineinstances/win-1/portforward/3389/tcp'

const connectionRequest = hex('0300001308e0000000000001000800' + '0b000000').fill(0x0e, 4, 5)
const confirmCredSsp = hex('030000130ed000001234000200080002000000')

function requestFor(destination: string, x224 = connectionRequest) {
  const text = (value: string) => writeDer(0x0c, Buffer.from(value))
  return writeDer(
    0x30,
    writeDer(0xa0, writeDerInteger(3390)),
    writeDer(0xa2, text(destination)),
    writeDer(0xa3, text('none')),
    writeDer(0xa6, writeDer(0x04, x224)),
  )
}
const request = requestFor('win-1')

/** What the fake cluster was asked for, upgrades only. */
let asked: IncomingMessage[]
/** What stands at the guest's end of the port-forward. */
let guest: (stream: Duplex) => void
/** The port-forwards that are still open at the cluster. */
let forwards: Set<WebSocket>

beforeEach(() => {
  asked = []
  forwards = new Set()
  guest = (stream) => void desktop(stream, (secured) => secured.pipe(secured))
  serveForwards(cluster)
})

function serveForwards(server: { on(event: 'upgrade', listener: Upgrade): unknown }) {
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (incoming, socket, head) => {
    asked.push(incoming)
    sockets.handleUpgrade(incoming, socket, head, (webSocket) => {
      forwards.add(webSocket)
      webSocket.once('close', () => forwards.delete(webSocket))
      const stream = createWebSocketStream(webSocket)
      stream.on('error', () => undefined)
      guest(stream)
    })
  })
}
type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** A guest with an RDP server, up to TLS. */
async function desktop(
  stream: Duplex,
  onSecured: (secured: TLSSocket) => void,
  options: TLSSocketOptions = {},
) {
  expect(await packet(stream)).toEqual(connectionRequest)
  stream.write(confirmCredSsp)
  const secured = new TLSSocket(stream as Socket, {
    isServer: true,
    key,
    cert: certificate,
    ...options,
  })
  secured.on('error', () => undefined)
  onSecured(secured)
}

async function packet(stream: Duplex) {
  let bytes = Buffer.alloc(0)
  return new Promise<Buffer>((resolve) => {
    stream.on('data', function onData(chunk: Buffer) {
      bytes = Buffer.concat([bytes, chunk])
      if (bytes.length !== tpktSize(bytes)) return
      stream.pause()
      stream.off('data', onData)
      resolve(bytes)
    })
  })
}

function open(options: ConstructorParameters<typeof WebSocket>[2] = {}, target = path) {
  return new WebSocket(`${gateway.url}${target}`, options)
}

function nextMessage(socket: WebSocket) {
  return new Promise<Buffer>((resolve, reject) => {
    socket.once('message', (data: Buffer) => resolve(data))
    socket.once('close', (code) => reject(new Error(`closed with ${code}`)))
    socket.once('error', reject)
  })
}

function closeOf(socket: WebSocket) {
  return new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)))
}

/** The gateway's answer to what a client says first. */
async function answerTo(socket: WebSocket, ...messages: (Buffer | string)[]) {
  await opened(socket)
  const answer = nextMessage(socket)
  for (const message of messages) socket.send(message)
  return answer
}

/**
 * Where an amount comes to rest: once all buffers between are full, of which the system's own take
 * several MiB, or at its end.
 */
async function restOf(amount: () => number) {
  let before = amount()
  let looks = 0
  await vi.waitUntil(
    () => {
      looks = amount() === before ? looks + 1 : 0
      before = amount()
      return looks === 8
    },
    { interval: 100, timeout: largeMs },
  )
  return before
}

/** Whether an answer leads to a desktop and is no error. */
const isDesktop = (answer: Buffer) => answer.includes(confirmCredSsp)

/** A client whose desktop may be spoken to. */
async function connected() {
  const socket = open()
  expect(isDesktop(await answerTo(socket, request))).toBe(true)
  return socket
}

describe('a desktop', () => {
  test('is opened with the guest’s answer and its certificate, then bytes go both ways', async () => {
    const socket = open({
      headers: { cookie: `kubevirt-console-user-${gateway.port}=sandbox-view` },
    })
    const [response] = readDer(await answerTo(socket, request))
    const fields = readDer(response!.content)
    expect(fields.map(({ tag }) => tag - 0xa0)).toEqual([0, 6, 7, 9])
    expect(readDer(fields[1]!.content)[0]?.content).toEqual(confirmCredSsp)
    const chain = readDer(readDer(fields[2]!.content)[0]!.content)
    expect(chain.map(({ content }) => content)).toEqual([new X509Certificate(certificate).raw])

    const sent = randomBytes(3_000_000)
    const back = new Promise<Buffer>((resolve) => {
      const chunks: Buffer[] = []
      let length = 0
      socket.on('message', (chunk: Buffer, isBinary) => {
        expect(isBinary).toBe(true)
        chunks.push(chunk)
        length += chunk.length
        if (length >= sent.length) resolve(Buffer.concat(chunks))
      })
    })
    for (let at = 0; at < sent.length; at += 70_001) socket.send(sent.subarray(at, at + 70_001))
    expect((await back).equals(sent)).toBe(true)

    expect(asked).toHaveLength(1)
    expect(asked[0]?.url).toBe(forwardPath)
    expect(asked[0]?.headers).toMatchObject({
      authorization: 'Bearer token-v',
      'sec-websocket-protocol': 'plain.kubevirt.io',
      host: clusterUrl.host,
      origin: clusterUrl.origin,
    })
    for (const name of ['cookie', 'sec-websocket-extensions']) {
      expect(asked[0]?.headers).not.toHaveProperty(name)
    }
    socket.terminate()
  })

  test('is where the URL says, whatever the request has for a destination', async () => {
    for (const destination of ['169.254.169.254:80', 'other.lab:22', '../../secrets', '']) {
      const socket = open()
      await answerTo(socket, requestFor(destination))
      socket.terminate()
    }
    expect(asked.map(({ url }) => url)).toEqual(Array(4).fill(forwardPath))
  })

  test('is asked for with a request that comes byte by byte as well', async () => {
    const socket = open()
    const answer = await answerTo(socket, ...Array.from(request, (byte) => Buffer.of(byte)))
    expect(isDesktop(answer)).toBe(true)
    socket.terminate()
  })

  test('that ends is told after its last bytes, and leaves nothing at the cluster', async () => {
    const last = randomBytes(500_000)
    guest = (stream) => void desktop(stream, (secured) => secured.end(last))
    const socket = open()
    const chunks: Buffer[] = []
    socket.on('message', (chunk: Buffer) => chunks.push(chunk))
    await opened(socket)
    socket.send(request)
    expect(await closeOf(socket)).toBe(1000)
    expect(Buffer.concat(chunks.slice(1)).equals(last)).toBe(true)
    await vi.waitFor(() => expect(forwards.size).toBe(0))
  })

  test('that is cut off from KubeVirt, as by a migration, lets its client go', async () => {
    const socket = await connected()
    for (const forward of forwards) forward.terminate()
    expect(await closeOf(socket)).toBe(1000)
  })

  test('that breaks TLS is told as broken', async () => {
    guest = (stream) =>
      void desktop(stream, (secured) => secured.once('data', () => stream.write('no TLS record')))
    const socket = await connected()
    socket.send(Buffer.of(1))
    expect(await closeOf(socket)).toBe(1001)
    await vi.waitFor(() => expect(forwards.size).toBe(0))
  })

  test.each([
    ['leaves', (socket: WebSocket) => socket.close()],
    ['is cut off', (socket: WebSocket) => socket.terminate()],
  ])('whose client %s hears of it, and is let go', async (_how, leave) => {
    const ended = new Promise<Buffer>((resolve) => {
      guest = (stream) => void desktop(stream, (secured) => void buffer(secured).then(resolve))
    })
    const socket = await connected()
    socket.send('last words'.padEnd(1000), { binary: true }, () => leave(socket))
    expect(String(await ended)).toContain('last words')
    await vi.waitFor(() => expect(forwards.size).toBe(0))
  })

  test('is not spoken to in text', async () => {
    const socket = await connected()
    socket.send('text')
    expect(await closeOf(socket)).toBe(1003)
    await vi.waitFor(() => expect(forwards.size).toBe(0))
  })

  test('takes no message larger than the limit', async () => {
    const socket = await connected()
    socket.send(Buffer.alloc(8 * 1024 * 1024 + 1))
    expect(await closeOf(socket)).toBe(1009)
    await vi.waitFor(() => expect(forwards.size).toBe(0))
  })

  test('waits for a browser that is slow, and loses nothing', { timeout: largeMs }, async () => {
    const total = 32 * 1024 * 1024
    let written = 0
    guest = (stream) =>
      void desktop(stream, (secured) => {
        const chunk = Buffer.alloc(1024 * 1024, 1)
        const more = () => {
          while (written < total) {
            written += chunk.length
            if (!secured.write(chunk)) return void secured.once('drain', more)
          }
          secured.end()
        }
        secured.once('data', more)
      })
    const socket = await connected()
    socket.pause()
    socket.send(Buffer.of(1))
    expect(await restOf(() => written)).toBeLessThan(total)
    let received = 0
    socket.on('message', (chunk: Buffer) => (received += chunk.length))
    const closed = closeOf(socket)
    socket.resume()
    expect(await closed).toBe(1000)
    expect(received).toBe(total)
  })

  test('that is slow is waited for, and loses nothing', { timeout: largeMs }, async () => {
    let secured: TLSSocket | undefined
    guest = (stream) => void desktop(stream, (socket) => (secured = socket).pause())
    const socket = await connected()
    const total = 32 * 1024 * 1024
    for (let sent = 0; sent < total; sent += 1024 * 1024) socket.send(Buffer.alloc(1024 * 1024, 1))
    expect(await restOf(() => socket.bufferedAmount)).toBeGreaterThan(0)
    let received = 0
    const all = new Promise<void>((resolve) => {
      secured?.on('data', (chunk: Buffer) => {
        received += chunk.length
        if (received === total) resolve()
      })
    })
    secured?.resume()
    await all
    socket.terminate()
  })
})

describe('only what names a guest, from the page itself', () => {
  test.each([
    '/api/rdp',
    '/api/rdp/',
    '/api/rdp/namespaces/demo/virtualmachineinstances/',
    '/api/rdp/namespaces//virtualmachineinstances/win-1',
    `${path}/`,
    `${path}?port=22`,
    `${path}#x`,
    `${path}/portforward/22/tcp`,
    '/api/rdp/namespaces/demo/virtualmachineinstances/win-1%2fportforward%2f22',
    '/api/rdp/namespaces/demo/virtualmachineinstances/..',
    '/api/rdp/namespaces/demo/virtualmachineinstances/%2e%2e',
    '/api/rdp/namespaces/../virtualmachineinstances/win-1',
    '/api/rdp/namespaces/demo/../lab/virtualmachineinstances/win-1',
    '/api/rdp/namespaces/demo/virtualmachineinstances/win-1..lab',
    '/api/rdp/namespaces/demo/virtualmachineinstances/Win-1',
    '/api/rdp/namespaces/demo/virtualmachineinstances/win_1',
    '/api/rdp/namespaces/demo/virtualmachineinstances/-win',
    '/api/rdp/namespaces/de.mo/virtualmachineinstances/win-1',
    '/api/rdp/namespaces/demo/virtualmachines/win-1',
    `/api/rdp/namespaces/${'n'.repeat(64)}/virtualmachineinstances/win-1`,
    `/api/rdp/namespaces/demo/virtualmachineinstances/${'a.'.repeat(127)}a`,
    '/api/rdp/namespaces/demo/virtualmachineinstances/win-1\\x',
  ])('%s is refused', async (target) => {
    const headers = { connection: 'upgrade', upgrade: 'websocket' }
    const response = await send(target, { headers })
    expect(response.statusCode).toBe(400)
    expect(asked).toEqual([])
  })

  test('a name may have dots', () => {
    const target = '/api/rdp/namespaces/demo/virtualmachineinstances/web.1.example'
    expect(guestOf(target)).toEqual({ namespace: 'demo', name: 'web.1.example' })
  })

  test.each([
    ['Origin', { origin: 'https://evil.example' }],
    ['Origin of another port', { origin: 'http://127.0.0.1:1' }],
    ['Origin null', { origin: 'null' }],
    ['Sec-Fetch-Site', { 'sec-fetch-site': 'same-site' }],
    ['Host', { host: 'rebound.example' }],
  ])('a foreign %s is refused', async (_what, headers) => {
    await expect(opened(open({ headers }))).rejects.toThrow('403')
    expect(asked).toEqual([])
  })

  test('the page’s own Origin passes', async () => {
    const socket = open({ headers: { origin: gateway.url, 'sec-fetch-site': 'same-origin' } })
    expect(isDesktop(await answerTo(socket, request))).toBe(true)
    socket.terminate()
  })

  test('another protocol is refused, and without an upgrade there is nothing', async () => {
    const headers = { connection: 'upgrade', upgrade: 'SPDY/3.1' }
    expect((await send(path, { headers })).statusCode).toBe(400)
    expect((await send(path)).statusCode).toBe(404)
  })
})

describe('credentials', () => {
  test('a kubeconfig’s rights are for who knows the secret', async () => {
    const access = secretAccess(
      { mode: 'kubeconfig', cluster: 'c', user: 'u' },
      () => gateway.port,
      'right',
    )
    await restart({ access: () => access })
    expect(await answerTo(open(), request)).toEqual(cleanPathError({ http: 401 }))
    expect(asked).toEqual([])
    const signedIn = await access.signIn?.exchange('right', new IncomingMessage(new Socket()))
    const cookie = signedIn && 'cookies' in signedIn ? (signedIn.cookies[0] ?? '') : ''
    const socket = open({ headers: { cookie } })
    await answerTo(socket, request)
    expect(asked[0]?.headers).not.toHaveProperty('authorization')
    socket.terminate()
  })

  test('in a cluster they are the request’s own', async () => {
    const connection = directConnection(clusterUrl)
    const options = { displayName: 'c', connection, sessionSeconds: 60 }
    await restart({ access: () => clusterAccess(options) })
    expect(await answerTo(open(), request)).toEqual(cleanPathError({ http: 401 }))
    const socket = open({ headers: { authorization: 'Bearer theirs' } })
    await answerTo(socket, request)
    expect(asked.map(({ headers }) => headers)).toMatchObject([{ authorization: 'Bearer theirs' }])
    socket.terminate()
  })

  test('a kubeconfig’s client certificate and authority hold for port-forwards', async () => {
    const options = { key, cert: certificate, ca: certificate, requestCert: true }
    const server = createTlsServer(options)
    serveForwards(server)
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const directory = await mkdtemp(join(tmpdir(), 'rdp-spec-'))
    const base64 = (pem: string) => Buffer.from(pem).toString('base64')
    const file = join(directory, 'config')
    const config = {
      'current-context': 'it',
      contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
      clusters: [
        {
          name: 'it',
          cluster: {
            server: `https://127.0.0.1:${(server.address() as AddressInfo).port}/base`,
            'certificate-authority-data': base64(certificate),
            'tls-server-name': 'kubernetes',
          },
        },
      ],
      users: [
        {
          name: 'it',
          user: { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) },
        },
      ],
    }
    await writeFile(file, JSON.stringify(config))
    await restart({ connection: kubeconfigConnection(file) })
    const socket = open()
    await answerTo(socket, request)
    expect(asked[0]?.socket).toMatchObject({ authorized: true })
    expect(asked[0]?.url).toBe(`/base${forwardPath}`)
    socket.terminate()
    server.closeAllConnections()
    server.close()
    await rm(directory, { recursive: true })
  })
})

describe('what goes wrong has a code', () => {
  function refuseForwards(status: number, body: string) {
    cluster.removeAllListeners('upgrade')
    cluster.on('upgrade', (_request, socket: Socket) =>
      socket.end(
        `HTTP/1.1 ${status} No\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      ),
    )
  }

  test.each([
    [400, 'no network interfaces are present', { http: 400 }],
    [401, 'Unauthorized', { http: 401 }],
    [403, 'User "jane" cannot get resource', { http: 403 }],
    [404, 'not found', { http: 404 }],
    [409, 'VMI is paused', { http: 409 }],
    [500, 'something else', { http: 500 }],
    [403, 'connection refused', { http: 403 }],
    [302, 'elsewhere', { http: 302 }],
    [200, 'no upgrade', { http: 200 }],
    [500, 'dialing VM: dial tcp 10.0.2.2:3389: connect: connection refused', { wsa: 10061 }],
    [500, 'dialing VM: dial tcp 10.0.2.2:3389: i/o timeout', { wsa: 10060 }],
    [500, 'dialing VM: dial tcp 10.0.2.2:3389: connect: no route to host', { wsa: 10065 }],
    [500, 'dialing VM: dial tcp: connect: network is unreachable', { wsa: 10051 }],
  ])('port-forward refused with %i “%s”: %o', async (status, body, code) => {
    refuseForwards(status, body)
    const socket = open()
    const closed = closeOf(socket)
    expect(await answerTo(socket, request)).toEqual(cleanPathError(code))
    expect(await closed).toBe(1000)
  })

  test('a cluster out of reach is 503', async () => {
    cluster.close()
    cluster.closeAllConnections()
    expect(await answerTo(open(), request)).toEqual(cleanPathError({ http: 503 }))
  })

  test.each<[string, (stream: Duplex) => void, Parameters<typeof cleanPathError>[0]]>([
    ['hangs up at once', (stream) => stream.end(), { wsa: 10054 }],
    ['is cut off', (stream) => stream.destroy(), { wsa: 10054 }],
    [
      'hangs up instead of TLS',
      (stream) => void packet(stream).then(() => stream.end(confirmCredSsp)),
      { wsa: 10054 },
    ],
    ['speaks something else', (stream) => stream.write('SSH-2.0-OpenSSH_9.2\r\n'), { http: 502 }],
    ['answers without end', (stream) => stream.write(hex('0300fff0')), { http: 502 }],
    ['answers with a request', (stream) => stream.write(connectionRequest), { http: 502 }],
    [
      'says more than it may',
      (stream) => stream.write(Buffer.concat([confirmCredSsp, confirmCredSsp])),
      { http: 502 },
    ],
    [
      'demands CredSSP',
      (stream) => stream.write(hex('030000130ed000001234000300080005000000')),
      { negotiation: hex('030000130ed000001234000300080005000000') },
    ],
    [
      'takes standard RDP security only',
      (stream) => stream.write(hex('030000130ed000001234000200080000000000')),
      { negotiation: hex('030000130ed000000000000300080002000000') },
    ],
    [
      'has no TLS newer than 1.1',
      (stream) =>
        void desktop(stream, () => undefined, {
          minVersion: 'TLSv1',
          maxVersion: 'TLSv1.1',
          ciphers: 'DEFAULT:@SECLEVEL=0',
        } as TLSSocketOptions),
      { tls: 70 },
    ],
    [
      'speaks no TLS after all',
      (stream) =>
        void packet(stream).then(() => {
          stream.write(confirmCredSsp)
          stream.once('data', () => stream.write('HTTP/1.1 400 Bad Request\r\n\r\n'))
          stream.resume()
        }),
      { tls: 70 },
    ],
  ])('a guest that %s', async (_what, behave, code) => {
    guest = behave
    const socket = open()
    expect(await answerTo(socket, request)).toEqual(cleanPathError(code))
    await vi.waitFor(() => expect(forwards.size).toBe(0))
  })

  test.each<[string, () => void]>([
    ['guest', () => (guest = (stream) => stream.resume())],
    [
      'guest, from TLS on,',
      () => (guest = (stream) => void packet(stream).then(() => stream.write(confirmCredSsp))),
    ],
    ['cluster', () => cluster.removeAllListeners('upgrade').on('upgrade', () => undefined)],
  ])('a %s that is silent is 504', async (_who, silence) => {
    await restart({ rdpLimits: { setUpMs: 150 } })
    silence()
    expect(await answerTo(open(), request)).toEqual(cleanPathError({ http: 504 }))
    await vi.waitFor(() => expect(forwards.size).toBe(0))
  })

  test.each([
    ['a text', ['text']],
    ['text that would be a request', [request.toString('latin1')]],
    ['no X.224', [requestFor('win-1', hex('474554202f20485454502f312e31'))]],
    ['garbage', [Buffer.from('\u0016\u0003\u0001 hello')]],
    ['an indefinite length', [hex('3080a00402020d3e')]],
    ['a huge length', [hex('3084ffffffff')]],
    ['a request that is too large', [writeDer(0x30, Buffer.alloc(9000))]],
    ['a start of one that is too large', [hex('3082ffff')]],
    ['more than is asked for', [Buffer.concat([request, request])]],
    ['large pieces without end', [hex('3082ffff'), Buffer.alloc(9000)]],
  ])('a client that begins with %s is 400, and the cluster hears nothing', async (_what, said) => {
    expect(await answerTo(open(), ...said)).toEqual(cleanPathError({ http: 400 }))
    expect(asked).toEqual([])
    expect((await send('/healthz')).statusCode).toBe(200)
  })

  test('a client that speaks out of turn is 400', async () => {
    guest = (stream) => stream.resume()
    expect(await answerTo(open(), request, request)).toEqual(cleanPathError({ http: 400 }))
    await vi.waitFor(() => expect(forwards.size).toBe(0))
  })

  test.each([
    ['nothing', []],
    ['nothing in a message', [Buffer.alloc(0)]],
    ['half a request', [request.subarray(0, 10)]],
  ])('a client that says %s is told so in time', async (_what, said) => {
    await restart({ rdpLimits: { setUpMs: 100 } })
    expect(await answerTo(open(), ...said)).toEqual(cleanPathError({ http: 504 }))
  })
})

describe('what is left half-way', () => {
  test('a client that leaves before the guest answers takes its port-forward along', async () => {
    const reached = new Promise<void>((resolve) => {
      guest = (stream) => stream.once('data', () => resolve())
    })
    const socket = open()
    await opened(socket)
    socket.send(request)
    await reached
    expect(forwards.size).toBe(1)
    socket.terminate()
    await vi.waitFor(() => expect(forwards.size).toBe(0))
  })

  test('a client that leaves before the cluster answers ends the request there', async () => {
    cluster.removeAllListeners('upgrade')
    const upgrade = new Promise<Socket>((resolve) => {
      cluster.on('upgrade', (_request, socket: Socket) => resolve(socket))
    })
    const socket = open()
    await opened(socket)
    socket.send(request)
    const atCluster = await upgrade
    socket.terminate()
    expect(await text(atCluster)).toBe('')
  })

  test('a raw socket that breaks in the middle of a frame harms nobody', async () => {
    const raw = connect(gateway.port, '127.0.0.1')
    raw.on('error', () => undefined)
    raw.write(
      `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n` +
        'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    )
    await new Promise((resolve) => raw.once('data', resolve))
    raw.write(hex('82fe'))
    raw.resetAndDestroy()
    expect((await send('/healthz')).statusCode).toBe(200)
    const socket = await connected()
    socket.terminate()
  })

  test('a frame without a mask is refused', async () => {
    const raw = connect(gateway.port, '127.0.0.1')
    raw.write(
      `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n` +
        'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    )
    raw.write(hex('820430303030'))
    await text(raw)
    expect(asked).toEqual([])
  })

  test('a browser that answers no ping is let go', async () => {
    await restart({ rdpLimits: { pingMs: 20 } })
    const socket = open({ autoPong: false })
    socket.on('error', () => undefined)
    const closed = closeOf(socket)
    await opened(socket)
    socket.send(request)
    expect(await closed).toBe(1006)
    await vi.waitFor(() => expect(forwards.size).toBe(0))
  })

  test('shutting down ends all, and says so', async () => {
    const socket = await connected()
    const closed = closeOf(socket)
    await gateway.close()
    expect(await closed).toBe(1001)
    await vi.waitFor(() => expect(forwards.size).toBe(0))
  })
})

describe('limits', () => {
  test('a person has so many desktops at once; another one isn’t in their way', async () => {
    await restart({ rdpLimits: { perUser: 1 } })
    const first = await connected()
    expect(await answerTo(open(), request)).toEqual(cleanPathError({ http: 429 }))
    const other = open({ headers: { authorization: 'Bearer other' } })
    expect(isDesktop(await answerTo(other, request))).toBe(true)
    other.terminate()
    first.close()
    await closeOf(first)
    await vi.waitFor(async () => {
      const again = open()
      expect(isDesktop(await answerTo(again, request))).toBe(true)
      again.terminate()
    })
  })

  test('and so has the gateway', async () => {
    await restart({ rdpLimits: { total: 1 } })
    const first = await connected()
    const other = open({ headers: { authorization: 'Bearer other' } })
    expect(await answerTo(other, request)).toEqual(cleanPathError({ http: 429 }))
    first.terminate()
  })
})

test('the log tells that there was a desktop, and nothing of what went through or for whom', async () => {
  const lines: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
  await restart({ logLevel: 'debug', logFormat: 'text' })
  const socket = open({ headers: { authorization: 'Bearer hidden-token' } })
  const cookie = Buffer.from('Cookie: mstshash=hidden-user\r\n').toString('hex')
  const x224 = hex(
    `0300${(0x13 + cookie.length / 2).toString(16).padStart(4, '0')}${(0x0e + cookie.length / 2).toString(16)}e00000000000${cookie}010008000b000000`,
  )
  guest = (stream) => void packet(stream).then(() => stream.end('hidden-answer'))
  expect(await answerTo(socket, requestFor('hidden-destination', x224))).toEqual(
    cleanPathError({ http: 502 }),
  )
  guest = (stream) => void desktop(stream, (secured) => secured.pipe(secured))
  const second = await connected()
  second.send(Buffer.from('hidden-payload'))
  await nextMessage(second)
  second.terminate()
  await vi.waitFor(() => expect(lines.join('')).toMatch(/win-1: RDP open[^]*win-1 upgrade/))
  expect(lines.join('')).toContain('RDP failed: the guest does not speak RDP')
  expect(lines.join('')).not.toContain('hidden')
})

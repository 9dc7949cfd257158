import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

import { beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'

import { sendRaw } from '../attacks/raw-http.ts'
import {
  answerWith,
  auditFile,
  basic,
  cluster,
  gateway,
  opened,
  restart,
  send,
  startGatewayPerTest,
} from '../gateway-harness.ts'
import { createAuditLog } from './audit-log.ts'

beforeEach(() => rm(auditFile(), { force: true }))
startGatewayPerTest()

async function lines(count: number): Promise<Record<string, unknown>[]> {
  return vi.waitFor(async () => {
    const text = await readFile(auditFile(), 'utf8')
    const all = text.trimEnd().split('\n')
    expect(all).toHaveLength(count)
    return all.map((line) => JSON.parse(line) as Record<string, unknown>)
  })
}

const vm = '/api/kubernetes/apis/kubevirt.io/v1/namespaces/demo/virtualmachines/web-1'
const vmi =
  '/api/kubernetes/apis/subresources.kubevirt.io/v1/namespaces/demo/virtualmachineinstances/web-1'

describe('mutations', () => {
  test('who, what, where and the result', async () => {
    await restart({ trustedProxies: ['127.0.0.0/8'] })
    answerWith((_request, response) => response.writeHead(422).end('{}'))
    await send(`${vm}?dryRun=All&fieldManager=secret`, {
      method: 'PATCH',
      headers: { 'x-forwarded-for': '198.51.100.7', cookie: 'a=secret' },
      body: '{"spec":{"secret":1}}',
    })
    const [line] = await lines(1)
    expect(line).toEqual({
      audit: true,
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      replica: expect.any(String),
      event: 'mutation',
      user: 'sandbox-admin',
      identifiedBy: 'session',
      verb: 'patch',
      group: 'kubevirt.io',
      resource: 'virtualmachines',
      subresource: '',
      namespace: 'demo',
      name: 'web-1',
      dryRun: true,
      cluster: 'sandbox',
      client: '198.51.100.7',
      status: 422,
      durationMs: expect.any(Number),
    })
    expect(await readFile(auditFile(), 'utf8')).not.toContain('secret')
  })

  test.each([
    ['PUT', `${vm}/start`, { verb: 'update', subresource: 'start', name: 'web-1' }],
    ['DELETE', vm.replace(/\/[^/]*$/, ''), { verb: 'deletecollection', name: '' }],
    [
      'POST',
      '/api/kubernetes/api/v1/namespaces',
      { verb: 'create', group: '', resource: 'namespaces', namespace: '' },
    ],
    [
      'DELETE',
      '/api/kubernetes/api/v1/namespaces/demo',
      { resource: 'namespaces', namespace: 'demo', name: 'demo' },
    ],
    [
      'PUT',
      '/api/kubernetes/api/v1/namespaces/demo/finalize',
      { resource: 'namespaces', subresource: 'finalize' },
    ],
    [
      'POST',
      '/api/kubernetes/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      { resource: 'selfsubjectaccessreviews' },
    ],
    ['POST', '/api/kubernetes/version', { verb: 'POST', path: '/api/kubernetes/version' }],
    ['POST', '/api/kubernetes/api/../x?secret', { path: '/api/kubernetes/api/../x', status: 400 }],
    [
      'POST',
      '/api/upload/namespaces/demo/persistentvolumeclaims/disk',
      { resource: 'uploadtokenrequests', name: 'disk' },
    ],
  ])('%s %s', async (method, path, expected) => {
    await send(path, { method, body: 'x' })
    expect((await lines(1))[0]).toMatchObject({ event: 'mutation', ...expected })
  })

  test('what a defence refuses is one too', async () => {
    await send(vm, { method: 'DELETE', headers: { origin: 'https://evil.example' } })
    expect((await lines(1))[0]).toMatchObject({ verb: 'delete', status: 403 })
  })

  test('a client that leaves is told from one that was answered', async () => {
    answerWith((request) => request.resume())
    const leaving = send(vm, { method: 'DELETE', signal: AbortSignal.timeout(100) })
    await expect(leaving).rejects.toThrow('aborted')
    const [line] = await lines(1)
    expect(line).toMatchObject({ event: 'mutation', aborted: true })
    expect(line).not.toHaveProperty('status')
  })

  test('reads are not, nor are watches', async () => {
    await send('/api/kubernetes/api/v1/pods')
    await send('/api/kubernetes/api/v1/pods', { method: 'HEAD' })
    await send('/k8s/ns/demo/x')
    await send(vm, { method: 'DELETE' })
    expect(await lines(1)).toMatchObject([{ verb: 'delete' }])
  })
})

describe('who it was', () => {
  const jwt = (claims: object) =>
    ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'signature'].join('.')

  test.each([
    ['a session', undefined, { user: 'sandbox-admin', identifiedBy: 'session' }],
    ['a name', basic('sandbox-view:x'), { user: 'sandbox-view', identifiedBy: 'login' }],
    ['a token', 'Bearer opaque', { user: '', identifiedBy: 'token' }],
    [
      'a token that names somebody',
      `Bearer ${jwt({ sub: 'system:serviceaccount:a:b' })}`,
      { user: 'system:serviceaccount:a:b' },
    ],
    [
      'one with an address',
      `Bearer ${jwt({ sub: '1', email: 'jo@example.org' })}`,
      { user: 'jo@example.org' },
    ],
    ['a token that is damaged', 'Bearer a.%%%.c', { user: '', identifiedBy: 'token' }],
    ['a token whose name is no text', `Bearer ${jwt({ sub: { a: 1 } })}`, { user: '' }],
  ])('%s', async (_what, authorization, expected) => {
    await send(vm, { method: 'DELETE', ...(authorization && { headers: { authorization } }) })
    expect((await lines(1))[0]).toMatchObject(expected)
    const secret = authorization?.split(' ')[1] ?? 'nothing'
    expect(await readFile(auditFile(), 'utf8')).not.toContain(secret)
  })
})

describe('consoles', () => {
  test.each([
    ['vnc', 'vnc'],
    ['console', 'serial'],
    ['portforward/22/tcp', 'port-forward'],
    ['usbredir', 'other'],
  ])('%s: open and end, with what went through', async (subresource, kind) => {
    const server = new WebSocketServer({ server: cluster })
    server.on('connection', (peer) => peer.on('message', () => peer.send('x'.repeat(1000))))
    const socket = new WebSocket(`${gateway.url}${vmi}/${subresource}`)
    await opened(socket)
    socket.send('y'.repeat(300))
    await once(socket, 'message')
    socket.close()
    const [open, end] = await lines(2)
    expect(open).toMatchObject({
      event: 'console-open',
      console: kind,
      verb: 'connect',
      subresource: subresource.split('/')[0],
      name: 'web-1',
      status: 101,
      user: 'sandbox-admin',
    })
    expect(end).toMatchObject({ event: 'console-end', session: open?.session, end: 'closed' })
    // Frames have a few bytes of their own.
    expect(end?.bytesFromClient).toBeGreaterThanOrEqual(300)
    expect(end?.bytesFromClient).toBeLessThan(350)
    expect(end?.bytesToClient).toBeGreaterThanOrEqual(1000)
    expect(end?.bytesToClient).toBeLessThan(1050)
    server.close()
  })

  test.each([
    ['ends', 'closed', (socket: Socket) => socket.end()],
    [
      'breaks within a frame',
      'broken',
      (socket: Socket) =>
        socket.write(Buffer.of(0x82, 10, 1), () => setTimeout(() => socket.resetAndDestroy(), 50)),
    ],
  ] as const)('one that %s at the cluster is %s', async (_what, end, leave) => {
    cluster.on('upgrade', (_request: IncomingMessage, socket: Socket) => {
      socket.on('error', () => undefined)
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
        () => setTimeout(() => leave(socket), 50),
      )
    })
    const path = `${vmi}/vnc`
    await sendRaw(
      `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`,
    )
    expect((await lines(2))[1]).toMatchObject({ event: 'console-end', end })
  })

  test('refused by the cluster, by a defence, and a desktop that can’t be had', async () => {
    answerWith((_request, response) => response.writeHead(404).end())
    cluster.on('upgrade', (_request: IncomingMessage, socket: Socket) =>
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'),
    )
    const upgrade = { connection: 'upgrade', upgrade: 'websocket' }
    await send(`${vmi}/vnc`, { headers: upgrade })
    expect((await lines(1))[0]).toMatchObject({
      event: 'console-refused',
      console: 'vnc',
      status: 403,
    })
    await send(`${vmi}/vnc`, { headers: { ...upgrade, origin: 'https://evil.example' } })
    expect((await lines(2))[1]).toMatchObject({ event: 'console-refused', status: 403 })
    const desktop = new WebSocket(
      `${gateway.url}/api/rdp/namespaces/demo/virtualmachineinstances/win-1`,
    )
    await opened(desktop)
    desktop.send('no request')
    await once(desktop, 'close')
    expect((await lines(3))[2]).toMatchObject({
      event: 'console-refused',
      console: 'rdp',
      namespace: 'demo',
      name: 'win-1',
      status: 400,
    })
  })

  test('watches are reads', async () => {
    const server = new WebSocketServer({ server: cluster })
    const socket = new WebSocket(`${gateway.url}/api/kubernetes/api/v1/pods?watch=1`)
    await opened(socket)
    socket.close()
    await once(socket, 'close')
    await send(vm, { method: 'DELETE' })
    expect((await lines(1))[0]).toMatchObject({ event: 'mutation' })
    server.close()
  })
})

test('signing in as another user', async () => {
  const headers = { 'content-type': 'application/json' }
  await send('/api/console/session', { method: 'PUT', headers, body: '{"user":"sandbox-view"}' })
  await send('/api/console/session', { method: 'PUT', headers, body: '{"user":"mallory"}' })
  expect(await lines(2)).toMatchObject([
    { event: 'sign-in', way: 'user', user: 'sandbox-view', identifiedBy: 'session', status: 200 },
    { event: 'sign-in', way: 'user', user: 'sandbox-admin', status: 422 },
  ])
})

test('nothing in a name writes a line of its own, and nothing is endless', async () => {
  const evil = 'a\n{"audit"}\u001b[2J\u202e'
  await send(vm, { method: 'DELETE', headers: { authorization: basic(`${evil}:x`) } })
  await send(`/api/kubernetes/${'a'.repeat(10_000)}/..`, { method: 'DELETE' })
  const all = await lines(2)
  expect(all[0]).toMatchObject({ user: evil })
  expect(String(all[1]?.path).length).toBe(512)
  const text = await readFile(auditFile(), 'utf8')
  expect(text).not.toContain('\u001b')
  expect(text).not.toContain('\u202e')
})

test('a file that can’t be written is told of', async () => {
  const failed = new Promise((resolve) => createAuditLog('a', '/nowhere/audit.log', resolve))
  await expect(failed).resolves.toMatchObject({ code: 'ENOENT' })
})

test('standard output is the other place, where each line says that it is one', async () => {
  const written: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0)
  await restart({ audit: {} })
  await send(vm, { method: 'DELETE' })
  await vi.waitFor(() => expect(written.join('')).toMatch(/^\{"audit":true,"time":"[^\n]*\}\n$/))
})

/**
 * The gateway as the OpenShift Console reaches it: over TLS with the Service's certificate, through a
 * server that takes out cookies, Origin and CSRF token, and adds its user's token.
 */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json, text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'

import { readConfiguration } from '../../src/gateway/configuration.ts'
import { certificate, key } from '../../src/gateway/gateway-harness.ts'
import { createGateway, type Gateway } from '../../src/gateway/gateway.ts'
import { consoleGateway } from '../../src/web/host/openshift-gateway.ts'
import { actingUser } from '../../src/web/host/openshift-user.ts'
import { startPluginHost, type PluginHost, type PluginHostOptions } from './host-server.ts'

const base = '/api/proxy/plugin/kubevirt-console/gateway'
const service = 'kubevirt-console.kubevirt-console.svc.cluster.local'
const tls = { ca: certificate, servername: 'kubernetes' }

let directory: string
/** What has reached the cluster. */
let asked: IncomingMessage[]
let cluster: ReturnType<typeof createServer>
let gateway: Gateway
let host: PluginHost | undefined

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plugin-gateway-spec-'))
  await mkdir(join(directory, 'assets'))
  const script = 'export const answer = 42\n'.repeat(100)
  await writeFile(join(directory, 'assets/page-abc.js'), script)
  await writeFile(join(directory, 'assets/page-abc.js.gz'), gzipSync(script))
  await writeFile(join(directory, 'plugin-manifest.json'), '{}')
  await writeFile(join(directory, 'tls.crt'), certificate)
  await writeFile(join(directory, 'tls.key'), key)

  asked = []
  const sockets = new WebSocketServer({ noServer: true })
  cluster = createServer((request, response) => {
    asked.push(request)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  cluster.on('upgrade', (request, socket, head) => {
    asked.push(request)
    sockets.handleUpgrade(request, socket, head, (client) =>
      client.on('message', (data, isBinary) => client.send(data, { binary: isBinary })),
    )
  })
  await new Promise<void>((done) => cluster.listen(0, '127.0.0.1', done))

  const configuration = join(directory, 'gateway.yaml')
  await writeFile(
    configuration,
    `openshiftPlugin: true
listen:
  port: 0
  tls: { certFile: ${directory}/tls.crt, keyFile: ${directory}/tls.key }
hostNames: [${service}]
clusters: [{ name: cluster, server: 'http://127.0.0.1:${portOf(cluster)}' }]
log: { level: silent }
`,
  )
  const args = ['--config', configuration, '--page', directory]
  gateway = await createGateway(readConfiguration(args, {}).gateway)
})

afterEach(async () => {
  await host?.close()
  host = undefined
  await gateway.close()
  cluster.closeAllConnections()
  cluster.close()
  await rm(directory, { recursive: true })
})

async function openHost(options: Partial<PluginHostOptions> = {}) {
  host = await startPluginHost({
    clusterUrl: `http://127.0.0.1:${portOf(cluster)}`,
    token: 'token-of-anna',
    gateway: { url: gateway.url, tls },
    ...options,
  })
  return host.url
}

/** As the console's `fetch` and its server's cookie are. */
async function consoleFetch(path: string, init?: RequestInit) {
  const response = await fetch(new URL(path, host?.url), init)
  if (response.ok) return response
  throw Object.assign(new Error(response.statusText), { response })
}

const check = () => consoleGateway(consoleFetch, '/', actingUser({ sdkCore: {} })).checkGateway()

describe('the page’s look at the gateway', () => {
  test('finds it', async () => {
    await openHost()
    await expect(check()).resolves.toBeUndefined()
  })

  test('says that the ConsolePlugin has no proxy', async () => {
    await openHost({ gateway: undefined })
    await expect(check()).rejects.toMatchObject({
      reason: 'GatewayNotConfigured',
      message: expect.stringContaining('spec.proxy') as string,
    })
  })

  test('says that the proxy sends no token, in the gateway’s words', async () => {
    await openHost({ gateway: { url: gateway.url, tls, isWithToken: false } })
    await expect(check()).rejects.toMatchObject({
      code: 401,
      message: expect.stringContaining('authorization: UserToken') as string,
    })
  })

  test('says that the gateway can’t be reached, and finds it later', async () => {
    // Its certificate is for another name.
    await openHost({ gateway: { url: gateway.url, tls: { ca: certificate } } })
    await expect(check()).rejects.toMatchObject({ reason: 'GatewayUnreachable' })
    await host?.close()
    await openHost()
    await expect(check()).resolves.toBeUndefined()
  })
})

describe('what goes through', () => {
  function send(method: string, path: string, headers: Record<string, string> = {}) {
    const url = new URL(path, host?.url)
    return new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(url, { method, headers, agent: false }, resolve).on('error', reject).end('{}')
    })
  }

  test('a change needs the console’s CSRF token, and is the impersonated user’s', async () => {
    const url = await openHost()
    const path = `${base}/api/kubernetes/api/v1/namespaces/demo/secrets`
    expect((await send('POST', path)).statusCode).toBe(403)
    expect(asked).toHaveLength(0)

    const csrfToken = host?.csrfToken ?? ''
    const { headers } = actingUser({
      sdkCore: { impersonate: { kind: 'UserWithGroups', name: 'bob', groups: ['dev', 'ops'] } },
    })
    const answer = await send('POST', path, {
      ...headers,
      'X-CSRFToken': csrfToken,
      Cookie: `csrf-token=${csrfToken}; openshift-session-token=secret`,
      Origin: url,
      'Sec-Fetch-Site': 'same-origin',
    })
    expect(answer.statusCode).toBe(200)
    expect(asked[0]?.headersDistinct).toMatchObject({
      authorization: ['Bearer token-of-anna'],
      'impersonate-user': ['bob'],
      'impersonate-group': ['dev', 'ops', 'system:authenticated'],
    })
    expect(Object.keys(asked[0]?.headers ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/cookie|csrf|origin/)]),
    )
  })

  async function connect(path: string, protocols: string[], headers: Record<string, string> = {}) {
    const url = new URL(path, host?.url.replace('http', 'ws'))
    const socket = new WebSocket(url, protocols, { headers })
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return socket
  }
  const protocols = ['Impersonate-User.Ym9i']

  test('a stream is opened as the impersonated user', async () => {
    await openHost()
    const path = `${base}/api/kubernetes/apis/subresources.kubevirt.io/v1/namespaces/demo/virtualmachineinstances/web-1/console`
    const socket = await connect(path, [...protocols, 'plain.kubevirt.io'])
    expect(socket.protocol).toBe('plain.kubevirt.io')
    socket.send('hello')
    const [message] = await new Promise<unknown[]>((resolve) => {
      socket.once('message', (...args) => resolve(args))
    })
    expect(String(message)).toBe('hello')
    expect(asked[0]?.headers).toMatchObject({
      authorization: 'Bearer token-of-anna',
      'impersonate-user': 'bob',
      'sec-websocket-protocol': 'plain.kubevirt.io',
    })
    socket.terminate()
  })

  test('a remote desktop’s stream ends at the gateway, which answers a wrong message', async () => {
    await openHost()
    const path = `${base}/api/rdp/namespaces/demo/virtualmachineinstances/win-1`
    const socket = await connect(path, protocols)
    expect(socket.protocol).toBe(protocols[0])
    socket.send(Buffer.from([0x30, 1, 0]))
    const [message] = await new Promise<[Buffer]>((resolve) => {
      socket.once('message', (data: Buffer) => resolve([data]))
    })
    // A SEQUENCE with an error in it, of HTTP 400.
    expect(message[0]).toBe(0x30)
    expect(message.toString('hex')).toContain('02020190')
    socket.terminate()
  })

  test('a web page of elsewhere opens no stream', async () => {
    await openHost()
    const path = `${base}/api/rdp/namespaces/demo/virtualmachineinstances/win-1`
    await expect(connect(path, [], { 'Sec-Fetch-Site': 'cross-site' })).rejects.toThrow('403')
  })
})

describe('the plugin’s files', () => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const url = new URL(path, gateway.url)
      httpsRequest(
        url,
        { ...tls, agent: false, headers: { host: `${service}:9443`, ...headers } },
        resolve,
      )
        .on('error', reject)
        .end()
    })

  test('are scripts for browsers that believe the type alone, compressed', async () => {
    const answer = await get('/assets/page-abc.js', { 'accept-encoding': 'gzip, deflate' })
    expect(answer.headers).toMatchObject({
      'content-type': expect.stringMatching(/^(text|application)\/javascript\b/) as string,
      'content-encoding': 'gzip',
      'x-content-type-options': 'nosniff',
      'cache-control': expect.stringContaining('immutable') as string,
    })
    expect((await get('/plugin-manifest.json')).headers['cache-control']).toBe('no-cache')
  })

  test('have no words in a language that isn’t there, and are not missed', async () => {
    const answer = await get('/locales/ko/plugin__kubevirt-console.json')
    expect(answer.statusCode).toBe(200)
    expect(await json(answer)).toEqual({})
  })

  test('that are gone are not found, whatever is asked for', async () => {
    const answer = await get('/assets/page-old.js', { accept: 'text/html' })
    expect(answer.statusCode).toBe(404)
    expect(await text(answer)).toContain('/assets/page-old.js')
  })
})

/** A gateway between a test and a cluster whose answers the test decides. */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest } from 'node:http'
import type { IncomingMessage, RequestOptions, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { brotliCompressSync } from 'node:zlib'

import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { WebSocket } from 'ws'

import type { Access } from './access.ts'
import { directConnection } from './cluster-connection.ts'
import type { ClusterConnection } from './cluster-connection.ts'
import { createGateway } from './gateway.ts'
import type { Gateway, GatewayConfig } from './gateway.ts'
import { sandboxAccess } from './local-access.ts'

/** Self-signed for the name "kubernetes", so it is authority, server and client in one; valid 2020–2120. */
export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgqoLYj8UOGQ1YSyT9
QqlVIwRlTv5Yj0RT59zLpe2+JLehRANCAAReNFECWFjYVvJ9pDmDQcZmkLH0Wcq9
/JAATXP4rvEunaz4KRitrzGSzt7WFqMJMbOiGHIFY7CnEpP9TQUyai2r
-----END PRIVATE KEY-----
`
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBZTCCAQqgAwIBAgIBATAKBggqhkjOPQQDAjAVMRMwEQYDVQQDDAprdWJlcm5l
dGVzMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAVMRMwEQYDVQQD
DAprdWJlcm5ldGVzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEXjRRAlhY2Fby
faQ5g0HGZpCx9FnKvfyQAE1z+K7xLp2s+CkYra8xks7e1hajCTGzohhyBWOwpxKT
/U0FMmotq6NJMEcwFQYDVR0RBA4wDIIKa3ViZXJuZXRlczAPBgNVHRMBAf8EBTAD
AQH/MB0GA1UdDgQWBBQbgsbheaNMjevBf41iCuJMu+mgLDAKBggqhkjOPQQDAgNJ
ADBGAiEA+eUvM880AHnS/lnYsAZ0Hkdm4XRLWpAQPri94tH+j0ICIQCocRvPzHxS
tV3t3QIq0qms5NgWIR27ai3DKJW1n4LTFA==
-----END CERTIFICATE-----
`

const users = new Map([
  ['sandbox-admin', 'token-a'],
  ['sandbox-view', 'token-v'],
])

let pageDirectory: string
export let cluster: Server
export let clusterUrl: URL
/** What the fake cluster does with a request. */
let answer: (request: IncomingMessage, response: ServerResponse) => void
export let gateway: Gateway

/** Gives each test of a spec a gateway of its own before a cluster of its own. */
export function startGatewayPerTest() {
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
}

interface HarnessConfig extends Partial<GatewayConfig> {
  /** To the only cluster. */
  connection?: ClusterConnection
  /** To the only cluster. */
  access?: (port: () => number) => Access
}

/** Replaces the gateway by one that is configured differently. */
export async function restart(config: HarnessConfig) {
  await gateway.close()
  gateway = await start(config)
}

/** What the cluster does with a request from now on. */
export function answerWith(handler: typeof answer) {
  answer = handler
}

function start({ connection, access, ...config }: HarnessConfig = {}) {
  return createGateway({
    host: '127.0.0.1',
    port: 0,
    pageDirectory,
    assemble: ({ port }) => ({
      clusters: [
        {
          name: 'sandbox',
          displayName: 'sandbox',
          connection: connection ?? directConnection(clusterUrl),
          access: access?.(port) ?? sandboxAccess('sandbox', users, port),
        },
      ],
    }),
    logLevel: 'silent',
    audit: { file: auditFile() },
    ...config,
  })
}

/** The audit log of this spec's gateways. */
export function auditFile() {
  return join(pageDirectory, 'audit.log')
}

/** Sends a request as written: no client tidies its path or headers. */
export function send(path: string, options: RequestOptions & { body?: string } = {}) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port: gateway.port, path, agent: false, ...options },
      resolve,
    )
    request.on('error', reject)
    request.end(options.body)
  })
}

export async function json(response: IncomingMessage) {
  return JSON.parse(await text(response))
}

export function basic(login: string) {
  return `Basic ${Buffer.from(login).toString('base64')}`
}

export function opened(socket: WebSocket) {
  return new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
}

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, request as httpsRequest } from 'node:https'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TLSSocket } from 'node:tls'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { kubeconfigConnection } from './cluster-connection.ts'
import { certificate, key } from './gateway-harness.ts'

let directory: string
let server: Server
let serverUrl: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kubeconfig-spec-'))
  const options = {
    key,
    cert: certificate,
    ca: certificate,
    requestCert: true,
    rejectUnauthorized: false,
  }
  server = createServer(options, (request, response) => {
    const { authorized } = request.socket as TLSSocket
    response.end(JSON.stringify({ authorized, authorization: request.headers.authorization }))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  serverUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(directory, { recursive: true })
})

const base64 = (pem: string) => Buffer.from(pem).toString('base64')
const trust = () => ({
  server: serverUrl,
  'tls-server-name': 'kubernetes',
  'certificate-authority-data': base64(certificate),
})

/** Writes a kubeconfig with one context, `test`. */
async function kubeconfig(cluster: object, user: object) {
  const file = join(directory, 'config')
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'prod', cluster }],
    users: [{ name: 'ann', user }],
    contexts: [{ name: 'test', context: { cluster: 'prod', user: 'ann' } }],
  }
  await writeFile(file, JSON.stringify(content))
  return file
}

/** What the cluster sees of a request over the connection. */
async function seenBy(connection: ReturnType<typeof kubeconfigConnection>) {
  const { server: url, agent, headers } = await connection.route()
  try {
    return await new Promise<unknown>((resolve, reject) => {
      const request = httpsRequest(url, { agent, headers }, (response) => {
        text(response).then((body) => resolve(JSON.parse(body)), reject)
      })
      request.on('error', reject)
      request.end()
    })
  } finally {
    connection.close()
  }
}

test('a client certificate, the CA and the TLS server name are used', async () => {
  const user = { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) }
  const connection = kubeconfigConnection(await kubeconfig(trust(), user))
  expect(connection).toMatchObject({ cluster: 'prod', user: 'ann', server: serverUrl })
  expect(await seenBy(connection)).toEqual({ authorized: true })
})

test('a token is sent', async () => {
  const connection = kubeconfigConnection(await kubeconfig(trust(), { token: 't1' }))
  expect(await seenBy(connection)).toEqual({ authorized: false, authorization: 'Bearer t1' })
})

test('an exec plugin is asked once for requests at the same time', async () => {
  const runs = join(directory, 'runs')
  const script = `
    require('fs').appendFileSync(${JSON.stringify(runs)}, 'x')
    console.log(JSON.stringify({ status: { token: 'from-plugin' } }))`
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: ['-e', script],
  }
  const connection = kubeconfigConnection(await kubeconfig(trust(), { exec }))
  const routes = await Promise.all([connection.route(), connection.route(), connection.route()])
  expect(routes.map(({ headers }) => headers.authorization)).toEqual(
    Array.from({ length: 3 }, () => 'Bearer from-plugin'),
  )
  expect(await readFile(runs, 'utf8')).toBe('x')
  connection.close()
})

test('a server that nobody vouches for is refused, unless verification is off', async () => {
  const untrusted = { server: serverUrl }
  const strict = kubeconfigConnection(await kubeconfig(untrusted, {}))
  await expect(seenBy(strict)).rejects.toThrow('self-signed certificate')
  const insecure = { ...untrusted, 'insecure-skip-tls-verify': true }
  const lax = kubeconfigConnection(await kubeconfig(insecure, {}))
  expect(await seenBy(lax)).toEqual({ authorized: false })
})

test('a plain HTTP server, such as kubectl proxy, is reached', async () => {
  const file = await kubeconfig({ server: 'http://127.0.0.1:8001' }, {})
  const { server: url, tls } = await kubeconfigConnection(file).route()
  expect(url.href).toBe('http://127.0.0.1:8001/')
  expect(tls).not.toHaveProperty('key')
})

test('a missing file or context is told, with the contexts there are', async () => {
  expect(() => kubeconfigConnection(join(directory, 'none'))).toThrow(/none can't be read: ENOENT/)
  const file = await kubeconfig(trust(), {})
  expect(() => kubeconfigConnection(file, 'other')).toThrow(/context "other"; it has test$/)
})

import { createServer, request as httpRequest } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import {
  answerWith,
  certificate,
  gateway,
  json,
  key,
  send,
  startGatewayPerTest,
} from '../gateway-harness.ts'
import { uploadProxyOf } from './proxy-address.ts'
import { claimOf } from './upload-leg.ts'

startGatewayPerTest()

const path = '/api/upload/namespaces/demo/persistentvolumeclaims/disk'

let proxy: Server
let proxyUrl: string
/** What the proxy got. */
let received: { url?: string | undefined; headers: IncomingMessage['headers']; body: string }[]
let proxyAnswer: { code: number; text: string }
/** What the cluster was asked. */
let asked: { url: string | undefined; authorization: string | undefined; body: string }[]

function listen(server: Server, scheme: string) {
  return new Promise<string>((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`),
    ),
  )
}

/** A cluster whose CDI has this address. */
function clusterWith(status: object) {
  answerWith((request, response) => {
    void text(request).then((body) => {
      asked.push({ url: request.url, authorization: request.headers.authorization, body })
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify(
          request.method === 'POST' ? { status: { token: 'upload-token' } } : { status },
        ),
      )
    })
  })
}

beforeEach(async () => {
  received = []
  asked = []
  proxyAnswer = { code: 200, text: '' }
  proxy = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ url: request.url, headers: request.headers, body })
      response.writeHead(proxyAnswer.code).end(proxyAnswer.text)
    })
  })
  proxyUrl = await listen(proxy, 'http')
  clusterWith({ uploadProxyURL: proxyUrl })
})
afterEach(() => {
  proxy.closeAllConnections()
  proxy.close()
})

describe('an upload', () => {
  test('goes to the address in CDIConfig, with the upload token and nothing of the person', async () => {
    const answer = await send(path, {
      method: 'POST',
      headers: { cookie: 'a=b', 'x-secret': 'x', 'content-length': '5' },
      body: 'bytes',
    })
    expect(answer.statusCode).toBe(200)
    const [{ url, headers, body } = { headers: {} }] = received
    expect({ url, body }).toEqual({ url: '/v1beta1/upload-async', body: 'bytes' })
    expect(headers).toMatchObject({ authorization: 'Bearer upload-token', 'content-length': '5' })
    expect(headers).not.toHaveProperty('cookie')
    expect(headers).not.toHaveProperty('x-secret')
    expect(asked.map((one) => one.authorization)).toEqual(['Bearer token-a', 'Bearer token-a'])
    expect(asked[1]?.url).toBe(
      '/apis/upload.cdi.kubevirt.io/v1beta1/namespaces/demo/uploadtokenrequests',
    )
    expect(JSON.parse(asked[1]?.body ?? '')).toMatchObject({ spec: { pvcName: 'disk' } })
  })

  test.each([
    [400, 'Saving stream failed: too large', 400, 'Saving stream failed: too large'],
    [409, '', 409, 'The volume has been filled by an upload already'],
    [401, '', 502, 'CDI’s upload proxy doesn’t accept the upload token'],
    [302, '', 502, / answered 302$/],
  ])('refused with %i %j says so', async (code, words, expected, message) => {
    proxyAnswer = { code, text: words }
    const answer = await send(path, { method: 'POST', body: 'x' })
    expect(answer.statusCode).toBe(expected)
    expect((await json(answer)).message).toMatch(message)
  })

  test('is refused from another page, without anybody being asked', async () => {
    const answer = await send(path, {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example' },
      body: 'x',
    })
    expect(answer.statusCode).toBe(403)
    expect(asked).toEqual([])
    expect(received).toEqual([])
  })

  test('ends at the proxy when the browser leaves', async () => {
    const aborted = new Promise((resolve) => {
      proxy.removeAllListeners('request')
      proxy.on('request', (request) => request.on('error', resolve).resume())
    })
    const sending = httpRequest({
      port: gateway.port,
      host: '127.0.0.1',
      path,
      method: 'POST',
      headers: { 'content-length': 1_000_000 },
    })
    sending.on('error', () => undefined)
    sending.write('begin')
    proxy.once('request', () => sending.destroy())
    await expect(aborted).resolves.toBeInstanceOf(Error)
  })
})

describe('the check before an upload', () => {
  test('tells the address of a proxy that answers', async () => {
    expect(await json(await send('/api/upload'))).toEqual({ url: proxyUrl })
    expect(received[0]?.url).toBe('/healthz')
  })

  test('tells that there is no address', async () => {
    clusterWith({})
    const answer = await send('/api/upload')
    expect(answer.statusCode).toBe(503)
    expect((await json(answer)).reason).toBe('UploadProxyUnknown')
  })

  test('tells that nothing listens there', async () => {
    clusterWith({ uploadProxyURL: 'http://127.0.0.1:9' })
    expect(await json(await send('/api/upload'))).toMatchObject({
      reason: 'UploadProxyUnreachable',
    })
  })

  test('tells an untrusted certificate from one that CDI vouches for', async () => {
    const secured = createTlsServer({ key, cert: certificate }, (_request, response) =>
      response.end('OK'),
    )
    const url = await listen(secured, 'https')
    clusterWith({ uploadProxyURL: url })
    expect(await json(await send('/api/upload'))).toMatchObject({ reason: 'UploadProxyUntrusted' })
    // The certificate is another name's, which is said once it is trusted.
    clusterWith({ uploadProxyURL: url, uploadProxyCA: certificate })
    const answer = await json(await send('/api/upload'))
    expect(answer).toMatchObject({ reason: 'UploadProxyUntrusted' })
    expect(answer.message).toContain('altnames')
    secured.close()
  })
})

test.each([
  ['proxy.example.com', 'https://proxy.example.com/'],
  ['http://10.0.0.1:8080/cdi', 'http://10.0.0.1:8080/cdi'],
])('%s stands for %s', (uploadProxyURL, href) => {
  expect(uploadProxyOf({ status: { uploadProxyURL } })).toMatchObject({ url: { href } })
})

test.each(['', 'file:///etc/passwd', 'https://user@host', 'https://'])(
  '%j is no address',
  (uploadProxyURL) => {
    expect(uploadProxyOf({ status: { uploadProxyURL } })).toMatchObject({
      reason: 'UploadProxyUnknown',
    })
  },
)

test.each([
  '/api/upload/namespaces/demo/persistentvolumeclaims/a/b',
  '/api/upload/namespaces/demo/persistentvolumeclaims/..',
  '/api/upload/namespaces/demo/persistentvolumeclaims/a?x',
  '/api/upload/namespaces/de%2fmo/persistentvolumeclaims/a',
])('%s names no claim', (target) => {
  expect(claimOf(target)).toBeUndefined()
})

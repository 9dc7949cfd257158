import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { providerFetch, ProviderUnreachableError } from './provider-fetch.ts'

/** Self-signed for 127.0.0.1, valid 2020–2120. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmRdYFtqNxWn4mDHw
MOlKjbLnjlDxiOqsD/qJMDZu4CmhRANCAAR+T4+rT9NMrlsQoXYMBM/ed7OtCSps
0lInC+IqT1Wix8u7+do4qbRNClGcV64mIXbO5KQ0PH9QYnuoregiY6VG
-----END PRIVATE KEY-----
`
const certificate = `-----BEGIN CERTIFICATE-----
MIIBVzCB/aADAgECAgEBMAoGCCqGSM49BAMCMBMxETAPBgNVBAMMCHByb3ZpZGVy
MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjATMREwDwYDVQQDDAhw
cm92aWRlcjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABH5Pj6tP00yuWxChdgwE
z953s60JKmzSUicL4ipPVaLHy7v52jiptE0KUZxXriYhds7kpDQ8f1Bie6it6CJj
pUajQDA+MA8GA1UdEQQIMAaHBH8AAAEwDAYDVR0TBAUwAwEB/zAdBgNVHQ4EFgQU
HG/a3WwZdxkMFQW+KAOVoJjpUyAwCgYIKoZIzj0EAwIDSQAwRgIhAKQmS4sw1f2H
KDM2YivBcJWsq3/2kHHQVn+EriJdpKpOAiEA2Dsk+2K2W4vuu1LyustKNiSwG6XH
u33idQs1mCFL7Ic=
-----END CERTIFICATE-----
`

let server: Server
let url: string
let answer: (request: IncomingMessage, response: ServerResponse) => void

beforeEach(async () => {
  server = createServer({ key, cert: certificate }, (request, response) =>
    answer(request, response),
  )
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const get = { method: 'GET', headers: {} }

test('trusts the authority that it was given, and no other', async () => {
  answer = (_request, response) => response.end('well')
  expect(await (await providerFetch(certificate)(url, get)).text()).toBe('well')
  await expect(providerFetch(undefined)(url, get)).rejects.toThrow(/certificate/)
})

test('sends forms, hands over answers as they are, and follows nothing', async () => {
  const echo: typeof answer = (request, response) =>
    void text(request).then((body) => {
      response.writeHead(302, { location: '/elsewhere', 'x-body': body })
      response.end(`${request.method} ${request.headers['content-type']}`)
    })
  answer = echo
  const response = await providerFetch(certificate)(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ a: 'b c' }),
  })
  expect(response.status).toBe(302)
  expect(response.headers.get('x-body')).toBe('a=b+c')
  expect(await response.text()).toBe('POST application/x-www-form-urlencoded')
})

describe('no answer is', () => {
  test.each<[string, typeof answer]>([
    ['one of a proxy before it', (_request, response) => response.writeHead(503).end()],
    [
      'one that breaks off',
      (_request, response) => response.write('half', () => response.destroy()),
    ],
    ['one without end', (_request, response) => response.write('x'.repeat(2 * 1024 * 1024))],
    ['none', () => undefined],
  ])('%s', async (_what, behaviour) => {
    answer = behaviour
    const signal = AbortSignal.timeout(300)
    const asked = providerFetch(certificate)(url, { ...get, signal })
    await expect(asked).rejects.toThrow(ProviderUnreachableError)
  })

  test('a closed port', async () => {
    server.close()
    const asked = providerFetch(certificate)(url, get)
    await expect(asked).rejects.toThrow(`${url}: connect ECONNREFUSED`)
  })
})

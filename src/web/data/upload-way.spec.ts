import { afterEach, expect, it, vi } from 'vitest'

import type { KubeClient } from '../../kube/client.ts'
import { KubeError } from '../../kube/kube-error.ts'
import { proxyAddress, uploadWay } from './upload-way.ts'

afterEach(() => vi.unstubAllGlobals())

/** What the page would have sent, and what it is answered. */
function stubRequests(status: number, responseText = '') {
  const sent: { url: string; headers: Record<string, string> }[] = []
  class StubRequest extends EventTarget {
    status = status
    responseText = responseText
    upload = new EventTarget()
    headers: Record<string, string> = {}
    url = ''
    open(_method: string, url: string) {
      this.url = url
    }
    setRequestHeader(name: string, value: string) {
      this.headers[name] = value
    }
    getResponseHeader() {
      return 'text/plain'
    }
    send() {
      sent.push({ url: this.url, headers: this.headers })
      this.dispatchEvent(new Event('load'))
    }
  }
  vi.stubGlobal('XMLHttpRequest', StubRequest)
  return sent
}

const client = {
  get: () => Promise.resolve({ status: { uploadProxyURL: 'proxy.example.com' } }),
  review: () => Promise.resolve({ status: { token: 'secret' } }),
} as unknown as KubeClient
const claim = { namespace: 'demo', name: 'disk' }
const options = { signal: new AbortController().signal, onProgress: () => undefined }

it('goes to the gateway without a token', async () => {
  const sent = stubRequests(200)
  await uploadWay({ uploadBase: '/api/upload' }, client).send(claim, new Blob(['x']), options)
  expect(sent).toEqual([
    {
      url: '/api/upload/namespaces/demo/persistentvolumeclaims/disk',
      headers: { 'content-type': 'application/octet-stream' },
    },
  ])
})

it('goes to the proxy with the token in a header only, where there is no gateway', async () => {
  const sent = stubRequests(200)
  await uploadWay({}, client).send(claim, new Blob(['x']), options)
  expect(sent[0]?.url).toBe('https://proxy.example.com/v1beta1/upload-async')
  expect(sent[0]?.headers['authorization']).toBe('Bearer secret')
})

it('keeps CDI’s words', async () => {
  stubRequests(400, 'Saving stream failed: too large')
  await expect(uploadWay({}, client).send(claim, new Blob(['x']), options)).rejects.toMatchObject({
    code: 400,
    message: 'Saving stream failed: too large',
  })
})

it('tells a proxy that the browser refuses to speak to', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
  await expect(uploadWay({}, client).check()).rejects.toMatchObject({
    reason: 'UploadProxyBlocked',
  })
})

it.each([
  ['proxy.example.com', 'https://proxy.example.com'],
  ['http://proxy/', 'http://proxy'],
  ['', undefined],
  [null, undefined],
])('%j is the address %s', (text, address) => {
  expect(proxyAddress(text)).toBe(address)
})

it('goes straight to the proxy while the gateway isn’t there, and says why neither goes', async () => {
  const lack = new KubeError(404, 'The console has no way to the gateway')
  let isThere = false
  const host = {
    uploadBase: '/api/upload',
    gatewayHeaders: () => ({ 'X-CSRFToken': 'token' }),
    checkGateway: () => (isThere ? Promise.resolve() : Promise.reject(lack)),
  }
  const way = uploadWay(host, client)
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
  await expect(way.check()).rejects.toMatchObject({
    reason: 'UploadProxyBlocked',
    message: expect.stringContaining(lack.message) as string,
  })
  const sent = stubRequests(200)
  await way.send(claim, new Blob(['x']), options)
  isThere = true
  await way.send(claim, new Blob(['x']), options)
  expect(sent.map(({ url }) => new URL(url, 'https://console').host)).toEqual([
    'proxy.example.com',
    'console',
  ])
  expect(sent[1]?.headers['X-CSRFToken']).toBe('token')
})

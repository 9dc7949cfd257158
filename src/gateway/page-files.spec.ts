import { text } from 'node:stream/consumers'

import { describe, expect, test } from 'vitest'

import { send, startGatewayPerTest } from './gateway-harness.ts'

startGatewayPerTest()

describe('page', () => {
  test('has a strict policy, and is asked for anew each time', async () => {
    const page = await send('/', { headers: { accept: 'text/html' } })
    expect(page.statusCode).toBe(200)
    expect(page.headers['cache-control']).toBe('no-cache')
    const policy = page.headers['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain("'unsafe-eval'")
    expect(policy).toContain("connect-src 'self';")
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

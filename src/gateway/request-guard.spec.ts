import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'

import { gateway, json, opened, restart, send, startGatewayPerTest } from './gateway-harness.ts'

startGatewayPerTest()

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
    await restart({ hostNames: ['console.example'] })
    expect((await send('/', { headers: { host: 'console.example' } })).statusCode).toBe(200)
  })
})

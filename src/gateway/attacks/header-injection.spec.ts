/** Headers by which a client would be somebody else, and what a pod behind the cluster would do to the page. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

import { describe, expect, test } from 'vitest'

import { answerWith, cluster, json, send, startGatewayPerTest } from '../gateway-harness.ts'
import { recordRequests, sendRaw, statusesOf } from './raw-http.ts'

startGatewayPerTest()

describe('of a request', () => {
  test('who it is and whence it comes is nothing that a client could say', async () => {
    const response = await send('/api/kubernetes/x', {
      headers: {
        'x-remote-user': 'system:admin',
        'X-Remote-Group': 'system:masters',
        'x-remote-extra-scopes': 'all',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-client-cert': 'By=spiffe://cluster',
        forwarded: 'for=127.0.0.1',
        'x-real-ip': '127.0.0.1',
        cookie: 'a=b',
        referer: 'https://evil.example',
        'proxy-authorization': 'Basic x',
      },
    })
    const { headers } = await json(response)
    expect(Object.keys(headers).toSorted()).toEqual(['authorization', 'connection', 'host'])
  })

  test('what a client calls a matter of one hop takes nothing from what the gateway says', async () => {
    const response = await send('/api/kubernetes/x', {
      headers: { connection: 'close, authorization, host, cookie, x-remote-user' },
    })
    expect((await json(response)).headers).toMatchObject({ authorization: 'Bearer token-a' })
  })

  test.each([
    ['two Hosts', 'host: localhost\r\nhost: evil.example\r\n'],
    [
      'two Origins',
      'host: localhost\r\norigin: http://localhost\r\norigin: http://evil.example\r\n',
    ],
    ['no Host', 'x: y\r\n'],
    ['a Host with a path', 'host: localhost/evil\r\n'],
    ['a Host with a user', 'host: localhost@evil.example\r\n'],
    ['a Host with a space', 'host: localhost evil.example\r\n'],
  ])('%s are refused', async (_what, headers) => {
    const asked = recordRequests()
    const answer = await sendRaw(
      `GET /api/kubernetes/x HTTP/1.1\r\n${headers}connection: close\r\n\r\n`,
    )
    expect([400, 403]).toContain(statusesOf(answer)[0])
    expect(asked).toEqual([])
  })

  test('an absolute target with another host goes nowhere', async () => {
    const asked = recordRequests()
    const answer = await sendRaw(
      'GET http://evil.example/api/kubernetes/x HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
    )
    expect(statusesOf(answer)[0]).toBeGreaterThanOrEqual(400)
    expect(asked).toEqual([])
  })
})

/** Powers over an origin that headers give, and a browser would take from a pod's own page. */
const powers = {
  'set-cookie': 'kubevirt-console-user-9080=mallory; Path=/',
  'clear-site-data': '"*"',
  'service-worker-allowed': '/',
  'strict-transport-security': 'max-age=31536000',
  'access-control-allow-origin': 'https://evil.example',
  'access-control-allow-credentials': 'true',
  'report-to': '{"group":"g","max_age":1,"endpoints":[{"url":"https://evil.example"}]}',
  nel: '{"report_to":"g","max_age":1}',
  'reporting-endpoints': 'g="https://evil.example"',
  'alt-svc': 'h3=":443"',
  'www-authenticate': 'Basic realm="Your session has ended"',
  refresh: '0;url=https://evil.example',
  link: '<https://evil.example/x.css>; rel=stylesheet',
  'content-security-policy': "default-src *; script-src * 'unsafe-inline'",
  'x-frame-options': 'ALLOWALL',
  sourcemap: 'https://evil.example',
}
const taken = Object.keys(powers).filter((name) => name !== 'content-security-policy')

describe('of a pod’s page under …/proxy/', () => {
  test('none that has power over the console’s origin arrives', async () => {
    answerWith((_request, response) =>
      response.writeHead(200, { ...powers, 'content-type': 'text/html' }).end('<script>1</script>'),
    )
    const { headers } = await send('/api/kubernetes/api/v1/namespaces/demo/pods/evil/proxy/')
    expect(taken.filter((name) => name in headers)).toEqual([])
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; frame-ancestors 'none'; sandbox",
    )
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  test('nor with an upgrade, agreed to or refused', async () => {
    const lines = Object.entries(powers).map(([name, value]) => `${name}: ${value}\r\n`)
    let status = '101 Switching Protocols'
    cluster.on('upgrade', (_request: IncomingMessage, socket: Socket) =>
      socket.end(
        `HTTP/1.1 ${status}\r\nconnection: upgrade\r\nupgrade: websocket\r\n${lines.join('')}content-length: 0\r\n\r\n`,
      ),
    )
    const upgrade =
      'GET /api/kubernetes/x HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'
    for (status of ['101 Switching Protocols', '403 Forbidden']) {
      const answer = await sendRaw(upgrade)
      expect(statusesOf(answer)).toEqual([Number(status.slice(0, 3))])
      const names = answer.toLowerCase().split('\r\n')
      expect(taken.filter((name) => names.some((line) => line.startsWith(`${name}:`)))).toEqual([])
    }
  })

  test.each([
    ['https://evil.example/', undefined],
    ['//evil.example/', undefined],
    ['/\\evil.example/', undefined],
    ['javascript:alert(1)', undefined],
    ['/api/v1', '/api/v1'],
  ])('a redirect to %s', async (location, expected) => {
    answerWith((_request, response) => response.writeHead(302, { location }).end())
    expect((await send('/api/kubernetes/x')).headers.location).toBe(expected)
  })
})

describe('response splitting', () => {
  test.each([
    [
      'a header',
      'HTTP/1.1 200 OK\r\nwarning: 299 - "a\rset-cookie: b=c"\r\ncontent-length: 0\r\n\r\n',
    ],
    ['a NUL in a header', 'HTTP/1.1 200 OK\r\nwarning: 299 - "a\0b"\r\ncontent-length: 0\r\n\r\n'],
    ['a status text', 'HTTP/1.1 200 OK\rset-cookie: b=c\r\ncontent-length: 0\r\n\r\n'],
    ['a folded header', 'HTTP/1.1 200 OK\r\nx: a\r\n set-cookie: b=c\r\ncontent-length: 0\r\n\r\n'],
  ])('by %s of the cluster’s answer', async (_what, raw) => {
    answerWith((request) => request.socket.end(raw))
    const get = 'GET /api/kubernetes/x HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n'
    for (const upgrade of ['', 'connection: upgrade\r\nupgrade: websocket\r\n']) {
      const answer = await sendRaw(`${get}${upgrade}\r\n`)
      expect(statusesOf(answer)).toHaveLength(1)
      expect(answer).not.toMatch(/[\r\n]\s*set-cookie/i)
    }
  })

  test('names and annotations stay within the body', async () => {
    const hostile = 'x\r\nset-cookie: a=b\r\n\r\nHTTP/1.1 200 OK\r\n'
    answerWith((_request, response) => {
      response.writeHead(404, 'Not Found', { 'content-type': 'application/json' })
      response.end(JSON.stringify({ kind: 'Status', message: `vm "${hostile}" not found` }))
    })
    const response = await send('/api/kubernetes/x')
    expect(response.headers).not.toHaveProperty('set-cookie')
    expect((await json(response)).message).toContain(hostile)
  })

  test('the words of a refusal of ours hold no line of their own', async () => {
    const answer = await sendRaw(
      'GET /api/kubernetes/x HTTP/1.1\r\nhost: evil"\\example\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    )
    expect(statusesOf(answer)).toEqual([403])
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 403 })
  })
})

import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

import { expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'

import {
  answerWith,
  cluster,
  gateway,
  opened,
  restart,
  send,
  startGatewayPerTest,
} from '../gateway-harness.ts'

startGatewayPerTest()

async function get(path: string) {
  const response = await fetch(`http://127.0.0.1:${gateway.metricsPort}${path}`)
  return { status: response.status, text: await response.text() }
}

const start = () => restart({ metrics: { host: '127.0.0.1', port: 0 }, trustedProxies: [] })

/** The samples of a metric, e.g. `{kind="read",…} 1`. */
async function samples(name: string) {
  const { text } = await get('/metrics')
  return text.split('\n').filter((line) => line.startsWith(`kubevirt_console_${name}`))
}

test('requests by kind and result', async () => {
  await start()
  answerWith((request, response) => response.writeHead(request.method === 'GET' ? 200 : 403).end())
  await send('/api/kubernetes/api/v1/namespaces/demo/pods/web-1')
  await send('/api/kubernetes/api/v1/namespaces/demo/pods/web-1', { method: 'DELETE' })
  await send('/', { headers: { accept: 'text/html' } })
  await vi.waitFor(async () => {
    const counts = await samples('request_duration_seconds_count')
    expect(counts).toContain(
      'kubevirt_console_request_duration_seconds_count{method="GET",kind="read",status="2xx"} 1',
    )
    expect(counts).toContain(
      'kubevirt_console_request_duration_seconds_count{method="DELETE",kind="write",status="4xx"} 1',
    )
    expect(counts).toContain(
      'kubevirt_console_request_duration_seconds_count{method="GET",kind="page",status="2xx"} 1',
    )
  })
})

test('open streams, and what has gone through them so far', async () => {
  await start()
  const server = new WebSocketServer({ server: cluster })
  server.on('connection', (peer) => peer.on('message', () => peer.send('x'.repeat(5000))))
  const socket = new WebSocket(
    `${gateway.url}/api/kubernetes/apis/subresources.kubevirt.io/v1/namespaces/demo/virtualmachineinstances/web-1/vnc`,
  )
  await opened(socket)
  socket.send('y')
  await once(socket, 'message')
  expect(await samples('open_streams')).toContain('kubevirt_console_open_streams{kind="vnc"} 1')
  const [sent = ''] = (await samples('spliced_bytes_total')).filter((line) =>
    line.includes('to-client'),
  )
  expect(Number(sent.split(' ')[1])).toBeGreaterThanOrEqual(5000)
  socket.close()
  await vi.waitFor(async () => {
    expect(await samples('open_streams')).toContain('kubevirt_console_open_streams{kind="vnc"} 0')
    expect(await samples('streams_total')).toContain('kubevirt_console_streams_total{kind="vnc"} 1')
  })
  server.close()
})

test('watches over plain HTTP are streams and no requests', async () => {
  await start()
  answerWith((_request, response) => response.writeHead(200).flushHeaders())
  const watch = await send('/api/kubernetes/api/v1/pods?watch=true')
  expect(await samples('open_streams')).toContain('kubevirt_console_open_streams{kind="watch"} 1')
  watch.destroy()
  await vi.waitFor(async () =>
    expect(await samples('open_streams')).toContain(
      'kubevirt_console_open_streams{kind="watch"} 0',
    ),
  )
  expect((await samples('request_duration_seconds_count')).join()).not.toContain(
    'kind="read",status="2xx"} 1',
  )
})

test('refusals by cause, sign-ins, and a cluster out of reach', async () => {
  await start()
  await send('/', { headers: { host: 'evil.example' } })
  const headers = { 'content-type': 'application/json' }
  await send('/api/console/session', { method: 'PUT', headers, body: '{"user":"sandbox-view"}' })
  cluster.close()
  cluster.closeAllConnections()
  await send('/api/kubernetes/api')
  expect(await samples('refused_total')).toContain(
    'kubevirt_console_refused_total{cause="foreign"} 1',
  )
  expect(await samples('sign_ins_total')).toEqual([
    'kubevirt_console_sign_ins_total{way="user",result="accepted"} 1',
  ])
  expect(await samples('cluster_errors_total')).toEqual([
    'kubevirt_console_cluster_errors_total{cluster="sandbox"} 1',
  ])
})

test('whatever clients ask for, there are no more series than before', async () => {
  await start()
  cluster.on('upgrade', (_request: IncomingMessage, socket: Socket) =>
    socket.end('HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n'),
  )
  const ask = async (word: string) => {
    for (const method of ['GET', 'DELETE', 'PROPFIND']) {
      await send(`/api/kubernetes/apis/${word}/v1/namespaces/${word}/${word}/${word}/${word}`, {
        method,
      })
      await send(`/${word}`, { method, headers: { host: word, authorization: `Bearer ${word}` } })
    }
    await send(`/api/kubernetes/api/v1/${word}`, {
      headers: { connection: 'upgrade', upgrade: 'websocket' },
    })
    const { text } = await get('/metrics')
    return text
  }
  const series = (text: string) =>
    text.split('\n').filter((line) => line.startsWith('kubevirt_console')).length
  const before = series(await ask('word-a'))
  for (const word of ['word-b', 'word-c', 'word-d']) {
    const text = await ask(word)
    expect(series(text)).toBe(before)
    expect(text).not.toContain(word)
  }
})

test('alive, ready, and no longer ready as soon as it stops', async () => {
  await start()
  expect(await get('/healthz')).toEqual({ status: 200, text: 'ok\n' })
  expect(await get('/readyz')).toEqual({ status: 200, text: 'ready\n' })
  expect((await get('/')).status).toBe(404)
  // A request that is being answered holds up the end.
  answerWith(() => undefined)
  const held = send('/api/kubernetes/x').catch(() => undefined)
  await new Promise((resolve) => cluster.once('request', resolve))
  const closing = gateway.close()
  expect((await get('/readyz')).status).toBe(503)
  expect((await get('/healthz')).status).toBe(200)
  await closing
  await held
  await expect(get('/healthz')).rejects.toThrow('fetch failed')
})

test('without a port for it there is none', () => {
  expect(gateway.metricsPort).toBeUndefined()
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Metrics } from './metrics.ts'

export interface MetricsServer {
  port: number
  close(): Promise<void>
}

/**
 * A port for those who run the console, beside the one for browsers:
 *
 * - `GET /metrics`: what Prometheus reads;
 * - `GET /healthz`: 200 as long as the process answers at all;
 * - `GET /readyz`: 200 while requests are welcome, 503 before and while it shuts down. Whether a
 *   cluster can be reached is none of it: no other replica would do better, and the page says so.
 *
 * It tells nothing of any user, and nobody is asked who they are: a NetworkPolicy says who reaches it.
 * @throws the system's error if it can't listen
 */
export async function startMetricsServer(
  { host, port }: { host: string; port: number },
  { registry }: Metrics,
  isReady: () => boolean,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const say = (status: number, text: string, type = 'text/plain') =>
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text)
    const path = request.method === 'GET' ? request.url?.split('?', 1)[0] : undefined
    if (path === '/healthz') say(200, 'ok\n')
    else if (path === '/readyz') say(isReady() ? 200 : 503, isReady() ? 'ready\n' : 'not ready\n')
    else if (path === '/metrics') {
      registry.metrics().then(
        (text) => say(200, text, registry.contentType),
        (error: unknown) => say(500, `${String(error)}\n`),
      )
    } else say(404, 'Here are /metrics, /healthz and /readyz\n')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

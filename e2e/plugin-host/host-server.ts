/**
 * Serves the stand-in for the OpenShift Console as its bridge would: the same paths, headers and
 * checks. One thing is stricter: the policy is enforced, while the console only reports so far.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

import { bridgeProxy, type BridgeProxy, type BridgeProxyOptions } from './bridge-proxy.ts'

const dist = fileURLToPath(new URL('../../dist/', import.meta.url))
const pluginBase = '/api/plugins/kubevirt-console/'

const contentTypes: Record<string, string> = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

/**
 * BuildCSPDirectives on a cluster, with no plugin asking for more:
 * https://github.com/openshift/console/blob/da1f132490d8817714e2814751ede2e6c3006594/pkg/utils/utils.go
 */
function policy(nonce: string): string {
  return [
    "base-uri 'self'",
    "default-src 'self' console.redhat.com",
    "img-src 'self' https: data:",
    "font-src 'self' data:",
    `script-src 'self' console.redhat.com 'unsafe-eval' 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self' console.redhat.com",
    "object-src 'self'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export interface PluginHost {
  url: string
  /** What a page of the console finds in its cookie. */
  csrfToken: string
  close(): Promise<void>
}

export interface PluginHostOptions {
  /** Of the cluster's API server. */
  clusterUrl: string
  /** Of the user who is signed in to the console. */
  token: string
  /** What `spec.proxy` of the ConsolePlugin leads to; without it there is none. */
  gateway?: { url: string; tls?: BridgeProxyOptions['tls']; isWithToken?: boolean } | undefined
  /** `plugin-host`, or `plugin-host-previous` with the modules of an older console. */
  page?: string | undefined
}

/** Starts the host on a free port of this machine. */
export async function startPluginHost({
  clusterUrl,
  token,
  gateway,
  page: pageDirectory = 'plugin-host',
}: PluginHostOptions): Promise<PluginHost> {
  const csrfToken = randomBytes(16).toString('hex')
  // The bridge adds the credentials of its session, whatever the page sends.
  const proxies: [prefix: string, proxy: BridgeProxy][] = [
    ['/api/kubernetes', bridgeProxy({ endpoint: new URL(clusterUrl), token })],
  ]
  if (gateway) {
    const { url, tls, isWithToken = true } = gateway
    const endpoint = new URL(url)
    const proxy = bridgeProxy({ endpoint, tls, token: isWithToken ? token : undefined })
    proxies.push(['/api/proxy/plugin/kubevirt-console/gateway', proxy])
  }
  const proxyFor = (url = '/') => proxies.find(([prefix]) => url.startsWith(`${prefix}/`))

  /** Every method that changes something must show the token of the cookie (csrfverifier/csrf.go). */
  function isForged({ method = 'GET', headers }: IncomingMessage): boolean {
    return !['GET', 'HEAD'].includes(method) && headers['x-csrftoken'] !== csrfToken
  }

  async function serveFile(response: ServerResponse, directory: string, path: string) {
    const file = join(dist, directory, normalize(`/${path}`))
    try {
      const content = await readFile(file)
      response.writeHead(200, {
        'content-type': contentTypes[extname(file)] ?? 'application/octet-stream',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-cache, no-store, must-revalidate',
      })
      response.end(content)
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain' }).end(`No file ${path}\n`)
    }
  }

  async function servePage(response: ServerResponse) {
    const nonce = randomBytes(16).toString('base64')
    const page = await readFile(join(dist, pageDirectory, 'index.html'), 'utf8')
    response.writeHead(200, {
      'content-type': 'text/html',
      'content-security-policy': policy(nonce),
      'x-content-type-options': 'nosniff',
      'set-cookie': `csrf-token=${csrfToken}; Path=/; SameSite=Strict`,
    })
    response.end(page.replaceAll('[[Nonce]]', nonce))
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host')
    const found = proxyFor(request.url)
    if (found) {
      const [prefix, proxy] = found
      if (isForged(request)) response.writeHead(403).end('invalid CSRFToken')
      else proxy.request(request, response, (request.url ?? '').slice(prefix.length))
    } else if (pathname.startsWith(pluginBase)) {
      void serveFile(response, 'plugin', pathname.slice(pluginBase.length))
    } else if (pathname === '/locales/resource.json') {
      // handlers.go: no more than this of what the query says becomes a path.
      const named = (key: string) => /^[\w-]+$/.exec(searchParams.get(key) ?? '')?.[0] ?? ''
      void serveFile(response, 'plugin', `locales/${named('lng')}/${named('ns')}.json`)
    } else if (pathname.startsWith('/assets/')) {
      void serveFile(response, pageDirectory, pathname)
    } else if (pathname.startsWith('/api/')) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}')
    } else {
      void servePage(response)
    }
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const found = proxyFor(request.url)
    if (!found) {
      socket.destroy()
      return
    }
    const [prefix, proxy] = found
    proxy.upgrade(request, socket, head, (request.url ?? '').slice(prefix.length))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    csrfToken,
    async close() {
      for (const [, proxy] of proxies) proxy.close()
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

/**
 * What the OpenShift Console's server (bridge) does with a request that it passes on, to the API
 * server or to the service of a plugin's `spec.proxy`:
 * https://github.com/openshift/console/blob/da1f132490d8817714e2814751ede2e6c3006594/pkg/proxy/proxy.go
 * https://github.com/openshift/console/blob/da1f132490d8817714e2814751ede2e6c3006594/pkg/plugins/handlers.go
 */
import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import type { ConnectionOptions } from 'node:tls'

import { WebSocket, WebSocketServer } from 'ws'

export interface BridgeProxy {
  /** @param path what follows the prefix under which the bridge serves this */
  request(request: IncomingMessage, response: ServerResponse, path: string): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, path: string): void
  close(): void
}

export interface BridgeProxyOptions {
  /** Where requests go. */
  endpoint: URL
  /** How to verify the endpoint's certificate. */
  tls?: Pick<ConnectionOptions, 'ca' | 'servername'> | undefined
  /** Of the signed-in user; none is sent without. */
  token: string | undefined
}

/** Go's reverse proxy drops these on the way there; the bridge the rest. */
const notForEndpoint = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'cookie',
  'x-csrftoken',
  'origin',
  'x-console-impersonate-groups',
])
/** FilterHeaders of proxy.go. */
const notForBrowser = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'server',
])
const ofTheHandshake = /^(connection|upgrade|sec-websocket-.*)$/

export function bridgeProxy({ endpoint, tls = {}, token }: BridgeProxyOptions): BridgeProxy {
  const sockets = new WebSocketServer({ noServer: true })
  const target = (path: string) => new URL(endpoint.pathname.replace(/\/$/, '') + path, endpoint)

  function headersFor({ headers }: IncomingMessage) {
    const kept: IncomingHttpHeaders = {}
    for (const [name, value] of Object.entries(headers))
      if (!notForEndpoint.has(name)) kept[name] = value
    const several = String(headers['x-console-impersonate-groups'] ?? '').split(',')
    const single = headers['impersonate-group']
    const groups = [...(single === undefined ? [] : [single].flat()), ...several.filter(Boolean)]
    return {
      ...kept,
      host: endpoint.host,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(groups.length > 0 && { 'impersonate-group': [...groups, 'system:authenticated'] }),
    }
  }

  return {
    request(request, response, path) {
      const send = endpoint.protocol === 'https:' ? httpsRequest : httpRequest
      const { method } = request
      const outgoing = send(target(path), { method, headers: headersFor(request), ...tls })
      outgoing.on('response', (answer) => {
        const headers = Object.entries(answer.headers).filter(([name]) => !notForBrowser.has(name))
        response.writeHead(answer.statusCode ?? 502, {
          ...Object.fromEntries(headers),
          'content-security-policy': 'sandbox;',
        })
        response.flushHeaders()
        answer.on('error', () => response.destroy())
        answer.pipe(response)
      })
      // Go's reverse proxy answers a failure to connect with this and no words.
      outgoing.on('error', () => {
        if (response.headersSent) response.destroy()
        else response.writeHead(502).end()
      })
      response.on('close', () => outgoing.destroy())
      request.pipe(outgoing)
    },

    upgrade(request, socket, head, path) {
      const { protocols, impersonation } = takeProtocols(request)
      const headers = Object.fromEntries(
        Object.entries({
          ...headersFor(request),
          ...impersonation,
          origin: 'http://localhost',
        }).filter(([name]) => !ofTheHandshake.test(name)),
      )
      const url = target(path)
      url.protocol = url.protocol.replace('http', 'ws')
      const backend = new WebSocket(url, protocols.forEndpoint, {
        headers,
        perMessageDeflate: false,
        ...tls,
      })
      socket.on('error', () => socket.destroy())
      backend.on('unexpected-response', (outgoing, answer) => {
        outgoing.destroy()
        socket.end(`HTTP/1.1 ${answer.statusCode} Failed\r\nContent-Length: 0\r\n\r\n`)
      })
      backend.on('error', () => {
        if (socket.writable) socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n')
      })
      backend.on('open', () => {
        // Only the last one offered comes back.
        request.headers['sec-websocket-protocol'] = protocols.forBrowser
        sockets.handleUpgrade(request, socket, head, (browser) => splice(browser, backend))
      })
    },

    close() {
      for (const browser of sockets.clients) browser.terminate()
      sockets.close()
    },
  }
}

/**
 * The endpoint gets the last subprotocol that isn't impersonation; the browser gets back the last of
 * all.
 */
function takeProtocols({ headers }: IncomingMessage) {
  const offered = (headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
  const valueOf = (kind: string) =>
    offered
      .filter((one) => one.startsWith(`Impersonate-${kind}.`))
      .map((one) => decode(one.slice(`Impersonate-${kind}.`.length)))
  const groups = valueOf('Group')
  const [user = groups[0]] = valueOf('User')
  return {
    protocols: {
      forEndpoint: offered.filter((one) => !one.startsWith('Impersonate-')).slice(-1),
      forBrowser: offered.at(-1),
    },
    impersonation: {
      ...(user !== undefined && { 'impersonate-user': user }),
      ...(groups.length > 0 && { 'impersonate-group': [...groups, 'system:authenticated'] }),
    },
  }
}

/** decodeSubprotocol of proxy.go: base64 without what a subprotocol may not contain. */
function decode(text: string): string {
  return Buffer.from(text.replaceAll('_', '=').replaceAll('-', '/'), 'base64').toString('utf8')
}

/** Messages each way until one side ends, then both are closed. */
function splice(browser: WebSocket, backend: WebSocket) {
  for (const [from, to] of [
    [browser, backend],
    [backend, browser],
  ] as const) {
    from.on('message', (data, isBinary) => to.send(data, { binary: isBinary }))
    from.on('close', () => {
      if (to === backend) to.close(1000)
      else to.terminate()
    })
    from.on('error', () => from.terminate())
  }
}

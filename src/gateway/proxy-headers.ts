import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'

import type { ClusterRoute } from './cluster-connection.ts'

/** RFC 9110 §7.6.1, and what a proxy negotiates for itself. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
])

/** Browser's or gateway's own; the cluster must not see them or would judge them by its own name. */
const notForCluster = new Set(['host', 'cookie', 'authorization', 'origin', 'referer'])

/** What a server behind the cluster API must not do to the console's origin. */
const notForClient = new Set([
  'set-cookie',
  'set-cookie2',
  'service-worker-allowed',
  'clear-site-data',
  'strict-transport-security',
  'content-security-policy',
  'x-frame-options',
])

/**
 * Headers of the request to the cluster: the client's, with the asking person's credentials.
 * @param withholds which of the client's others stay here
 */
export function requestHeaders(
  request: IncomingMessage,
  route: ClusterRoute,
  credentials: { authorization?: string },
  withholds: (header: string) => boolean,
): OutgoingHttpHeaders {
  const headers = endToEnd(request, (name) => notForCluster.has(name) || withholds(name))
  headers.host = route.server.host
  // The client's Origin has been judged; for a watch over WebSocket kube-apiserver insists on one.
  if (request.headers.upgrade !== undefined) headers.origin = route.server.origin
  if (credentials.authorization !== undefined) headers.authorization = credentials.authorization
  return { ...headers, ...route.headers }
}

/**
 * Headers of the answer. Under `…/proxy/` paths it may be a pod's own page: should somebody open it
 * as one, it gets no script and no origin.
 */
export function responseHeaders(response: IncomingMessage): OutgoingHttpHeaders {
  return {
    ...endToEnd(response, (name) => notForClient.has(name)),
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  }
}

/** Whether the client wants to act as somebody else. */
export function impersonates({ headers }: { headers: object }) {
  return Object.keys(headers).some((name) => name.startsWith('impersonate-'))
}

/** Whether it wants to although the kubeconfig already does. */
export function impersonatesTwice(request: IncomingMessage, route: ClusterRoute) {
  return impersonates(route) && impersonates(request)
}

function endToEnd(
  message: IncomingMessage,
  isLeftOut: (name: string) => boolean,
): OutgoingHttpHeaders {
  const named = (message.headers.connection ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
  const headers: OutgoingHttpHeaders = {}
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    if (!values || hopByHop.has(name) || isLeftOut(name) || named.includes(name)) continue
    headers[name] = values.length === 1 ? values[0] : values
  }
  return headers
}

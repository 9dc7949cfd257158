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

/**
 * Browser's or gateway's own; the cluster must not see them or would judge them by its own name. Who
 * somebody is or where they come from is said by the gateway, if at all: behind a connection that
 * kube-apiserver takes for its front proxy, `X-Remote-User` would be believed.
 */
const notForCluster =
  /^(host|cookie|authorization|origin|referer|forwarded|via|x-real-ip|x-(forwarded|remote)-.*)$/

/**
 * What of an answer reaches the client: what clients of Kubernetes read. The rest might have power
 * over the console's origin, since under `…/proxy/` paths it is a pod that answers: cookies, a wider
 * scope for workers, error reports to elsewhere (NEL), another server (Alt-Svc), a password dialog.
 */
const forClient = new Set([
  'accept-ranges',
  'age',
  'allow',
  'audit-id',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'location',
  'pragma',
  'retry-after',
  'sec-websocket-accept',
  'sec-websocket-extensions',
  'sec-websocket-protocol',
  'sec-websocket-version',
  'vary',
  'warning',
  'x-accepted-stream-protocol-versions',
  'x-stream-protocol-version',
])

/**
 * Headers of the request to the cluster: the client's, with the asking person's credentials.
 * @param tokenHeader in which a token has come, beside Authorization
 */
export function requestHeaders(
  request: IncomingMessage,
  route: ClusterRoute,
  credentials: { authorization?: string },
  tokenHeader?: string,
): OutgoingHttpHeaders {
  const headers = endToEnd(request, (name) => !notForCluster.test(name) && name !== tokenHeader)
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
    ...endToEnd(response, isForClient),
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  }
}

/**
 * Whether a header of the cluster's answer may reach the client. A redirect stays on this origin: a
 * pod's page must not lead from the console's address to another one.
 */
export function isForClient(name: string, value: string) {
  if (name === 'location') return /^\/(?![/\\])/.test(value)
  return forClient.has(name) || name.startsWith('x-kubernetes-')
}

/** Whether the client wants to act as somebody else. */
export function impersonates({ headers }: { headers: object }) {
  return Object.keys(headers).some((name) => name.startsWith('impersonate-'))
}

/** Whether it wants to although the kubeconfig already does. */
export function impersonatesTwice(request: IncomingMessage, route: ClusterRoute) {
  return impersonates(route) && impersonates(request)
}

/**
 * What of a message is not for one hop only. `Connection` may name more of that kind, but never how
 * the body is framed: a body that goes on without its length would be read as requests of their own.
 */
function endToEnd(
  message: IncomingMessage,
  isWanted: (name: string, value: string) => boolean,
): OutgoingHttpHeaders {
  const named = new Set(
    (message.headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()),
  )
  named.delete('content-length')
  const headers: OutgoingHttpHeaders = {}
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    if (hopByHop.has(name) || named.has(name)) continue
    const wanted = (values ?? []).filter((value) => isWanted(name, value))
    if (wanted.length > 0) headers[name] = wanted.length === 1 ? wanted[0] : wanted
  }
  return headers
}

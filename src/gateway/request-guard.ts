import type { IncomingMessage } from 'node:http'

import { isApiPath, withoutQuery } from './request-path.ts'
import type { Refusal } from './status.ts'

/** Where an identity provider sends browsers back to. */
export const callbackPath = '/api/console/oidc/callback'

/** By which names browsers reach the console, besides those of loopback. */
export interface ConsoleNames {
  publicUrl: URL | undefined
  hostNames: readonly string[]
  /** The Origin of every upgrade where a server before the gateway sets it, and has judged the browser's. */
  upgradeOrigin?: string | undefined
}

/** Of HTTP's methods those that Kubernetes and the page know; TRACE would tell headers back. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Refuses what is no request of this kind of server, whoever has sent it. */
export function refuseMalformed(request: IncomingMessage): Refusal | undefined {
  if (!methods.has(request.method ?? '')) {
    const message = `The console knows no ${JSON.stringify(request.method)}`
    return { code: 405, reason: 'MethodNotAllowed', message, cause: 'malformed' }
  }
  // What follows an upgrade is the other protocol's. A cluster that took it for a body would cut
  // the connection in another place than the gateway does.
  if (request.headers.upgrade !== undefined && hasBody(request)) {
    return {
      code: 400,
      reason: 'BadRequest',
      message: 'An upgrade has no body',
      cause: 'malformed',
    }
  }
  return undefined
}

/** Whether the request says that a body follows. */
export function hasBody(request: IncomingMessage) {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers
  return encoding !== undefined || Number(length) !== 0
}

/**
 * Refuses what a foreign web page could have sent. Local modes act for whoever reaches the port,
 * and cookies travel with cross-site requests of old browsers, so three things are checked:
 *
 * - Host, against DNS rebinding: a page that resolved its own name to 127.0.0.1;
 * - Origin, for every mutation, upgrade and API request: it must be the page we served;
 * - Sec-Fetch-*, for requests without an Origin: browsers set it and pages can't. Same-site is not
 *   enough, for another port of this machine is the same site.
 *
 * Clients that are no browsers (kubectl) send neither Origin nor Sec-Fetch-Site and pass.
 * @param target the request's, without the prefix of a cluster
 * @param names by which the gateway may be addressed, besides those of loopback
 */
export function refuseForeign(
  request: IncomingMessage,
  target: string,
  { publicUrl, hostNames, upgradeOrigin }: ConsoleNames,
): Refusal | undefined {
  const hosts = request.headersDistinct.host ?? []
  const host = hosts.length === 1 ? hosts[0] : undefined
  if (host === undefined) return forbidden('the request names no single Host')
  const name = hostName(host)
  const isPublic = name !== undefined && name === publicUrl?.hostname
  if (name === undefined || !(isPublic || isLoopbackName(name) || hostNames.includes(name))) {
    return forbidden(
      `${JSON.stringify(host)} is not a name of this console; publicUrl, hostNames or --allow-host makes it one`,
    )
  }

  const isSafe = request.method === 'GET' || request.method === 'HEAD'
  const isApi = isApiPath(target)
  if (isSafe && !isApi && request.headers.upgrade === undefined) return undefined

  const [origin, ...furtherOrigins] = request.headersDistinct.origin ?? []
  const isOurs = (given: string) => {
    if (request.headers.upgrade !== undefined && given === upgradeOrigin) return true
    return isPublic ? given === publicUrl?.origin : isSameOrigin(given, host)
  }
  if (furtherOrigins.length || (origin !== undefined && !isOurs(origin))) {
    return forbidden('the request comes from another web page (Origin)')
  }
  const site = request.headers['sec-fetch-site']
  // An identity provider sends the browser back there; what it brings is judged by its state.
  const isWayBack = request.method === 'GET' && withoutQuery(target) === callbackPath
  if (!isWayBack && site !== undefined && site !== 'same-origin' && site !== 'none') {
    return forbidden('the request comes from another web page (Sec-Fetch-Site)')
  }
  if (isApi && isExecutable(request)) {
    return forbidden('an answer of the cluster must not be run or embedded as a part of a page')
  }
  return undefined
}

/**
 * A pod's own web server answers under the cluster's `…/proxy/` paths, on our origin. Nothing from
 * there may become code of the page.
 */
function isExecutable(request: IncomingMessage) {
  const destination = request.headers['sec-fetch-dest']
  return (
    request.headers['service-worker'] !== undefined ||
    (typeof destination === 'string' &&
      /^(script|style|.*worker|.*worklet|object|embed|i?frame|xslt)$/.test(destination))
  )
}

/** The scheme is not compared where no public URL tells it: TLS may end before the gateway. */
function isSameOrigin(origin: string, host: string) {
  try {
    const url = new URL(origin)
    return /^https?:$/.test(url.protocol) && url.host === new URL(`${url.protocol}//${host}`).host
  } catch {
    return false
  }
}

function hostName(host: string) {
  if (!/^[a-z0-9.:[\]_-]+$/i.test(host)) return undefined
  try {
    return new URL(`http://${host}`).hostname.replace(/\.$/, '')
  } catch {
    return undefined
  }
}

/** Names that resolve to this machine without asking anybody (RFC 6761 §6.3 for `localhost`). */
export function isLoopbackName(name: string) {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    name === '::1' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)
  )
}

function forbidden(why: string): Refusal {
  const message = `The console refuses this request: ${why}`
  return { code: 403, reason: 'Forbidden', message, cause: 'foreign' }
}

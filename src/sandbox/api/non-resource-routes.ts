/** Everything that is no resource: discovery, OpenAPI, health, version. */
import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Discovery } from './discovery.ts'
import { methodNotAllowed, noSuchResource, pageNotFound } from './failures.ts'
import { acceptClauses, send, sendText } from './negotiation.ts'
import type { OpenApi } from './openapi.ts'
import type { RequestInfo } from './request-info.ts'

/** What `kubectl version` shows; the release whose behaviour is imitated. */
const VERSION = {
  major: '1',
  minor: '35',
  emulationMajor: '1',
  emulationMinor: '35',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '34',
  gitVersion: 'v1.35.6',
  gitCommit: 'kubevirt-console-sandbox',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'go1.25.12',
  compiler: 'gc',
  platform: 'linux/amd64',
}

const CHECKS = ['ping', 'log', 'etcd', 'poststarthook/rbac/bootstrap-roles']
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

const wantsAggregated = (request: IncomingMessage) =>
  acceptClauses(request.headers.accept).some(
    ({ type, parameters }) =>
      type === 'application/json' &&
      parameters.get('as') === 'APIGroupDiscoveryList' &&
      parameters.get('v') === 'v2',
  )

export type NonResourceRoutes = (
  request: IncomingMessage,
  response: ServerResponse,
  info: RequestInfo,
) => void

export function createNonResourceRoutes(discovery: Discovery, openApi: OpenApi): NonResourceRoutes {
  function json(request: IncomingMessage, response: ServerResponse, value: object): void {
    send(request, response, { code: 200, media: 'json', json: JSON.stringify(value) })
  }

  function tagged(
    request: IncomingMessage,
    response: ServerResponse,
    body: { json: string; etag: string },
    headers: Record<string, string> = {},
  ): void {
    const all = { etag: body.etag, vary: 'Accept-Encoding, Accept', ...headers }
    if (request.headers['if-none-match'] === body.etag) response.writeHead(304, all).end()
    else send(request, response, { code: 200, media: 'json', json: body.json, headers: all })
  }

  function health(path: string, query: URLSearchParams, response: ServerResponse): void {
    const lines = CHECKS.map((check) => `[+]${check} ok\n`).join('')
    const verbose = query.has('verbose') ? `${lines}${path.slice(1)} check passed\n` : 'ok'
    sendText(response, 200, verbose)
  }

  return (request, response, { path, query }) => {
    const parts = path.split('/').filter(Boolean)
    const [first, second, third] = parts
    if (path.startsWith('//')) throw pageNotFound()
    const found = (value: object | undefined) => {
      if (!value) throw pageNotFound()
      if (request.method !== 'GET') throw methodNotAllowed()
      json(request, response, value)
    }
    if (parts.length === 0) found({ paths: discovery.paths() })
    else if (first === 'version' && parts.length === 1) found(VERSION)
    else if (['healthz', 'livez', 'readyz'].includes(first ?? '') && parts.length === 1) {
      health(path, query, response)
    } else if (first === 'api' && parts.length === 1) {
      if (wantsAggregated(request)) {
        tagged(request, response, discovery.aggregated(true), {
          'content-type': AGGREGATED,
          vary: 'Accept',
        })
      } else found(discovery.legacyRoot(request.headers.host ?? ''))
    } else if (first === 'api' && parts.length === 2) {
      const list = discovery.resourceList('', second ?? '')
      if (!list) throw noSuchResource()
      found(list)
    } else if (first === 'apis' && parts.length === 1) {
      if (wantsAggregated(request)) {
        tagged(request, response, discovery.aggregated(false), {
          'content-type': AGGREGATED,
          vary: 'Accept',
        })
      } else found(discovery.groupList())
    } else if (first === 'apis' && parts.length === 2) found(discovery.group(second ?? ''))
    else if (first === 'apis' && parts.length === 3) {
      found(discovery.resourceList(second ?? '', third ?? ''))
    } else if (first === 'openapi' && second === 'v2' && parts.length === 2) {
      tagged(request, response, openApi.swagger())
    } else if (first === 'openapi' && second === 'v3') {
      if (parts.length === 2) {
        sendText(response, 200, openApi.index())
        return
      }
      const document = openApi.document(parts.slice(2).join('/'))
      if (!document) throw pageNotFound()
      tagged(request, response, document, { vary: 'Accept' })
    } else throw pageNotFound()
  }
}

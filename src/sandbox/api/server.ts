/**
 * The Kubernetes face of the sandbox: an API server that stock clients accept, over an in-memory
 * store. A request is authenticated, authorized and routed as kube-apiserver's handler chain does.
 */
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

import type { ResourceDefinition, Schema } from '../kinds/resource-definition.ts'
import { ANONYMOUS, authenticate, impersonate } from './authentication.ts'
import { createClusterStore } from './cluster-store.ts'
import {
  type AccessAttributes,
  type AdmissionHook,
  type AggregatedApi,
  type AggregatedRequest,
  ApiError,
  type Cluster,
  type ResourceKey,
  type User,
} from './cluster.ts'
import { createDiscovery } from './discovery.ts'
import { createEventRecorder } from './event-recorder.ts'
import { asApiError, forbidden } from './failures.ts'
import { createGarbageCollector } from './garbage-collector.ts'
import { createLifecycle, keyOf } from './lifecycle.ts'
import { fillNamespaces } from './namespace-content.ts'
import { sendError } from './negotiation.ts'
import { createNonResourceRoutes } from './non-resource-routes.ts'
import { createObjectStore } from './object-store.ts'
import { createOidcTokens, type OidcIssuer } from './oidc-tokens.ts'
import { createOpenApi } from './openapi.ts'
import type { PodLogs } from './pod-logs.ts'
import { createAuthorizer } from './rbac.ts'
import { readOptionalObject } from './request-body.ts'
import { type RequestInfo, requestInfo } from './request-info.ts'
import { createResourceRoutes } from './resource-routes.ts'

export interface ApiServerOptions {
  definitions: readonly ResourceDefinition[]
  /** Of these, the kinds that clients find; all unless told. Of the others none can be created. */
  isServed?: (definition: ResourceDefinition) => boolean
  /** What `$ref`s of the definitions' schemas name. */
  models: Record<string, Schema>
  /** Users by bearer token. */
  tokens: Readonly<Record<string, User>>
  /** Whose tokens are trusted besides. */
  oidc?: OidcIssuer
  /** Who a request without credentials is; `system:anonymous` unless told. */
  withoutToken?: User
  now?: () => Date
  podLogs?: PodLogs
}

export interface ApiServer extends Cluster {
  handle(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Forgets the history of changes: older versions can then neither be watched nor listed. */
  compact(): void
  /** Makes an aggregated API answer 503, as when no pod of it is ready, or takes that back. */
  setUnavailable(group: string, unavailable: boolean): void
  close(): void
}

export function createApiServer(options: ApiServerOptions): ApiServer {
  const { tokens, withoutToken = ANONYMOUS, now = () => new Date() } = options
  const { isServed = () => true } = options
  const models = options.models
  const issued = options.oidc && createOidcTokens(options.oidc)
  const events = options.definitions.find((definition) => keyOf(definition) === '/events')
  const definitions = [
    ...options.definitions.filter(isServed),
    ...(events ? [newEvents(events)] : []),
  ]
  const stored = new Map(options.definitions.map((definition) => [keyOf(definition), definition]))

  const objects = createObjectStore()
  const lifecycle = createLifecycle(objects, now)
  const store = createClusterStore(objects, lifecycle, stored, models, now, isServed)
  const collector = createGarbageCollector(objects, lifecycle, store, options.definitions)
  const authorizer = createAuthorizer(store)
  const record = createEventRecorder(store, now)
  const stopFilling = stored.has('/namespaces')
    ? fillNamespaces(store, options.definitions)
    : undefined
  const hooks = new Map<ResourceKey, AdmissionHook[]>()
  const aggregated: AggregatedApi[] = []
  const unavailable = new Set<string>()

  const resources = createResourceRoutes({
    definitions,
    aggregatedApis: () => aggregated,
    context: { objects, lifecycle, models, now, hooks: (key) => hooks.get(key) ?? [] },
    authorizer,
    tokens,
    podLogs: options.podLogs,
  })
  const pages = createNonResourceRoutes(
    createDiscovery(definitions, () => aggregated),
    createOpenApi(definitions, models),
  )

  function authorize(user: User, info: RequestInfo): void {
    if (!info.isResource) {
      if (authorizer.allowedPath(user, info.verb, info.path)) return
      throw new ApiError(
        403,
        `forbidden: User ${JSON.stringify(user.name)} cannot ${info.verb} path ${JSON.stringify(info.path)}`,
        { reason: 'Forbidden', details: {} },
      )
    }
    const { verb, group, resource, subresource, namespace, name } = info
    const attributes: AccessAttributes = {
      verb,
      group,
      resource,
      ...(subresource ? { subresource } : {}),
      ...(namespace ? { namespace } : {}),
      ...(name ? { name } : {}),
    }
    if (authorizer.allowed(user, attributes)) return
    const full = subresource ? `${resource}/${subresource}` : resource
    const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope'
    throw forbidden(
      { group, kind: resource, name },
      `User ${JSON.stringify(user.name)} cannot ${verb} resource "${full}" in API group "${group}" ${where}`,
    )
  }

  /** Who asks for what, past authorization. Throws ApiError 401 and 403. */
  async function admitted(request: IncomingMessage): Promise<{ info: RequestInfo; user: User }> {
    const info = requestInfo(request.method ?? 'GET', request.url ?? '/')
    const real = await authenticate(request, tokens, withoutToken, issued)
    const user = impersonate(request, real, (resource, name) =>
      authorizer.allowed(real, { verb: 'impersonate', group: '', resource, name }),
    )
    authorize(user, info)
    return { info, user }
  }

  const storedKinds = new Set(definitions.map(({ group, plural }) => `${group}/${plural}`))

  /** Throws ApiError 503 when the API is registered but does not answer. */
  function aggregatedFor(info: RequestInfo): AggregatedApi | undefined {
    const { isResource, group, version, resource } = info
    // An API server may also store kinds, in the same group as what it only answers.
    if (!isResource || storedKinds.has(`${group}/${resource}`)) return undefined
    const api = aggregated.find((item) => item.group === group && item.versions.includes(version))
    if (api && unavailable.has(group)) {
      throw new ApiError(503, 'service unavailable\n', { plainText: true })
    }
    return api
  }

  function aggregatedRequest(
    request: IncomingMessage,
    info: RequestInfo,
    user: User,
  ): AggregatedRequest {
    return {
      method: request.method ?? 'GET',
      segments: info.segments,
      query: info.query,
      user,
      body: () => readOptionalObject(request),
      raw: request,
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { info, user } = await admitted(request)
    const api = aggregatedFor(info)
    if (api) await api.handle(aggregatedRequest(request, info, user), response)
    else if (info.isResource) await resources.handle(request, response, info, user)
    else pages(request, response, info)
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else sendError(request, response, asApiError(error))
    })
  }

  /** Answers an upgrade request as a plain one, on its bare socket. */
  function plainResponse(request: IncomingMessage, socket: Duplex): ServerResponse {
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket as Socket)
    response.on('finish', () => socket.end())
    return response
  }

  async function answerUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    const { info, user } = await admitted(request)
    const api = aggregatedFor(info)
    if (api) await api.upgrade(aggregatedRequest(request, info, user), socket, head)
    else if (info.isResource && info.verb === 'watch') {
      resources.watchOverSocket(request, info, user, socket, head)
    } else if (info.isResource) {
      await resources.handle(request, plainResponse(request, socket), info, user)
    } else pages(request, plainResponse(request, socket), info)
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    answerUpgrade(request, socket, head).catch((error: unknown) => {
      if (socket.writable) sendError(request, plainResponse(request, socket), asApiError(error))
      else socket.destroy()
    })
  }

  return {
    store,
    handle,
    upgrade,
    admit(keys, hook) {
      for (const key of keys) hooks.set(key, [...(hooks.get(key) ?? []), hook])
    },
    aggregate: (api) => void aggregated.push(api),
    allowed: (user, attributes) => authorizer.allowed(user, attributes),
    event: record,
    compact: () => objects.compact(),
    setUnavailable(group, down) {
      if (down) unavailable.add(group)
      else unavailable.delete(group)
    },
    close() {
      stopFilling?.()
      authorizer.close()
      collector.close()
      lifecycle.close()
    },
  }
}

/** The events of core/v1 as events.k8s.io/v1 lists them. */
function newEvents(events: ResourceDefinition): ResourceDefinition {
  return {
    ...events,
    group: 'events.k8s.io',
    verbs: ['get', 'list', 'watch'],
    versions: events.versions.map(({ schema: _schema, ...version }) => ({
      ...version,
      schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    })),
  }
}

/** From an authorized request for a resource to the function that answers it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

import type { ResourceDefinition } from '../kinds/resource-definition.ts'
import { type AggregatedApi, ApiError, type User } from './cluster.ts'
import {
  badRequest,
  methodNotAllowed,
  noSuchResource,
  notFound,
  pageNotFound,
  verbNotSupported,
} from './failures.ts'
import { type JsonObject, isObject } from './json-values.ts'
import { keyOf } from './lifecycle.ts'
import { checkListVersion, listOptions, requireVersion } from './list.ts'
import { negotiate, send } from './negotiation.ts'
import { rowKey } from './object-store.ts'
import { mergePatch, jsonPatch } from './patch.ts'
import { type PodLogs, sendPodLog } from './pod-logs.ts'
import type { Authorizer } from './rbac.ts'
import { mediaTypeOf, readObject, readOptionalObject } from './request-body.ts'
import type { RequestInfo } from './request-info.ts'
import {
  type ReadCall,
  listResource,
  readPage,
  sendObject,
  sendPage,
  storageKey,
  watchOverSocket,
  watchResource,
} from './resource-reads.ts'
import {
  type ResourceCall,
  type WriteContext,
  createObject,
  deleteObject,
  deleteObjects,
  findObject,
  patchObject,
  updateObject,
} from './resource-writes.ts'
import { review, reviewKinds } from './reviews.ts'
import { scaleOf, withScale } from './scale.ts'
import { writeSettings } from './write-options.ts'

export interface ResourceRoutesOptions {
  definitions: readonly ResourceDefinition[]
  aggregatedApis(): readonly AggregatedApi[]
  context: WriteContext
  authorizer: Authorizer
  tokens: Readonly<Record<string, User>>
  podLogs: PodLogs | undefined
}

export interface ResourceRoutes {
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    info: RequestInfo,
    user: User,
  ): Promise<void>
  watchOverSocket(
    request: IncomingMessage,
    info: RequestInfo,
    user: User,
    socket: Duplex,
    head: Buffer,
  ): void
}

type Call = ReadCall & ResourceCall

export function createResourceRoutes(options: ResourceRoutesOptions): ResourceRoutes {
  const { definitions, context, authorizer } = options
  const { objects, now } = context
  const byPath = new Map(
    definitions.flatMap((definition) =>
      definition.versions
        .filter(({ served }) => served)
        .map((version) => [
          `${definition.group}/${version.name}/${definition.plural}`,
          { definition, version },
        ]),
    ),
  )
  /** Groups that the built-in handlers serve answer an unknown path with a Status. */
  const builtinVersions = new Set(
    definitions
      .filter(({ custom }) => !custom)
      .flatMap(({ group, versions }) => versions.map(({ name }) => `${group}/${name}`)),
  )

  function unknownResource({ group, version }: RequestInfo): ApiError {
    return group === '' || builtinVersions.has(`${group}/${version}`)
      ? noSuchResource()
      : pageNotFound()
  }

  function callOf(
    request: IncomingMessage,
    response: ServerResponse | undefined,
    info: RequestInfo,
    user: User,
  ): Call {
    const found = byPath.get(`${info.group}/${info.version}/${info.resource}`)
    if (info.path.startsWith('//')) throw pageNotFound()
    if (!found) throw unknownResource(info)
    const { definition, version } = found
    const warnings: string[] = []
    const warn = (message: string) => {
      const text = `299 - "${message.replaceAll(/["\\]/g, String.raw`\$&`)}"`
      if (!warnings.includes(text)) warnings.push(text)
      // On the response itself, so that refusals carry the warnings too.
      response?.setHeader('warning', warnings)
    }
    if (version.deprecationWarning) warn(version.deprecationWarning)
    const onCollection =
      info.verb === 'list' || info.verb === 'watch' || info.verb === 'deletecollection'
    const namespace = definition.namespaced ? info.namespace || undefined : undefined
    const addressed = onCollection && !/\/watch\//.test(info.path) ? '' : (info.name ?? '')
    return {
      request,
      definition,
      version,
      namespace,
      name: addressed,
      subresource: info.subresource,
      query: info.query,
      user,
      warn,
    }
  }

  /** Paths that the router does not have: wrong scope, or too deep. */
  function checkPath({ definition, namespace, name }: Call, info: RequestInfo): void {
    const scoped = info.namespace !== undefined && info.resource !== 'namespaces'
    const missing = definition.custom ? pageNotFound() : noSuchResource()
    if (!definition.namespaced && scoped) throw missing
    if (info.rest.length) throw missing
    if (!definition.namespaced || namespace !== undefined) return
    if (name) throw missing
    if (info.verb === 'create') throw definition.custom ? missing : methodNotAllowed()
  }

  function aboutCall({ definition: { group, plural }, name }: Call) {
    return { group, kind: plural, name }
  }

  // ---- the verbs of stored resources ---------------------------------------------------------

  async function mainResource(call: Call, info: RequestInfo, response: ServerResponse) {
    const { definition, request, name } = call
    const { custom } = definition
    const { method = '' } = request
    if (method === 'HEAD' && !custom) {
      response.writeHead(405, { 'content-type': 'application/json' }).end()
      return
    }
    const needsName = method === 'PUT' || method === 'PATCH'
    if (needsName && !name) throw custom ? badRequest('name must be provided') : methodNotAllowed()
    if (!custom && method === 'POST' && name) throw methodNotAllowed()
    if (!info.verb) throw custom ? verbNotSupported(aboutCall(call), '') : methodNotAllowed()
    if (!definition.verbs.includes(info.verb)) throw methodNotAllowed()
    if (info.verb === 'list') await listResource(call, context, response)
    else if (info.verb === 'watch') watchOne(call, info, response)
    else if (info.verb === 'get') await getOne(call, response)
    else if (info.verb === 'create') {
      // On a path with a name, a custom resource is created all the same.
      const { code, object } = await createObject(context, { ...call, name: '' })
      sendObject(call, context, response, code, object)
    } else if (info.verb === 'update')
      sendWritten(call, response, await updateObject(context, call))
    else if (info.verb === 'patch') sendWritten(call, response, await patchObject(context, call))
    else if (info.verb === 'delete') await deleteOne(call, response)
    else await deleteMany(call, response)
  }

  const sendWritten = (
    call: Call,
    response: ServerResponse,
    { code, object }: { code: number; object: Parameters<typeof sendObject>[4] },
  ) => sendObject(call, context, response, code, object)

  function watchOne(call: Call, info: RequestInfo, response: ServerResponse): void {
    if (!call.name) {
      watchResource(call, context, response)
      return
    }
    // The old /watch/ path with a name is a watch with a field selector.
    const query = new URLSearchParams(info.query)
    query.set('fieldSelector', `metadata.name=${call.name}`)
    watchResource({ ...call, query }, context, response)
  }

  async function getOne(call: Call, response: ServerResponse): Promise<void> {
    const resourceVersion = call.query.get('resourceVersion') ?? ''
    checkListVersion(resourceVersion)
    await requireVersion(objects, resourceVersion)
    const found = objects
      .table(storageKey(call.definition))
      .objects.get(rowKey(call.namespace, call.name))
    if (!found) throw notFound(aboutCall(call))
    sendObject(call, context, response, 200, found)
  }

  function sendStatus(call: Call, response: ServerResponse, status: JsonObject): void {
    let media: 'json' | 'yaml' = 'json'
    try {
      media = negotiate(call.request).media
    } catch {
      // The deed is done; it is told in JSON.
    }
    send(call.request, response, {
      code: 200,
      media,
      json: JSON.stringify(status),
    })
  }

  async function deleteOne(call: Call, response: ServerResponse): Promise<void> {
    const result = await deleteObject(context, call)
    if (result['kind'] === 'Status') sendStatus(call, response, result)
    else sendObject(call, context, response, 200, result as Parameters<typeof sendObject>[4])
  }

  async function deleteMany(call: Call, response: ServerResponse): Promise<void> {
    const page = await readPage(call, context, listOptions(call.query, false))
    await deleteObjects(context, call, page.objects)
    const metadata = { resourceVersion: String(objects.revision) }
    sendPage(call, context, response, { objects: page.objects, metadata })
  }

  // ---- subresources ---------------------------------------------------------------------------

  async function subresource(call: Call, info: RequestInfo, response: ServerResponse) {
    const { definition, request } = call
    const key = keyOf(definition)
    const readable = info.verb === 'get' || info.verb === 'update' || info.verb === 'patch'
    if (key === '/pods' && info.subresource === 'log') {
      if (info.verb !== 'get') throw methodNotAllowed()
      await sendPodLog(findObject(context, call), call.query, options.podLogs, response)
    } else if (
      key === '/pods' &&
      ['exec', 'attach', 'portforward'].includes(info.subresource ?? '')
    ) {
      noCommands(call)
    } else if (info.subresource === 'status' && definition.statusSubresource) {
      if (!readable) {
        throw definition.custom ? verbNotSupported(aboutCall(call), info.verb) : methodNotAllowed()
      }
      if (info.verb === 'get') await getOne(call, response)
      else if (info.verb === 'update')
        sendWritten(call, response, await updateObject(context, call))
      else sendWritten(call, response, await patchObject(context, call))
    } else if (
      info.subresource === 'finalize' &&
      key === '/namespaces' &&
      request.method === 'PUT'
    ) {
      sendWritten(call, response, await updateObject(context, call))
    } else if (info.subresource === 'scale' && definition.scale && readable) {
      await scale(call, info, response)
    } else throw definition.custom ? notFound(aboutCall(call)) : noSuchResource()
  }

  /** Pods here have no processes to enter. */
  function noCommands(call: Call): never {
    const pod = findObject(context, call)
    const spec = isObject(pod['spec']) ? pod['spec'] : {}
    if (!spec['nodeName']) throw badRequest(`pod ${call.name} does not have a host assigned`)
    throw new ApiError(501, 'the sandbox runs no containers, so there is nothing to attach to', {
      reason: 'NotImplemented',
    })
  }

  async function scale(call: Call, info: RequestInfo, response: ServerResponse): Promise<void> {
    const { definition, request } = call
    const paths = definition.scale
    if (!paths) throw noSuchResource()
    let object = findObject(context, call)
    if (info.verb !== 'get') {
      const current = scaleOf(object, paths)
      const body =
        info.verb === 'update'
          ? (await readObject(request, 'Scale')).value
          : await readOptionalObject(request)
      const type = mediaTypeOf(request)
      const wanted =
        info.verb === 'update'
          ? (body as JsonObject)
          : type === 'application/json-patch+json'
            ? jsonPatch(current, body)
            : mergePatch(current, body)
      const { dryRun } = writeSettings('UpdateOptions', call.query, request)
      object = context.lifecycle.replace(definition, object, withScale(object, wanted, paths), {
        dryRun,
      })
    }
    send(request, response, {
      code: 200,
      media: negotiate(request).media,
      json: JSON.stringify(scaleOf(object, paths)),
    })
  }

  // ---- reviews ----------------------------------------------------------------------------------

  async function answerReview(
    request: IncomingMessage,
    response: ServerResponse,
    info: RequestInfo,
    user: User,
  ): Promise<boolean> {
    const kind = reviewKinds.find(
      ({ group, plural }) => group === info.group && plural === info.resource,
    )
    if (!kind || info.version !== 'v1') return false
    if (request.method !== 'POST') throw methodNotAllowed()
    const { value } = await readObject(request, kind.kind)
    const { fieldManager } = writeSettings('CreateOptions', info.query, request)
    const answer = review(kind, value as JsonObject, {
      authorizer,
      tokens: options.tokens,
      user,
      namespace: info.namespace,
      manager: fieldManager,
      now: now(),
    })
    const { media } = negotiate(request)
    send(request, response, { code: 201, media, json: JSON.stringify(answer) })
    return true
  }

  return {
    async handle(request, response, info, user) {
      if (await answerReview(request, response, info, user)) return
      const call = callOf(request, response, info, user)
      checkPath(call, info)
      await (info.subresource ? subresource : mainResource)(call, info, response)
    },
    watchOverSocket(request, info, user, socket, head) {
      const call = callOf(request, undefined, info, user)
      checkPath(call, info)
      watchOverSocket(call, context, socket, head)
    },
  }
}

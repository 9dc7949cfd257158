/** Get, list and watch of stored resources, in the form that the client negotiated. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

import { WebSocketServer } from 'ws'

import type { ResourceDefinition, ResourceVersionDefinition } from '../kinds/resource-definition.ts'
import { offeredProtocols } from './authentication.ts'
import { ApiError, type KubeObject } from './cluster.ts'
import { asCoreField, asNewEvent } from './event-recorder.ts'
import { notAcceptable } from './failures.ts'
import { atPath, textOf } from './json-values.ts'
import { keyOf } from './lifecycle.ts'
import {
  type ListOptions,
  type Page,
  checkListVersion,
  checkWatchVersion,
  listOptions,
  pageOf,
  requireVersion,
} from './list.ts'
import { MEDIA_TYPES, type Form, acceptClauses, negotiate, send } from './negotiation.ts'
import { apiVersionOf } from './object-codec.ts'
import { jsonOf } from './object-json.ts'
import type { ObjectStore } from './object-store.ts'
import { type Matcher, fieldMatcher, labelMatcher } from './selectors.ts'
import { type IncludeObject, includeObjectOf, partialOf, partialOfList, tableOf } from './table.ts'
import { gatherText } from './text-bytes.ts'
import { type Representation, startWatch } from './watch.ts'

export interface ReadCall {
  request: IncomingMessage
  definition: ResourceDefinition
  version: ResourceVersionDefinition
  namespace: string | undefined
  query: URLSearchParams
}

export interface ReadContext {
  objects: ObjectStore
  now: () => Date
}

const isNewEvent = ({ definition }: Pick<ReadCall, 'definition'>) =>
  definition.group === 'events.k8s.io'

/** Where the objects are kept: events of both groups are the same ones. */
export const storageKey = (definition: ResourceDefinition) =>
  definition.group === 'events.k8s.io' ? '/events' : keyOf(definition)

const shown = (call: Pick<ReadCall, 'definition'>, object: KubeObject) =>
  isNewEvent(call) ? asNewEvent(object) : object

const typeOf = ({ definition, version }: Pick<ReadCall, 'definition' | 'version'>) => ({
  kind: definition.kind,
  apiVersion: apiVersionOf(definition, version.name),
})

/** Kinds whose objects never had field labels of their own say so in other words. */
const ONLY_METADATA = new Set(['metadata.name', 'metadata.namespace'])

/** Label and field selectors of a request together. Throws ApiError 400. */
function selectorOf({ definition, query }: Pick<ReadCall, 'definition' | 'query'>) {
  const own = definition.selectableFields ?? []
  const known = [...ONLY_METADATA, ...own]
  const labels = labelMatcher(query.get('labelSelector'))
  const fields = fieldMatcher(
    query.get('fieldSelector'),
    definition.group === 'events.k8s.io'
      ? [...known, 'regarding.name', 'regarding.kind', 'regarding.namespace', 'regarding.uid']
      : known,
    (object, field) => textOf(atPath(object, asCoreField(field))),
    definition.custom || own.length
      ? undefined
      : (field) =>
          `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
  )
  const matches: Matcher | undefined =
    labels && fields
      ? (object) => labels(object) && fields.matches(object)
      : (labels ?? fields?.matches)
  return matches
}

/** Sends one object. */
export function sendObject(
  call: ReadCall,
  context: ReadContext,
  response: ServerResponse,
  code: number,
  object: KubeObject,
): void {
  const { request, definition, version, query } = call
  const form = negotiate(request)
  const visible = shown(call, object)
  let json: string
  if (form.as === 'Table') {
    const { resourceVersion } = object.metadata
    json = JSON.stringify(
      tableOf(
        [visible],
        { resourceVersion },
        {
          definition,
          version,
          metaVersion: form.version ?? 'v1',
          include: includeObjectOf(query),
          now: context.now(),
        },
      ),
    )
  } else if (form.as === 'PartialObjectMetadata') {
    json = JSON.stringify(partialOf(object, form.version ?? 'v1'))
  } else if (form.as) {
    throw new ApiError(
      406,
      `you requested ${form.as}, but the requested object is not a list (*unstructured.Unstructured)`,
      { reason: 'NotAcceptable' },
    )
  } else json = jsonOf(visible, typeOf(call))
  send(request, response, {
    code,
    media: form.media,
    json,
  })
}

/** Sends a list; as it is, each object's text comes from where `object-json` has it. */
export function sendPage(
  call: ReadCall,
  context: ReadContext,
  response: ServerResponse,
  { objects, metadata }: Page,
): void {
  const { request, definition, version, query } = call
  const form = negotiate(request)
  const visible = isNewEvent(call) ? objects.map(asNewEvent) : objects
  let json: string | Buffer
  if (form.as === 'Table') {
    json = JSON.stringify(
      tableOf(visible, metadata, {
        definition,
        version,
        metaVersion: form.version ?? 'v1',
        include: includeObjectOf(query),
        now: context.now(),
      }),
    )
  } else if (form.as === 'PartialObjectMetadata') throw partialOfList()
  else if (form.as) {
    const metaVersion = form.version ?? 'v1'
    json = JSON.stringify({
      kind: 'PartialObjectMetadataList',
      apiVersion: `meta.k8s.io/${metaVersion}`,
      metadata,
      items: objects.map((object) => partialOf(object, metaVersion)),
    })
  } else {
    const text = listText(call, visible, metadata)
    response.once('close', () => text.free())
    json = text.bytes()
  }
  send(request, response, {
    code: 200,
    media: form.media,
    json,
  })
}

function listText(call: ReadCall, objects: readonly KubeObject[], metadata: Page['metadata']) {
  const { definition } = call
  const type = typeOf(call)
  const itemType = definition.custom ? type : undefined
  // Custom resources carry an empty continue where built-in kinds have none.
  const meta = JSON.stringify(definition.custom ? { continue: '', ...metadata } : metadata)
  const text = gatherText()
  text.append(
    `{"kind":"${definition.listKind}","apiVersion":"${type.apiVersion}","metadata":${meta},"items":[`,
  )
  let between = ''
  for (const object of objects) {
    text.append(between + jsonOf(object, itemType))
    between = ','
  }
  text.append(']}')
  return text
}

export async function listResource(
  call: ReadCall,
  context: ReadContext,
  response: ServerResponse,
): Promise<void> {
  const options = listOptions(call.query, false)
  sendPage(call, context, response, await readPage(call, context, options))
}

export async function readPage(
  call: ReadCall,
  { objects }: ReadContext,
  options: ListOptions,
): Promise<Page> {
  const matches = selectorOf(call)
  checkListVersion(options.resourceVersion)
  negotiate(call.request)
  await requireVersion(objects, options.resourceVersion)
  return pageOf(
    objects,
    objects.table(storageKey(call.definition)),
    call.namespace,
    options,
    matches,
  )
}

// ---- watch -------------------------------------------------------------------------------------

function representationOf(call: ReadCall, { now }: ReadContext, form: Form): Representation {
  const { definition, version, query } = call
  const type = typeOf(call)
  const bookmarkJson = (metadata: Record<string, unknown>) =>
    JSON.stringify({ ...type, metadata: { ...metadata } })
  if (form.as === 'Table') {
    const include: IncludeObject = includeObjectOf(query)
    const metaVersion = form.version ?? 'v1'
    let withColumns = true
    return {
      objectJson(object) {
        const { resourceVersion } = object.metadata
        const table = tableOf(
          [shown(call, object)],
          { resourceVersion },
          {
            definition,
            version,
            metaVersion,
            include,
            now: now(),
            withColumns,
          },
        )
        withColumns = false
        return JSON.stringify(table)
      },
      bookmarkJson(metadata) {
        const { resourceVersion } = metadata
        const object = { ...type, metadata } as unknown as KubeObject
        const table = tableOf(
          [object],
          { resourceVersion },
          {
            definition: { ...definition, custom: true },
            version: { ...version, columns: [] },
            metaVersion,
            include: 'Metadata',
            now: now(),
            withColumns: false,
          },
        )
        return JSON.stringify(table)
      },
    }
  }
  if (form.as) {
    const metaVersion = form.version ?? 'v1'
    return {
      shared: `partial ${metaVersion}`,
      objectJson: (object) => JSON.stringify(partialOf(object, metaVersion)),
      bookmarkJson: (metadata) =>
        JSON.stringify({
          kind: 'PartialObjectMetadata',
          apiVersion: `meta.k8s.io/${metaVersion}`,
          metadata,
        }),
    }
  }
  return {
    shared: type.apiVersion,
    objectJson: (object) => jsonOf(shown(call, object), type),
    bookmarkJson,
  }
}

const STREAMS = [
  'application/json;stream=watch',
  'application/vnd.kubernetes.protobuf;stream=watch',
]

/** Watches come as JSON only. Throws ApiError 406. */
function negotiateWatch(call: ReadCall): Form {
  let form: Form
  try {
    form = negotiate(call.request)
  } catch (error) {
    if (call.definition.custom) throw error
    throw new ApiError(
      406,
      `406: Not Acceptable\n\nAvailable representations: ${[...MEDIA_TYPES, ...STREAMS].join(', ')}`,
      { reason: 'NotAcceptable', details: {} },
    )
  }
  const streamed = acceptClauses(call.request.headers.accept).some(({ type }) =>
    ['application/json', '*/*', 'application/*'].includes(type),
  )
  if (!streamed) throw notAcceptable(STREAMS)
  return form
}

interface WatchStart {
  representation: Representation
  options: Parameters<typeof startWatch>[2]
}

function prepareWatch(call: ReadCall, context: ReadContext): WatchStart {
  const options = listOptions(call.query, true)
  const matches = selectorOf(call)
  const form = negotiateWatch(call)
  checkWatchVersion(options.resourceVersion)
  return {
    representation: representationOf(call, context, form),
    options: { ...options, namespace: call.namespace, matches },
  }
}

/** A client that does not read for this much is cut off, as by a real server. */
const BACKLOG_LIMIT_BYTES = 64 * 1024 * 1024

export function watchResource(
  call: ReadCall,
  context: ReadContext,
  response: ServerResponse,
): void {
  const { representation, options } = prepareWatch(call, context)
  response.writeHead(200, {
    'cache-control': 'no-cache, private',
    'content-type': 'application/json',
  })
  response.flushHeaders()
  const stop = startWatch(
    context.objects,
    context.objects.table(storageKey(call.definition)),
    options,
    representation,
    {
      line(text) {
        response.write(text)
        if (response.writableLength > BACKLOG_LIMIT_BYTES) response.destroy()
      },
      end: () => response.end(),
    },
  )
  response.on('close', stop)
}

const sockets = new WebSocketServer({
  noServer: true,
  // Any protocol that the client offers is echoed, the first of them.
  handleProtocols: (offered) => [...offered][0] ?? false,
})

/** A watch over WebSocket: one text frame an event. Throws ApiError before the handshake. */
export function watchOverSocket(
  call: ReadCall,
  context: ReadContext,
  socket: Duplex,
  head: Buffer,
): void {
  const { request } = call
  const { representation, options } = prepareWatch(call, context)
  if (!request.headers.origin) {
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    return
  }
  if (!offeredProtocols(request).length) delete request.headers['sec-websocket-protocol']
  sockets.handleUpgrade(request, socket, head, (client) => {
    const stop = startWatch(
      context.objects,
      context.objects.table(storageKey(call.definition)),
      options,
      representation,
      {
        line(text) {
          client.send(text.subarray(0, -1), { binary: false })
          if (client.bufferedAmount > BACKLOG_LIMIT_BYTES) client.terminate()
        },
        end: () => client.close(1000),
      },
    )
    client.on('close', stop)
    client.on('error', stop)
  })
}

/**
 * Which form a client gets its answer in, and the writing of answers: JSON or YAML, as is, as
 * Table or as PartialObjectMetadata, compressed when large.
 * https://github.com/kubernetes/apiserver/tree/v0.35.0/pkg/endpoints/handlers/negotiation
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzip } from 'node:zlib'

import { stringify } from 'yaml'

import type { ApiError } from './cluster.ts'
import { notAcceptable, statusOf } from './failures.ts'

export interface Form {
  media: 'json' | 'yaml'
  /** `Table`, `PartialObjectMetadata`, `PartialObjectMetadataList`, or as it is. */
  as?: string
  /** The version of meta.k8s.io for `as`. */
  version?: string
}

export const MEDIA_TYPES = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
]

const TRANSFORMS = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList']

interface Offer {
  type: string
  parameters: Map<string, string>
}

/** The clauses of an Accept header, best first. */
export function acceptClauses(header: string | undefined): Offer[] {
  return (header || '*/*')
    .split(',')
    .map((clause) => {
      const [type = '', ...rest] = clause.split(';').map((part) => part.trim())
      const parameters = new Map(
        rest.map((part) => {
          const [name = '', value = ''] = part.split('=')
          return [name.trim(), value.trim()] as const
        }),
      )
      return { type: type.toLowerCase(), parameters }
    })
    .toSorted((a, b) => Number(b.parameters.get('q') ?? 1) - Number(a.parameters.get('q') ?? 1))
}

function formOf({ type, parameters }: Offer): Form | undefined {
  const media =
    type === 'application/json' || type === '*/*' || type === 'application/*'
      ? 'json'
      : type === 'application/yaml'
        ? 'yaml'
        : undefined
  if (!media) return undefined
  const as = parameters.get('as')
  if (!as) return { media }
  const version = parameters.get('v') ?? ''
  const known =
    TRANSFORMS.includes(as) &&
    parameters.get('g') === 'meta.k8s.io' &&
    (version === 'v1' || version === 'v1beta1')
  return known ? { media, as, version } : undefined
}

/** The form that fits the Accept header best. Throws ApiError 406. */
export function negotiate(request: IncomingMessage): Form {
  for (const clause of acceptClauses(request.headers.accept)) {
    const form = formOf(clause)
    if (form) return form
  }
  throw notAcceptable(MEDIA_TYPES)
}

/** The encoding for errors: what the client prefers, else JSON. */
function errorForm(request: IncomingMessage): Form {
  try {
    return { media: negotiate(request).media }
  } catch {
    return { media: 'json' }
  }
}

const GZIP_FROM_BYTES = 128 * 1024
/** Most answers come out in one piece; each further one would wait for the event loop. */
const GZIP_CHUNK_BYTES = 256 * 1024

function isPretty(request: IncomingMessage): boolean {
  const pretty = /[?&]pretty=([^&]*)/.exec(request.url ?? '')?.[1]
  if (pretty !== undefined) return pretty === 'true' || pretty === '1'
  return /^(?:curl|Wget|Mozilla)\//.test(request.headers['user-agent'] ?? '')
}

export interface Answer {
  code: number
  media: Form['media']
  /** JSON text, or its bytes; turned into YAML here when asked for. */
  json: string | Buffer
  headers?: Record<string, string | string[]>
}

/** Sends a JSON answer in the negotiated form. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  { code, media, json, headers = {} }: Answer,
): void {
  const type = media === 'yaml' ? 'application/yaml' : 'application/json'
  let body = json
  if (media === 'yaml') body = stringify(JSON.parse(String(json)), { sortMapEntries: true })
  else if (isPretty(request)) {
    body = `${JSON.stringify(JSON.parse(String(json)), undefined, 2)}\n`
  }
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body)
  const all = { 'cache-control': 'no-cache, private', 'content-type': type, ...headers }
  const compress =
    request.method === 'GET' &&
    /\bgzip\b/.test(request.headers['accept-encoding'] ?? '') &&
    bytes.length > GZIP_FROM_BYTES
  if (!compress) {
    response.writeHead(code, { ...all, 'content-length': bytes.length })
    response.end(request.method === 'HEAD' ? undefined : bytes)
    return
  }
  gzip(bytes, { level: 1, chunkSize: GZIP_CHUNK_BYTES }, (error, compressed) => {
    if (error) {
      response.destroy(error)
      return
    }
    response.writeHead(code, {
      ...all,
      'content-encoding': 'gzip',
      vary: 'Accept-Encoding',
      'content-length': compressed.length,
    })
    response.end(compressed)
  })
}

export function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, {
    'cache-control': 'no-cache, private',
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

/** Headers that go with a refusal. */
function errorHeaders({ details }: ApiError): Record<string, string> {
  const seconds = details?.['retryAfterSeconds']
  return typeof seconds === 'number' ? { 'retry-after': String(seconds) } : {}
}

export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: ApiError,
): void {
  if (error.plainText) sendText(response, error.code, error.message)
  else {
    send(request, response, {
      code: error.code,
      media: errorForm(request).media,
      json: JSON.stringify(statusOf(error)),
      headers: errorHeaders(error),
    })
  }
}

/** Reading and decoding what clients send. */
import type { IncomingMessage } from 'node:http'

import { parse, YAMLParseError } from 'yaml'

import { ApiError } from './cluster.ts'
import { badRequest, unsupportedMediaType } from './failures.ts'
import { type ReadJson, readJson } from './go-json.ts'
import { MEDIA_TYPES } from './negotiation.ts'
import { decodeProtobuf } from './protobuf-body.ts'

const LIMIT_BYTES = 3 * 1024 * 1024

const PROTOBUF = 'application/vnd.kubernetes.protobuf'
const JSON_TYPES = MEDIA_TYPES.filter((type) => type !== PROTOBUF)

/** Throws ApiError 413. */
export async function readBody(request: IncomingMessage): Promise<string> {
  return (await readBytes(request)).toString()
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LIMIT_BYTES) {
      // The rest is read and dropped, so that the client gets to see the answer.
      request.resume()
      throw new ApiError(413, `Request entity too large: limit is ${LIMIT_BYTES}`, {
        reason: 'RequestEntityTooLarge',
      })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export const mediaTypeOf = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

const shortened = (text: string) =>
  text === '' ? '<empty>' : text.length <= 30 ? text : `${text.slice(0, 30)} ...`

/** YAML in the words of Go's converter. Throws ApiError 400. */
export function readYaml(text: string, prefix: string): ReadJson {
  try {
    return { value: parse(text) as unknown, duplicates: [] }
  } catch (error) {
    const line = error instanceof YAMLParseError ? (error.linePos?.[0].line ?? 1) : 1
    const first = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    // An open list is noticed at the end of the text, but told about its last line.
    const open = /flow (?:sequence|collection)|end with a \]/.test(first)
    const why = open ? "did not find expected ',' or ']'" : first.replace(/ at line .*$/, '')
    const told = open ? Math.max(1, line - 1) : line
    throw badRequest(`${prefix}error converting YAML to JSON: yaml: line ${told}: ${why}`)
  }
}

/**
 * The object in a POST or PUT. `kind` is what the path expects, for the error text.
 * Throws ApiError 400 and 415.
 */
export async function readObject(request: IncomingMessage, kind: string): Promise<ReadJson> {
  const type = mediaTypeOf(request)
  if (type === PROTOBUF) {
    return { value: decodeProtobuf(await readBytes(request), JSON_TYPES), duplicates: [] }
  }
  if (type !== '' && type !== 'application/json' && type !== 'application/yaml') {
    throw unsupportedMediaType(MEDIA_TYPES)
  }
  const text = await readBody(request)
  const unrecognized = (why: string, dump = shortened(text)) =>
    badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${dump})`)
  let read: ReadJson
  try {
    read = type === 'application/yaml' ? readYaml(text, '') : readJson(text)
  } catch (error) {
    if (error instanceof ApiError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw unrecognized(`couldn't get version/kind; json parse error: ${why}`)
  }
  if (Array.isArray(read.value) || typeof read.value !== 'object') {
    const found = Array.isArray(read.value) ? 'array' : typeof read.value
    throw unrecognized(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${found} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
      Buffer.from(text.slice(0, 30)).toString('hex'),
    )
  }
  return read
}

/** The refusal of a custom resource without kind or apiVersion. */
export function missingType(kind: string, field: 'Kind' | 'apiVersion', value: unknown): ApiError {
  const text = JSON.stringify(value)
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): Object '${field}' is missing in '${text}' (${shortened(text)})`,
  )
}

/** A body that may be absent, as of DELETE and of subresources. Throws ApiError 400. */
export async function readOptionalObject(request: IncomingMessage): Promise<unknown> {
  const bytes = await readBytes(request)
  if (bytes.length && mediaTypeOf(request) === PROTOBUF) return decodeProtobuf(bytes, JSON_TYPES)
  const text = bytes.toString()
  if (text.trim() === '') return undefined
  try {
    return mediaTypeOf(request).includes('yaml') ? readYaml(text, '').value : readJson(text).value
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw badRequest(error instanceof Error ? error.message : String(error))
  }
}

/**
 * Lists: pages, continue tokens, and the rules of resourceVersion and resourceVersionMatch.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
import type { KubeObject } from './cluster.ts'
import {
  type FieldError,
  badRequest,
  expired,
  forbiddenField,
  invalid,
  notSupported,
  plainFailure,
  versionTooLarge,
} from './failures.ts'
import { type ObjectStore, type Table, lowerBound, rangeOf } from './object-store.ts'
import { wantsWatch } from './request-info.ts'
import type { Matcher } from './selectors.ts'

export interface ListOptions {
  limit: number
  continue: string
  resourceVersion: string
  match: string
  timeoutSeconds: number | undefined
  allowBookmarks: boolean
  sendInitialEvents: boolean | undefined
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  if (!/^[-+]?\d+$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  }
  return Number(text)
}

function boolean(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  return text !== 'false' && text !== '0'
}

/** Throws ApiError 400 and 422. */
export function listOptions(query: URLSearchParams, watching = wantsWatch(query)): ListOptions {
  const options: ListOptions = {
    limit: Math.max(0, integer(query, 'limit') ?? 0),
    continue: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    match: query.get('resourceVersionMatch') ?? '',
    timeoutSeconds: integer(query, 'timeoutSeconds'),
    allowBookmarks: boolean(query, 'allowWatchBookmarks') ?? false,
    sendInitialEvents: boolean(query, 'sendInitialEvents'),
  }
  const errors = (watching ? watchErrors : listErrors)(options)
  if (errors.length) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, errors)
  return options
}

const MATCH = 'resourceVersionMatch'
const onMatch = (why: string) => forbiddenField(MATCH, why)

function watchErrors({ match, sendInitialEvents, ...options }: ListOptions): FieldError[] {
  if (sendInitialEvents === undefined) {
    if (options.continue) return [onMatch(`${MATCH} is forbidden when continue is provided`)]
    if (match)
      return [onMatch(`${MATCH} is forbidden for watch unless sendInitialEvents is provided`)]
    return []
  }
  if (!match) return [onMatch(`sendInitialEvents requires setting ${MATCH} to NotOlderThan`)]
  if (options.continue) return [onMatch(`${MATCH} is forbidden when continue is provided`)]
  return match === 'NotOlderThan'
    ? []
    : [
        onMatch(`sendInitialEvents requires setting ${MATCH} to NotOlderThan`),
        notSupported(MATCH, match, ['NotOlderThan']),
      ]
}

function listErrors({ match, sendInitialEvents, resourceVersion, ...options }: ListOptions) {
  const errors: FieldError[] = []
  if (sendInitialEvents !== undefined) {
    errors.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  }
  if (!match) return errors
  if (options.continue) errors.push(onMatch(`${MATCH} is forbidden when continue is provided`))
  if (!resourceVersion) {
    errors.push(onMatch(`${MATCH} is forbidden unless resourceVersion is provided`))
  }
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    errors.push(notSupported(MATCH, match, ['Exact', 'NotOlderThan', '']))
  } else if (match === 'Exact' && resourceVersion === '0') {
    errors.push(onMatch(`${MATCH} "exact" is forbidden for resourceVersion "0"`))
  }
  return errors
}

const badVersion = (text: string): string =>
  `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`

/** Refuses a version from the future, after the time that a real server waits for it. */
export async function requireVersion(
  objects: ObjectStore,
  resourceVersion: string,
  waitMs = 3000,
): Promise<void> {
  const asked = Number(resourceVersion)
  if (!(asked > objects.revision)) return
  await new Promise((done) => setTimeout(done, waitMs).unref())
  if (asked > objects.revision) throw versionTooLarge(resourceVersion, objects.revision)
}

interface Token {
  revision: number
  start: string
}

const TOKEN_VERSION = 'meta.k8s.io/v1'

function encodeToken({ revision, start }: Token): string {
  return Buffer.from(
    JSON.stringify({ v: TOKEN_VERSION, rv: revision, start: `/${start}` }),
  ).toString('base64url')
}

function decodeToken(text: string): Token {
  const bad = (why: string) =>
    badRequest(`invalid continue token: continue key is not valid: ${why}`)
  const illegal = /[^A-Za-z0-9_-]/.exec(text)
  if (illegal) throw bad(`illegal base64 data at input byte ${illegal.index}`)
  if (text.length % 4 === 1) throw bad(`illegal base64 data at input byte ${text.length - 1}`)
  let parsed: { v?: string; rv?: number; start?: string }
  try {
    parsed = JSON.parse(Buffer.from(text, 'base64url').toString()) as typeof parsed
  } catch {
    throw bad(
      text.length % 4 && !text.startsWith('ey')
        ? `illegal base64 data at input byte ${text.length - (text.length % 4)}`
        : 'invalid character looking for beginning of value',
    )
  }
  if (parsed.v !== TOKEN_VERSION) {
    throw bad(`server does not recognize this encoded version "${parsed.v ?? ''}"`)
  }
  if (!parsed.start) throw bad(`encoded start key empty (version ${TOKEN_VERSION})`)
  return { revision: parsed.rv ?? 0, start: parsed.start.replace(/^\//, '') }
}

export interface Page {
  objects: KubeObject[]
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number }
}

/**
 * One page of a table. Its cost is that of the page, not of the table, unless a selector is given
 * or an older revision must be reconstructed.
 */
export function pageOf(
  store: ObjectStore,
  table: Table,
  namespace: string | undefined,
  options: ListOptions,
  matches: Matcher | undefined,
): Page {
  const { limit, resourceVersion } = options
  let revision = store.revision
  let start: string | undefined
  if (options.continue) {
    if (resourceVersion && resourceVersion !== '0') {
      throw badRequest('specifying resource version is not allowed when using continue')
    }
    const token = decodeToken(options.continue)
    // In a namespace the token's key is the name; over all namespaces it has both.
    start = namespace === undefined ? token.start : `${namespace}/${token.start}`
    if (token.revision > 0) revision = token.revision
  } else if (options.match === 'Exact') revision = Number(resourceVersion)
  const rows = store.at(table, revision)
  if (!rows) {
    if (!options.continue) throw expired('The resourceVersion for the provided list is too old.')
    throw tokenExpired(encodeToken({ revision: -1, start: decodeToken(options.continue).start }))
  }
  const { from, to } = rangeOf(rows.order, namespace)
  const size = resourceVersion === '0' && !options.continue ? 0 : limit
  const objects: KubeObject[] = []
  let at = start === undefined ? from : Math.max(from, lowerBound(rows.order, start))
  for (; at < to; at += 1) {
    const object = rows.objects.get(rows.order[at] ?? '')
    if (!object || (matches && !matches(object))) continue
    if (size && objects.length === size) break
    objects.push(object)
  }
  const metadata: Page['metadata'] = { resourceVersion: String(revision) }
  const last = objects.at(-1)
  if (at < to && last) {
    const { namespace: home, name } = last.metadata
    const key = namespace === undefined && home !== undefined ? `${home}/${name}` : name
    metadata.continue = encodeToken({ revision, start: `${key}\0` })
    if (!matches) metadata.remainingItemCount = to - at
  }
  return { objects, metadata }
}

const tokenExpired = (token: string) =>
  expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    token,
  )

/** Checks `resourceVersion` of a list. Throws ApiError 400. */
export function checkListVersion(resourceVersion: string): void {
  if (resourceVersion && !/^\d+$/.test(resourceVersion)) {
    throw badRequest(`invalid resource version: ${badVersion(resourceVersion)}`)
  }
}

/** Checks `resourceVersion` of a watch, where the refusal is a bare 500. */
export function checkWatchVersion(resourceVersion: string): void {
  if (resourceVersion && !/^\d+$/.test(resourceVersion)) {
    throw plainFailure(badVersion(resourceVersion))
  }
}

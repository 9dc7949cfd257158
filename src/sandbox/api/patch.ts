/**
 * The three classic patches: JSON patch (RFC 6902), merge patch (RFC 7386), and Kubernetes' strategic
 * merge for built-in kinds. Server-side apply is in managed-fields.ts.
 */
import { ApiError } from './cluster.ts'
import { badRequest } from './failures.ts'
import { goTypeOf } from './go-json.ts'
import { type JsonObject, copyOf, deepEqual, isObject } from './json-values.ts'
import { type Models, memberSchema, resolved } from './schema.ts'
import { type View, listKindOf } from './typed-values.ts'

interface JsonPatchOperation {
  op: string
  path: string
  from?: string
  value?: unknown
}

/** The server gives one text for every operation that cannot be carried out. */
const refused = () =>
  new ApiError(422, 'the server rejected our request due to an error in our request', {
    reason: 'Invalid',
    details: {},
  })

const pointer = (path: string) => {
  if (path === '') return []
  if (!path.startsWith('/')) throw refused()
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function indexIn(list: unknown[], key: string, limit: number): number {
  const index = /^-?\d+$/.test(key) ? Number(key) : Number.NaN
  const real = index < 0 ? list.length + index : index
  if (!(real >= 0 && real <= limit)) throw refused()
  return real
}

function step(current: unknown, key: string): unknown {
  if (Array.isArray(current)) return current[indexIn(current, key, current.length - 1)]
  if (isObject(current) && current[key] !== undefined) return current[key]
  throw refused()
}

/** The container and the last key; containers on the way must exist. */
function locate(document: unknown, path: string): { parent: JsonObject | unknown[]; key: string } {
  const parts = pointer(path)
  const key = parts.pop()
  if (key === undefined) throw refused()
  const parent = parts.reduce(step, document)
  if (!isObject(parent) && !Array.isArray(parent)) throw refused()
  return { parent, key }
}

function valueAt(document: unknown, path: string): unknown {
  if (path === '') return document
  const { parent, key } = locate(document, path)
  if (Array.isArray(parent)) return parent[indexIn(parent, key, parent.length - 1)]
  return parent[key]
}

function add(document: unknown, path: string, value: unknown): void {
  const { parent, key } = locate(document, path)
  if (!Array.isArray(parent)) parent[key] = value
  else if (key === '-') parent.push(value)
  else parent.splice(indexIn(parent, key, parent.length), 0, value)
}

function remove(document: unknown, path: string): void {
  const { parent, key } = locate(document, path)
  if (Array.isArray(parent)) parent.splice(indexIn(parent, key, parent.length - 1), 1)
  else if (parent[key] === undefined) throw refused()
  else delete parent[key]
}

function runOperation(document: unknown, { op, path, from, value }: JsonPatchOperation): void {
  if (op === 'add') add(document, path, copyOf(value))
  else if (op === 'remove') remove(document, path)
  else if (op === 'replace') {
    const { parent, key } = locate(document, path)
    // The server's library lets one replace a member that is not there, unlike RFC 6902.
    if (Array.isArray(parent)) parent[indexIn(parent, key, parent.length - 1)] = copyOf(value)
    else parent[key] = copyOf(value)
  } else if (op === 'test') {
    if (!deepEqual(valueAt(document, path) ?? null, value ?? null)) throw refused()
  } else if (op === 'copy' || op === 'move') {
    const moved = copyOf(valueAt(document, from ?? ''))
    if (moved === undefined) throw refused()
    if (op === 'move') remove(document, from ?? '')
    add(document, path, moved)
  } else throw refused()
}

/** The patched copy. Throws ApiError 400 for what is no patch, 422 for what cannot be applied. */
export function jsonPatch(document: JsonObject, patch: unknown): JsonObject {
  if (!Array.isArray(patch)) {
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${goTypeOf(patch)} into Go value of type []handlers.jsonPatchOp`,
    )
  }
  if (patch.length > 10_000) {
    throw new ApiError(
      413,
      `The allowed maximum operations in a JSON patch is 10000, got ${patch.length}`,
      { reason: 'RequestEntityTooLarge' },
    )
  }
  const result = copyOf(document)
  for (const operation of patch as unknown[]) {
    if (!isObject(operation) || typeof operation['path'] !== 'string') throw refused()
    runOperation(result, operation as unknown as JsonPatchOperation)
  }
  return result
}

/** The patched copy. Throws ApiError 400 when the patch is no object. */
export function mergePatch(document: JsonObject, patch: unknown): JsonObject {
  const walk = (target: unknown, change: unknown): unknown => {
    if (!isObject(change)) return copyOf(change)
    const merged: JsonObject = isObject(target) ? { ...target } : {}
    for (const [key, value] of Object.entries(change)) {
      if (value === null) delete merged[key]
      else merged[key] = walk(merged[key], value)
    }
    return merged
  }
  requireObject(patch)
  return copyOf(walk(document, patch)) as JsonObject
}

function requireObject(patch: unknown): asserts patch is JsonObject {
  if (!isObject(patch)) {
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${goTypeOf(patch)} into Go value of type map[string]interface {}`,
    )
  }
}

const DIRECTIVE = '$patch'

/**
 * Strategic merge: like a merge patch, but well-known lists merge by key. Understands `$patch:
 * delete | replace`, `$deleteFromPrimitiveList`, `$setElementOrder` and `$retainKeys`.
 */
export function strategicMergePatch(document: JsonObject, patch: unknown, view: View): JsonObject {
  requireObject(patch)
  return copyOf(strategicObject(document, patch, view, view.schema)) as JsonObject
}

function strategicObject(
  target: unknown,
  patch: JsonObject,
  view: View,
  given: View['schema'],
): unknown {
  const schema = resolved(given, view.models)
  if (patch[DIRECTIVE] === 'delete') return undefined
  if (patch[DIRECTIVE] === 'replace') return withoutDirectives(patch)
  const merged: JsonObject = isObject(target) ? { ...target } : {}
  const retained = patch['$retainKeys']
  if (Array.isArray(retained)) {
    for (const key of Object.keys(merged)) if (!retained.includes(key)) delete merged[key]
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const field = key.slice(key.indexOf('/') + 1)
      const current = merged[field]
      if (Array.isArray(current) && Array.isArray(value)) {
        merged[field] = current.filter((item) => !value.includes(item))
      }
    } else if (key.startsWith('$')) continue
    else if (value === null) delete merged[key]
    else if (Array.isArray(value)) {
      merged[key] = strategicList(
        merged[key],
        value,
        key,
        view,
        memberSchemaOf(schema, key, view.models),
      )
    } else if (isObject(value)) {
      merged[key] = strategicObject(
        merged[key],
        value,
        view,
        memberSchemaOf(schema, key, view.models),
      )
    } else merged[key] = value
  }
  for (const [key, order] of Object.entries(patch)) {
    if (key.startsWith('$setElementOrder/') && Array.isArray(order)) {
      const field = key.slice(key.indexOf('/') + 1)
      merged[field] = reordered(merged[field], order)
    }
  }
  return merged
}

const memberSchemaOf = (schema: View['schema'], key: string, models: Models) =>
  memberSchema(schema, key, models)

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')))
}

function strategicList(
  target: unknown,
  patch: unknown[],
  field: string,
  view: View,
  schema: View['schema'],
): unknown[] {
  const isReplace = patch.some((item) => isObject(item) && item[DIRECTIVE] === 'replace')
  if (isReplace) return patch.filter((item) => !(isObject(item) && DIRECTIVE in item))
  const current: unknown[] = Array.isArray(target) ? [...target] : []
  const kind = listKindOf(view, field, schema, [...patch, ...current])
  if (kind.type === 'atomic') return patch
  if (kind.type === 'set') return [...new Set([...current, ...patch])]
  // Patches name one merge key, the first of the list's map keys.
  const mergeKey = kind.keys[0] ?? 'name'
  for (const change of patch) {
    if (!isObject(change)) continue
    const index = current.findIndex(
      (item) => isObject(item) && deepEqual(item[mergeKey], change[mergeKey]),
    )
    if (change[DIRECTIVE] === 'delete') {
      if (index >= 0) current.splice(index, 1)
    } else if (index >= 0) {
      current[index] = strategicObject(current[index], change, view, schema?.items)
    } else current.push(withoutDirectives(change))
  }
  return current
}

function reordered(list: unknown, order: unknown[]): unknown {
  if (!Array.isArray(list)) return list
  const rank = (item: unknown) => {
    const found = order.findIndex((wanted) =>
      isObject(wanted) && isObject(item)
        ? Object.entries(wanted).every(([key, value]) => deepEqual(item[key], value))
        : deepEqual(wanted, item),
    )
    return found < 0 ? order.length : found
  }
  return list.toSorted((a, b) => rank(a) - rank(b))
}

/** Plain JSON values: comparison, copies and look-ups that the whole server shares. */

export type JsonObject = Record<string, unknown>

export function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** A scalar as text, nothing as the empty text, anything else as JSON. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Equal as JSON; a member that is undefined counts as missing. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((v, i) => deepEqual(v, b[i]))
  }
  if (!isObject(a) || !isObject(b)) return false
  for (const key in a) if (!deepEqual(a[key], b[key])) return false
  for (const key in b) if (b[key] !== undefined && a[key] === undefined) return false
  return true
}

/** A copy of a JSON value; shared structure of the source is not kept. */
export function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T
  if (!isObject(value)) return value
  const copy: JsonObject = {}
  for (const key of Object.keys(value)) copy[key] = copyOf(value[key])
  return copy as T
}

/** The value at `.a.b[0].c`, with `['quoted.key']`, `[?(@.type=='Ready')]` and a leading dot. */
export function atPath(value: unknown, path: string): unknown {
  let current = value
  for (const [, dotted, quoted, index, filterKey, filterValue] of path.matchAll(
    /\.?((?:[^.[\]\\]|\\.)+)|\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]|\[\?\(@\.([\w.]+)\s*==\s*['"]([^'"]*)['"]\)\]/g,
  )) {
    if (current === null || typeof current !== 'object') return undefined
    if (filterKey !== undefined) {
      current = Array.isArray(current)
        ? current.find((item) => atPath(item, filterKey) === filterValue)
        : undefined
    } else if (index !== undefined) {
      current = Array.isArray(current) ? current[Number(index)] : undefined
    } else {
      const key = (dotted ?? quoted ?? '').replaceAll(/\\(.)/g, '$1')
      current = (current as JsonObject)[key]
    }
  }
  return current
}

/** Writes at a plain dotted path, making the objects on the way. */
export function setAtPath(target: JsonObject, path: string, value: unknown): void {
  const keys = path.split('.').filter(Boolean)
  const last = keys.pop()
  if (last === undefined) return
  let current = target
  for (const key of keys) {
    const next = current[key]
    if (isObject(next)) current = next
    else current = current[key] = {} as JsonObject
  }
  current[last] = value
}

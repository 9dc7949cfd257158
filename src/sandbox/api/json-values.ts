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
  // Engines copy an object at once much quicker than member by member.
  const copy: JsonObject = { ...value }
  for (const key in copy) {
    const member = copy[key]
    if (typeof member === 'object' && member !== null) copy[key] = copyOf(member)
  }
  return copy as T
}

/**
 * Puts the parts of `old` that are equal into `next` in place of its own, so that both share them
 * and comparing them again costs nothing. Returns `next`, or `old` when all of it is the same.
 */
export function shareParts<T>(old: T, next: T): T {
  if (old === next) return old
  const alike = Array.isArray(old) ? Array.isArray(next) : isObject(old) && isObject(next)
  if (!alike) return next
  const was = old as JsonObject
  const now = next as JsonObject
  const keys = Object.keys(now)
  let same = keys.length === Object.keys(was).length
  for (const key of keys) {
    const part = shareParts(was[key], now[key])
    if (part !== now[key]) now[key] = part
    if (part !== was[key] || part === undefined) same = false
  }
  return same ? old : next
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

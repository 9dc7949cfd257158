/** What differs between two values of the API, as places with what stands there before and after. */

export interface ValueChange {
  /** Keys, and names of list entries, from the top, in the API's names. */
  path: readonly string[]
  /** `undefined` where there was or will be nothing. */
  before: unknown
  after: unknown
}

/**
 * The smallest parts that differ. Arrays whose entries have names, as interfaces and volumes have, are
 * compared by name; a change of order alone is none. Other arrays differ as a whole. An empty object
 * is something: `masquerade: {}` says which binding an interface has.
 */
export function valueChanges(before: unknown, after: unknown): ValueChange[] {
  return changesAt([], before, after, true)
}

/** As {@link valueChanges}, but every array differs as a whole, so that each path is a JSON pointer. */
export function memberChanges(before: unknown, after: unknown): ValueChange[] {
  return changesAt([], before, after, false)
}

function changesAt(
  path: ValueChange['path'],
  before: unknown,
  after: unknown,
  isByName: boolean,
): ValueChange[] {
  if (isByName && isNamedList(before) && isNamedList(after)) {
    const names = [...new Set([...before, ...after].map(({ name }) => name))]
    return names.flatMap((name) =>
      changesAt(
        [...path, name],
        before.find((entry) => entry.name === name),
        after.find((entry) => entry.name === name),
        isByName,
      ),
    )
  }
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return keys.flatMap((key) => changesAt([...path, key], before[key], after[key], isByName))
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNamedList(value: unknown): value is { name: string }[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((entry) => isRecord(entry) && typeof entry['name'] === 'string')
  )
}

/**
 * For people to read: where a text is JSON, as the configuration of a network is, what differs within
 * it and not the whole.
 */
export function readableChanges(changes: readonly ValueChange[]): ValueChange[] {
  return changes.flatMap((change) => {
    const before = parsedObject(change.before)
    const after = parsedObject(change.after)
    if (!before || !after) return [change]
    return valueChanges(before, after).map((inner) => ({
      ...inner,
      path: [...change.path, ...inner.path],
    }))
  })
}

function parsedObject(text: unknown): Record<string, unknown> | undefined {
  if (typeof text !== 'string' || !text.trimStart().startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

const longest = 80

/** A value in one line: `not set`, a word, or JSON, cut where it grows long. */
function valueWords(value: unknown): string {
  if (value === undefined) return 'not set'
  const text = typeof value === 'string' && value !== '' ? value : JSON.stringify(value)
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** `domain.cpu.sockets: 1 → 2` */
export function changeWords({ path, before, after }: ValueChange): string {
  const change = `${valueWords(before)} → ${valueWords(after)}`
  return path.length === 0 ? change : `${path.join('.')}: ${change}`
}

/** A patch that makes one manifest of another, member by member of what a person edits. */
import type { JsonPatchOperation } from './client.ts'

interface Manifest {
  metadata: object
  spec?: unknown
}

const wholeParts = [['metadata', 'labels'], ['metadata', 'annotations'], ['spec']] as const

function memberOf(manifest: object, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (at as Record<string, unknown> | undefined)?.[key],
    manifest,
  )
}

/**
 * Each part after a test that it is still what it was; what is equal is left out.
 * @param parts labels, annotations and spec as a whole unless told
 */
export function objectPatch(
  before: Manifest,
  after: Manifest,
  parts: readonly (readonly string[])[] = wholeParts,
): JsonPatchOperation[] {
  return parts.flatMap((part): JsonPatchOperation[] => {
    const was = memberOf(before, part)
    const is = memberOf(after, part)
    if (JSON.stringify(was) === JSON.stringify(is)) return []
    const path = `/${part.join('/')}`
    return [
      ...(was === undefined ? [] : [{ op: 'test' as const, path, value: was }]),
      is === undefined ? { op: 'remove', path } : { op: 'add', path, value: is },
    ]
  })
}

/** Patches applied here: to what isn't stored yet, and to show what they change. */
import type { JsonPatchOperation } from './client.ts'

type Tree = Record<string, unknown> | unknown[]

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null
}

function keysOf(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function changed(tree: unknown, [key = '', ...rest]: string[], change: JsonPatchOperation): Tree {
  if (!isTree(tree)) throw new Error(`Nothing to ${change.op} at ${change.path}`)
  if (Array.isArray(tree)) {
    const place = key === '-' ? tree.length : Number(key)
    if (rest.length > 0) return tree.with(place, changed(tree[place], rest, change))
    if (change.op === 'replace') return tree.with(place, change.value)
    return change.op === 'add' ? tree.toSpliced(place, 0, change.value) : tree.toSpliced(place, 1)
  }
  if (rest.length > 0) return { ...tree, [key]: changed(tree[key], rest, change) }
  if (change.op !== 'remove') return { ...tree, [key]: change.value }
  const { [key]: _, ...kept } = tree
  return kept
}

/** A copy with the changes of a JSON patch (RFC 6902). Tests aren't carried out: nobody else changes what isn't stored. */
export function applyPatch<T extends object>(object: T, patch: readonly JsonPatchOperation[]): T {
  return patch
    .filter(({ op }) => op !== 'test')
    .reduce<unknown>((tree, change) => changed(tree, keysOf(change.path), change), object) as T
}

/** A copy with the changes of a merge patch (RFC 7396): null takes a member away. */
export function applyMergePatch<T extends object>(object: T, patch: object): T {
  const merge = (value: unknown, change: unknown): unknown => {
    if (!isTree(change) || Array.isArray(change)) return change
    const before = isTree(value) && !Array.isArray(value) ? value : {}
    const members = Object.entries(change)
    const kept = Object.entries(before).filter(([key]) => !(key in change))
    const merged = members
      .filter(([, next]) => next !== null)
      .map(([key, next]) => [key, merge(before[key], next)] as const)
    return Object.fromEntries([...kept, ...merged])
  }
  return merge(object, patch) as T
}

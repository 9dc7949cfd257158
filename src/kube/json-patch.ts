/** JSON patches (RFC 6902) applied here, to what isn't stored yet. */
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

/** A copy with the changes. Tests aren't carried out: nobody else changes what isn't stored. */
export function applyPatch<T extends object>(object: T, patch: readonly JsonPatchOperation[]): T {
  return patch
    .filter(({ op }) => op !== 'test')
    .reduce<unknown>((tree, change) => changed(tree, keysOf(change.path), change), object) as T
}

/**
 * Sets of field paths, kept as fieldsV1 writes them: `{"f:spec":{".":{},"f:replicas":{}}}`.
 * https://github.com/kubernetes-sigs/structured-merge-diff/tree/v6.3.0/fieldpath
 */
import { isObject } from './json-values.ts'

/** A trie of path elements; `member` says that the path up to here belongs to the set. */
export interface FieldSet {
  member: boolean
  children: Map<string, FieldSet>
}

export const emptySet = (): FieldSet => ({ member: false, children: new Map() })

export function isEmptySet({ member, children }: FieldSet): boolean {
  return !member && children.size === 0
}

export function insertPath(set: FieldSet, path: readonly string[]): void {
  let current = set
  for (const element of path) {
    let next = current.children.get(element)
    if (!next) {
      next = emptySet()
      current.children.set(element, next)
    }
    current = next
  }
  current.member = true
}

function combine(
  a: FieldSet | undefined,
  b: FieldSet | undefined,
  keep: (a: boolean, b: boolean) => boolean,
): FieldSet {
  const result: FieldSet = {
    member: keep(a?.member ?? false, b?.member ?? false),
    children: new Map(),
  }
  for (const element of new Set([...(a?.children.keys() ?? []), ...(b?.children.keys() ?? [])])) {
    const child = combine(a?.children.get(element), b?.children.get(element), keep)
    if (!isEmptySet(child)) result.children.set(element, child)
  }
  return result
}

// Sets are not changed once they are made, so a result may be one of the operands.
export const union = (a: FieldSet, b: FieldSet): FieldSet =>
  isEmptySet(b) ? a : isEmptySet(a) ? b : combine(a, b, (x, y) => x || y)
export const difference = (a: FieldSet, b: FieldSet): FieldSet =>
  isEmptySet(b) ? a : combine(a, b, (x, y) => x && !y)
export const intersection = (a: FieldSet, b: FieldSet): FieldSet => combine(a, b, (x, y) => x && y)

/** Leaves out everything below the given top-level paths, e.g. `f:status` or `f:metadata/f:name`. */
export function without(set: FieldSet, paths: readonly string[]): FieldSet {
  const copy = combine(set, undefined, (x) => x)
  for (const path of paths) {
    const elements = path.split('/')
    const last = elements.pop()
    let parent: FieldSet | undefined = copy
    for (const element of elements) parent = parent?.children.get(element)
    if (last !== undefined) parent?.children.delete(last)
  }
  return combine(copy, copy, (x) => x)
}

export function setToJson({ member, children }: FieldSet): Record<string, unknown> {
  const json: Record<string, unknown> = {}
  if (member && children.size) json['.'] = {}
  for (const element of [...children.keys()].toSorted()) {
    const child = children.get(element)
    if (child) json[element] = setToJson(child)
  }
  return json
}

export function setFromJson(json: unknown): FieldSet {
  const set = emptySet()
  if (!isObject(json)) return set
  const elements = Object.keys(json)
  set.member = elements.length === 0 || '.' in json
  for (const element of elements) {
    if (element !== '.') set.children.set(element, setFromJson(json[element]))
  }
  return set
}

/** All member paths, in order. */
export function pathsOf(set: FieldSet, prefix: readonly string[] = []): string[][] {
  return [
    ...(set.member ? [[...prefix]] : []),
    ...[...set.children.entries()].flatMap(([element, child]) =>
      pathsOf(child, [...prefix, element]),
    ),
  ]
}

/** A path as conflicts print it: `.spec.containers[name="a"].image`. */
export function printPath(path: readonly string[]): string {
  return path
    .map((element) => {
      const text = element.slice(2)
      if (element.startsWith('f:')) return `.${text}`
      if (element.startsWith('v:')) return `[=${text}]`
      if (element.startsWith('i:')) return `[${text}]`
      const keys = JSON.parse(text) as Record<string, unknown>
      return `[${Object.entries(keys)
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join(',')}]`
    })
    .join('')
}

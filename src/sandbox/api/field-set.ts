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

// Sets are not changed once they are made, so results share what they have in common with the
// operands, and cost no more than the smaller one.

function merged(
  a: FieldSet,
  b: FieldSet,
  member: boolean,
  childOf: (a: FieldSet | undefined, b: FieldSet) => FieldSet | undefined,
): FieldSet {
  let children = a.children
  for (const [element, childOfB] of b.children) {
    const before = a.children.get(element)
    const child = childOf(before, childOfB)
    if (child === before) continue
    if (children === a.children) children = new Map(children)
    if (!child || isEmptySet(child)) children.delete(element)
    else children.set(element, child)
  }
  return member === a.member && children === a.children ? a : { member, children }
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  return merged(a, b, a.member || b.member, (x, y) => (x ? union(x, y) : y))
}

export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return merged(a, b, a.member && !b.member, (x, y) => x && difference(x, y))
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const result: FieldSet = { member: a.member && b.member, children: new Map() }
  for (const [element, childOfA] of a.children) {
    const childOfB = b.children.get(element)
    const child = childOfB && intersection(childOfA, childOfB)
    if (child && !isEmptySet(child)) result.children.set(element, child)
  }
  return result
}

/** Leaves out everything below the given paths, e.g. `['f:metadata', 'f:name']`. */
export function without(set: FieldSet, paths: readonly (readonly string[])[]): FieldSet {
  return paths.reduce((rest, path) => withoutPath(rest, path), set)
}

function withoutPath(set: FieldSet, path: readonly string[], at = 0): FieldSet {
  const element = path[at] ?? ''
  const child = set.children.get(element)
  if (!child) return set
  const rest = at + 1 < path.length ? withoutPath(child, path, at + 1) : emptySet()
  if (rest === child) return set
  const children = new Map(set.children)
  if (isEmptySet(rest)) children.delete(element)
  else children.set(element, rest)
  return { ...set, children }
}

export function sameSet(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true
  if (a.member !== b.member || a.children.size !== b.children.size) return false
  for (const [element, child] of a.children) {
    const other = b.children.get(element)
    if (!other || !sameSet(child, other)) return false
  }
  return true
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

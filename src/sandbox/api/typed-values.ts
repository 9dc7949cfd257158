/**
 * Objects seen through their schema, as structured merge diff does: which paths a value has, what
 * changed between two values, and how an applied configuration is merged or taken back.
 * https://github.com/kubernetes-sigs/structured-merge-diff/tree/v6.3.0/typed
 */
import type { Schema } from '../kinds/resource-definition.ts'
import { type FieldSet, emptySet, insertPath } from './field-set.ts'
import { type JsonObject, deepEqual, isObject } from './json-values.ts'
import { type Models, memberSchema, resolved } from './schema.ts'

/** A schema to look through, with the differences between custom and built-in kinds. */
export interface View {
  schema: Schema | undefined
  models: Models
  /** Built-in kinds merge well-known lists by key, though their schema does not say so. */
  builtin: boolean
}

/** Lists of built-in kinds that merge by key, from their patchMergeKey or listMapKey markers. */
const BUILTIN_LIST_KEYS: Record<string, string[]> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  imagePullSecrets: ['name'],
  hostAliases: ['ip'],
  conditions: ['type'],
  ownerReferences: ['uid'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  secrets: ['name'],
}

export type ListKind = { type: 'atomic' } | { type: 'set' } | { type: 'map'; keys: string[] }

/** How a list at a field merges. */
export function listKindOf(
  view: View,
  field: string,
  schema: Schema | undefined,
  list: unknown,
): ListKind {
  if (field === 'finalizers') return { type: 'set' }
  if (field === 'ownerReferences') return { type: 'map', keys: ['uid'] }
  const type = schema?.['x-kubernetes-list-type']
  const keys = schema?.['x-kubernetes-list-map-keys']
  if (type === 'map' && keys) return { type: 'map', keys }
  if (type === 'set') return { type: 'set' }
  if (!view.builtin) return { type: 'atomic' }
  const first: unknown = Array.isArray(list) ? list[0] : undefined
  if (field === 'ports' && isObject(first)) {
    if ('containerPort' in first) return { type: 'map', keys: ['containerPort', 'protocol'] }
    if ('port' in first) return { type: 'map', keys: ['port', 'protocol'] }
  }
  const known = BUILTIN_LIST_KEYS[field]
  return known && isObject(first) ? { type: 'map', keys: known } : { type: 'atomic' }
}

const KEY_DEFAULTS: Record<string, unknown> = { protocol: 'TCP' }

function itemElement(kind: ListKind, item: unknown): string {
  if (kind.type !== 'map' || !isObject(item)) return `v:${JSON.stringify(item)}`
  const entries = kind.keys
    .toSorted()
    .map((key) => [key, item[key] ?? KEY_DEFAULTS[key]] as const)
    .filter(([, value]) => value !== undefined)
  return `k:${JSON.stringify(Object.fromEntries(entries))}`
}

/** Maps and references of built-in kinds that belong to one manager as a whole. */
const ATOMIC_FIELDS = new Set([
  'selector',
  'nodeSelector',
  'involvedObject',
  'claimRef',
  'targetRef',
  'roleRef',
  'fieldRef',
  'resourceFieldRef',
  'configMapKeyRef',
  'secretKeyRef',
  'secretRef',
  'fieldsV1',
])

const metadataSchema: Schema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    generateName: { type: 'string' },
    namespace: { type: 'string' },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    annotations: { type: 'object', additionalProperties: { type: 'string' } },
    finalizers: { type: 'array', items: { type: 'string' } },
    ownerReferences: {
      type: 'array',
      items: { type: 'object', 'x-kubernetes-map-type': 'atomic' },
    },
  },
}

/** The schema below a member; metadata is the same for every kind. */
function below(view: View, path: readonly string[], schema: Schema | undefined, key: string) {
  if (path.length === 0 && key === 'metadata') return metadataSchema
  return memberSchema(schema, key, view.models)
}

function ownedAsWhole(view: View, schema: Schema | undefined, field: string): boolean {
  const atomic = schema?.['x-kubernetes-map-type'] === 'atomic'
  return atomic || (view.builtin && ATOMIC_FIELDS.has(field))
}

/** All paths that an applied configuration claims. */
export function fieldsOf(value: unknown, view: View): FieldSet {
  const set = emptySet()
  const walk = (
    current: unknown,
    schema: Schema | undefined,
    path: string[],
    field: string,
  ): void => {
    if (Array.isArray(current)) {
      const kind = listKindOf(view, field, schema, current)
      if (kind.type === 'atomic') insertPath(set, path)
      else {
        for (const item of current) {
          const here = [...path, itemElement(kind, item)]
          insertPath(set, here)
          if (kind.type === 'map') walk(item, resolved(schema?.items, view.models), here, '')
        }
      }
    } else if (isObject(current) && !(path.length && ownedAsWhole(view, schema, field))) {
      for (const [key, member] of Object.entries(current)) {
        const here = [...path, `f:${key}`]
        const declared = path.length === 0 || schema?.properties?.[key] !== undefined
        const blank = member === null || (isObject(member) && Object.keys(member).length === 0)
        if (blank || !declared) insertPath(set, here)
        if (!blank) walk(member, below(view, path, schema, key), here, key)
      }
    } else if (path.length) insertPath(set, path)
  }
  walk(value, resolved(view.schema, view.models), [], '')
  return set
}

export interface Comparison {
  added: FieldSet
  modified: FieldSet
  removed: FieldSet
}

/** What changed from `before` to `after`; new structs count themselves besides their members. */
export function compareValues(before: unknown, after: unknown, view: View): Comparison {
  const result: Comparison = { added: emptySet(), modified: emptySet(), removed: emptySet() }

  function leaf(old: unknown, now: unknown, path: string[]): void {
    if (old === undefined) insertPath(result.added, path)
    else if (now === undefined) insertPath(result.removed, path)
    else if (!deepEqual(old, now)) insertPath(result.modified, path)
  }

  function list(
    old: unknown,
    now: unknown,
    schema: Schema | undefined,
    path: string[],
    kind: ListKind,
  ): void {
    const itemsOf = (given: unknown) =>
      new Map((Array.isArray(given) ? given : []).map((item) => [itemElement(kind, item), item]))
    const olds = itemsOf(old)
    const nows = itemsOf(now)
    const items = resolved(schema?.items, view.models)
    for (const element of new Set([...olds.keys(), ...nows.keys()])) {
      const here = [...path, element]
      if (kind.type === 'map') walk(olds.get(element), nows.get(element), items, here, '')
      else leaf(olds.get(element), nows.get(element), here)
    }
  }

  function walk(
    old: unknown,
    now: unknown,
    schema: Schema | undefined,
    path: string[],
    field: string,
  ): void {
    if (old === now) return
    const sample = now ?? old
    if (Array.isArray(sample)) {
      const kind = listKindOf(view, field, schema, Array.isArray(now) && now.length ? now : old)
      if (kind.type === 'atomic' || (old != null && now != null && !Array.isArray(old))) {
        leaf(old, now, path)
        return
      }
      list(old, now, schema, path, kind)
    } else if (isObject(sample) && !(path.length && ownedAsWhole(view, schema, field))) {
      if ((old != null && !isObject(old)) || (now != null && !isObject(now))) {
        leaf(old, now, path)
        return
      }
      const olds: JsonObject = isObject(old) ? old : {}
      const nows: JsonObject = isObject(now) ? now : {}
      for (const key of new Set([...Object.keys(olds), ...Object.keys(nows)])) {
        walk(olds[key], nows[key], below(view, path, schema, key), [...path, `f:${key}`], key)
      }
    } else {
      leaf(old, now, path)
      return
    }
    if (path.length && old === undefined) insertPath(result.added, path)
    else if (path.length && now === undefined) insertPath(result.removed, path)
  }

  walk(before, after, resolved(view.schema, view.models), [], '')
  return result
}

/** Lays an applied configuration over the live object. Neither argument is changed. */
export function mergeApplied(live: unknown, config: unknown, view: View): unknown {
  const walk = (
    old: unknown,
    now: unknown,
    schema: Schema | undefined,
    path: string[],
    field: string,
  ): unknown => {
    if (now === undefined) return old
    if (Array.isArray(now)) {
      const kind = listKindOf(view, field, schema, now.length ? now : old)
      if (kind.type === 'atomic' || !Array.isArray(old)) return now
      const items = resolved(schema?.items, view.models)
      const merged = new Map<string, unknown>(old.map((item) => [itemElement(kind, item), item]))
      for (const item of now) {
        const element = itemElement(kind, item)
        merged.set(
          element,
          kind.type === 'map'
            ? walk(merged.get(element), item, items, [...path, element], '')
            : item,
        )
      }
      return [...merged.values()]
    }
    if (!isObject(now) || !isObject(old) || (path.length && ownedAsWhole(view, schema, field))) {
      return now
    }
    const merged: JsonObject = { ...old }
    for (const key of Object.keys(now)) {
      merged[key] = walk(
        old[key],
        now[key],
        below(view, path, schema, key),
        [...path, `f:${key}`],
        key,
      )
    }
    return merged
  }
  return walk(live, config, resolved(view.schema, view.models), [], '')
}

/**
 * Takes out the paths of `dropped`, except what `kept` holds. A struct or list item goes when
 * nothing that somebody else put there is left in it. The argument is not changed.
 */
export function removeFields(
  value: unknown,
  dropped: FieldSet,
  kept: FieldSet | undefined,
  view: View,
): unknown {
  const walk = (
    current: unknown,
    gone: FieldSet,
    held: FieldSet | undefined,
    schema: Schema | undefined,
    path: string[],
    field: string,
  ): unknown => {
    const heldHere = held !== undefined && (held.member || held.children.size > 0)
    if (gone.children.size === 0) return gone.member && !heldHere ? undefined : current
    if (Array.isArray(current)) {
      const kind = listKindOf(view, field, schema, current)
      const items = resolved(schema?.items, view.models)
      const left = current.flatMap((item: unknown) => {
        const element = itemElement(kind, item)
        const child = gone.children.get(element)
        if (!child) return [item]
        const rest = walk(item, child, held?.children.get(element), items, [...path, element], '')
        const bare = kind.type === 'map' && isObject(rest) && isBareItem(rest, kind.keys)
        return rest === undefined || (bare && !held?.children.get(element)) ? [] : [rest]
      })
      return left.length || heldHere ? left : undefined
    }
    if (!isObject(current)) return gone.member && !heldHere ? undefined : current
    const left: JsonObject = {}
    for (const [key, member] of Object.entries(current)) {
      const element = `f:${key}`
      const child = gone.children.get(element)
      const rest = child
        ? walk(
            member,
            child,
            held?.children.get(element),
            below(view, path, schema, key),
            [...path, element],
            key,
          )
        : member
      if (rest !== undefined) left[key] = rest
    }
    return Object.keys(left).length || heldHere || path.length === 0 ? left : undefined
  }
  return walk(value, dropped, kept, resolved(view.schema, view.models), [], '')
}

const isBareItem = (item: JsonObject, keys: string[]) =>
  Object.keys(item).every((key) => keys.includes(key))

/** The first member of a configuration that the schema does not declare, for apply's refusal. */
export function undeclaredField(value: unknown, view: View): string | undefined {
  const walk = (
    current: unknown,
    schema: Schema | undefined,
    path: string[],
  ): string | undefined => {
    if (Array.isArray(current)) {
      for (const item of current) {
        const found = walk(item, resolved(schema?.items, view.models), path)
        if (found) return found
      }
      return undefined
    }
    if (!isObject(current) || !schema?.properties) return undefined
    const open =
      schema['x-kubernetes-preserve-unknown-fields'] === true ||
      schema.additionalProperties !== undefined
    for (const [key, member] of Object.entries(current)) {
      if (path.length === 0 && ['apiVersion', 'kind', 'metadata'].includes(key)) continue
      const known = memberSchema(schema, key, view.models)
      if (!known && !open) return `.${[...path, key].join('.')}`
      const found = walk(member, known, [...path, key])
      if (found) return found
    }
    return undefined
  }
  return walk(value, resolved(view.schema, view.models), [])
}

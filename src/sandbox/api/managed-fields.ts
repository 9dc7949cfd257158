/**
 * Who owns which field: the bookkeeping of metadata.managedFields for plain writes, and
 * server-side apply with its conflicts.
 * https://github.com/kubernetes/apimachinery/tree/v0.35.0/pkg/util/managedfields
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.0/merge/update.go
 */
import { ApiError } from './cluster.ts'
import {
  type FieldSet,
  difference,
  emptySet,
  intersection,
  isEmptySet,
  pathsOf,
  printPath,
  sameSet,
  setFromJson,
  setToJson,
  union,
  without,
} from './field-set.ts'
import { type JsonObject, deepEqual, isObject } from './json-values.ts'
import { type View, compareValues, fieldsOf, mergeApplied, removeFields } from './typed-values.ts'

export interface ManagedFieldsEntry {
  manager: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  time?: string
  fieldsType: 'FieldsV1'
  fieldsV1: JsonObject
  subresource?: string
}

export interface Writer {
  manager: string
  apiVersion: string
  subresource?: string | undefined
  /** RFC 3339 with seconds. */
  time: string
  /** Top fields that this endpoint does not write, e.g. `f:status` on the main resource. */
  ignored: readonly string[]
}

/** Fields of the server's own, which nobody manages. */
const STRIPPED = [
  ['f:apiVersion'],
  ['f:kind'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ].map((field) => ['f:metadata', `f:${field}`]),
]

interface Managed {
  entry: ManagedFieldsEntry
  set: FieldSet
  /** The set as the entry has it, while `set` is the same one. */
  stored?: FieldSet
}

const identity = ({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry) =>
  [operation, manager, apiVersion, subresource ?? ''].join('\0')

function managersOf(object: unknown): Map<string, Managed> {
  const metadata = isObject(object) && isObject(object['metadata']) ? object['metadata'] : {}
  const entries = Array.isArray(metadata['managedFields'])
    ? (metadata['managedFields'] as ManagedFieldsEntry[])
    : []
  return new Map(
    entries
      .filter(({ manager }) => manager !== undefined)
      .map((entry) => {
        const set = setFromJson(entry.fieldsV1)
        return [identity(entry), { entry, set, stored: set }]
      }),
  )
}

function entriesOf(managers: Map<string, Managed>): ManagedFieldsEntry[] {
  return [...managers.values()]
    .filter(({ set }) => !isEmptySet(set))
    .map(({ entry, set, stored }) =>
      set === stored ? entry : { ...entry, fieldsV1: setToJson(set) },
    )
    .toSorted(
      (a, b) =>
        a.operation.localeCompare(b.operation) ||
        (a.time ?? '').localeCompare(b.time ?? '') ||
        a.manager.localeCompare(b.manager) ||
        (a.subresource ?? '').localeCompare(b.subresource ?? ''),
    )
}

function newEntry(writer: Writer, operation: 'Apply' | 'Update'): ManagedFieldsEntry {
  return {
    manager: writer.manager,
    operation,
    apiVersion: writer.apiVersion,
    time: writer.time,
    fieldsType: 'FieldsV1',
    fieldsV1: {},
    ...(writer.subresource ? { subresource: writer.subresource } : {}),
  }
}

function trimmed(set: FieldSet, ignored: readonly string[]): FieldSet {
  const rest = without(set, [...STRIPPED, ...ignored.map((field) => [field])])
  return rest.member ? { ...rest, member: false } : rest
}

/** `f:metadata` itself is never owned, only its members. */
function withoutMetadataItself(set: FieldSet): FieldSet {
  const metadata = set.children.get('f:metadata')
  if (!metadata?.member) return set
  const rest = { ...metadata, member: false }
  const children = new Map(set.children)
  if (isEmptySet(rest)) children.delete('f:metadata')
  else children.set('f:metadata', rest)
  return { ...set, children }
}

const owned = (set: FieldSet, writer: Writer) => withoutMetadataItself(trimmed(set, writer.ignored))

/**
 * The members of built-in kinds that Go always writes, so that an object has them before anything
 * is set: they are not added by the first writer.
 */
const ALWAYS_THERE: JsonObject = {
  spec: { resources: {}, template: { metadata: {}, spec: { containers: [] } }, containers: [] },
  status: { loadBalancer: {}, nodeInfo: {} },
  involvedObject: {},
  source: {},
  metadata: {},
}

function withSkeleton(before: unknown, after: unknown, skeleton: JsonObject): unknown {
  if (!isObject(after)) return before
  const result: JsonObject = isObject(before) ? { ...before } : {}
  for (const [key, nested] of Object.entries(skeleton)) {
    const now = after[key]
    const empty = isObject(now) && Object.keys(now).length === 0
    if (now === undefined || (empty && key !== 'metadata')) continue
    if (isObject(nested)) result[key] = withSkeleton(result[key], now, nested)
    else if (result[key] === undefined) result[key] = nested
  }
  return result
}

/** managedFields after a plain write, where `after` still holds the submitted ones. */
export function managedAfterUpdate(
  before: JsonObject | undefined,
  after: JsonObject,
  view: View,
  writer: Writer,
): ManagedFieldsEntry[] {
  // A client that sends managedFields back, or none, keeps the stored ones; [{}] resets them.
  const submitted = isObject(after['metadata']) ? after['metadata']['managedFields'] : undefined
  const reset = Array.isArray(submitted) && submitted.length === 1 && deepEqual(submitted[0], {})
  const managers = before && !reset ? managersOf(before) : managersOf(reset ? {} : after)
  const start = view.builtin ? withSkeleton(before ?? {}, after, ALWAYS_THERE) : (before ?? {})
  const changed = compareValues(start, after, view)
  const mine = newEntry(writer, 'Update')
  const touched = union(changed.added, changed.modified)
  const removed = owned(changed.removed, writer)
  for (const [key, managed] of managers) {
    managed.set = difference(managed.set, removed)
    if (key !== identity(mine)) managed.set = difference(managed.set, owned(touched, writer))
  }
  const existing = managers.get(identity(mine))
  const set = owned(union(existing?.set ?? emptySet(), touched), writer)
  const same = existing && sameSet(existing.set, set)
  const unchanged = isEmptySet(touched) && isEmptySet(changed.removed)
  if (isEmptySet(set)) managers.delete(identity(mine))
  else if (same && existing.stored === existing.set) {
    const { fieldsV1 } = existing.entry
    const entry = unchanged ? existing.entry : { ...mine, fieldsV1 }
    managers.set(identity(mine), { ...existing, entry })
  } else managers.set(identity(mine), { entry: same && unchanged ? existing.entry : mine, set })
  return entriesOf(managers)
}

function conflictError(conflicts: { entry: ManagedFieldsEntry; paths: string[] }[]): ApiError {
  const name = ({ manager, operation, subresource, apiVersion }: ManagedFieldsEntry) =>
    operation === 'Apply'
      ? JSON.stringify(manager)
      : `${JSON.stringify(manager)}${subresource ? ` with subresource ${JSON.stringify(subresource)}` : ''} using ${apiVersion}`
  const count = conflicts.reduce((sum, { paths }) => sum + paths.length, 0)
  const texts = conflicts
    .toSorted((a, b) => name(a.entry).localeCompare(name(b.entry)))
    .map(({ entry, paths }) =>
      count === 1
        ? `conflict with ${name(entry)}: ${paths[0] ?? ''}`
        : `conflicts with ${name(entry)}:\n${paths.map((path) => `- ${path}`).join('\n')}`,
    )
  return new ApiError(
    409,
    `Apply failed with ${count} conflict${count === 1 ? '' : 's'}: ${texts.join('\n')}`,
    {
      reason: 'Conflict',
      details: {
        causes: conflicts.flatMap(({ entry, paths }) =>
          paths.map((field) => ({
            reason: 'FieldManagerConflict',
            message: `conflict with ${name(entry)}`,
            field,
          })),
        ),
      },
    },
  )
}

/**
 * Server-side apply: the merged object with its new managedFields.
 * Throws {@link ApiError} 409 when other managers own changed fields and `force` is not set.
 */
export function applyConfiguration(
  live: JsonObject | undefined,
  config: JsonObject,
  view: View,
  writer: Writer,
  force: boolean,
): JsonObject {
  const managers = managersOf(live)
  if (live && managers.size === 0) {
    const entry: ManagedFieldsEntry = {
      ...newEntry(writer, 'Update'),
      manager: 'before-first-apply',
    }
    managers.set(identity(entry), { entry, set: owned(fieldsOf(live, view), writer) })
  }
  const mine = newEntry(writer, 'Apply')
  const previous = managers.get(identity(mine))
  const set = owned(fieldsOf(config, view), writer)
  managers.set(identity(mine), { entry: mine, set })

  const merged = mergeApplied(live ?? {}, config, view)
  const everybodys = [...managers.values()].reduce(
    (all, other) => union(all, other.set),
    emptySet(),
  )
  const result = previous
    ? removeFields(merged, difference(previous.set, everybodys), everybodys, view)
    : merged
  const next = (isObject(result) ? result : {}) as JsonObject

  const changed = compareValues(live ?? {}, next, view)
  const touched = union(changed.added, changed.modified)
  const conflicts: { entry: ManagedFieldsEntry; paths: string[] }[] = []
  for (const [key, managed] of managers) {
    if (key !== identity(mine)) {
      const contested = intersection(managed.set, touched)
      if (!isEmptySet(contested)) {
        conflicts.push({ entry: managed.entry, paths: pathsOf(contested).map(printPath) })
        managed.set = difference(managed.set, contested)
      }
    }
    managed.set = difference(managed.set, changed.removed)
  }
  if (conflicts.length && !force) throw conflictError(conflicts)

  const quiet = live !== undefined && isEmptySet(touched) && isEmptySet(changed.removed)
  if (quiet) {
    // Without an effect on the object the entry keeps its old time, and a new one has none.
    const { time: _time, ...untimed } = mine
    const entry = previous?.entry.time ? { ...untimed, time: previous.entry.time } : untimed
    const managed = managers.get(identity(mine))
    if (managed) managed.entry = entry
  }
  const metadata = isObject(next['metadata']) ? next['metadata'] : {}
  return { ...next, metadata: { ...metadata, managedFields: entriesOf(managers) } }
}

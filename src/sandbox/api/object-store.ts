/**
 * The versions of all objects, in memory: sorted tables, one global revision counter, and a bounded
 * history per resource from which watches resume and older lists are reconstructed, as etcd and the
 * watch cache give them to kube-apiserver. It knows nothing of what the objects mean.
 */
import type { BodyWriter, KubeObject, ResourceEvent, ResourceKey } from './cluster.ts'
import { beginVersion, endVersion } from './object-json.ts'

/** Events kept per resource. An older resourceVersion is answered with 410. */
const HISTORY_LIMIT = 5000

/** The first revision; clients' made-up small versions are thus always too old. */
const FIRST_REVISION = 1000

export interface StoredEvent extends ResourceEvent {
  revision: number
  /** Lines by representation, shared among the watchers while the event is delivered. */
  lines?: Map<string, Buffer>
}

export interface Table {
  readonly key: ResourceKey
  /** `namespace/name`, or `/name` of cluster-scoped objects, in order. */
  readonly order: string[]
  readonly objects: Map<string, KubeObject>
  readonly history: StoredEvent[]
  /** Versions older than this cannot be watched or listed any more. */
  windowStart: number
  readonly watchers: Set<(event: StoredEvent) => void>
}

/** What is in a table, now or at an older revision. */
interface Rows {
  readonly order: readonly string[]
  readonly objects: Pick<ReadonlyMap<string, KubeObject>, 'get'>
}

export const rowKey = (namespace: string | undefined, name: string): string =>
  `${namespace ?? ''}/${name}`

/** The index of the first key that is not less than `key`. */
export function lowerBound(order: readonly string[], key: string): number {
  let low = 0
  let high = order.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((order[middle] ?? '') < key) low = middle + 1
    else high = middle
  }
  return low
}

/** Where the rows of a namespace begin and end; all rows without one. */
export function rangeOf(
  order: readonly string[],
  namespace: string | undefined,
): { from: number; to: number } {
  if (namespace === undefined) return { from: 0, to: order.length }
  // '0' is the character after '/'.
  return { from: lowerBound(order, `${namespace}/`), to: lowerBound(order, `${namespace}0`) }
}

export interface ObjectStore {
  /** The newest revision. */
  readonly revision: number
  table(key: ResourceKey): Table
  tables(): Iterable<Table>
  /** Stores a version under a new revision, which it writes into the object. */
  put(key: ResourceKey, object: KubeObject, writeBody?: BodyWriter): KubeObject
  /** Removes an object; its last version, with the revision of the removal, goes to the watchers. */
  remove(key: ResourceKey, object: KubeObject): KubeObject
  /** Objects that name this uid in their ownerReferences. */
  dependents(uid: string): { key: ResourceKey; object: KubeObject }[]
  /** A consistent view of the rows at an older revision, or undefined when the history is gone. */
  at(table: Table, revision: number): Rows | undefined
  /** Forgets history, as etcd's compaction does, so that tests can provoke 410. */
  compact(): void
}

interface StoredTable extends Table {
  /** Adds a key; it takes its place in the order when the order is asked for next. */
  addRow(row: string): void
}

/** More new keys than this are sorted in at once, fewer one by one. */
const SORT_FROM = 64

function newTable(key: ResourceKey): StoredTable {
  const sorted: string[] = []
  const added: string[] = []
  return {
    key,
    get order() {
      if (added.length >= SORT_FROM) {
        for (const row of added.splice(0)) sorted.push(row)
        sorted.sort((a, b) => (a < b ? -1 : 1))
      }
      for (const row of added.splice(0)) sorted.splice(lowerBound(sorted, row), 0, row)
      return sorted
    },
    objects: new Map(),
    history: [],
    windowStart: FIRST_REVISION,
    watchers: new Set(),
    addRow: (row) => void added.push(row),
  }
}

/** The rows at an older revision, at the cost of what has changed since and not of what is there. */
function rowsBefore({ order, objects, history }: Table, revision: number): Rows {
  /** The versions of that time of what has changed; undefined for what was not there. */
  const changed = new Map<string, KubeObject | undefined>()
  for (let i = history.length - 1; i >= 0; i -= 1) {
    const event = history[i]
    if (!event || event.revision <= revision) break
    const { namespace, name } = event.object.metadata
    changed.set(rowKey(namespace, name), event.previous)
  }
  let orderThen: string[] | undefined
  for (const [row, object] of changed) {
    if ((object !== undefined) === objects.has(row)) continue
    orderThen ??= order.slice()
    orderThen.splice(lowerBound(orderThen, row), object ? 0 : 1, ...(object ? [row] : []))
  }
  return {
    order: orderThen ?? order,
    objects: { get: (row) => (changed.has(row) ? changed.get(row) : objects.get(row)) },
  }
}

export function createObjectStore(): ObjectStore {
  let revision = FIRST_REVISION
  const tables = new Map<ResourceKey, StoredTable>()
  const owners = new Map<string, Map<string, { key: ResourceKey; row: string }>>()
  const queue: { table: Table; event: StoredEvent }[] = []
  let delivering = false

  function table(key: ResourceKey): StoredTable {
    let found = tables.get(key)
    if (!found) {
      found = newTable(key)
      tables.set(key, found)
    }
    return found
  }

  /** Watchers may change objects in turn; the queue keeps the order for everybody. */
  function deliver(): void {
    if (delivering) return
    delivering = true
    try {
      for (let next = queue.shift(); next; next = queue.shift()) {
        for (const watcher of next.table.watchers) watcher(next.event)
        delete next.event.lines
      }
    } finally {
      delivering = false
    }
  }

  function record(target: Table, event: StoredEvent): void {
    target.history.push(event)
    if (target.history.length > HISTORY_LIMIT * 1.2) {
      const dropped = target.history.splice(0, target.history.length - HISTORY_LIMIT)
      target.windowStart = dropped.at(-1)?.revision ?? target.windowStart
    }
    queue.push({ table: target, event })
    deliver()
  }

  function indexOwners(key: ResourceKey, row: string, object: KubeObject, add: boolean): void {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const id = `${key} ${row}`
      const rows = owners.get(uid) ?? new Map<string, { key: ResourceKey; row: string }>()
      if (add) rows.set(id, { key, row })
      else rows.delete(id)
      if (rows.size) owners.set(uid, rows)
      else owners.delete(uid)
    }
  }

  return {
    get revision() {
      return revision
    },
    table,
    tables: () => tables.values(),
    put(key, object, writeBody) {
      const target = table(key)
      const row = rowKey(object.metadata.namespace, object.metadata.name)
      const previous = target.objects.get(row)
      revision += 1
      object.metadata.resourceVersion = String(revision)
      if (previous) endVersion(previous)
      beginVersion(object, writeBody)
      target.objects.set(row, object)
      if (previous) indexOwners(key, row, previous, false)
      else target.addRow(row)
      indexOwners(key, row, object, true)
      record(target, {
        type: previous ? 'MODIFIED' : 'ADDED',
        object,
        ...(previous ? { previous } : {}),
        revision,
      })
      return object
    },
    remove(key, object) {
      const target = table(key)
      const row = rowKey(object.metadata.namespace, object.metadata.name)
      const previous = target.objects.get(row)
      if (!previous) return object
      revision += 1
      const removed = {
        ...object,
        metadata: { ...object.metadata, resourceVersion: String(revision) },
      }
      target.objects.delete(row)
      target.order.splice(lowerBound(target.order, row), 1)
      indexOwners(key, row, previous, false)
      record(target, { type: 'DELETED', object: removed, previous, revision })
      return removed
    },
    dependents(uid) {
      return [...(owners.get(uid)?.values() ?? [])].flatMap(({ key, row }) => {
        const object = table(key).objects.get(row)
        return object ? [{ key, object }] : []
      })
    },
    at(target, wanted) {
      const newest = target.history.at(-1)?.revision ?? target.windowStart
      if (wanted >= newest) return target
      if (wanted < target.windowStart) return undefined
      return rowsBefore(target, wanted)
    },
    compact() {
      for (const target of tables.values()) {
        target.history.length = 0
        target.windowStart = revision
      }
    },
  }
}

/**
 * The live collections of a client: one list and one watch per kind, scope and projection, however
 * many components read it. Kept outside React, so that a page left and entered again within
 * {@link graceMs} finds its rows still there.
 */
import type { KubeClient } from '../../kube/client.ts'
import type { KubeObject, ResourceKind } from '../../kube/kinds.ts'
import { objectKey } from '../../kube/list-page.ts'
import {
  createListWatch,
  type Change,
  type ListWatch,
  type ListWatchScope,
  type ListWatchState,
} from '../../kube/list-watch.ts'
import { pageReader } from './page-reader.ts'

export interface LiveCollection<P> {
  items: readonly P[]
  state: ListWatchState
}

/** How long an unread collection is kept up to date. */
const graceMs = 10_000
/** From here on showing a list again costs more than a frame. */
const longList = 2_000
/** How often changes are shown. A long list that is still arriving grows in steps of a second. */
const paceMs = { now: 0, short: 16, long: 250, arriving: 1_000 }

/**
 * Collections that change at the same time are shown at the same time: a page that joins several
 * does so once. A timer, not requestAnimationFrame: hidden tabs must not pile up changes.
 */
function createClock(intervalMs: number) {
  const due = new Set<() => void>()
  let timer: ReturnType<typeof setTimeout> | undefined
  function tick(): void {
    timer = undefined
    const publishers = [...due]
    due.clear()
    for (const publish of publishers) publish()
  }
  return {
    add(publish: () => void): void {
      due.add(publish)
      timer ??= setTimeout(tick, intervalMs)
    },
    remove: (publish: () => void) => due.delete(publish),
  }
}

const clocks = {
  now: createClock(paceMs.now),
  short: createClock(paceMs.short),
  long: createClock(paceMs.long),
  arriving: createClock(paceMs.arriving),
}

const loading: LiveCollection<never> = {
  items: [],
  state: { status: 'loading', connection: 'live' },
}

type Project = (object: never) => unknown

export interface LiveEntry<P> {
  subscribe(listener: () => void): () => void
  getSnapshot: () => LiveCollection<P>
  retry: () => void
}

interface Entry extends LiveEntry<unknown> {
  kind: ResourceKind
  scope: ListWatchScope
  apply(object: KubeObject): void
  /** Lets go of everything, for a client that is used no more. */
  end(): void
}

const caches = new WeakMap<KubeClient, Map<string, Entry>>()
const projectIds = new WeakMap<Project, number>()
let lastProjectId = 0

function projectId(project: Project): number {
  const known = projectIds.get(project)
  if (known !== undefined) return known
  lastProjectId += 1
  projectIds.set(project, lastProjectId)
  return lastProjectId
}

function entriesOf(client: KubeClient): Map<string, Entry> {
  let entries = caches.get(client)
  if (!entries) caches.set(client, (entries = new Map()))
  return entries
}

/**
 * Whether `a` is an older version than `b`. Versions of one kind are comparable as numbers
 * (KEP-5504); where they aren't numbers nothing counts as older.
 */
function isOlder(a: string, b: string): boolean {
  if (!/^\d+$/.test(a) || !/^\d+$/.test(b)) return false
  return a.length === b.length ? a < b : a.length < b.length
}

/** The shared collection; it connects when first subscribed to. */
export function liveEntry<T extends KubeObject, P>(
  client: KubeClient,
  kind: ResourceKind<T>,
  scope: ListWatchScope,
  project: (object: T) => P,
): LiveEntry<P> {
  const entries = entriesOf(client)
  const key = JSON.stringify([
    kind.group,
    kind.version,
    kind.plural,
    scope.namespace,
    scope.labelSelector,
    scope.fieldSelector,
    projectId(project as Project),
  ])
  let entry = entries.get(key)
  if (!entry) {
    entry = createEntry(client, kind, scope, project) as Entry
    entries.set(key, entry)
  }
  return entry as LiveEntry<P>
}

function createEntry<T extends KubeObject, P>(
  client: KubeClient,
  kind: ResourceKind<T>,
  scope: ListWatchScope,
  project: (object: T) => P,
): LiveEntry<P> & Omit<Entry, keyof LiveEntry<P>> {
  const readPage = pageReader<T, P>(client, project)
  const rows = new Map<string, { resourceVersion: string; item: P }>()
  const listeners = new Set<() => void>()
  let snapshot: LiveCollection<P> = loading
  let state = snapshot.state
  let listWatch: ListWatch | undefined
  let idleTimer: ReturnType<typeof setTimeout> | undefined
  let areItemsChanged = false

  function publish(): void {
    cancelPublish()
    snapshot = {
      items: areItemsChanged ? Array.from(rows.values(), (row) => row.item) : snapshot.items,
      state,
    }
    areItemsChanged = false
    for (const listener of listeners) listener()
  }

  function cancelPublish(): void {
    for (const clock of Object.values(clocks)) clock.remove(publish)
  }

  function schedulePublish(isUrgent = false): void {
    const isLong = rows.size > longList
    const isArriving = state.status !== 'complete'
    clocks[isUrgent ? 'now' : !isLong ? 'short' : isArriving ? 'arriving' : 'long'].add(publish)
  }

  /** The next subscriber starts anew; it may have found this entry long ago. */
  function sleep(): void {
    listWatch?.stop()
    listWatch = undefined
    cancelPublish()
    rows.clear()
    areItemsChanged = false
    snapshot = loading
    state = loading.state
  }

  function applyChanges(changes: Change<P>[]): void {
    for (const change of changes) {
      const current = rows.get(change.key)
      // A response to our own write may have been faster than the watch.
      if (current && isOlder(change.resourceVersion, current.resourceVersion)) continue
      if (change.type === 'put')
        rows.set(change.key, { item: change.item, resourceVersion: change.resourceVersion })
      else rows.delete(change.key)
      areItemsChanged = true
    }
    schedulePublish()
  }

  return {
    kind,
    scope,
    subscribe(listener) {
      clearTimeout(idleTimer)
      listeners.add(listener)
      listWatch ??= createListWatch(client, kind, scope, {
        project,
        ...(readPage && { readPage }),
        onChanges: applyChanges,
        onState(next) {
          const isUrgent = next.status !== state.status || next.connection !== state.connection
          state = next
          schedulePublish(isUrgent)
        },
      })
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        idleTimer = setTimeout(sleep, graceMs)
      }
    },
    getSnapshot: () => snapshot,
    retry: () => listWatch?.retry(),
    end() {
      clearTimeout(idleTimer)
      sleep()
    },
    apply(object) {
      if (!listWatch) return
      const key = objectKey(object)
      const { resourceVersion } = object.metadata
      const isSelective = scope.labelSelector !== undefined || scope.fieldSelector !== undefined
      if (isSelective && !rows.has(key)) return
      if (scope.namespace !== undefined && scope.namespace !== object.metadata.namespace) return
      applyChanges([{ type: 'put', key, resourceVersion, item: project(object as T) }])
    },
  }
}

/** Tries again what a refusal has ended, as when the user has signed in again. */
export function retryLiveCache(client: KubeClient): void {
  for (const entry of entriesOf(client).values()) entry.retry()
}

/** Ends every list and watch of a client whose user acts no more. */
export function endLiveCache(client: KubeClient): void {
  for (const entry of entriesOf(client).values()) entry.end()
}

/** Shows the answer to a write at once, before the watch tells of it. */
export function putInLiveCache<T extends KubeObject>(
  client: KubeClient,
  kind: ResourceKind<T>,
  object: T,
): void {
  for (const entry of entriesOf(client).values())
    if (entry.kind.plural === kind.plural && entry.kind.group === kind.group) entry.apply(object)
}

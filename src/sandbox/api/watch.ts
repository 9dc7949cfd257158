/**
 * Watches: from a version or with initial events, through selectors, with bookmarks and time-out.
 * How lines reach the client (chunks or WebSocket frames) is the caller's.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
import type { KubeObject } from './cluster.ts'
import { expired, statusOf } from './failures.ts'
import type { ListOptions } from './list.ts'
import { type ObjectStore, type StoredEvent, type Table, rangeOf } from './object-store.ts'
import type { Matcher } from './selectors.ts'

type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'

/** How objects look in this watch. */
export interface Representation {
  /** Watches with the same name share their lines; without one, lines are made for each. */
  shared?: string
  objectJson(object: KubeObject): string
  bookmarkJson(metadata: Record<string, unknown>): string
}

export interface WatchOptions extends ListOptions {
  namespace: string | undefined
  matches: Matcher | undefined
}

/** Where lines go, each with its line break. `end` closes the stream after what was sent. */
export interface WatchSink {
  line(text: Buffer): void
  end(): void
}

const BOOKMARK_EVERY_MS = 60_000
/** Timers take no more. */
const LONGEST_MS = 2 ** 31 - 1
/** The last bookmark comes this long before the time-out. */
const LAST_BOOKMARK_MS = 2000

/** A real server picks at random between 30 and 60 minutes. */
const defaultTimeoutSeconds = () => 1800 + Math.floor(Math.random() * 1800)

/** Starts sending; returns the function that stops it. */
export function startWatch(
  store: ObjectStore,
  table: Table,
  { namespace, matches, ...options }: WatchOptions,
  representation: Representation,
  sink: WatchSink,
): () => void {
  const { resourceVersion, sendInitialEvents, allowBookmarks } = options
  const timers: NodeJS.Timeout[] = []
  let lastRevision = store.revision
  let stopped = false

  const line = (type: WatchEventType | 'ERROR', json: string) =>
    Buffer.from(`{"type":"${type}","object":${json}}\n`)
  const lineOf = (type: WatchEventType, object: KubeObject) =>
    line(type, representation.objectJson(object))

  function sendEvent(event: StoredEvent, type: WatchEventType, object: KubeObject): void {
    const { shared } = representation
    if (shared === undefined) {
      sink.line(lineOf(type, object))
      return
    }
    const id = `${type} ${shared}`
    const lines = (event.lines ??= new Map<string, Buffer>())
    let bytes = lines.get(id)
    if (!bytes) {
      bytes = lineOf(type, object)
      lines.set(id, bytes)
    }
    sink.line(bytes)
  }

  /** What an event means to somebody who sees only the objects that match. */
  function onEvent(event: StoredEvent): void {
    const { type, object, previous, revision } = event
    if (stopped || revision <= lastRevision) return
    lastRevision = revision
    if (namespace !== undefined && object.metadata.namespace !== namespace) return
    const before = previous !== undefined && (!matches || matches(previous))
    const after = type !== 'DELETED' && (!matches || matches(object))
    if (after) sendEvent(event, before ? 'MODIFIED' : 'ADDED', object)
    else if (before && type === 'DELETED') sendEvent(event, 'DELETED', object)
    else if (before) {
      // It left the selector: the last version that matched, under the new version's number.
      const { resourceVersion: now } = object.metadata
      sendEvent(event, 'DELETED', {
        ...previous,
        metadata: { ...previous.metadata, resourceVersion: now },
      })
    }
  }

  function sendBookmark(annotations?: Record<string, string>): void {
    const metadata = {
      resourceVersion: String(Math.max(lastRevision, store.revision)),
      ...(annotations ? { annotations } : {}),
    }
    sink.line(line('BOOKMARK', representation.bookmarkJson(metadata)))
  }

  function sendInitial(): void {
    const { from, to } = rangeOf(table.order, namespace)
    for (let at = from; at < to; at += 1) {
      const object = table.objects.get(table.order[at] ?? '')
      if (object && (!matches || matches(object))) sink.line(lineOf('ADDED', object))
    }
    const marks = sendInitialEvents === true || resourceVersion === ''
    if (allowBookmarks && marks) sendBookmark({ 'k8s.io/initial-events-end': 'true' })
  }

  function stop(): void {
    stopped = true
    table.watchers.delete(onEvent)
    for (const timer of timers) clearTimeout(timer)
  }

  const anyVersion = resourceVersion === '' || resourceVersion === '0'
  if (sendInitialEvents === true || (sendInitialEvents === undefined && anyVersion)) sendInitial()
  else if (!anyVersion) {
    const asked = Number(resourceVersion)
    if (asked < table.windowStart) {
      const gone = expired(`too old resource version: ${resourceVersion} (${table.windowStart})`)
      sink.line(line('ERROR', JSON.stringify(statusOf(gone))))
      sink.end()
      return stop
    }
    lastRevision = asked
    for (const event of table.history) if (event.revision > asked) onEvent(event)
  }
  table.watchers.add(onEvent)

  const timeoutMs = Math.min((options.timeoutSeconds || defaultTimeoutSeconds()) * 1000, LONGEST_MS)
  timers.push(
    setTimeout(() => {
      stop()
      sink.end()
    }, timeoutMs),
  )
  if (allowBookmarks) {
    timers.push(setInterval(() => sendBookmark(), BOOKMARK_EVERY_MS))
    if (timeoutMs > LAST_BOOKMARK_MS) {
      timers.push(setTimeout(() => sendBookmark(), timeoutMs - LAST_BOOKMARK_MS))
    }
  }
  for (const timer of timers) timer.unref()
  return stop
}

/**
 * Keeps a copy of a collection up to date: a list in pages, then a watch that survives timeouts,
 * expired versions and lost connections. What has been delivered once is never taken back because
 * of a failure; the consumer is told how current it is instead.
 */
import type { KubeClient } from './client.ts'
import type { KubeObject, ResourceKind } from './kinds.ts'
import { errorFromNetwork, errorFromStatus, isStatus, KubeError } from './kube-error.ts'
import { objectKey, readListPage, toListed, type ListedItem, type ListPage } from './list-page.ts'
import { collectionPath } from './paths.ts'
import { readMessages } from './socket-messages.ts'

export interface ListWatchScope {
  /** Absent: all namespaces. */
  namespace?: string
  labelSelector?: string
  fieldSelector?: string
}

export type Change<P> =
  | ({ type: 'put' } & ListedItem<P>)
  | { type: 'delete'; key: string; resourceVersion: string }

export interface ListWatchState {
  /** `partial`: some pages are here; `failed`: nothing is, and `error` says why. */
  status: 'loading' | 'partial' | 'complete' | 'failed'
  /** `reconnecting` turns into `stale` when it has lasted {@link staleAfterMs}. */
  connection: 'live' | 'reconnecting' | 'stale'
  error?: KubeError
}

export interface ListWatchCallbacks<T, P> {
  /** Runs once per version of an object; the object itself is dropped afterwards. */
  project(this: void, object: T): P
  /** Reads the further pages of a long list elsewhere than on the thread that calls. */
  readPage?(path: string, signal: AbortSignal): Promise<ListPage<P>>
  onChanges(changes: Change<P>[]): void
  onState(state: ListWatchState): void
}

export interface ListWatch {
  stop(): void
  /** Tries again now instead of at the end of the back-off. */
  retry(): void
}

/** Small, so that the first rows are on screen early. */
const firstPageLimit = 200
const pageLimit = 500
const staleAfterMs = 30_000
/** The API server sends bookmarks about every minute; longer silence means a dead connection. */
const silenceMs = 150_000
/** A request whose headers take longer than this is given up. */
const answerMs = 60_000
const backOffMs = { first: 500, most: 30_000 }
/** A watch that has held this long clears the count of failures. */
const settledMs = 5_000

interface WatchLine {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  object: unknown
}

/** Refusals that waiting does not change: they are shown until someone asks again. */
function isFinal(error: KubeError): boolean {
  return error.code >= 400 && error.code < 500 && ![408, 410, 429].includes(error.code)
}

/** Lists and watches `kind` until stopped. Starts at once. */
export function createListWatch<T extends KubeObject, P>(
  client: KubeClient,
  kind: ResourceKind<T>,
  scope: ListWatchScope,
  callbacks: ListWatchCallbacks<T, P>,
): ListWatch {
  const stopping = new AbortController()
  const known = new Map<string, string>()
  let state: ListWatchState = { status: 'loading', connection: 'live' }
  /** Where to go on watching; absent: list first. */
  let resourceVersion: string | undefined
  let listInOnePiece = false
  let failures = 0
  let watchingSince = Number.POSITIVE_INFINITY
  let wake: (() => void) | undefined
  let staleTimer: ReturnType<typeof setTimeout> | undefined

  function path(parameters: Record<string, string | undefined>): string {
    const search = new URLSearchParams()
    const all = {
      labelSelector: scope.labelSelector,
      fieldSelector: scope.fieldSelector,
      ...parameters,
    }
    for (const [name, value] of Object.entries(all))
      if (value !== undefined) search.set(name, value)
    return `${collectionPath(kind, scope.namespace)}?${search.toString()}`
  }

  function setState(next: Partial<ListWatchState>, error?: KubeError): void {
    if (stopping.signal.aborted) return
    const { error: _, ...rest } = { ...state, ...next }
    state = error ? { ...rest, error } : rest
    callbacks.onState(state)
  }

  function setLive(): void {
    clearTimeout(staleTimer)
    staleTimer = undefined
    if (state.connection !== 'live' || state.error) setState({ connection: 'live' })
  }

  function setLost(error: KubeError): void {
    if (state.connection === 'live')
      staleTimer = setTimeout(() => setState({ connection: 'stale' }, state.error), staleAfterMs)
    const connection = state.connection === 'stale' ? 'stale' : 'reconnecting'
    setState(
      { connection, ...(known.size === 0 && state.status !== 'complete' && { status: 'failed' }) },
      error,
    )
  }

  function put(listed: ListedItem<P>): Change<P> | undefined {
    if (known.get(listed.key) === listed.resourceVersion) return undefined
    known.set(listed.key, listed.resourceVersion)
    return { type: 'put', ...listed }
  }

  function remove(key: string, version: string): Change<P> | undefined {
    return known.delete(key) ? { type: 'delete', key, resourceVersion: version } : undefined
  }

  /** What came before an input that throws is delivered as well: it counts as known from then on. */
  function deliver<I>(inputs: Iterable<I>, toChange: (input: I) => Change<P> | undefined): void {
    const changes: Change<P>[] = []
    try {
      for (const input of inputs) {
        const change = toChange(input)
        if (change) changes.push(change)
      }
    } finally {
      if (changes.length > 0 && !stopping.signal.aborted) callbacks.onChanges(changes)
    }
  }

  async function list(): Promise<void> {
    const seen = new Set<string>()
    let token: string | undefined
    let version = ''
    // A complete list stays on screen, whole, while it is read again.
    if (state.status === 'failed') setState({ status: 'loading' })
    do {
      const limit = token === undefined ? firstPageLimit : pageLimit
      const pagePath = path({
        limit: listInOnePiece ? undefined : String(limit),
        continue: token,
        // API servers indent what a browser asks for: half as many bytes again, and slow to write.
        // https://github.com/kubernetes/apiserver/blob/v0.35.0/pkg/endpoints/handlers/negotiation/negotiate.go
        pretty: 'false',
      })
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(answerMs)])
      const page: ListPage<P> =
        token !== undefined && callbacks.readPage
          ? await callbacks.readPage(pagePath, signal)
          : readListPage(await client.readBytes(pagePath, signal), callbacks.project)
      version = page.resourceVersion
      token = page.continueToken
      for (const { key } of page.items) seen.add(key)
      deliver(page.items, put)
      if (state.status === 'loading' && token !== undefined) setState({ status: 'partial' })
    } while (token !== undefined)
    const gone = [...known.keys()].filter((key) => !seen.has(key))
    deliver(gone, (key) => remove(key, version))
    listInOnePiece = false
    resourceVersion = version
    setState({ status: 'complete' })
  }

  function watchPath(timeoutSeconds: number): string {
    return path({
      watch: '1',
      resourceVersion,
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(timeoutSeconds),
    })
  }

  /** Returns when the server ends the watch in order. */
  async function watch(): Promise<void> {
    // Of our own choosing, spread so that the watches of a page don't end together.
    const timeoutSeconds = 300 + Math.floor(Math.random() * 300)
    const silence = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const allowSilence = (ms: number) => {
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), ms)
    }
    allowSilence(answerMs)
    const signal = AbortSignal.any([stopping.signal, silence.signal])
    try {
      // A WebSocket, since browsers allow only six HTTP/1.1 connections to a host, in all tabs together.
      const socket = client.transport.openSocket(watchPath(timeoutSeconds))
      for await (const messages of readMessages(socket, signal)) {
        // The first batch is empty: the watch is open.
        if (watchingSince === Number.POSITIVE_INFINITY) {
          watchingSince = Date.now()
          setLive()
        }
        allowSilence(silenceMs)
        deliver(messages, readEvent)
      }
    } catch (cause) {
      if (watchingSince === Number.POSITIVE_INFINITY) {
        await catchUp()
        throw cause
      }
      // A connection gone silent is opened again without a word; if it is dead, that will show.
      if (!silence.signal.aborted) throw cause
    } finally {
      clearTimeout(timer)
    }
    // A server that closes soon, in order, must not be asked in a tight loop.
    if (Date.now() - watchingSince > settledMs) failures = 0
    else if (failures > 0) throw new KubeError(0, 'The cluster keeps ending the watch.')
    else failures = 1
  }

  /**
   * The events since the last one, by a watch over plain HTTP that ends at once. Browsers don't tell
   * why a WebSocket was refused; this does, and where WebSockets are blocked altogether it keeps the
   * copy up to date without listing it all again.
   */
  async function catchUp(): Promise<void> {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(answerMs)])
    const body = await (await client.readBlob(watchPath(1), signal)).text()
    // The last line is empty, or cut off with the connection.
    deliver(body.split('\n').slice(0, -1), readEvent)
  }

  function readEvent(line: string): Change<P> | undefined {
    const event = JSON.parse(line) as WatchLine
    if (event.type === 'ERROR')
      throw isStatus(event.object)
        ? errorFromStatus(event.object, 500)
        : new KubeError(500, 'The cluster ended the watch with an error.')
    const object = event.object as T
    resourceVersion = object.metadata.resourceVersion
    switch (event.type) {
      case 'BOOKMARK':
        return undefined
      case 'DELETED':
        return remove(objectKey(object), object.metadata.resourceVersion)
      default:
        return put(toListed(object, callbacks.project))
    }
  }

  function pause(ms: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function recover(error: KubeError): Promise<void> {
    if (Date.now() - watchingSince > settledMs) failures = 0
    failures += 1
    if (error.isExpired) {
      // An expired continue token would expire again on a list this long: take it in one piece,
      // as client-go's pager does (k8s.io/client-go/tools/pager, FullListIfExpired).
      listInOnePiece = resourceVersion === undefined
      resourceVersion = undefined
      if (failures === 1) return
    }
    if (isFinal(error)) {
      resourceVersion = undefined
      clearTimeout(staleTimer)
      setState({ status: 'failed', connection: known.size > 0 ? 'stale' : 'live' }, error)
      return pause(undefined)
    }
    if (!error.isExpired) setLost(error)
    const ceiling = Math.min(backOffMs.most, backOffMs.first * 2 ** (failures - 1))
    const asked = (error.retryAfterSeconds ?? 0) * 1000
    await pause(Math.max(asked, ceiling * (0.5 + Math.random() / 2)))
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        watchingSince = Number.POSITIVE_INFINITY
        if (resourceVersion === undefined) await list()
        await watch()
      } catch (cause) {
        if (stopping.signal.aborted) return
        const error = errorFromNetwork(cause)
        await recover(
          error instanceof KubeError
            ? error
            : new KubeError(0, 'The connection to the cluster was interrupted.', { cause }),
        )
      }
    }
  }

  void run()

  return {
    stop() {
      stopping.abort()
      clearTimeout(staleTimer)
      wake?.()
    },
    retry() {
      failures = 0
      wake?.()
    },
  }
}

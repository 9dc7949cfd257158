import type { KubeClient } from '../../kube/client.ts'
import type { KubeObject, ResourceKind } from '../../kube/kinds.ts'
import type { KubeError } from '../../kube/kube-error.ts'
import type { ListWatchState } from '../../kube/list-watch.ts'
import { liveEntry } from './live-cache.ts'
import { useLiveList, whole } from './live-list.ts'

export interface LiveObject<T> {
  object?: T
  status: 'loading' | 'present' | 'missing' | 'failed'
  error?: KubeError
  connection: ListWatchState['connection']
  retry: () => void
}

/** What is known of an object at the moment; `object` is absent when there is none. */
export interface ObjectNews<T> {
  object: T | undefined
  /** The object has been read, or is known not to exist. */
  isKnown: boolean
  connection: ListWatchState['connection']
}

/**
 * Tells of one object outside React, by the same watch as {@link useLiveObject}: at once, and at each
 * change of it or of the connection. Returns how to stop and how to try again after a refusal.
 */
export function followObject<T extends KubeObject>(
  client: KubeClient,
  kind: ResourceKind<T>,
  { namespace, name }: { namespace: string; name: string },
  onNews: (news: ObjectNews<T>) => void,
): { stop: () => void; retry: () => void } {
  const scope = { namespace, fieldSelector: `metadata.name=${name}` }
  const entry = liveEntry<T, T>(client, kind, scope, whole)
  const tell = () => {
    const { items, state } = entry.getSnapshot()
    const isKnown = state.status === 'complete' || items.length > 0
    onNews({ object: items[0], isKnown, connection: state.connection })
  }
  const stop = entry.subscribe(tell)
  tell()
  return { stop, retry: entry.retry }
}

/** One object, watched by its name. Without a `ref` nothing is asked and it stays `loading`. */
export function useLiveObject<T extends KubeObject>(
  kind: ResourceKind<T>,
  ref: { namespace?: string; name: string } | undefined,
): LiveObject<T> {
  const { items, status, error, connection, retry } = useLiveList(kind, {
    namespace: ref?.namespace,
    fieldSelector: ref && `metadata.name=${ref.name}`,
    enabled: ref !== undefined,
  })
  const object = items[0]
  const rest = { connection, retry, ...(error && { error }) }
  if (object && status !== 'failed') return { object, status: 'present', ...rest }
  if (status === 'complete') return { status: 'missing', ...rest }
  if (status === 'failed') return { status, ...(object && { object }), ...rest }
  return { status: 'loading', ...rest }
}

import { useCallback, useMemo, useSyncExternalStore } from 'react'

import type { KubeObject, ResourceKind } from '../../kube/kinds.ts'
import { useKube } from './host-context.tsx'
import { liveEntry, type LiveEntry } from './live-cache.ts'
import type { LiveList } from './live-list.ts'

interface LiveScope {
  namespace: string
  fieldSelector: string
}

/**
 * Several collections of a kind as one: its items, and the worst state of any. Each is shared with
 * whoever else reads it.
 */
export function useLiveLists<T extends KubeObject, P>(
  kind: ResourceKind<T>,
  scopes: readonly LiveScope[],
  /** A module-level function: it is part of the shared key. */
  project: (object: T) => P,
): LiveList<P> {
  const client = useKube()
  // Callers make the scopes anew at each rendering.
  const key = JSON.stringify(scopes)
  const entries = useMemo(
    () =>
      (JSON.parse(key) as LiveScope[]).map((scope): LiveEntry<P> =>
        liveEntry(client, kind, scope, project),
      ),
    [client, kind, key, project],
  )
  const subscribe = useCallback(
    (listener: () => void) => {
      const ends = entries.map((entry) => entry.subscribe(listener))
      return () => ends.forEach((end) => end())
    },
    [entries],
  )
  const getSnapshot = useMemo(() => combined(entries), [entries])
  return useSyncExternalStore(subscribe, getSnapshot)
}

/** A snapshot that stays the same as long as those it is made of do. */
function combined<P>(entries: readonly LiveEntry<P>[]): () => LiveList<P> {
  let parts: ReturnType<LiveEntry<P>['getSnapshot']>[] = []
  let whole: LiveList<P> | undefined
  return () => {
    const next = entries.map((entry) => entry.getSnapshot())
    if (whole && next.every((part, index) => part === parts[index])) return whole
    parts = next
    const states = parts.map(({ state }) => state)
    const failed = states.find(({ status }) => status === 'failed')
    const error = failed?.error
    whole = {
      items: parts.flatMap(({ items }) => items),
      status: failed
        ? 'failed'
        : (states.find(({ status }) => status !== 'complete')?.status ?? 'complete'),
      connection: states.find(({ connection }) => connection !== 'live')?.connection ?? 'live',
      ...(error && { error }),
      retry: () => entries.forEach((entry) => entry.retry()),
    }
    return whole
  }
}

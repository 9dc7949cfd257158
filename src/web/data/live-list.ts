import { useCallback, useMemo, useSyncExternalStore } from 'react'

import type { KubeObject, ResourceKind } from '../../kube/kinds.ts'
import type { KubeError } from '../../kube/kube-error.ts'
import type { ListWatchState } from '../../kube/list-watch.ts'
import { useKube } from './host-context.tsx'
import { liveEntry, type LiveCollection } from './live-cache.ts'

export interface LiveList<P> {
  /** In no particular order. Kept while reconnecting and after a failure. */
  items: readonly P[]
  status: ListWatchState['status']
  error?: KubeError
  connection: ListWatchState['connection']
  /** Tries again now. */
  retry: () => void
}

export interface LiveListOptions<T, P> {
  /** Absent: all namespaces. */
  namespace?: string | undefined
  labelSelector?: string | undefined
  fieldSelector?: string | undefined
  /** Keeps what is needed of each object. A module-level function: it is part of the shared key. */
  project?: (object: T) => P
  /** `false` asks for nothing and stays `loading`. */
  enabled?: boolean
}

const nothing: LiveCollection<never> = {
  items: [],
  state: { status: 'loading', connection: 'live' },
}

/** The whole object, for collections short enough to keep it. */
export function whole<T>(object: T): T {
  return object
}

/** The objects of a kind, kept up to date by one list and one watch that all readers share. */
export function useLiveList<T extends KubeObject, P = T>(
  kind: ResourceKind<T>,
  options: LiveListOptions<T, P> = {},
): LiveList<P> {
  const client = useKube()
  const { namespace, labelSelector, fieldSelector, enabled = true } = options
  const project = options.project ?? (whole as unknown as (object: T) => P)
  const entry = useMemo(
    () =>
      enabled
        ? liveEntry(
            client,
            kind,
            {
              ...(namespace !== undefined && { namespace }),
              ...(labelSelector !== undefined && { labelSelector }),
              ...(fieldSelector !== undefined && { fieldSelector }),
            },
            project,
          )
        : undefined,
    [client, kind, namespace, labelSelector, fieldSelector, project, enabled],
  )
  const subscribe = useCallback(
    (listener: () => void) => entry?.subscribe(listener) ?? (() => undefined),
    [entry],
  )
  const { items, state } = useSyncExternalStore(subscribe, entry?.getSnapshot ?? (() => nothing))
  return useMemo(
    () => ({
      items,
      status: state.status,
      connection: state.connection,
      ...(state.error && { error: state.error }),
      retry: () => entry?.retry(),
    }),
    [items, state, entry],
  )
}

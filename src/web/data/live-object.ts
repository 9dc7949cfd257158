import type { KubeObject, ResourceKind } from '../../kube/kinds.ts'
import type { KubeError } from '../../kube/kube-error.ts'
import type { ListWatchState } from '../../kube/list-watch.ts'
import { useLiveList } from './live-list.ts'

export interface LiveObject<T> {
  object?: T
  status: 'loading' | 'present' | 'missing' | 'failed'
  error?: KubeError
  connection: ListWatchState['connection']
  retry: () => void
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

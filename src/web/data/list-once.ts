import { useQuery } from '@tanstack/react-query'

import type { KubeObject, ResourceKind } from '../../kube/kinds.ts'
import type { KubeError } from '../../kube/kube-error.ts'
import { collectionPath } from '../../kube/paths.ts'
import { useKube } from './host-context.tsx'

/** How long an answer is good enough for a form opened again. */
const staleMs = 15_000

/**
 * A collection as it is now, for choices in a form. Unlike a live list it holds no connection open:
 * over HTTP/1.1 a browser has six per origin for all of its tabs, and every watch keeps one.
 */
export function useListOnce<T extends KubeObject>(
  kind: ResourceKind<T>,
  { namespace, enabled = true }: { namespace?: string; enabled?: boolean } = {},
): { items: readonly T[]; isLoading: boolean; error: KubeError | null } {
  const client = useKube()
  const { data, isLoading, error } = useQuery<T[], KubeError>({
    queryKey: ['list-once', kind.group, kind.plural, namespace],
    queryFn: async ({ signal }) => {
      const list = await client.read<{ items: T[] | null }>(
        // What the API server has at hand is current enough for choices.
        `${collectionPath(kind, namespace)}?resourceVersion=0`,
        signal,
      )
      return list.items ?? []
    },
    staleTime: staleMs,
    enabled,
  })
  return { items: data ?? none, isLoading, error }
}

const none: readonly never[] = []

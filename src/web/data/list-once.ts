import { useQuery } from '@tanstack/react-query'

import type { KubeObject, ResourceKind } from '../../kube/kinds.ts'
import type { KubeError } from '../../kube/kube-error.ts'
import { collectionPath } from '../../kube/paths.ts'
import { useKube } from './host-context.tsx'

/** How long an answer is good enough for a form opened again. */
const staleMs = 15_000

interface ListOnceOptions {
  namespace?: string
  enabled?: boolean
  /**
   * For choices that can't be taken back: nothing known from before is shown, and the API server
   * answers with what is stored now.
   */
  mustBeFresh?: boolean
}

/**
 * A collection as it is now, for choices in a form. Unlike a live list it holds no connection open:
 * over HTTP/1.1 a browser has six per origin for all of its tabs, and every watch keeps one.
 */
export function useListOnce<T extends KubeObject>(
  kind: ResourceKind<T>,
  { namespace, enabled = true, mustBeFresh = false }: ListOnceOptions = {},
): { items: readonly T[]; isLoading: boolean; error: KubeError | null } {
  const client = useKube()
  const { data, isLoading, error } = useQuery<T[], KubeError>({
    queryKey: ['list-once', kind.group, kind.plural, namespace, mustBeFresh],
    queryFn: async ({ signal }) => {
      const list = await client.read<{ items: T[] | null }>(
        // Otherwise, what the API server has at hand is current enough.
        `${collectionPath(kind, namespace)}${mustBeFresh ? '' : '?resourceVersion=0'}`,
        signal,
      )
      return list.items ?? []
    },
    staleTime: mustBeFresh ? 0 : staleMs,
    ...(mustBeFresh && { gcTime: 0 }),
    enabled,
  })
  return { items: data ?? none, isLoading, error }
}

const none: readonly never[] = []

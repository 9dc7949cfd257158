import { useQuery } from '@tanstack/react-query'

import { podKind, type Pod } from '../../kube/kinds.ts'
import { collectionPath } from '../../kube/paths.ts'
import { addTaken, type PodNeed, type Taken } from '../../kube/room.ts'
import { useKube } from './host-context.tsx'

const pagePods = 500
/** Beyond so many pods, the answer isn't worth what it costs to ask. */
const mostPages = 4

interface PodPage {
  metadata?: { continue?: string }
  items: Pod[] | null
}

/**
 * What is taken of each node. Undefined while it isn't known, and where it stays so: the pods of all
 * namespaces may not be read by everyone, and may be too many.
 */
export function useNodeUsage(): Taken | undefined {
  const client = useKube()
  const { data } = useQuery<Taken | null>({
    queryKey: ['node-usage'],
    queryFn: async ({ signal }) => {
      const taken = new Map<string, PodNeed>()
      let next: string | undefined
      for (let page = 0; page < mostPages; page++) {
        const query = new URLSearchParams({ limit: String(pagePods) })
        if (next !== undefined) query.set('continue', next)
        // oxlint-disable-next-line no-await-in-loop -- each page names the next
        const { metadata, items } = await client.read<PodPage>(
          `${collectionPath(podKind)}?${query.toString()}`,
          signal,
        )
        addTaken(taken, items ?? [])
        next = metadata?.continue
        if (!next) return taken
      }
      return null
    },
    staleTime: 30_000,
    retry: false,
  })
  return data ?? undefined
}

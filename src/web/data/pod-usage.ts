import { useQuery, useQueryClient } from '@tanstack/react-query'

import type { Pod } from '../../kube/kinds.ts'
import type { KubeError } from '../../kube/kube-error.ts'
import {
  podMetricsPath,
  readUsage,
  withUsage,
  type PodMetrics,
  type Usage,
} from '../../kube/pod-metrics.ts'
import { useKube } from './host-context.tsx'

/** The shortest time in which metrics-server has new figures. */
const refreshMs = 10_000
const keptMs = 10 * 60_000

interface PodUsage {
  /** The oldest first. Those read before stay for as long as they may be of use. */
  usages: readonly Usage[]
  error: KubeError | null
  isLoading: boolean
}

/** What a container uses, read again and again while it is shown and the page can be seen. */
export function usePodUsage(pod: Pod | undefined, container: string): PodUsage {
  const client = useKube()
  const queryClient = useQueryClient()
  const { name = '', namespace = '', uid } = pod?.metadata ?? {}
  const queryKey = ['pod-usage', uid, container]
  const { data, error, isLoading } = useQuery<readonly Usage[], KubeError>({
    queryKey,
    queryFn: async ({ signal }) => {
      const metrics = await client.read<PodMetrics>(podMetricsPath({ namespace, name }), signal)
      const known = queryClient.getQueryData<readonly Usage[]>(queryKey) ?? []
      return withUsage(known, readUsage(metrics, container), keptMs)
    },
    enabled: uid !== undefined,
    refetchInterval: refreshMs,
    gcTime: keptMs,
    staleTime: refreshMs,
  })
  return { usages: data ?? [], error, isLoading }
}

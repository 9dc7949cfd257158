import { useQuery } from '@tanstack/react-query'

import { apiVersion, type ResourceKind } from '../../kube/kinds.ts'
import { KubeError } from '../../kube/kube-error.ts'
import { useKube } from './host-context.tsx'

/** What a cluster serves changes when something is installed. */
const staleMs = 5 * 60_000

/** Whether the cluster has the kind, by discovery; undefined while unknown, or when it can't be asked. */
export function useIsServed(kind: ResourceKind): boolean | undefined {
  const client = useKube()
  const path = `/apis/${apiVersion(kind)}`
  const { data } = useQuery({
    queryKey: ['served', path],
    queryFn: async ({ signal }) => {
      try {
        const { resources = [] } = await client.read<{ resources?: { name: string }[] }>(
          path,
          signal,
        )
        return resources.map(({ name }) => name)
      } catch (cause) {
        if (cause instanceof KubeError && cause.isNotFound) return []
        throw cause
      }
    },
    staleTime: staleMs,
  })
  return data?.includes(kind.plural)
}

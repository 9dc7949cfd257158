import { useQuery } from '@tanstack/react-query'

import { kubeVirtKind, type KubeVirt } from '../../kube/kinds.ts'
import {
  defaultKubeVirtConfig,
  readKubeVirtConfig,
  type KubeVirtConfig,
} from '../../kube/kubevirt-config.ts'
import { collectionPath } from '../../kube/paths.ts'
import { useKube } from './host-context.tsx'

/** The cluster's KubeVirt configuration; upstream's defaults until it is known or where it isn't readable. */
export function useKubeVirtConfig(): KubeVirtConfig {
  const client = useKube()
  const { data } = useQuery({
    queryKey: ['kubevirt-config'],
    queryFn: async ({ signal }) => {
      const { items } = await client.read<{ items: KubeVirt[] }>(
        collectionPath(kubeVirtKind),
        signal,
      )
      return items[0] ? readKubeVirtConfig(items[0]) : defaultKubeVirtConfig
    },
    staleTime: 5 * 60_000,
  })
  return data ?? defaultKubeVirtConfig
}

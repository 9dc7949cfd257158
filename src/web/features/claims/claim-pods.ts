import { useMemo } from 'react'

import { mountsClaim } from '../../../kube/claim-use.ts'
import { podKind, type Pod } from '../../../kube/kinds.ts'
import type { KubeError } from '../../../kube/kube-error.ts'
import { useListOnce } from '../../data/list-once.ts'

/** The pods that keep a claim from going, as of a moment ago. */
export function useClaimPods(
  namespace: string,
  claimName: string,
  options: { mustBeFresh?: boolean } = {},
): { pods: readonly Pod[]; isLoading: boolean; error: KubeError | null } {
  const { items, isLoading, error } = useListOnce(podKind, { namespace, ...options })
  const pods = useMemo(() => items.filter((pod) => mountsClaim(pod, claimName)), [items, claimName])
  return { pods, isLoading, error }
}

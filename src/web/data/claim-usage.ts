import { useMemo } from 'react'

import {
  claimUsers,
  projectVmClaims,
  projectVmiClaims,
  type ClaimUser,
} from '../../kube/claim-use.ts'
import { virtualMachineInstanceKind, virtualMachineKind } from '../../kube/kinds.ts'
import type { KubeError } from '../../kube/kube-error.ts'
import { useLiveList } from './live-list.ts'

interface ClaimUsage {
  /** By `namespace/claim`. */
  users: ReadonlyMap<string, readonly ClaimUser[]>
  isLoading: boolean
  /** Why it is incomplete. */
  error: KubeError | undefined
}

/** Which machines use which claims, as it changes; without a namespace, of all. */
export function useClaimUsage(namespace: string | undefined): ClaimUsage {
  const vms = useLiveList(virtualMachineKind, { namespace, project: projectVmClaims })
  const vmis = useLiveList(virtualMachineInstanceKind, { namespace, project: projectVmiClaims })
  const users = useMemo(() => claimUsers(vms.items, vmis.items), [vms.items, vmis.items])
  return {
    users,
    isLoading: [vms, vmis].some(({ status }) => status === 'loading' || status === 'partial'),
    error: vms.error ?? vmis.error,
  }
}

import { useMemo } from 'react'

import { virtualMachineKind } from '../../../kube/kinds.ts'
import type { KubeError } from '../../../kube/kube-error.ts'
import { profileUsers, projectVmReferences, type ProfileUser } from '../../../kube/vm-references.ts'
import { useLiveList } from '../../data/live-list.ts'

export interface ProfileUsage {
  /** By {@link profileKey}. */
  users: ReadonlyMap<string, readonly ProfileUser[]>
  isReady: boolean
  error: KubeError | undefined
}

/** Which VMs have which instance type or preference; without a namespace, of all. */
export function useProfileUsage(
  what: 'instancetype' | 'preference',
  namespace: string | undefined,
): ProfileUsage {
  const list = useLiveList(virtualMachineKind, { namespace, project: projectVmReferences })
  const users = useMemo(() => profileUsers(list.items, what), [list.items, what])
  return {
    users,
    isReady: list.status === 'complete' || list.status === 'failed',
    error: list.error,
  }
}

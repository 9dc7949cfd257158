/** Who is on which network, and which addresses are there twice, by the VMs and VMIs one may list. */
import { useMemo } from 'react'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../kube/kinds.ts'
import type { KubeError } from '../../kube/kube-error.ts'
import {
  macDuplicates,
  networkUsers,
  projectVmiNics,
  projectVmNics,
  type MacUser,
  type NetworkUser,
} from '../../kube/machine-nics.ts'
import { useLiveList, type LiveList } from './live-list.ts'

function isKnown({ status }: Pick<LiveList<unknown>, 'status'>): boolean {
  return status === 'complete'
}

function useMachineNics(namespace: string | undefined) {
  const vms = useLiveList(virtualMachineKind, { namespace, project: projectVmNics })
  const vmis = useLiveList(virtualMachineInstanceKind, { namespace, project: projectVmiNics })
  return {
    vms,
    vmis,
    isComplete: isKnown(vms) && isKnown(vmis),
    error: vms.error ?? vmis.error,
  }
}

export interface NetworkUsers {
  /** By `namespace/name` of the definition. */
  users: ReadonlyMap<string, readonly NetworkUser[]>
  /** All machines of the scope are known. */
  isComplete: boolean
  /** Why they aren't. */
  error: KubeError | undefined
  /** Only the machines of this namespace could be listed; there may be more in others. */
  onlyNamespace: string | undefined
}

/**
 * Who uses the definitions of a namespace, or of all. Machines of any namespace may name them, so
 * all are asked for; who may not list those learns of the namespace's own.
 */
export function useNetworkUsers(namespace: string | undefined): NetworkUsers {
  const everywhere = useMachineNics(undefined)
  const isDenied = everywhere.error?.isForbidden === true && namespace !== undefined
  // The same lists again unless they are denied: they are shared by their scope.
  const here = useMachineNics(isDenied ? namespace : undefined)
  const users = useMemo(
    () => networkUsers(here.vms.items, here.vmis.items),
    [here.vms.items, here.vmis.items],
  )
  return {
    users,
    isComplete: here.isComplete,
    error: here.error,
    onlyNamespace: isDenied ? namespace : undefined,
  }
}

/** Addresses that several NICs have, by lower-case address; of the namespace where all are denied. */
export function useMacDuplicates(namespace: string): ReadonlyMap<string, readonly MacUser[]> {
  const everywhere = useMachineNics(undefined)
  const here = useMachineNics(everywhere.error?.isForbidden ? namespace : undefined)
  return useMemo(
    () => macDuplicates(here.vms.items, here.vmis.items),
    [here.vms.items, here.vmis.items],
  )
}

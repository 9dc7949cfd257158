import { useMemo } from 'react'

import {
  virtualMachineInstanceKind,
  virtualMachineKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../kube/kinds.ts'
import type { KubeError } from '../../kube/kube-error.ts'
import { claimNameOf, templateSpec } from '../../kube/vm-devices.ts'
import { useListOnce } from './list-once.ts'

interface Claims {
  vmName: string
  claimNames: string[]
}

function claimsIn(name: string, volumes: ReturnType<typeof templateSpec>['volumes'] = []): Claims {
  return {
    vmName: name,
    claimNames: volumes.map(claimNameOf).filter((claim) => claim !== undefined),
  }
}

function claimsOfVm(vm: VirtualMachine): Claims {
  return claimsIn(vm.metadata.name, templateSpec(vm).volumes)
}

function claimsOfVmi({ metadata, spec }: VirtualMachineInstance): Claims {
  return claimsIn(metadata.name, spec.volumes)
}

/** Which VMs of the namespace name which claim; a standalone instance counts as one. */
export function useClaimUsers(namespace: string): Map<string, string[]> {
  return useKnownClaimUsers({ namespace }).users
}

/** The same, for who must know whether it is complete, or that it is of now. */
export function useKnownClaimUsers(scope: { namespace: string; mustBeFresh?: boolean }): {
  users: Map<string, string[]>
  isLoading: boolean
  error: KubeError | null
} {
  const asked = { ...scope, enabled: scope.namespace !== '' }
  const vms = useListOnce(virtualMachineKind, asked)
  const vmis = useListOnce(virtualMachineInstanceKind, asked)
  const allUsers = useMemo(() => {
    const users = new Map<string, Set<string>>()
    for (const { vmName, claimNames } of [
      ...vms.items.map(claimsOfVm),
      ...vmis.items.map(claimsOfVmi),
    ])
      for (const claim of claimNames)
        users.set(claim, (users.get(claim) ?? new Set<string>()).add(vmName))
    return new Map([...users].map(([claim, names]) => [claim, [...names].toSorted()]))
  }, [vms.items, vmis.items])
  return {
    users: allUsers,
    isLoading: vms.isLoading || vmis.isLoading,
    error: vms.error ?? vmis.error,
  }
}

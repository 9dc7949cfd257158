/** Which claims a machine names: what lists of claims keep of the machines beside them. */
import type { Pod, VirtualMachine, VirtualMachineInstance } from './kinds.ts'
import { claimNameOf, templateSpec, type Volume } from './vm-devices.ts'

export interface ClaimUse {
  kind: 'VirtualMachine' | 'VirtualMachineInstance'
  namespace: string
  name: string
  claims: readonly string[]
  /** Of an instance: the VM of the same name that it runs. */
  isOwned: boolean
}

function claimNames(volumes: readonly Volume[] = []): string[] {
  return volumes.map(claimNameOf).filter((name) => name !== undefined)
}

export function projectVmClaims(vm: VirtualMachine): ClaimUse {
  const { namespace = '', name } = vm.metadata
  return {
    kind: 'VirtualMachine',
    namespace,
    name,
    claims: claimNames(templateSpec(vm).volumes),
    isOwned: false,
  }
}

export function projectVmiClaims({ metadata, spec }: VirtualMachineInstance): ClaimUse {
  return {
    kind: 'VirtualMachineInstance',
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    claims: claimNames(spec.volumes),
    isOwned: metadata.ownerReferences?.some(({ kind }) => kind === 'VirtualMachine') ?? false,
  }
}

/** A machine that uses a claim. */
export interface ClaimUser {
  kind: 'VirtualMachine' | 'VirtualMachineInstance'
  name: string
  /** It has the claim attached now; a stopped VM only names it. */
  isRunning: boolean
}

/** The users of each claim by `namespace/claim`; a VM and its own instance are one. */
export function claimUsers(
  vms: readonly ClaimUse[],
  vmis: readonly ClaimUse[],
): ReadonlyMap<string, readonly ClaimUser[]> {
  const users = new Map<string, Map<string, ClaimUser>>()
  const add = ({ namespace, name, claims, isOwned, kind }: ClaimUse, isRunning: boolean) => {
    const known = kind === 'VirtualMachine' || isOwned ? 'VirtualMachine' : kind
    for (const claim of claims) {
      const key = `${namespace}/${claim}`
      const ofClaim = users.get(key) ?? new Map<string, ClaimUser>()
      ofClaim.set(`${known}/${name}`, { kind: known, name, isRunning })
      users.set(key, ofClaim)
    }
  }
  for (const vm of vms) add(vm, false)
  for (const vmi of vmis) add(vmi, true)
  return new Map(
    [...users].map(([key, ofClaim]) => [
      key,
      [...ofClaim.values()].toSorted((a, b) => a.name.localeCompare(b.name)),
    ]),
  )
}

/** Whether a pod that hasn't ended mounts the claim. */
export function mountsClaim({ spec, status }: Pod, claimName: string): boolean {
  if (['Succeeded', 'Failed'].includes(String(status?.phase))) return false
  return (
    spec?.volumes?.some(
      ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claimName,
    ) ?? false
  )
}

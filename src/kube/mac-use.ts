/** Which machines have which MAC addresses: what the form of a NIC asks before it gives one twice. */
import type { VirtualMachine, VirtualMachineInstance } from './kinds.ts'
import { plainMac } from './mac-address.ts'
import { nicsOf, templateSpec } from './vm-devices.ts'

export interface MacUse {
  namespace: string
  name: string
  /** As {@link plainMac} writes them. */
  macs: readonly string[]
}

function uses(
  { namespace = '', name }: { namespace?: string; name: string },
  macs: readonly (string | undefined)[],
): MacUse {
  const plain = macs.filter((mac) => mac !== undefined && mac !== '').map((mac) => plainMac(mac!))
  return { namespace, name, macs: [...new Set(plain)] }
}

export function projectVmMacs(vm: VirtualMachine): MacUse {
  return uses(
    vm.metadata,
    nicsOf(templateSpec(vm)).map(({ iface }) => iface.macAddress),
  )
}

/** With those that the cluster chose: no template has them. */
export function projectVmiMacs({ metadata, spec, status }: VirtualMachineInstance): MacUse {
  return uses(metadata, [
    ...nicsOf(spec).map(({ iface }) => iface.macAddress),
    // The guest's own bridges and tunnels, which have no name here, often have their port's address.
    ...(status?.interfaces ?? []).filter(({ name }) => name).map(({ mac }) => mac),
  ])
}

/** `namespace/name` of each other machine that has the address; a VM and its instance are one. */
export function otherUsersOf(
  mac: string,
  uses: readonly MacUse[],
  self: { namespace?: string; name: string },
): string[] {
  const wanted = plainMac(mac)
  const users = uses
    .filter(
      ({ namespace, name, macs }) =>
        macs.includes(wanted) && !(name === self.name && namespace === (self.namespace ?? '')),
    )
    .map(({ namespace, name }) => `${namespace}/${name}`)
  return [...new Set(users)].toSorted()
}

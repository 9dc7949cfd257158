/** Which networks machines are on, by which addresses: what lists of networks keep of VMs and VMIs. */
import type { KubeObject, VirtualMachine, VirtualMachineInstance } from './kinds.ts'
import { plainMac } from './mac-address.ts'
import { owningVmName } from './vm-facts.ts'

/** A NIC as the spec asks for it. */
interface MachineNic {
  name: string
  /** `pod`, or the definition as `namespace/name`. */
  network: string
  /** Lower case, with colons; absent while KubeVirt has yet to choose one. */
  macAddress?: string
}

/** The little of a VM or VMI that says which networks it is on. */
export interface MachineNics {
  metadata: KubeObject['metadata']
  /** The VM a VMI belongs to, or the name of the VM itself. */
  vmName: string | undefined
  nics: readonly MachineNic[]
}

interface NetworkedSpec {
  networks?: { name: string; pod?: unknown; multus?: { networkName?: string } }[]
  domain?: { devices?: { interfaces?: { name: string; macAddress?: string; state?: string }[] } }
}

/** `namespace/name` of a definition that a network of a machine in `namespace` refers to. */
function nadKeyOf(networkName: string, namespace: string): string {
  return networkName.includes('/') ? networkName : `${namespace}/${networkName}`
}

function nicsIn(spec: NetworkedSpec | undefined, namespace: string): MachineNic[] {
  const interfaces = spec?.domain?.devices?.interfaces ?? []
  return (spec?.networks ?? []).flatMap(({ name, multus }): MachineNic[] => {
    const nic = interfaces.find((one) => one.name === name)
    // On its way out: the controller removes it.
    if (nic?.state === 'absent') return []
    return [
      {
        name,
        network: multus?.networkName ? nadKeyOf(multus.networkName, namespace) : 'pod',
        ...(nic?.macAddress && { macAddress: plainMac(nic.macAddress) }),
      },
    ]
  })
}

function meta({ metadata }: KubeObject): KubeObject['metadata'] {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata
  return {
    name,
    uid,
    resourceVersion,
    creationTimestamp,
    ...(namespace !== undefined && { namespace }),
  }
}

export function projectVmNics(vm: VirtualMachine): MachineNics {
  const spec = vm.spec.template?.spec as NetworkedSpec | undefined
  return {
    metadata: meta(vm),
    vmName: vm.metadata.name,
    nics: nicsIn(spec, vm.metadata.namespace ?? ''),
  }
}

/** Of what runs; addresses that KubeVirt or a pool has chosen are in the status. */
export function projectVmiNics(vmi: VirtualMachineInstance): MachineNics {
  const nics = nicsIn(vmi.spec as NetworkedSpec, vmi.metadata.namespace ?? '')
  const running = vmi.status?.interfaces ?? []
  return {
    metadata: meta(vmi),
    vmName: owningVmName(vmi),
    nics: nics.map((nic) => {
      const mac = nic.macAddress ?? running.find(({ name }) => name === nic.name)?.mac
      return mac ? { ...nic, macAddress: plainMac(mac) } : nic
    }),
  }
}

/** A machine that is on a network: by its VM's spec, by what runs, or both. */
export interface NetworkUser {
  namespace: string
  name: string
  /** No VirtualMachine owns it. */
  isStandalone: boolean
  /** The VM's spec names the network: its next start needs it. */
  isInSpec: boolean
  /** The running instance is on it, whatever the spec says by now. */
  isRunning: boolean
  nics: readonly string[]
}

function byName(a: NetworkUser, b: NetworkUser): number {
  return a.namespace.localeCompare(b.namespace) || a.name.localeCompare(b.name)
}

/** Who is on which network, by `namespace/name` of the definition. */
export function networkUsers(
  vms: readonly MachineNics[],
  vmis: readonly MachineNics[],
): ReadonlyMap<string, readonly NetworkUser[]> {
  const users = new Map<string, Map<string, NetworkUser>>()
  const note = (machine: MachineNics, part: 'isInSpec' | 'isRunning') => {
    const { namespace = '', name: ownName } = machine.metadata
    const name = machine.vmName ?? ownName
    for (const nic of machine.nics) {
      if (nic.network === 'pod') continue
      const ofNetwork = users.get(nic.network) ?? new Map<string, NetworkUser>()
      users.set(nic.network, ofNetwork)
      const key = `${namespace}/${name}`
      const before = ofNetwork.get(key)
      ofNetwork.set(key, {
        namespace,
        name,
        isStandalone: machine.vmName === undefined,
        isInSpec: before?.isInSpec ?? false,
        isRunning: before?.isRunning ?? false,
        nics: [...new Set([...(before?.nics ?? []), nic.name])],
        [part]: true,
      })
    }
  }
  for (const vm of vms) note(vm, 'isInSpec')
  for (const vmi of vmis) note(vmi, 'isRunning')
  return new Map(
    [...users].map(([network, ofNetwork]) => [network, [...ofNetwork.values()].toSorted(byName)]),
  )
}

export interface MacUser {
  namespace: string
  name: string
  nic: string
  network: string
}

/**
 * NICs that share an address, by address. A VM and its own instance count once; so do the same NIC's
 * spec and status. Equal addresses on different networks harm nobody until the networks meet, so
 * callers tell them apart by `network`.
 */
export function macDuplicates(
  vms: readonly MachineNics[],
  vmis: readonly MachineNics[],
): ReadonlyMap<string, readonly MacUser[]> {
  const users = new Map<string, Map<string, MacUser>>()
  for (const { metadata, vmName, nics } of [...vms, ...vmis]) {
    const { namespace = '' } = metadata
    const name = vmName ?? metadata.name
    for (const { name: nic, network, macAddress } of nics) {
      if (macAddress === undefined) continue
      const ofMac = users.get(macAddress) ?? new Map<string, MacUser>()
      users.set(macAddress, ofMac)
      ofMac.set(`${namespace}/${name}/${nic}`, { namespace, name, nic, network })
    }
  }
  return new Map(
    [...users].flatMap(([mac, ofMac]) => (ofMac.size > 1 ? [[mac, [...ofMac.values()]]] : [])),
  )
}

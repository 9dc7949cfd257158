/** JSON patches for the network interfaces of a VM's template. */
import type { JsonPatchOperation } from './client.ts'
import type { VirtualMachine } from './kinds.ts'
import {
  hasImplicitPodNetwork,
  templateSpec,
  type Interface,
  type Network,
  type Nic,
} from './vm-devices.ts'
import { append, guards, templatePath } from './vm-patch.ts'

const interfacesPath = '/domain/devices/interfaces'
const networksPath = '/networks'
const multiqueuePath = '/domain/devices/networkInterfaceMultiqueue'
const autoattachPath = `${templatePath}/domain/devices/autoattachPodInterface`

/** A NIC and its network have one name. */
export interface NewNic {
  iface: Interface
  network: Network
}

function lists(vm: VirtualMachine) {
  const spec = templateSpec(vm)
  const { interfaces } = spec.domain.devices
  const networks = spec.networks as Network[] | undefined
  return {
    spec,
    interfaces,
    networks,
    tests: guards(vm, { [networksPath]: networks, [interfacesPath]: interfaces }),
  }
}

/**
 * Adds a NIC. A VM without any has the pod network by itself only as long as none is given
 * (https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/network/vmispec/defaults.go#L33), so the
 * first one is written together with `implicit`, which keeps it.
 */
export function addNicPatch(vm: VirtualMachine, nic: NewNic, implicit: Nic): JsonPatchOperation[] {
  const { spec, interfaces, networks, tests } = lists(vm)
  const kept = hasImplicitPodNetwork(spec) && implicit.network ? [implicit] : []
  return [
    ...tests,
    ...append(networksPath, networks, ...kept.map(({ network }) => network), nic.network),
    ...append(interfacesPath, interfaces, ...kept.map(({ iface }) => iface), nic.iface),
  ]
}

/** Where {@link addNicPatch} puts the new NIC, for the causes of a refusal. */
export function addedNicPlace(vm: VirtualMachine): { index: number; networkIndex: number } {
  const { spec, interfaces, networks } = lists(vm)
  const kept = hasImplicitPodNetwork(spec) ? 1 : 0
  return {
    index: (interfaces?.length ?? 0) + kept,
    networkIndex: (networks?.length ?? 0) + kept,
  }
}

/** Where a NIC of this name stands; -1 when it doesn't. */
export function nicPlace(vm: VirtualMachine, name: string) {
  const { interfaces, networks } = lists(vm)
  return {
    index: interfaces?.findIndex((iface) => iface.name === name) ?? -1,
    networkIndex: networks?.findIndex((network) => network.name === name) ?? -1,
  }
}

/** Replaces a NIC and its network. Editing the implicit pod network writes it down. */
export function editNicPatch(vm: VirtualMachine, name: string, nic: NewNic): JsonPatchOperation[] {
  const { interfaces, networks, tests } = lists(vm)
  const { index, networkIndex } = nicPlace(vm, name)
  const put = (
    path: string,
    array: readonly unknown[] | undefined,
    at: number,
    value: unknown,
  ): JsonPatchOperation[] =>
    at < 0
      ? append(path, array, value)
      : [{ op: 'replace', path: `${templatePath}${path}/${at}`, value }]
  const unchanged = networkIndex >= 0 && JSON.stringify(networks?.[networkIndex])
  return [
    ...tests,
    ...(unchanged === JSON.stringify(nic.network)
      ? []
      : put(networksPath, networks, networkIndex, nic.network)),
    ...put(interfacesPath, interfaces, index, nic.iface),
  ]
}

/** Whether the VM's virtio interfaces have a queue per vCPU: no patch where it is so already. */
export function manyQueuesPatch(vm: VirtualMachine, isOn: boolean): JsonPatchOperation[] {
  const { networkInterfaceMultiqueue: before } = templateSpec(vm).domain.devices
  if ((before ?? false) === isOn) return []
  return [
    ...guards(vm, { [multiqueuePath]: before }),
    { op: 'add', path: `${templatePath}${multiqueuePath}`, value: isOn },
  ]
}

/** Unplugs from the running VM; KubeVirt then removes the entries itself. */
export function unplugNicPatch(vm: VirtualMachine, name: string): JsonPatchOperation[] {
  const { tests } = lists(vm)
  const { index } = nicPlace(vm, name)
  return [
    ...tests,
    { op: 'add', path: `${templatePath}${interfacesPath}/${index}/state`, value: 'absent' },
  ]
}

/**
 * Deletes a NIC and its network. Without the last one KubeVirt would add the pod network again, so
 * that is switched off with it.
 */
export function removeNicPatch(vm: VirtualMachine, name: string): JsonPatchOperation[] {
  const { spec, interfaces = [], networks = [], tests } = lists(vm)
  const { index, networkIndex } = nicPlace(vm, name)
  const isLast =
    interfaces.filter((iface) => iface.name !== name).length === 0 &&
    networks.filter((network) => network.name !== name).length === 0
  return [
    ...tests,
    ...(index < 0
      ? []
      : [{ op: 'remove' as const, path: `${templatePath}${interfacesPath}/${index}` }]),
    ...(networkIndex < 0
      ? []
      : [{ op: 'remove' as const, path: `${templatePath}${networksPath}/${networkIndex}` }]),
    ...(isLast && spec.domain.devices.autoattachPodInterface !== false
      ? [{ op: 'add' as const, path: autoattachPath, value: false }]
      : []),
  ]
}

/** Whether a NIC leaves a running VM by `state: absent` (v1.9.0 pkg/network/admitter/admit.go). */
export function isUnpluggable({ iface, network }: Nic): boolean {
  return iface.bridge !== undefined && network?.multus !== undefined && !network.multus.default
}

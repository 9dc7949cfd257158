/**
 * Takes template changes over to a running VMI where KubeVirt does so live: interfaces, link
 * states and hotpluggable volumes.
 * Sources: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/network/controllers/vm.go,
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/storage/hotplug/hotplug.go
 */
import {
  isFinal,
  keys,
  type Disk,
  type VirtualMachine,
  type VirtualMachineInstance,
  type VmiSpec,
} from '../kubevirt/objects.ts'
import type { ControllerContext } from './controller-context.ts'
import { isHotpluggable, isPluggable, networkOf } from './restart-required.ts'

export function syncTemplateToVmi(
  { cluster }: ControllerContext,
  vm: VirtualMachine,
  vmi: VirtualMachineInstance,
): void {
  if (isFinal(vmi) || vmi.metadata.deletionTimestamp) return
  const { namespace, name } = vmi.metadata
  cluster.store.update<VirtualMachineInstance>(keys.vmi, namespace, name, ({ spec }) => {
    syncInterfaces(vm.spec.template.spec, spec)
    if (vm.spec['updateVolumesStrategy'] !== 'Migration') {
      syncVolumes(vm.spec.template.spec, spec)
    }
  })
  dropAbsentInterfaces(cluster.store, vm, vmi)
}

function syncInterfaces(wanted: VmiSpec, actual: VmiSpec): void {
  const nics = actual.domain.devices.interfaces ?? []
  for (const nic of wanted.domain.devices.interfaces ?? []) {
    const present = nics.find(({ name }) => name === nic.name)
    const network = networkOf(wanted, nic.name)
    if (present) {
      if (nic.state === undefined) {
        if (present.state !== undefined) delete present.state
      } else if (!present.sriov || nic.state === '') present.state = nic.state
      const current = networkOf(actual, nic.name)
      if (network?.multus && current?.multus) current.multus = { ...network.multus }
    } else if (nic.state !== 'absent' && network && isPluggable(nic, network) && !nic.binding) {
      actual.domain.devices.interfaces = [
        ...(actual.domain.devices.interfaces ?? []),
        { ...(nic.sriov ? {} : { model: 'virtio' }), ...structuredClone(nic) },
      ]
      actual.networks = [...(actual.networks ?? []), structuredClone(network)]
    }
  }
}

/** An unplugged interface leaves the VM's template once the VMI no longer has it. */
function dropAbsentInterfaces(
  store: ControllerContext['cluster']['store'],
  vm: VirtualMachine,
  vmi: VirtualMachineInstance,
): void {
  const present = new Set(vmi.spec.domain.devices.interfaces?.map(({ name }) => name))
  const gone = (vm.spec.template.spec.domain.devices.interfaces ?? [])
    .filter(({ name, state }) => state === 'absent' && !present.has(name))
    .map(({ name }) => name)
  if (gone.length === 0) return
  const { namespace, name } = vm.metadata
  store.update<VirtualMachine>(keys.vm, namespace, name, ({ spec }) => {
    removeInterfaces(spec.template.spec, gone)
  })
}

export function removeInterfaces(spec: VmiSpec, names: string[]): void {
  const { devices } = spec.domain
  devices.interfaces = devices.interfaces?.filter(({ name }) => !names.includes(name)) ?? []
  spec.networks = spec.networks?.filter(({ name }) => !names.includes(name)) ?? []
}

function syncVolumes(wanted: VmiSpec, actual: VmiSpec): void {
  const disks = (spec: VmiSpec): Disk[] => spec.domain.devices.disks ?? []
  for (const volume of (actual.volumes ?? []).filter(isHotpluggable)) {
    if (wanted.volumes?.some(({ name }) => name === volume.name)) continue
    actual.volumes = actual.volumes!.filter((other) => other !== volume)
    if (!disks(wanted).some(({ name }) => name === volume.name)) {
      actual.domain.devices.disks = disks(actual).filter(({ name }) => name !== volume.name)
    }
  }
  for (const volume of (wanted.volumes ?? []).filter(isHotpluggable)) {
    if (actual.volumes?.some(({ name }) => name === volume.name)) continue
    actual.volumes = [...(actual.volumes ?? []), structuredClone(volume)]
    const disk = disks(wanted).find(({ name }) => name === volume.name) ?? {
      name: volume.name,
      disk: { bus: 'scsi' },
    }
    if (!disks(actual).some(({ name }) => name === volume.name)) {
      actual.domain.devices.disks = [...disks(actual), structuredClone(disk)]
    }
  }
}

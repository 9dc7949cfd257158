/**
 * Takes template changes over to a running VMI where KubeVirt does so live: interfaces, link
 * states and hotpluggable volumes.
 * Sources: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/network/controllers/vm.go,
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/storage/hotplug/hotplug.go
 */
import { isDeepStrictEqual } from 'node:util'

import { readConfiguration } from '../kubevirt/admission/configuration.ts'
import { hasCondition } from '../kubevirt/conditions.ts'
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
import { isMigrationStrategy } from './volume-migration.ts'

export function syncTemplateToVmi(
  { cluster }: ControllerContext,
  vm: VirtualMachine,
  vmi: VirtualMachineInstance,
): void {
  if (isFinal(vmi) || vmi.metadata.deletionTimestamp) return
  const { namespace, name } = vmi.metadata
  const kubevirt = readConfiguration(cluster.store)
  const isDeclarative =
    !kubevirt.isEnabled('HotplugVolumes') && kubevirt.isEnabled('DeclarativeHotplugVolumes')
  cluster.store.update<VirtualMachineInstance>(keys.vmi, namespace, name, (draft) => {
    syncInterfaces(vm.spec.template.spec, draft)
    if (isDeclarative && !isMigrationStrategy(vm)) syncVolumes(vm.spec.template.spec, draft)
  })
  dropAbsentInterfaces(cluster.store, vm, vmi)
}

function syncInterfaces(wanted: VmiSpec, { spec: actual, status }: VirtualMachineInstance): void {
  const isMigratable = hasCondition(status?.conditions, 'LiveMigratable')
  const nics = actual.domain.devices.interfaces ?? []
  for (const nic of wanted.domain.devices.interfaces ?? []) {
    const present = nics.find(({ name }) => name === nic.name)
    const network = networkOf(wanted, nic.name)
    if (present) {
      if (nic.state === undefined) {
        if (present.state !== undefined) delete present.state
      } else if (!present.sriov || nic.state === '') present.state = nic.state
      const current = networkOf(actual, nic.name)
      if (network?.multus && current?.multus && isMigratable) current.multus = { ...network.multus }
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

/**
 * Volumes that came, went or changed. A changed one leaves first and comes back once it is gone; the
 * drive of a CD-ROM stays.
 */
function syncVolumes(wanted: VmiSpec, { spec, status }: VirtualMachineInstance): void {
  const disksOf = ({ domain }: VmiSpec): Disk[] => domain.devices.disks ?? []
  const find = <T extends { name: string }>(list: readonly T[] | undefined, name: string) =>
    list?.find((item) => item.name === name)
  const before = spec.volumes ?? []
  const kept = before.filter((volume) => {
    if (!isHotpluggable(volume)) return true
    const desired = find(wanted.volumes, volume.name)
    return desired && (!isHotpluggable(desired) || isDeepStrictEqual(desired, volume))
  })
  const added = (wanted.volumes ?? []).filter(
    (volume) =>
      isHotpluggable(volume) &&
      !find(before, volume.name) &&
      !find(status?.volumeStatus, volume.name),
  )
  if (kept.length === before.length && added.length === 0) return

  spec.volumes = [...kept, ...added.map((volume) => structuredClone(volume))]
  const keptDisks = disksOf(spec).filter((disk) => {
    if (find(spec.volumes, disk.name)) return true
    const desired = find(disksOf(wanted), disk.name)
    const isReplaced = find(wanted.volumes, disk.name) !== undefined
    return desired && (!isReplaced || (desired.cdrom && disk.cdrom))
  })
  const addedDisks = added
    .filter(({ name }) => !find(keptDisks, name))
    .map(({ name }) => find(disksOf(wanted), name) ?? { name, disk: { bus: 'scsi' } })
  spec.domain.devices.disks = [...keptDisks, ...addedDisks.map((disk) => structuredClone(disk))]
}

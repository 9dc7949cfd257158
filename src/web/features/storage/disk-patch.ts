/** JSON patches for the disks of a VM's template. */
import type { JsonPatchOperation } from '../../../kube/client.ts'
import type { VirtualMachine } from '../../../kube/kinds.ts'
import { templateSpec, type Disk, type Volume } from '../../../kube/vm-devices.ts'
import { append, guards, removeDataVolumeTemplate, templatePath } from '../../../kube/vm-patch.ts'

const disksPath = '/domain/devices/disks'
const volumesPath = '/volumes'

function lists(vm: VirtualMachine) {
  const spec = templateSpec(vm)
  const { disks } = spec.domain.devices
  const { volumes } = spec
  return { disks, volumes, tests: guards(vm, { [volumesPath]: volumes, [disksPath]: disks }) }
}

/** Adds a disk and its volume, which have one name; an empty drive has none. */
export function attachDiskPatch(
  vm: VirtualMachine,
  { disk, volume }: { disk: Disk; volume: Volume | undefined },
): JsonPatchOperation[] {
  const { disks, volumes, tests } = lists(vm)
  return [
    ...tests,
    ...(volume ? append(volumesPath, volumes, volume) : []),
    ...append(disksPath, disks, disk),
  ]
}

/** Gives the disk of that name another device. A volume without a disk gets one. */
export function editDiskPatch(vm: VirtualMachine, name: string, disk: Disk): JsonPatchOperation[] {
  const { disks, tests } = lists(vm)
  const index = disks?.findIndex((one) => one.name === name) ?? -1
  return [
    ...tests,
    ...(index < 0
      ? append(disksPath, disks, disk)
      : [{ op: 'replace' as const, path: `${templatePath}${disksPath}/${index}`, value: disk }]),
  ]
}

/** Where the disk of that name is, for the causes of a refusal. */
export function diskPlace(
  vm: VirtualMachine,
  name: string,
): { index: number; volumeIndex: number } {
  const { disks = [], volumes = [] } = lists(vm)
  return {
    index: disks.findIndex((one) => one.name === name),
    volumeIndex: volumes.findIndex((one) => one.name === name),
  }
}

/** A disk or NIC, as a boot order names it. */
export interface BootDevice {
  kind: 'disk' | 'nic'
  name: string
}

/** Has the devices boot in this order; all others don't. Only what differs is changed. */
export function bootOrderPatch(
  vm: VirtualMachine,
  order: readonly BootDevice[],
): JsonPatchOperation[] {
  const { disks, interfaces } = templateSpec(vm).domain.devices
  const nicsPath = '/domain/devices/interfaces'
  const changes = (
    kind: BootDevice['kind'],
    path: string,
    devices: typeof disks | typeof interfaces,
  ) =>
    (devices ?? []).flatMap((device, index): JsonPatchOperation[] => {
      const place = order.findIndex((one) => one.kind === kind && one.name === device.name)
      const wanted = place < 0 ? undefined : place + 1
      if (wanted === device.bootOrder) return []
      const at = `${templatePath}${path}/${index}/bootOrder`
      return [
        wanted === undefined ? { op: 'remove', path: at } : { op: 'add', path: at, value: wanted },
      ]
    })
  const operations = [...changes('disk', disksPath, disks), ...changes('nic', nicsPath, interfaces)]
  return operations.length === 0
    ? []
    : [...guards(vm, { [disksPath]: disks, [nicsPath]: interfaces }), ...operations]
}

/** Where {@link attachDiskPatch} puts the new disk, for the causes of a refusal. */
export function attachedDiskPlace(vm: VirtualMachine): { index: number; volumeIndex: number } {
  const { disks, volumes } = lists(vm)
  return { index: disks?.length ?? 0, volumeIndex: volumes?.length ?? 0 }
}

/** Removes a disk, its volume and the DataVolume template behind it. The PVC stays. */
export function detachDiskPatch(vm: VirtualMachine, name: string): JsonPatchOperation[] {
  const { disks = [], volumes = [], tests } = lists(vm)
  const diskIndex = disks.findIndex((disk) => disk.name === name)
  const volumeIndex = volumes.findIndex((volume) => volume.name === name)
  return [
    ...tests,
    ...(diskIndex < 0
      ? []
      : [{ op: 'remove' as const, path: `${templatePath}${disksPath}/${diskIndex}` }]),
    ...(volumeIndex < 0
      ? []
      : [{ op: 'remove' as const, path: `${templatePath}${volumesPath}/${volumeIndex}` }]),
    ...removeDataVolumeTemplate(vm, volumes[volumeIndex]),
  ]
}

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

/** Adds a disk and its volume, which have one name. */
export function attachDiskPatch(
  vm: VirtualMachine,
  { disk, volume }: { disk: Disk; volume: Volume },
): JsonPatchOperation[] {
  const { disks, volumes, tests } = lists(vm)
  return [...tests, ...append(volumesPath, volumes, volume), ...append(disksPath, disks, disk)]
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

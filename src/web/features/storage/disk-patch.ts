/** JSON patches for the disks of a VM's template. */
import type { JsonPatchOperation } from '../../../kube/client.ts'
import type { VirtualMachine } from '../../../kube/kinds.ts'
import { templateSpec, type Disk, type Volume } from '../../../kube/vm-devices.ts'
import { append, guards, templatePath } from '../../../kube/vm-patch.ts'

const disksPath = '/domain/devices/disks'
const volumesPath = '/volumes'
const dataVolumeTemplatesPath = '/spec/dataVolumeTemplates'

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

/** The template of the VM that made this volume's DataVolume; -1 when none did. */
export function dataVolumeTemplateIndex(vm: VirtualMachine, volume: Volume | undefined): number {
  const name = volume?.dataVolume?.name
  if (name === undefined) return -1
  return (
    vm.spec.dataVolumeTemplates?.findIndex((template) => template.metadata?.name === name) ?? -1
  )
}

/**
 * Removes a disk, its volume and the DataVolume template behind it: admission refuses a template
 * that no volume refers to. The PVC stays.
 */
export function detachDiskPatch(vm: VirtualMachine, name: string): JsonPatchOperation[] {
  const { disks = [], volumes = [], tests } = lists(vm)
  const diskIndex = disks.findIndex((disk) => disk.name === name)
  const volumeIndex = volumes.findIndex((volume) => volume.name === name)
  const templateIndex = dataVolumeTemplateIndex(vm, volumes[volumeIndex])
  return [
    ...tests,
    ...(diskIndex < 0
      ? []
      : [{ op: 'remove' as const, path: `${templatePath}${disksPath}/${diskIndex}` }]),
    ...(volumeIndex < 0
      ? []
      : [{ op: 'remove' as const, path: `${templatePath}${volumesPath}/${volumeIndex}` }]),
    ...(templateIndex < 0
      ? []
      : [
          {
            op: 'test' as const,
            path: dataVolumeTemplatesPath,
            value: vm.spec.dataVolumeTemplates,
          },
          { op: 'remove' as const, path: `${dataVolumeTemplatesPath}/${templateIndex}` },
        ]),
  ]
}

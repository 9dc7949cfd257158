/**
 * JSON patches that change what is in a CD-ROM drive: its volume comes, goes or is another, the disk
 * stays. Only a `hotpluggable` volume does so while the VM runs.
 *
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/storage/hotplug/hotplug.go#L37
 */
import type { JsonPatchOperation } from './client.ts'
import type { VirtualMachine } from './kinds.ts'
import { templateSpec, type Volume } from './vm-devices.ts'
import { append, guards, removeDataVolumeTemplate, templatePath } from './vm-patch.ts'

const volumesPath = '/volumes'

/** The volume that puts a claim into a drive; a DataVolume's claim bears its name. */
export function mediumVolume(
  drive: string,
  claimName: string,
  { isDataVolume }: { isDataVolume: boolean },
): Volume {
  return isDataVolume
    ? { name: drive, dataVolume: { name: claimName, hotpluggable: true } }
    : { name: drive, persistentVolumeClaim: { claimName, hotpluggable: true } }
}

/** Puts a medium into the drive that is named as the volume, in place of what may be there. */
export function insertMediumPatch(vm: VirtualMachine, volume: Volume): JsonPatchOperation[] {
  const { volumes } = templateSpec(vm)
  const index = volumes?.findIndex(({ name }) => name === volume.name) ?? -1
  return [
    ...guards(vm, { [volumesPath]: volumes }),
    ...(index < 0
      ? append(volumesPath, volumes, volume)
      : [
          {
            op: 'replace' as const,
            path: `${templatePath}${volumesPath}/${index}`,
            value: volume,
          },
          ...removeDataVolumeTemplate(vm, volumes?.[index]),
        ]),
  ]
}

/** Leaves the drive empty. No operation when it is. */
export function ejectMediumPatch(vm: VirtualMachine, drive: string): JsonPatchOperation[] {
  const { volumes } = templateSpec(vm)
  const index = volumes?.findIndex(({ name }) => name === drive) ?? -1
  if (index < 0) return []
  return [
    ...guards(vm, { [volumesPath]: volumes }),
    { op: 'remove', path: `${templatePath}${volumesPath}/${index}` },
    ...removeDataVolumeTemplate(vm, volumes?.[index]),
  ]
}

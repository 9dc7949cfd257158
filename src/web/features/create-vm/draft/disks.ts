/** The disks of the draft, each with its volume and what makes the claim behind it. */
import type { Disk } from '../../../../kube/vm-devices.ts'
import { sourceOf } from '../../../../kube/volume-source.ts'
import {
  diskFromValues,
  diskWithValues,
  proposeDiskName,
  type DeviceValues,
  type DiskValues,
} from '../../../ui/storage/disk-form.ts'
import { diskRows, type DiskRow, type DiskSources } from '../../../ui/storage/disk-rows.ts'
import {
  claimRequest,
  dataVolumeFromValues,
  neededObject,
} from '../../../ui/storage/disk-source.ts'
import type { StorageClassValues } from '../../../ui/storage/StorageClassFields.tsx'
import { templateOf } from './boot-source.ts'
import { devicesOf, withDevices, type DataVolumeTemplate, type Draft } from './draft.ts'
import { vmOf } from './nics.ts'

function templateWords({ spec: { source = {}, sourceRef } }: DataVolumeTemplate): string {
  if (sourceRef) return `New, a copy of ${sourceRef.name}`
  if (source['blank']) return 'New, empty'
  const [kind = '', from] = Object.entries(source)[0] ?? []
  const where = from?.url ?? [from?.namespace, from?.name].filter(Boolean).join('/')
  return where === '' ? `New, by ${kind}` : `New, from ${where}`
}

/** What each disk holds, in words, as in `New, a copy of debian`. */
export function draftSources(draft: Draft): { name: string; source: string }[] {
  const devices = devicesOf(draft)
  return devices.disks.map((disk) => {
    const volume = devices.volumes.find(({ name }) => name === disk.name)
    const template = templateOf(devices, volume)
    const { type, name } = sourceOf(volume)
    return {
      name: disk.name,
      source: template ? templateWords(template) : `${type} ${name}`.trim(),
    }
  })
}

/** The table's rows: those of a VM that is there, with the claims that are yet to be made. */
export function draftDiskRows(
  draft: Draft,
  about: Pick<DiskSources, 'claims' | 'config'>,
): DiskRow[] {
  return diskRows(vmOf(draft), undefined, { ...about, dataVolumes: [] }).map((row) => {
    const template = draftDisk(draft, row.name)?.template
    return template
      ? {
          ...row,
          sourceType: templateWords(template),
          storageClass: storageOf(template).storageClass,
        }
      : row
  })
}

/** The first name for a disk that is free. */
export function freeDiskName(draft: Draft): string {
  const { disks, volumes } = devicesOf(draft)
  return proposeDiskName([...disks, ...volumes].map((one) => one.name))
}

/** Claims that the draft's volumes name. */
export function draftClaims(draft: Draft): string[] {
  return devicesOf(draft).volumes.flatMap(
    ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [],
  )
}

/** The draft with one more disk. A claim that is new is made together with the VM. */
export function addDisk(draft: Draft, values: DiskValues): Draft {
  const { disks, volumes, dataVolumeTemplates } = devicesOf(draft)
  const { disk, volume } = diskFromValues(values, false)
  if (neededObject(values) === 'none')
    return withDevices(draft, {
      disks: [...disks, disk],
      volumes: volume ? [...volumes, volume] : volumes,
    })
  const { namespace = '' } = draft.vm.metadata
  const { metadata, spec } = dataVolumeFromValues(values, namespace)
  const { name } = metadata
  return withDevices(draft, {
    disks: [...disks, disk],
    volumes: [...volumes, { name: disk.name, dataVolume: { name } }],
    dataVolumeTemplates: [...dataVolumeTemplates, { metadata: { name }, spec }],
  })
}

/** Gives the disk of that name another device; what no form knows of it stays. */
export function editDisk(draft: Draft, name: string, values: DeviceValues): Draft {
  return withDevices(draft, {
    disks: devicesOf(draft).disks.map((disk) =>
      disk.name === name ? diskWithValues(disk, values) : disk,
    ),
  })
}

/** Puts the claim that a DataVolume template makes on other storage. Its size stays. */
export function setStorage(draft: Draft, dataVolume: string, values: StorageClassValues): Draft {
  const { resources: _resources, ...request } = claimRequest({ ...values, sizeGiB: '1' })
  return withDevices(draft, {
    dataVolumeTemplates: devicesOf(draft).dataVolumeTemplates.map((one) => {
      if (one.metadata?.name !== dataVolume) return one
      const key = one.spec.pvc ? 'pvc' : 'storage'
      const { storageClassName: _class, ...kept } = one.spec[key] ?? {}
      return { ...one, spec: { ...one.spec, [key]: { ...kept, ...request } } }
    }),
  })
}

/** The storage that a DataVolume template asks for, as the form shows it. */
export function storageOf(template: DataVolumeTemplate | undefined): StorageClassValues {
  const {
    storageClassName = '',
    accessModes,
    volumeMode,
  } = template?.spec.storage ?? template?.spec.pvc ?? {}
  return {
    storageClass: storageClassName,
    accessMode: accessModes?.[0] ?? 'ReadWriteOnce',
    volumeMode: volumeMode ?? 'Filesystem',
  }
}

interface FoundDisk {
  disk: Disk
  template: DataVolumeTemplate | undefined
  /** Places in the lists, for the causes of a refusal. */
  index: number
  volumeIndex: number
}

/** The disk of that name, and the template of its claim. */
export function draftDisk(draft: Draft, name: string): FoundDisk | undefined {
  const devices = devicesOf(draft)
  const index = devices.disks.findIndex((disk) => disk.name === name)
  const volumeIndex = devices.volumes.findIndex((volume) => volume.name === name)
  const disk = devices.disks[index]
  const template = templateOf(devices, devices.volumes[volumeIndex])
  return disk && { disk, template, index, volumeIndex }
}

/** Without the disk, its volume, and the DataVolume made for it. */
export function removeDisk(draft: Draft, name: string): Draft {
  const devices = devicesOf(draft)
  const template = templateOf(
    devices,
    devices.volumes.find((volume) => volume.name === name),
  )
  return withDevices(draft, {
    disks: devices.disks.filter((disk) => disk.name !== name),
    volumes: devices.volumes.filter((volume) => volume.name !== name),
    dataVolumeTemplates: devices.dataVolumeTemplates.filter((one) => one !== template),
  })
}

/** The disks of the draft, each with its volume and what makes the claim behind it. */
import { quantityFromGiB } from '../../../../kube/quantity.ts'
import { busOf, diskTypeOf, type Disk, type Volume } from '../../../../kube/vm-devices.ts'
import { diskClaimName, templateOf } from './boot-source.ts'
import { devicesOf, withDevices, type DataVolumeTemplate, type Draft } from './draft.ts'

export interface DraftDisk {
  name: string
  type: string
  bus: string | undefined
  /** In words, as in `new, from DataSource demo/debian`. */
  source: string
  /** The DataVolume that is made with the VM. */
  dataVolume: string | undefined
}

function templateWords({ spec: { source = {}, sourceRef } }: DataVolumeTemplate): string {
  if (sourceRef) return `New, a copy of ${sourceRef.name}`
  if (source['blank']) return 'New, empty'
  const [kind = '', from] = Object.entries(source)[0] ?? []
  const where = from?.url ?? [from?.namespace, from?.name].filter(Boolean).join('/')
  return where === '' ? `New, by ${kind}` : `New, from ${where}`
}

function volumeWords(volume: Volume | undefined): string {
  if (!volume) return 'Empty drive'
  if (volume.persistentVolumeClaim)
    return `PersistentVolumeClaim ${volume.persistentVolumeClaim.claimName}`
  if (volume.dataVolume) return `DataVolume ${volume.dataVolume.name}`
  if (volume.containerDisk) return `Container disk ${volume.containerDisk.image}`
  if (volume.cloudInitNoCloud || volume.cloudInitConfigDrive) return 'First boot (cloud-init)'
  const [kind = ''] = Object.keys(volume).filter((key) => key !== 'name')
  return kind
}

export function draftDisks(draft: Draft): DraftDisk[] {
  const devices = devicesOf(draft)
  return devices.disks.map((disk) => {
    const volume = devices.volumes.find(({ name }) => name === disk.name)
    const template = templateOf(devices, volume)
    return {
      name: disk.name,
      type: diskTypeOf(disk),
      bus: busOf(disk),
      source: template ? templateWords(template) : volumeWords(volume),
      dataVolume: template?.metadata?.name,
    }
  })
}

export interface NewDisk {
  source: 'blank' | 'claim' | 'url'
  /** Claim or URL. */
  from: string
  sizeGiB: number
  type: 'disk' | 'cdrom'
}

function freeName(taken: readonly string[]): string {
  let number = 1
  while (taken.includes(`disk-${number}`)) number += 1
  return `disk-${number}`
}

/** The draft with one more disk, by the first name that is free. */
export function addDisk(draft: Draft, { source, from, sizeGiB, type }: NewDisk): Draft {
  const { disks, volumes, dataVolumeTemplates } = devicesOf(draft)
  const name = freeName([...disks, ...volumes].map((one) => one.name))
  const disk: Disk =
    type === 'cdrom' ? { name, cdrom: { bus: 'sata' } } : { name, disk: { bus: 'virtio' } }
  if (source === 'claim')
    return withDevices(draft, {
      disks: [...disks, disk],
      volumes: [...volumes, { name, persistentVolumeClaim: { claimName: from } }],
    })
  const dataVolume = diskClaimName(draft, name)
  const requests = { storage: quantityFromGiB(sizeGiB) }
  return withDevices(draft, {
    disks: [...disks, disk],
    volumes: [...volumes, { name, dataVolume: { name: dataVolume } }],
    dataVolumeTemplates: [
      ...dataVolumeTemplates,
      {
        metadata: { name: dataVolume },
        spec: {
          source: source === 'url' ? { http: { url: from } } : { blank: {} },
          storage: { resources: { requests } },
        },
      },
    ],
  })
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

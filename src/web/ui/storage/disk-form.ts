/** The fields of a disk's device, their syntax, and the disk they describe. */
import { z } from 'zod'

import { canPlug } from '../../../kube/apply-time.ts'
import { busOf, diskTypeOf, type Disk, type Volume } from '../../../kube/vm-devices.ts'
import { sourceSchema, volumeFromValues } from './disk-source.ts'

export const deviceSchema = z.object({
  name: z.string().trim().min(1, 'Give the disk a name.'),
  type: z.enum(['disk', 'lun', 'cdrom']),
  bus: z.string(),
  serial: z.string().trim(),
  bootOrder: z.string().trim().regex(/^\d*$/, 'A whole number; the lowest boots first.'),
  isReadOnly: z.boolean(),
  isShareable: z.boolean(),
  hasOwnThread: z.boolean(),
  cache: z.string(),
  io: z.string(),
  errorPolicy: z.string(),
})

export type DeviceValues = z.input<typeof deviceSchema>

export const diskSchema = z.intersection(deviceSchema, sourceSchema)

export type DiskValues = z.input<typeof diskSchema>

/** A new disk's device as KubeVirt's defaults have it. */
const plainDevice: Omit<DeviceValues, 'name'> = {
  type: 'disk',
  bus: 'virtio',
  serial: '',
  bootOrder: '',
  isReadOnly: false,
  isShareable: false,
  hasOwnThread: false,
  cache: '',
  io: '',
  errorPolicy: '',
}

/** The values of a form for a new disk, before anything is known. */
export const newDiskValues: DiskValues = {
  ...plainDevice,
  name: '',
  source: 'existing',
  existingClaim: '',
  claimName: '',
  sizeGiB: '20',
  storageClass: '',
  accessMode: 'ReadWriteOnce',
  volumeMode: 'Filesystem',
  isPreallocated: false,
  sourceClaim: '',
  sourceSnapshot: '',
  dataSource: '',
  image: '',
  url: '',
  objectName: '',
}

/** The first of `disk-1`, `disk-2`, … that is free. */
export function proposeDiskName(taken: readonly string[]): string {
  let number = 1
  while (taken.includes(`disk-${number}`)) number += 1
  return `disk-${number}`
}

/** The first of `web-1-disk-1`, … that no claim bears. */
export function proposeClaimName(
  vmName: string,
  diskName: string,
  taken: readonly string[],
): string {
  const base = `${vmName}-${diskName}`
  if (!taken.includes(base)) return base
  let number = 2
  while (taken.includes(`${base}-${number}`)) number += 1
  return `${base}-${number}`
}

/** The buses a disk of this type can have (v1.9.0 pkg/storage/admitters/disks.go, validateBusSupport). */
export function busesFor(type: DeviceValues['type']): string[] {
  if (type === 'cdrom') return ['sata', 'scsi', 'usb']
  if (type === 'lun') return ['scsi', 'sata', 'virtio']
  return ['virtio', 'scsi', 'sata', 'usb']
}

/** The device of a disk as the form shows it. */
export function valuesOfDisk(disk: Disk): DeviceValues {
  return {
    name: disk.name,
    type: diskTypeOf(disk),
    bus: busOf(disk) ?? '',
    serial: disk.serial ?? '',
    bootOrder: disk.bootOrder === undefined ? '' : String(disk.bootOrder),
    isReadOnly: (disk.disk ?? disk.lun)?.readonly === true,
    isShareable: disk.shareable === true,
    hasOwnThread: disk.dedicatedIOThread === true,
    cache: disk.cache ?? '',
    io: disk.io ?? '',
    errorPolicy: disk.errorPolicy ?? '',
  }
}

/** `before` with the device of the values; what the form has no field for stays. */
export function diskWithValues(before: Disk, values: DeviceValues): Disk {
  const {
    disk,
    lun,
    cdrom,
    serial: _serial,
    bootOrder: _order,
    shareable: _shareable,
    dedicatedIOThread: _thread,
    cache: _cache,
    io: _io,
    errorPolicy: _policy,
    ...rest
  } = before
  const { type, bus } = values
  const { bus: _bus, readonly: _readonly, ...target } = { disk, lun, cdrom }[type] ?? {}
  const serial = values.serial.trim()
  const bootOrder = values.bootOrder.trim()
  return {
    ...rest,
    name: values.name.trim(),
    [type]: {
      ...target,
      ...(bus !== '' && { bus }),
      ...(values.isReadOnly && type !== 'cdrom' && { readonly: true }),
    },
    ...(serial !== '' && { serial }),
    ...(bootOrder !== '' && { bootOrder: Number(bootOrder) }),
    ...(values.isShareable && { shareable: true }),
    ...(values.hasOwnThread && { dedicatedIOThread: true }),
    ...(values.cache !== '' && { cache: values.cache }),
    ...(values.io !== '' && { io: values.io }),
    ...(values.errorPolicy !== '' && { errorPolicy: values.errorPolicy }),
  }
}

/**
 * The disk and volume of the values. On a VM that exists (`isPlugged`) the volume is declared
 * hotpluggable, so that it comes without a restart; on a stopped one it is a plain volume.
 */
export function diskFromValues(
  values: DiskValues,
  isPlugged: boolean,
): { disk: Disk; volume: Volume | undefined } {
  const name = values.name.trim()
  return {
    disk: diskWithValues({ name }, values),
    volume: volumeFromValues(name, values, isPlugged && canPlug(values.type, values.bus)),
  }
}

/** The fields of the form that attaches a disk, their syntax, and the objects they describe. */
import { z } from 'zod'

import { canPlug } from '../../../kube/apply-time.ts'
import type { StorageClass } from '../../../kube/kinds.ts'
import { quantityFromGiB } from '../../../kube/quantity.ts'
import type { Disk, Volume } from '../../../kube/vm-devices.ts'

const newClaimSchema = z.object({
  claimName: z
    .string()
    .trim()
    .regex(
      /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
      'Lower-case letters, digits, dashes and dots; a letter or digit at both ends.',
    ),
  sizeGiB: z
    .string()
    .trim()
    .refine((text) => Number(text) > 0, 'A size in GiB above 0, as in 20 or 0.5.'),
  storageClass: z.string(),
  accessMode: z.string(),
  volumeMode: z.enum(['Filesystem', 'Block']),
})

const deviceSchema = z.object({
  name: z.string().trim().min(1, 'Give the disk a name.'),
  type: z.enum(['disk', 'lun', 'cdrom']),
  bus: z.string(),
  serial: z.string().trim(),
  bootOrder: z.string().trim().regex(/^\d*$/, 'A whole number; the lowest boots first.'),
  isReadOnly: z.boolean(),
})

const existingClaimSchema = z.object({
  existingClaim: z.string().min(1, 'Choose a PersistentVolumeClaim.'),
})

/** Of the source that isn't chosen nothing is asked. */
const anything = z.object({
  claimName: z.string(),
  sizeGiB: z.string(),
  storageClass: z.string(),
  accessMode: z.string(),
  volumeMode: z.enum(['Filesystem', 'Block']),
  existingClaim: z.string(),
})

export const diskSchema = z.discriminatedUnion('source', [
  z.object({
    ...anything.shape,
    ...deviceSchema.shape,
    ...existingClaimSchema.shape,
    source: z.literal('existing'),
  }),
  z.object({
    ...anything.shape,
    ...deviceSchema.shape,
    ...newClaimSchema.shape,
    source: z.literal('new'),
  }),
])

export type DiskValues = z.input<typeof diskSchema>

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

/** The class a claim without one gets. */
export function isDefaultClass({ metadata }: StorageClass): boolean {
  return metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true'
}

/** The buses a disk of this type can have (v1.9.0 pkg/storage/admitters/disks.go, validateBusSupport). */
export function busesFor(type: DiskValues['type']): string[] {
  if (type === 'cdrom') return ['sata', 'scsi', 'usb']
  if (type === 'lun') return ['scsi', 'sata', 'virtio']
  return ['virtio', 'scsi', 'sata', 'usb']
}

/**
 * The disk and volume of the values. On a VM that exists (`isPlugged`) the volume is declared
 * hotpluggable, so that it comes without a restart; on a stopped one it is a plain volume.
 */
export function diskFromValues(
  values: DiskValues,
  isPlugged: boolean,
): { disk: Disk; volume: Volume } {
  const { name, type, bus, serial, bootOrder, isReadOnly } = values
  const claimName = values.source === 'new' ? values.claimName.trim() : values.existingClaim
  const target = { bus, ...(isReadOnly && type !== 'cdrom' && { readonly: true }) }
  return {
    disk: {
      name: name.trim(),
      [type]: target,
      ...(serial.trim() !== '' && { serial: serial.trim() }),
      ...(bootOrder.trim() !== '' && { bootOrder: Number(bootOrder) }),
    },
    volume: {
      name: name.trim(),
      persistentVolumeClaim: {
        claimName,
        ...(isPlugged && canPlug(type, bus) && { hotpluggable: true }),
      },
    },
  }
}

/** The claim of the values; without a class the cluster's default decides. */
export function claimFromValues(
  values: Pick<DiskValues, 'claimName' | 'sizeGiB' | 'storageClass' | 'accessMode' | 'volumeMode'>,
  namespace: string,
) {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: values.claimName.trim(), namespace },
    spec: {
      accessModes: [values.accessMode],
      volumeMode: values.volumeMode,
      resources: { requests: { storage: quantityFromGiB(Number(values.sizeGiB)) } },
      ...(values.storageClass !== '' && { storageClassName: values.storageClass }),
    },
  }
}

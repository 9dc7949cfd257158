/**
 * Disks. Several checks append their path to one that is complete already; that is how the fields
 * arrive.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/storage/admitters/disks.go
 */
import type { V1Disk } from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { StatusCause } from '../../api/cluster.ts'
import { dnsLabelProblems } from './names.ts'
import { invalid, notSupported } from './refusal.ts'

const pciAddress = /^[\da-fA-F]{4}:[\da-fA-F]{2}:[\da-fA-F]{2}\.[0-7]$/
const smallestBlock = 512
const largestBlock = 2097152

/** `path` leads to the list, as in `spec.domain.devices.disks`. */
export function diskCauses(path: string, disks: V1Disk[]): StatusCause[] {
  return disks.flatMap((disk, i) => {
    const doubled = `${path}.domain.devices.disks[${i}]`
    return [
      ...nameCauses(path, disks, i),
      ...targetCauses(`${path}[${i}]`, disk),
      ...pciCauses(`${path}.domain.devices.disks.disk[${i}]`, disk),
      ...busCauses(`${path}[${i}]`, doubled, disk),
      ...optionCauses(`${path}[${i}]`, disk),
      ...(disk.io && disk.io !== 'native' && disk.io !== 'threads'
        ? [
            notSupported(
              `Disk IO mode for ${path} is not supported. Supported modes are: native, threads.`,
              `${doubled}.io`,
            ),
          ]
        : []),
      ...errorPolicyCauses(`${path}[${i}]`, disk),
      ...dnsLabelProblems(disk.name).map((problem) => invalid(problem, `${doubled}.name`)),
      ...blockSizeCauses(`${path}[${i}].blockSize`, disk),
    ]
  })
}

function nameCauses(path: string, disks: V1Disk[], index: number): StatusCause[] {
  return disks.slice(0, index).flatMap((other, i) => {
    if (other.name !== disks[index]?.name) return []
    const message = `${path}[${index}] and ${path}[${i}] must not have the same Name.`
    return [invalid(message, `${path}[${index}].name`)]
  })
}

function targetCauses(at: string, { disk, lun, cdrom }: V1Disk): StatusCause[] {
  const count = [disk, lun, cdrom].filter(Boolean).length
  return count > 1 ? [invalid(`${at} can only have a single target type defined`, at)] : []
}

function pciCauses(at: string, { disk }: V1Disk): StatusCause[] {
  if (!disk?.pciAddress) return []
  const causes: StatusCause[] = []
  const field = `${at}.pciAddress`
  if (disk.bus !== 'virtio') {
    causes.push(
      invalid(
        `disk ${at}.name - setting a PCI address is only possible with bus type virtio.`,
        field,
      ),
    )
  }
  if (!pciAddress.test(disk.pciAddress)) {
    causes.push(invalid(`disk ${at}.name has malformed PCI address (${disk.pciAddress}).`, field))
  }
  return causes
}

/** What a disk is attached as, and over which bus; an empty disk is a disk. */
function diskTarget({ disk, lun, cdrom }: V1Disk): { type: string; bus: string } {
  if (disk) return { type: 'disk', bus: disk.bus ?? '' }
  if (lun) return { type: 'lun', bus: lun.bus ?? '' }
  return cdrom ? { type: 'cdrom', bus: cdrom.bus ?? '' } : { type: '', bus: '' }
}

function busCauses(at: string, doubled: string, disk: V1Disk): StatusCause[] {
  const causes: StatusCause[] = []
  if (disk.bootOrder !== undefined && disk.bootOrder < 1) {
    causes.push(invalid(`${at} must have a boot order > 0, if supplied`, `${at}.bootOrder`))
  }
  const { type, bus } = diskTarget(disk)
  if (!bus) return causes
  const field = `${at}.${type}.bus`
  if (bus === 'ide') {
    causes.push(invalid('IDE bus is not supported', field))
  } else if (bus === 'virtio') {
    if (type === 'cdrom') {
      causes.push(invalid(`Bus type ${bus} is invalid for CD-ROM device`, field))
    }
  } else if (bus === 'sata') {
    if (disk.disk?.readonly) {
      causes.push(invalid(`${bus} hard-disks do not support read-only.`, `${at}.disk.bus`))
    }
  } else if (bus !== 'scsi' && bus !== 'usb') {
    causes.push(
      invalid(
        `${at} is set with an unrecognized bus ${bus}, must be one of: [virtio scsi sata usb]`,
        field,
      ),
    )
  }
  if (disk.dedicatedIOThread && bus !== 'virtio') {
    causes.push(notSupported(`IOThreads are not supported for disks on a ${bus} bus`, doubled))
  }
  return causes
}

function optionCauses(at: string, { serial, cache }: V1Disk): StatusCause[] {
  const causes: StatusCause[] = []
  if (serial && !/^[A-Za-z0-9_.+-]+$/.test(serial)) {
    causes.push(
      invalid(
        `${at} must be made up of the following characters [A-Za-z0-9_.+-], if specified`,
        `${at}.serial`,
      ),
    )
  }
  if (serial && Array.from(serial).length > 256) {
    causes.push(
      invalid(`${at} must be less than or equal to 256 in length, if specified`, `${at}.serial`),
    )
  }
  if (cache && !['none', 'writethrough', 'writeback'].includes(cache)) {
    causes.push(invalid(`${at}.cache has invalid value ${cache}`, `${at}.cache`))
  }
  return causes
}

function errorPolicyCauses(at: string, { errorPolicy }: V1Disk): StatusCause[] {
  if (errorPolicy === undefined) return []
  if (['stop', 'ignore', 'report', 'enospace'].includes(errorPolicy)) return []
  const field = `${at}.errorPolicy`
  return [invalid(`${field} has invalid value "${errorPolicy}"`, field)]
}

function blockSizeCauses(at: string, disk: V1Disk): StatusCause[] {
  const { custom, matchVolume } = disk.blockSize ?? {}
  if (!custom) return []
  if (matchVolume && matchVolume.enabled !== false) {
    return [invalid("Block size matching can't be enabled together with a custom value", at)]
  }
  const { logical = 0, physical = 0 } = custom
  if (logical > physical) {
    return [
      invalid(
        `Logical size ${logical} must be the same or less than the physical size of ${physical}`,
        `${at}.custom.logical`,
      ),
    ]
  }
  if (diskTarget(disk).bus === 'sata' && logical !== smallestBlock) {
    return [
      invalid(
        `Logical size ${logical} must be ${smallestBlock} for SATA devices`,
        `${at}.custom.logical`,
      ),
    ]
  }
  return [
    ...sizeCauses(`${at}.custom.logical`, logical),
    ...sizeCauses(`${at}.custom.physical`, physical),
  ]
}

function sizeCauses(field: string, size: number): StatusCause[] {
  if (size < smallestBlock) {
    return [
      invalid(
        `Provided size of ${size} is less than the supported minimum size of ${smallestBlock}`,
        field,
      ),
    ]
  }
  if (size > largestBlock) {
    return [
      invalid(
        `Provided size of ${size} is greater than the supported maximum size of ${largestBlock}`,
        field,
      ),
    ]
  }
  return Number.isInteger(Math.log2(size))
    ? []
    : [invalid(`Provided size of ${size} is not a power of 2`, field)]
}

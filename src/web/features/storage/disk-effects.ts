/** When each field of a disk's form takes effect, and which of them is in the way of now. */
import { diskChangeEffect, type Situation } from '../../../kube/apply-time.ts'
import type { Disk, DiskEntry, Volume } from '../../../kube/vm-devices.ts'
import type { FieldEffect, FieldEffects } from '../../ui/form-shell/form-context.ts'
import {
  diskFromValues,
  diskWithValues,
  valuesOfDisk,
  type DeviceValues,
  type DiskValues,
} from '../../ui/storage/disk-form.ts'

const deviceFields = [
  'type',
  'bus',
  'serial',
  'bootOrder',
  'cache',
  'io',
  'errorPolicy',
  'isReadOnly',
  'isShareable',
  'hasOwnThread',
] as const satisfies (keyof DeviceValues)[]

const sourceFields = [
  'source',
  'existingClaim',
  'sourceClaim',
  'sourceSnapshot',
  'dataSource',
  'image',
  'url',
  'objectName',
] as const satisfies (keyof DiskValues)[]

const claimFields = [
  'claimName',
  'sizeGiB',
  'storageClass',
  'accessMode',
  'volumeMode',
  'isPreallocated',
] as const satisfies (keyof DiskValues)[]

function each(fields: readonly string[], effect: FieldEffect): FieldEffects {
  return Object.fromEntries(fields.map((field) => [field, effect]))
}

/** When a disk of these values would be there. */
function attachTime(values: DiskValues, situation: Situation): FieldEffect['when'] {
  return diskChangeEffect(
    diskFromValues(values, situation.state !== 'stopped'),
    undefined,
    situation,
  ).when
}

/**
 * Of a disk that is attached: its source, type and bus each by themselves decide whether it can be
 * plugged; everything else comes with the disk, but for the claim, which is made at once.
 */
export function attachEffects(values: DiskValues, situation: Situation): FieldEffects {
  const whole = attachTime(values, situation)
  // As it would be plugged, but for what is asked about.
  const alone = (part: Partial<DiskValues>, reason: string): FieldEffect => {
    const plain = { ...values, source: 'existing', type: 'disk', bus: 'virtio' } as const
    const isInTheWay = attachTime({ ...plain, ...part } as DiskValues, situation) === 'restart'
    const canPlug = attachTime(plain, situation) === 'now'
    return isInTheWay && canPlug ? { when: 'restart', reason } : { when: whole }
  }
  const { source, type, bus } = values
  return {
    ...each([...deviceFields, ...sourceFields, 'name'], { when: whole }),
    ...each(claimFields, { when: source === 'emptyDisk' ? whole : 'now' }),
    source: alone({ source }, 'A running VM takes only PersistentVolumeClaims without a restart.'),
    type: alone(
      { type, bus: 'scsi' },
      'A CD-ROM drive can’t be plugged into a running VM; its medium can.',
    ),
    bus:
      type === 'cdrom'
        ? { when: whole }
        : alone(
            { type, bus },
            `A running VM takes ${type === 'lun' ? 'LUNs on SCSI' : 'disks on VirtIO or SCSI'} without a restart.`,
          ),
    ...(whole === 'now' && {
      bootOrder: { when: 'restart', reason: 'The running VM has started already.' },
    }),
  }
}

/**
 * Of a disk that the VM has: a field that is as the running VM has it needs nothing, any other what a
 * change of the disk needs.
 */
export function editEffects(
  values: DeviceValues,
  before: { disk: Disk; volume: Volume | undefined },
  running: DiskEntry | undefined,
  situation: Situation,
): FieldEffects {
  // What any change of the disk takes: a tag is none of the form's fields.
  const { when } = diskChangeEffect(
    { ...before, disk: { ...before.disk, tag: 'changed' } },
    running,
    situation,
  )
  const runs = running?.disk && valuesOfDisk(running.disk)
  const wanted = valuesOfDisk(diskWithValues(before.disk, values))
  return Object.fromEntries(
    deviceFields.map((field) => {
      const isAsRunning =
        runs !== undefined &&
        (wanted[field] === runs[field] || (field === 'bus' && wanted.bus === ''))
      const isPending = valuesOfDisk(before.disk)[field] !== wanted[field]
      return [field, { when: isAsRunning && isPending ? 'none' : when }]
    }),
  )
}

import { describe, expect, it } from 'vitest'

import {
  dataVolumeFieldRules,
  diskFieldRules,
  mapCauses,
  type FieldRule,
} from './admission-fields.ts'
import { KubeError, type StatusCause } from './kube-error.ts'

function refusal(...causes: StatusCause[]): KubeError {
  return new KubeError(422, 'denied', { reason: 'Invalid', causes })
}

function placed<F extends string>(cause: StatusCause, rules: FieldRule<F>[]): string | undefined {
  const { fields, others } = mapCauses(refusal(cause), rules)
  const found = Object.entries(fields)
  expect(found.length + others.length).toBe(1)
  return found[0]?.[0]
}

/** Field as KubeVirt blames it (P: path of the VMI spec), its text, and the form's field. */
const diskCases: [string, string, string | undefined][] = [
  ['P.domain.devices.disks[1].name', "P.domain.devices.disks[1].Name 'disk-1' not found.", 'name'],
  [
    'P.domain.devices.disks[1].name',
    'P.domain.devices.disks[1] and P.domain.devices.disks[0] must not have the same Name.',
    'name',
  ],
  [
    'P.domain.devices.disks.domain.devices.disks[1].name',
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'",
    'name',
  ],
  ['P.domain.volumes[1].name', "P.domain.volumes[1].name 'disk-1' not found.", 'name'],
  ['P.volumes[1].name', 'P.volumes[1] and P.volumes[0] must not have the same Name.', 'name'],
  ['P.volumes[1]', 'P.volumes[1] must have exactly one source type set', 'existingClaim'],
  ['P.domain.devices.disks[1].cdrom.bus', 'Bus type virtio is invalid for CD-ROM device', 'bus'],
  ['P.domain.devices.disks[1].disk.bus', 'IDE bus is not supported', 'bus'],
  ['P.domain.devices.disks[1].disk.bus', 'sata hard-disks do not support read-only.', 'isReadOnly'],
  [
    'P.domain.devices.disks[1].serial',
    'P.domain.devices.disks[1] must be made up of the following characters [A-Za-z0-9_.+-], if specified',
    'serial',
  ],
  [
    'P.domain.devices.disks[1].bootOrder',
    'P.domain.devices.disks[1] must have a boot order > 0, if supplied',
    'bootOrder',
  ],
  [
    'P.domain.devices.interfaces[0].bootOrder',
    'Boot order for P.domain.devices.interfaces[0].bootOrder already set for a different device.',
    'bootOrder',
  ],
  [
    'P.domain.devices.disks[1]',
    'P.domain.devices.disks[1] can only have a single target type defined',
    'type',
  ],
  [
    'P.domain.devices.disks.domain.devices.disks[1].io',
    'Disk IO mode for P.domain.devices.disks is not supported. Supported modes are: native, threads.',
    'io',
  ],
  ['spec', 'Cannot update vm disks or volumes until snapshot "s" completes', undefined],
  [
    'P.domain.devices.disks[1].name',
    'DeclarativeHotplugVolumes feature gate not enabled, cannot define an empty CD-ROM disk',
    'name',
  ],
  [
    'P.domain.devices.disks[1].cache',
    'P.domain.devices.disks[1].cache has invalid value x',
    'cache',
  ],
  [
    'P.domain.devices.disks[1].errorPolicy',
    'P.domain.devices.disks[1].errorPolicy has invalid value "x"',
    'errorPolicy',
  ],
  [
    'P.domain.devices.disks[1].serial',
    'P.domain.devices.disks[1] must be less than or equal to 256 in length, if specified',
    'serial',
  ],
  [
    'P.domain.devices.disks[1].lun.bus',
    'P.domain.devices.disks[1] is set with an unrecognized bus nvme, must be one of: [virtio scsi sata usb]',
    'bus',
  ],
  [
    'P.domain.devices.disks[1].lun',
    'P.domain.devices.disks[1].lun can only be mapped to a DataVolume or PersistentVolumeClaim volume.',
    'type',
  ],
  [
    'P.domain.devices.disks.domain.devices.disks[1]',
    'IOThreads are not supported for disks on a sata bus',
    'hasOwnThread',
  ],
  ['P.volumes[1].name', "DataVolume 'name' must be set", 'name'],
  [
    'P.volumes[1].configMap.name',
    'P.volumes[1].configMap.name is a required field',
    'existingClaim',
  ],
  ['P.volumes', 'P.volumes must have max one serviceAccount volume set', 'existingClaim'],
  // What the form has no field for stands on top, in the cluster's words.
  [
    'P.domain.devices.disks.domain.devices.disks.disk[1].pciAddress',
    'disk P.domain.devices.disks.domain.devices.disks.disk[1].name has malformed PCI address (1).',
    undefined,
  ],
  [
    'P.domain.devices.disks[1].blockSize',
    "Block size matching can't be enabled together with a custom value",
    undefined,
  ],
  [
    'P.volumes[0].cloudInitNoCloud',
    'P.volumes[0].cloudInitNoCloud userdata exceeds 2048 byte limit. Should use UserDataSecretRef for larger data.',
    undefined,
  ],
  [
    'P.dataVolumeTemplate[0]',
    "DataVolumeTemplate entry spec.dataVolumeTemplate[0] must be referenced in the VMI template's 'volumes' list",
    undefined,
  ],
]

describe.each(['spec.template.spec', 'spec'])('causes of a disk below %s', (prefix) => {
  it.each(diskCases)('%s, “%s” → %s', (path, message, field) => {
    expect(placed({ field: path.replaceAll(/^P/g, prefix), message }, diskFieldRules(1, 1))).toBe(
      field,
    )
  })
})

it('blames the field that the chosen source has', () => {
  const cause = { field: 'spec.volumes[1]', message: 'must have exactly one source type set' }
  expect(placed(cause, diskFieldRules(1, 1, 'image'))).toBe('image')
})

it.each([
  ['spec.source.PVC', 'spec.source.PVC source PVC is not valid', 'sourceClaim'],
  [
    'spec.source.PVC.namespace',
    'User x has insufficient permissions in clone source namespace',
    'sourceClaim',
  ],
  ['spec.source.Snapshot', 'spec.source.Snapshot source snapshot is not valid', 'sourceSnapshot'],
  ['spec.sourceRef.Name', 'Missing sourceRef name', 'dataSource'],
  ['spec.source.Registry.URL', 'Illegal registry source URL scheme', 'image'],
  ['spec.source.HTTP.url', 'spec.source Invalid source URL', 'url'],
  ['spec.storage.resources.requests.size', 'storage size is missing', 'sizeGiB'],
  ['spec.PVC.accessModes', 'Required value: at least 1 access mode is required', 'accessMode'],
  ['spec.source', 'Missing Data volume source', undefined],
])('of a DataVolume: %s, “%s” → %s', (field, message, expected) => {
  expect(placed({ field, message }, dataVolumeFieldRules)).toBe(expected)
})

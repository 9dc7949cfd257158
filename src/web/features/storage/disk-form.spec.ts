import { describe, expect, it } from 'vitest'

import {
  busesFor,
  claimFromValues,
  diskFromValues,
  diskSchema,
  proposeClaimName,
  proposeDiskName,
  type DiskValues,
} from './disk-form.ts'

const values: DiskValues = {
  source: 'existing',
  existingClaim: 'data',
  claimName: '',
  sizeGiB: '',
  storageClass: '',
  accessMode: 'ReadWriteOnce',
  volumeMode: 'Filesystem',
  name: 'disk-1',
  type: 'disk',
  bus: 'virtio',
  serial: '',
  bootOrder: '',
  isReadOnly: false,
}

function problems(part: Partial<DiskValues>): string[] {
  const result = diskSchema.safeParse({ ...values, ...part })
  return result.success ? [] : result.error.issues.map(({ path }) => path.join('.'))
}

it('asks only about the chosen source', () => {
  expect(problems({})).toEqual([])
  expect(problems({ existingClaim: '' })).toEqual(['existingClaim'])
  expect(problems({ source: 'new', existingClaim: '' })).toEqual(['claimName', 'sizeGiB'])
  expect(problems({ source: 'new', claimName: 'data', sizeGiB: '0.5' })).toEqual([])
  expect(problems({ source: 'new', claimName: 'Data', sizeGiB: 'much' })).toEqual([
    'claimName',
    'sizeGiB',
  ])
})

describe('the disk of the values', () => {
  it('is plain on a stopped VM', () => {
    expect(diskFromValues(values, false)).toEqual({
      disk: { name: 'disk-1', disk: { bus: 'virtio' } },
      volume: { name: 'disk-1', persistentVolumeClaim: { claimName: 'data' } },
    })
  })

  it.each<[DiskValues['type'], string, boolean]>([
    ['disk', 'virtio', true],
    ['disk', 'scsi', true],
    ['disk', 'sata', false],
    ['lun', 'scsi', true],
    ['lun', 'virtio', false],
    ['cdrom', 'scsi', false],
  ])('as %s on %s, on a running VM, is hotpluggable: %s', (type, bus, expected) => {
    const { volume } = diskFromValues({ ...values, type, bus }, true)
    expect(volume.persistentVolumeClaim?.hotpluggable).toBe(expected ? true : undefined)
  })

  it('has what was filled in', () => {
    const filled = { ...values, serial: ' S1 ', bootOrder: '2', isReadOnly: true, bus: 'scsi' }
    expect(diskFromValues(filled, false).disk).toEqual({
      name: 'disk-1',
      disk: { bus: 'scsi', readonly: true },
      serial: 'S1',
      bootOrder: 2,
    })
  })
})

it('writes a claim, with a class only if one is chosen', () => {
  const claim = { ...values, claimName: ' data ', sizeGiB: '1.5' }
  expect(claimFromValues(claim, 'demo')).toEqual({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'demo' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      volumeMode: 'Filesystem',
      resources: { requests: { storage: '1536Mi' } },
    },
  })
  expect(claimFromValues({ ...claim, storageClass: 'fast' }, 'demo').spec.storageClassName).toBe(
    'fast',
  )
})

it('proposes names that are free', () => {
  expect(proposeDiskName(['disk-1', 'root'])).toBe('disk-2')
  expect(proposeClaimName('web-1', 'disk-1', ['web-1-disk-1', 'web-1-disk-1-2'])).toBe(
    'web-1-disk-1-3',
  )
})

it('offers no VirtIO for a CD-ROM', () => {
  expect(busesFor('cdrom')).not.toContain('virtio')
})

import { describe, expect, it } from 'vitest'

import {
  busesFor,
  diskFromValues,
  diskSchema,
  diskWithValues,
  newDiskValues,
  proposeClaimName,
  proposeDiskName,
  valuesOfDisk,
  type DiskValues,
} from './disk-form.ts'
import {
  claimFromValues,
  dataVolumeFromValues,
  neededObject,
  volumeFromValues,
} from './disk-source.ts'

const values: DiskValues = {
  ...newDiskValues,
  existingClaim: 'data',
  sizeGiB: '',
  name: 'disk-1',
}

function problems(part: object): string[] {
  const result = diskSchema.safeParse({ ...values, ...part })
  return result.success ? [] : result.error.issues.map(({ path }) => path.join('.'))
}

it('asks only about the chosen source', () => {
  expect(problems({})).toEqual([])
  expect(problems({ existingClaim: '' })).toEqual(['existingClaim'])
  expect(problems({ source: 'blank', existingClaim: '' })).toEqual(['claimName', 'sizeGiB'])
  expect(problems({ source: 'blank', claimName: 'data', sizeGiB: '0.5' })).toEqual([])
  expect(problems({ source: 'blank', claimName: 'Data', sizeGiB: 'much' })).toEqual([
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
    expect(volume?.persistentVolumeClaim?.hotpluggable).toBe(expected ? true : undefined)
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

it('keeps of an edited disk what the form has no field for', () => {
  const disk = {
    name: 'data',
    disk: { bus: 'virtio', pciAddress: '0000:81:01.0', readonly: true },
    cache: 'none',
    tag: 'keep',
    dedicatedIOThread: true,
  }
  const shown = valuesOfDisk(disk)
  expect(diskWithValues(disk, shown)).toEqual(disk)
  expect(
    diskWithValues(disk, {
      ...shown,
      isReadOnly: false,
      hasOwnThread: false,
      cache: '',
      io: 'threads',
      errorPolicy: 'report',
      isShareable: true,
    }),
  ).toEqual({
    name: 'data',
    disk: { bus: 'virtio', pciAddress: '0000:81:01.0' },
    tag: 'keep',
    io: 'threads',
    errorPolicy: 'report',
    shareable: true,
  })
})

describe('what a disk is made of', () => {
  const filled = {
    ...values,
    claimName: 'new',
    sizeGiB: '2',
    sourceClaim: 'data',
    sourceSnapshot: 'weekly',
    dataSource: 'images/fedora',
    image: 'quay.io/fedora:42',
    url: 'https://a.example/disk.qcow2',
    objectName: 'thing',
  }
  const namespace = 'demo'

  it.each([
    ['clone', { source: { pvc: { namespace, name: 'data' } } }],
    ['snapshot', { source: { snapshot: { namespace, name: 'weekly' } } }],
    ['dataSource', { sourceRef: { kind: 'DataSource', namespace: 'images', name: 'fedora' } }],
    ['registry', { source: { registry: { url: 'docker://quay.io/fedora:42' } } }],
    ['url', { source: { http: { url: 'https://a.example/disk.qcow2' } } }],
  ] as const)('%s is a DataVolume', (source, expected) => {
    expect(neededObject({ source, isPreallocated: false })).toBe('dataVolume')
    expect(dataVolumeFromValues({ ...filled, source }, namespace).spec).toMatchObject(expected)
    expect(volumeFromValues('d', { ...filled, source }, true)).toEqual({
      name: 'd',
      dataVolume: { name: 'new', hotpluggable: true },
    })
  })

  it('a new claim is one of CDI only where all of it is written beforehand', () => {
    expect(neededObject({ source: 'blank', isPreallocated: false })).toBe('claim')
    expect(neededObject({ source: 'blank', isPreallocated: true })).toBe('dataVolume')
    expect(
      dataVolumeFromValues({ ...filled, source: 'blank', isPreallocated: true }, 'demo').spec,
    ).toMatchObject({ source: { blank: {} }, preallocation: true })
  })

  it.each([
    ['drive', undefined],
    ['containerDisk', { name: 'd', containerDisk: { image: 'quay.io/fedora:42' } }],
    ['emptyDisk', { name: 'd', emptyDisk: { capacity: '2Gi' } }],
    ['configMap', { name: 'd', configMap: { name: 'thing' } }],
    ['secret', { name: 'd', secret: { secretName: 'thing' } }],
    ['serviceAccount', { name: 'd', serviceAccount: { serviceAccountName: 'thing' } }],
  ] as const)('%s is a volume alone, which is never plugged', (source, expected) => {
    expect(neededObject({ source, isPreallocated: false })).toBe('none')
    expect(volumeFromValues('d', { ...filled, source }, true)).toEqual(expected)
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

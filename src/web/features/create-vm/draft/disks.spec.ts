import { expect, it } from 'vitest'

import { defaultKubeVirtConfig } from '../../../../kube/kubevirt-config.ts'
import { newDiskValues, valuesOfDisk } from '../../../ui/storage/disk-form.ts'
import {
  addDisk,
  draftDisk,
  draftDiskRows,
  draftSources,
  editDisk,
  freeDiskName,
  removeDisk,
  setStorage,
  storageOf,
} from './disks.ts'
import { devicesOf, newDraft } from './draft.ts'

const values = {
  ...newDiskValues,
  source: 'blank' as const,
  name: 'disk-1',
  claimName: 'vm-disk-1',
}
const draft = newDraft('demo')

it('makes a new claim together with the VM', () => {
  const { disks, volumes, dataVolumeTemplates } = devicesOf(addDisk(draft, values))
  expect(disks).toEqual([{ name: 'disk-1', disk: { bus: 'virtio' } }])
  expect(volumes).toEqual([{ name: 'disk-1', dataVolume: { name: 'vm-disk-1' } }])
  expect(dataVolumeTemplates).toMatchObject([
    {
      metadata: { name: 'vm-disk-1' },
      spec: { source: { blank: {} }, storage: { accessModes: ['ReadWriteOnce'] } },
    },
  ])
})

it('shows what a new claim will hold, and where', () => {
  const stored = setStorage(addDisk(draft, values), 'vm-disk-1', {
    storageClass: 'fast',
    accessMode: 'ReadWriteMany',
    volumeMode: 'Block',
  })
  expect(draftDiskRows(stored, { claims: [], config: defaultKubeVirtConfig })).toMatchObject([
    { sourceType: 'New, empty', sourceName: 'vm-disk-1', storageClass: 'fast', bus: 'virtio' },
  ])
})

it('takes what is there without a template, and an empty drive without a volume', () => {
  const claim = addDisk(draft, { ...values, source: 'existing', existingClaim: 'data' })
  expect(devicesOf(claim)).toMatchObject({
    volumes: [{ name: 'disk-1', persistentVolumeClaim: { claimName: 'data' } }],
    dataVolumeTemplates: [],
  })
  expect(draftSources(claim)[0]?.source).toBe('PVC data')
  expect(draftDiskRows(claim, { claims: [], config: defaultKubeVirtConfig })).toMatchObject([
    { name: 'disk-1', sourceType: 'PVC', sourceName: 'data', storageClass: '' },
  ])
  expect(freeDiskName(claim)).toBe('disk-2')
  const drive = addDisk(draft, { ...values, source: 'drive', type: 'cdrom', bus: 'sata' })
  expect(devicesOf(drive)).toMatchObject({ disks: [{ cdrom: { bus: 'sata' } }], volumes: [] })
})

it('changes the device and the storage, and nothing that it doesn’t know', () => {
  const before = addDisk(draft, values)
  const { disk } = draftDisk(before, 'disk-1') ?? {}
  expect(disk).toBeDefined()
  const edited = editDisk(before, 'disk-1', { ...valuesOfDisk(disk!), bus: 'scsi', serial: 'A1' })
  expect(devicesOf(edited).disks).toEqual([{ name: 'disk-1', disk: { bus: 'scsi' }, serial: 'A1' }])
  const storage = {
    storageClass: 'fast',
    accessMode: 'ReadWriteMany',
    volumeMode: 'Block',
  } as const
  const moved = setStorage(edited, 'vm-disk-1', storage)
  expect(devicesOf(moved).dataVolumeTemplates[0]?.spec).toEqual({
    source: { blank: {} },
    storage: {
      storageClassName: 'fast',
      accessModes: ['ReadWriteMany'],
      volumeMode: 'Block',
      resources: { requests: { storage: '20Gi' } },
    },
  })
  expect(storageOf(draftDisk(moved, 'disk-1')?.template)).toEqual(storage)
  expect(devicesOf(removeDisk(moved, 'disk-1'))).toMatchObject({
    disks: [],
    volumes: [],
    dataVolumeTemplates: [],
  })
})

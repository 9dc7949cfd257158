import { describe, expect, it } from 'vitest'

import type { VirtualMachine } from '../../../kube/kinds.ts'
import { bootDevices, moved } from './boot-order.ts'
import {
  attachDiskPatch,
  attachedDiskPlace,
  bootOrderPatch,
  detachDiskPatch,
  editDiskPatch,
} from './disk-patch.ts'

const disks = '/spec/template/spec/domain/devices/disks'
const volumes = '/spec/template/spec/volumes'

function vm(part: { disks?: object[]; volumes?: object[]; templates?: object[] }): VirtualMachine {
  return {
    metadata: { name: 'batch-1', generation: 3 },
    spec: {
      ...(part.templates && { dataVolumeTemplates: part.templates }),
      template: {
        spec: {
          domain: { devices: part.disks ? { disks: part.disks } : {} },
          ...(part.volumes && { volumes: part.volumes }),
        },
      },
    },
  } as unknown as VirtualMachine
}

const root = {
  disk: { name: 'root', disk: {} },
  volume: { name: 'root', dataVolume: { name: 'batch-1-root' } },
}
const cloudInit = {
  disk: { name: 'init', disk: {} },
  volume: { name: 'init', cloudInitNoCloud: {} },
}
const data = {
  disk: { name: 'data', disk: { bus: 'virtio' } },
  volume: { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
}

describe('attaching a disk', () => {
  it('appends disk and volume, guarded by what is there', () => {
    const before = vm({ disks: [root.disk], volumes: [root.volume] })
    expect(attachDiskPatch(before, data)).toEqual([
      { op: 'test', path: volumes, value: [root.volume] },
      { op: 'test', path: disks, value: [root.disk] },
      { op: 'add', path: `${volumes}/-`, value: data.volume },
      { op: 'add', path: `${disks}/-`, value: data.disk },
    ])
    expect(attachedDiskPlace(before)).toEqual({ index: 1, volumeIndex: 1 })
  })

  it('creates lists that are missing, guarded by the generation', () => {
    expect(attachDiskPatch(vm({}), data)).toEqual([
      { op: 'test', path: '/metadata/generation', value: 3 },
      { op: 'add', path: volumes, value: [data.volume] },
      { op: 'add', path: disks, value: [data.disk] },
    ])
  })

  it('appends to empty lists', () => {
    expect(attachDiskPatch(vm({ disks: [], volumes: [] }), data).slice(2)).toEqual([
      { op: 'add', path: `${volumes}/-`, value: data.volume },
      { op: 'add', path: `${disks}/-`, value: data.disk },
    ])
  })
})

describe('detaching a disk', () => {
  it('removes disk and volume where each stands', () => {
    const before = vm({
      disks: [root.disk, data.disk],
      volumes: [data.volume, cloudInit.volume, root.volume],
    })
    expect(detachDiskPatch(before, 'data').slice(2)).toEqual([
      { op: 'remove', path: `${disks}/1` },
      { op: 'remove', path: `${volumes}/0` },
    ])
  })

  it('removes the DataVolume template too, which nothing would refer to', () => {
    const templates = [{ metadata: { name: 'other' } }, { metadata: { name: 'batch-1-root' } }]
    const before = vm({ disks: [root.disk], volumes: [root.volume], templates })
    expect(detachDiskPatch(before, 'root').slice(2)).toEqual([
      { op: 'remove', path: `${disks}/0` },
      { op: 'remove', path: `${volumes}/0` },
      { op: 'test', path: '/spec/dataVolumeTemplates', value: templates },
      { op: 'remove', path: '/spec/dataVolumeTemplates/1' },
    ])
  })

  it('removes a volume without a disk, and an empty drive', () => {
    const before = vm({ disks: [data.disk], volumes: [cloudInit.volume] })
    expect(detachDiskPatch(before, 'init').at(-1)).toEqual({ op: 'remove', path: `${volumes}/0` })
    expect(detachDiskPatch(before, 'data').at(-1)).toEqual({ op: 'remove', path: `${disks}/0` })
  })
})

describe('editing a disk', () => {
  it('replaces the device, and no volume', () => {
    const before = vm({ disks: [root.disk, data.disk], volumes: [root.volume, data.volume] })
    const disk = { name: 'data', disk: { bus: 'scsi' } }
    expect(editDiskPatch(before, 'data', disk).slice(2)).toEqual([
      { op: 'replace', path: `${disks}/1`, value: disk },
    ])
  })
})

describe('the boot order', () => {
  const before = vm({
    disks: [{ ...root.disk, bootOrder: 2 }, { ...data.disk, bootOrder: 1 }, cloudInit.disk],
  })

  it('is read by place, and what has none is apart', () => {
    expect(bootDevices(before)).toEqual({
      order: [
        { kind: 'disk', name: 'data' },
        { kind: 'disk', name: 'root' },
      ],
      rest: [{ kind: 'disk', name: 'init' }],
    })
  })

  it('is written where it differs, and nothing when it doesn’t', () => {
    const { order } = bootDevices(before)
    expect(bootOrderPatch(before, order)).toEqual([])
    expect(bootOrderPatch(before, [{ kind: 'disk', name: 'root' }]).slice(-2)).toEqual([
      { op: 'add', path: `${disks}/0/bootOrder`, value: 1 },
      { op: 'remove', path: `${disks}/1/bootOrder` },
    ])
  })

  it('moves one, but not beyond the ends', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
    expect(moved(['a', 'b'], 1, 2)).toEqual(['a', 'b'])
  })
})

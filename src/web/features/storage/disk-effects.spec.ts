import { expect, it } from 'vitest'

import type { Situation } from '../../../kube/apply-time.ts'
import { defaultKubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import { valuesOfDisk, type DiskValues } from '../../ui/storage/disk-form.ts'
import { newDiskValues } from '../../ui/storage/disk-form.ts'
import { attachEffects, editEffects } from './disk-effects.ts'

const running: Situation = {
  state: 'running',
  migratable: true,
  config: defaultKubeVirtConfig,
  migratesVolumes: false,
}

function attach(part: Partial<DiskValues>, situation = running) {
  const values = { ...newDiskValues, name: 'd', existingClaim: 'data', claimName: 'c', ...part }
  const effects = attachEffects(values, situation)
  return (field: string) => effects[field]?.when
}

it('names the fields that keep a disk from being plugged', () => {
  const plain = attach({})
  expect(['source', 'type', 'bus', 'serial'].map(plain)).toEqual(['now', 'now', 'now', 'now'])
  expect(plain('bootOrder')).toBe('restart')

  const sata = attach({ bus: 'sata' })
  expect(['source', 'type', 'bus', 'serial'].map(sata)).toEqual([
    'restart',
    'restart',
    'restart',
    'restart',
  ])
  const why = attachEffects(
    { ...newDiskValues, name: 'd', existingClaim: 'data', bus: 'sata' },
    running,
  )
  expect(why['bus']?.reason).toMatch(/VirtIO or SCSI/)
  expect(why['type']?.reason).toBeUndefined()
  expect(why['source']?.reason).toBeUndefined()
})

it('blames the source, the type, or neither where the cluster plugs nothing', () => {
  const effects = (part: Partial<DiskValues>, situation = running) =>
    attachEffects({ ...newDiskValues, name: 'd', existingClaim: 'data', ...part }, situation)
  expect(effects({ source: 'containerDisk', image: 'x' })['source']?.reason).toMatch(
    /only PersistentVolumeClaims/,
  )
  expect(effects({ type: 'cdrom', bus: 'sata' })['type']?.reason).toMatch(/CD-ROM drive/)
  expect(effects({ type: 'lun', bus: 'virtio' })['bus']?.reason).toMatch(/LUNs on SCSI/)
  const unplugged = { ...running, config: { ...defaultKubeVirtConfig, plugsDisks: false } }
  expect(effects({ bus: 'sata' }, unplugged)['bus']).toEqual({ when: 'restart' })
  const stopped: Situation = { ...running, state: 'stopped' }
  expect(effects({ bus: 'sata' }, stopped)['bus']).toEqual({ when: 'start' })
})

it('makes a claim at once, whatever the disk waits for', () => {
  const sata = attach({ source: 'blank', bus: 'sata' })
  expect(sata('storageClass')).toBe('now')
  expect(attach({ source: 'emptyDisk' })('sizeGiB')).toBe('restart')
})

it('tells of a disk that is there what each change takes', () => {
  const disk = { name: 'd', disk: { bus: 'virtio' }, cache: 'writethrough' }
  const volume = { name: 'd', persistentVolumeClaim: { claimName: 'data' } }
  const runs = { disk: { name: 'd', disk: { bus: 'virtio' } }, volume }
  const effects = (part: object, situation = running) =>
    editEffects({ ...valuesOfDisk(disk), ...part }, { disk, volume }, runs, situation)
  expect(effects({})['cache']).toEqual({ when: 'restart' })
  expect(effects({})['serial']).toEqual({ when: 'restart' })
  // Back to what runs.
  expect(effects({ cache: '' })['cache']).toEqual({ when: 'none' })
  expect(effects({}, { ...running, state: 'stopped' })['cache']).toEqual({ when: 'start' })
})

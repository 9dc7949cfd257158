import { describe, expect, it } from 'vitest'

import type {
  VirtualMachine,
  VirtualMachineInstance,
  VirtualMachineInstanceMigration,
} from './kinds.ts'
import {
  cancelMovePatch,
  moveVolumePatch,
  volumeMigrationOf,
  whyNotMovable,
} from './volume-migration.ts'

const volumes = [
  { name: 'root', containerDisk: { image: 'debian' } },
  { name: 'data', dataVolume: { name: 'old', hotpluggable: true } },
]
const vm = {
  metadata: { name: 'web-1', generation: 3 },
  spec: { template: { spec: { domain: { devices: {} }, volumes } } },
} as unknown as VirtualMachine
const path = '/spec/template/spec/volumes'
const moving = (claimName: string) => ({
  name: 'data',
  persistentVolumeClaim: { claimName, hotpluggable: true },
})

it('swaps the claim of one volume under the strategy, and back to cancel', () => {
  expect(moveVolumePatch(vm, 'data', 'new')).toEqual([
    { op: 'test', path, value: volumes },
    { op: 'add', path: '/spec/updateVolumesStrategy', value: 'Migration' },
    { op: 'replace', path: `${path}/1`, value: moving('new') },
  ])
  expect(cancelMovePatch(vm, [{ volumeName: 'data', from: 'old', to: 'new' }])).toEqual([
    { op: 'test', path, value: volumes },
    { op: 'replace', path: `${path}/1`, value: moving('old') },
  ])
})

describe('what KubeVirt would not move', () => {
  const volume = { name: 'data', persistentVolumeClaim: { claimName: 'data' } }
  it.each([
    ['a plain disk', { name: 'data', disk: {} }, undefined],
    ['a LUN', { name: 'data', lun: {} }, 'LUNs'],
    ['a shareable disk', { name: 'data', disk: {}, shareable: true }, 'Shareable disks'],
    ['a medium', { name: 'data', cdrom: {} }, 'A medium'],
  ])('%s', (_name, disk, expected) => {
    expect(whyNotMovable({ disk, volume })?.replace(/ (?:can’t|isn’t).*/, '')).toBe(expected)
  })
})

describe('a migration under way', () => {
  const vmi = {
    metadata: { name: 'web-1' },
    spec: {},
    status: {
      conditions: [{ type: 'VolumesChange', status: 'True' }],
      migratedVolumes: [
        {
          volumeName: 'data',
          sourcePVCInfo: { claimName: 'old' },
          destinationPVCInfo: { claimName: 'new' },
        },
      ],
      migrationState: { startTimestamp: 't1' },
    },
  } as unknown as VirtualMachineInstance
  const migration = (phase: string) =>
    ({ metadata: { name: 'm' }, spec: {}, status: { phase } }) as VirtualMachineInstanceMigration

  it('waits while nobody migrates the instance, then copies', () => {
    const moves = [{ volumeName: 'data', from: 'old', to: 'new' }]
    expect(volumeMigrationOf(vmi, [migration('Failed')])).toMatchObject({ moves, state: 'waiting' })
    expect(volumeMigrationOf(vmi, [migration('Running')])).toMatchObject({
      state: 'migrating',
      since: 't1',
    })
  })

  it('is none once the condition is gone', () => {
    const done = { ...vmi, status: { migratedVolumes: [] } } as unknown as VirtualMachineInstance
    expect(volumeMigrationOf(done, [])).toBeUndefined()
  })
})

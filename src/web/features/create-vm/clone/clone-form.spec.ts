import { describe, expect, it } from 'vitest'

import type {
  VirtualMachine,
  VirtualMachineClone,
  VirtualMachineSnapshot,
} from '../../../../kube/kinds.ts'
import { cloneManifest, cloneSources, unclonable, type CloneValues } from './clone-form.ts'
import { cloneProblem, cloneStages, restoreProblem } from './clone-stages.ts'

const values: CloneValues = {
  source: 'VirtualMachine/web-1',
  cloneName: 'web-2',
  macs: { default: ' ' },
  serial: '',
  labels: '',
  annotations: '',
}
const at = { namespace: 'demo', name: 'web-2-x' }

describe('the clone’s manifest', () => {
  it('says only what differs', () => {
    expect(cloneManifest(values, at).spec).toEqual({
      source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'web-1' },
      target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'web-2' },
    })
  })

  it('has addresses, serial and filters where they are given', () => {
    const given = {
      ...values,
      source: 'VirtualMachineSnapshot/before',
      macs: { default: '02:00:00:00:00:09', other: '' },
      serial: 'S1',
      labels: '*, !team',
    }
    expect(cloneManifest(given, at).spec).toMatchObject({
      source: { apiGroup: 'snapshot.kubevirt.io', kind: 'VirtualMachineSnapshot', name: 'before' },
      newMacAddresses: { default: '02:00:00:00:00:09' },
      newSMBiosSerial: 'S1',
      labelFilters: ['*', '!team'],
    })
  })
})

const vm = {
  metadata: { name: 'web-1', namespace: 'demo' },
  spec: {
    template: {
      spec: {
        domain: { devices: {} },
        volumes: [
          { name: 'root', dataVolume: { name: 'r' } },
          { name: 'data', persistentVolumeClaim: { claimName: 'd' } },
          { name: 'init', cloudInitNoCloud: {} },
        ],
      },
    },
  },
  status: {
    printableStatus: 'Running',
    volumeSnapshotStatuses: [
      { name: 'root', enabled: true },
      { name: 'data', enabled: false, reason: 'No VolumeSnapshotClass' },
      { name: 'init', enabled: false, reason: 'not of this kind' },
    ],
  },
} as unknown as VirtualMachine

it('names the disks that a clone would wait for', () => {
  expect(unclonable(vm)).toEqual([{ name: 'data', reason: 'No VolumeSnapshotClass' }])
})

it('offers VMs and their own snapshots, not those of other clones', () => {
  const snapshot = (name: string, rest: object) =>
    ({
      metadata: { name, ...rest },
      spec: { source: { kind: 'VirtualMachine', name: 'web-1' } },
    }) as unknown as VirtualMachineSnapshot
  const sources = cloneSources(
    [vm],
    [
      snapshot('before', {}),
      snapshot('tmp-snapshot-1', { ownerReferences: [{ controller: true }] }),
    ],
  )
  expect(sources.map(({ value }) => value)).toEqual([
    'VirtualMachine/web-1',
    'VirtualMachineSnapshot/before',
  ])
  expect(sources[1]).toMatchObject({ vm, problem: expect.stringContaining('isn’t ready') })
})

describe('the clone’s progress', () => {
  const clone = (status: object) =>
    ({
      spec: { source: { kind: 'VirtualMachine', name: 'web-1' } },
      status,
    }) as unknown as VirtualMachineClone
  const states = (status: object) => cloneStages(clone(status)).map(({ state }) => state)

  it('is that of its phase', () => {
    expect(states({})).toEqual(['current', 'pending', 'pending', 'pending'])
    expect(states({ phase: 'RestoreInProgress' })).toEqual([
      'done',
      'current',
      'pending',
      'pending',
    ])
    expect(states({ phase: 'Succeeded' })).toEqual(['done', 'done', 'done', 'done'])
    expect(cloneStages(clone({}))[0]?.title).toBe('A snapshot is taken')
    const ofSnapshot = { spec: { source: { kind: 'VirtualMachineSnapshot', name: 'before' } } }
    expect(cloneStages(ofSnapshot as VirtualMachineClone)[0]?.title).toBe('The snapshot is ready')
  })

  it('says why it waits or failed, in the cluster’s words', () => {
    const pending = [
      { type: 'Progressing', status: 'False', reason: 'Pending' },
      { type: 'Ready', status: 'False', reason: 'Source doesnt exist: VirtualMachine demo/x' },
    ]
    expect(cloneProblem(clone({ conditions: pending }))).toMatchObject({
      isFinal: false,
      words: 'Source doesnt exist: VirtualMachine demo/x',
      advice: 'It goes on by itself once its source is there.',
    })
    const unready = [pending[0], { type: 'Ready', status: 'False', reason: 'no snapshot class' }]
    expect(cloneProblem(clone({ conditions: unready }))?.advice).toMatch(/VolumeSnapshotClass/)
    expect(cloneProblem(clone({ phase: 'Failed' }))?.isFinal).toBe(true)
    expect(cloneProblem(clone({ phase: 'RestoreInProgress' }))).toBeUndefined()
    const refused = [
      { type: 'Progressing', status: 'False', reason: 'no' },
      { type: 'Ready', status: 'False', reason: 'no' },
    ]
    expect(restoreProblem({ status: { conditions: refused } })).toBe('no')
  })
})

import { expect, it } from 'vitest'

import type { VirtualMachineSnapshot } from './kinds.ts'
import { guestWords, vmSnapshotStatus } from './vm-snapshot-status.ts'

function snapshot(
  status: VirtualMachineSnapshot['status'],
  deletionTimestamp?: string,
): VirtualMachineSnapshot {
  return {
    metadata: { name: 'before', deletionTimestamp },
    spec: { source: { kind: 'VirtualMachine', name: 'web-1' } },
    status,
  } as VirtualMachineSnapshot
}

it('says how a snapshot is, and why it isn’t ready', () => {
  const ofPhase = (status: VirtualMachineSnapshot['status']) => vmSnapshotStatus(snapshot(status))
  expect(ofPhase(undefined)).toMatchObject({ label: 'Being taken', tone: 'progress' })
  expect(
    ofPhase({
      phase: 'InProgress',
      readyToUse: false,
      conditions: [{ type: 'Progressing', status: 'False', reason: 'Source does not exist' }],
    }).reason,
  ).toBe('KubeVirt says: Source does not exist.')
  expect(ofPhase({ phase: 'InProgress', error: { message: 'no space' } })).toMatchObject({
    label: 'In trouble',
    reason: 'no space',
  })
  expect(
    ofPhase({
      phase: 'Failed',
      conditions: [{ type: 'Failure', status: 'True', reason: 'Snapshot deadline exceeded' }],
    }),
  ).toMatchObject({ label: 'Failed', reason: 'Snapshot deadline exceeded' })
  expect(ofPhase({ phase: 'Succeeded', readyToUse: true })).toEqual({
    label: 'Ready',
    tone: 'success',
  })
  expect(
    vmSnapshotStatus(snapshot({ phase: 'Succeeded', readyToUse: true }, '2026-01-01T00:00:00Z'))
      .label,
  ).toBe('Terminating')
})

it('says how the guest was when it was taken', () => {
  const words = (...indications: string[]) =>
    guestWords(snapshot({ readyToUse: true, indications }))
  expect(words('Online', 'GuestAgent')).toMatch(/held its file systems still/)
  expect(words('Online', 'GuestAgent', 'QuiesceFailed')).toMatch(/couldn’t hold/)
  expect(words('Online', 'NoGuestAgent')).toMatch(/as after a power cut/)
  expect(words('Online', 'Paused')).toMatch(/paused/)
  expect(words()).toBe('It was off.')
  expect(guestWords(snapshot({ phase: 'InProgress' }))).toBe('–')
})

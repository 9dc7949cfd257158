import { describe, expect, it } from 'vitest'

import { claimSize, claimStatus } from './claim-status.ts'
import type { PersistentVolumeClaim, StorageClass } from './kinds.ts'

const metadata = {
  name: 'data',
  namespace: 'demo',
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: '',
}

function claim(
  phase: string,
  { spec = {}, status = {}, meta = {} }: { spec?: object; status?: object; meta?: object } = {},
): PersistentVolumeClaim {
  return {
    metadata: { ...metadata, ...meta },
    spec: { storageClassName: 'standard', resources: { requests: { storage: '4Gi' } }, ...spec },
    status: { phase, ...status },
  } as PersistentVolumeClaim
}

function storageClass(name: string, binding: string, provisioner = 'csi.example'): StorageClass {
  return { metadata: { ...metadata, name }, provisioner, volumeBindingMode: binding }
}

const classes = [
  storageClass('standard', 'Immediate'),
  storageClass('later', 'WaitForFirstConsumer'),
  storageClass('by-hand', 'WaitForFirstConsumer', 'kubernetes.io/no-provisioner'),
]

describe('claimStatus', () => {
  it('needs no reason when bound', () => {
    expect(claimStatus(claim('Bound'))).toEqual({ label: 'Bound', tone: 'success' })
  })

  it.each([
    ['standard', {}, 'Its volume is being made.'],
    ['later', {}, 'class later makes the volume when a VM or pod needs it'],
    ['by-hand', {}, 'nothing provisions class by-hand'],
    ['gone', {}, 'There is no storage class gone.'],
    ['standard', { 'cdi.kubevirt.io/storage.usePopulator': 'true' }, 'Its DataVolume fills it'],
    ['later', { 'volume.kubernetes.io/selected-node': 'worker-1' }, 'Its volume is being made.'],
  ])('says why it is pending in class %s with %o', (storageClassName, annotations, words) => {
    const pending = claim('Pending', { spec: { storageClassName }, meta: { annotations } })
    expect(claimStatus(pending, { classes }).reason).toContain(words)
  })

  it('claims nothing about classes that can’t be read', () => {
    const pending = claim('Pending', { spec: { storageClassName: 'gone' } })
    expect(claimStatus(pending)).toMatchObject({ tone: 'progress' })
  })

  it.each([undefined, ''])(
    'tells a claim without a class (%s) that it may wait forever',
    (name) => {
      const pending = claim('Pending', { spec: { storageClassName: name } })
      expect(claimStatus(pending, { classes })).toMatchObject({ label: 'Pending', tone: 'warning' })
    },
  )

  it.each([
    ['Resizing', 'progress', 'The volume is growing to 4 GiB.'],
    ['FileSystemResizePending', 'progress', 'grows when a VM or pod that uses it starts'],
    ['ControllerResizeError', 'danger', 'could not be grown to 4 GiB: out of space'],
  ])('tells of growth by %s', (type, tone, words) => {
    const conditions = [{ type, status: 'True', message: 'out of space' }]
    const status = claimStatus(claim('Bound', { status: { conditions } }))
    expect(status).toMatchObject({ label: 'Bound', tone })
    expect(status.reason).toContain(words)
  })

  it('says what keeps a deleted claim', () => {
    const meta = { deletionTimestamp: 'now', finalizers: ['kubernetes.io/pvc-protection'] }
    expect(claimStatus(claim('Bound', { meta }))).toMatchObject({
      label: 'Terminating',
      reason: expect.stringContaining('as soon as no pod uses it'),
    })
  })
})

it('shows what a claim has beside what it asks for while they differ', () => {
  expect(claimSize(claim('Bound', { status: { capacity: { storage: '4Gi' } } }))).toBe('4 GiB')
  expect(claimSize(claim('Bound', { status: { capacity: { storage: '1Gi' } } }))).toBe(
    '1 GiB of 4 GiB asked',
  )
  expect(claimSize(claim('Pending'))).toBe('4 GiB asked')
})

import { describe, expect, it } from 'vitest'

import { dataVolumeSource, dataVolumeStatus } from './data-volume-status.ts'
import { dataVolumeTrouble } from './data-volume-trouble.ts'
import type { DataVolume, StorageClass } from './kinds.ts'

const metadata = {
  name: 'd',
  namespace: 'demo',
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: '',
}

function dataVolume(status: object, spec: object = {}): DataVolume {
  return {
    metadata,
    spec: { source: { http: { url: 'https://x.example/a' } }, storage: {}, ...spec },
    status,
  } as DataVolume
}

function storageClass(name: string, annotations: Record<string, string> = {}): StorageClass {
  return {
    metadata: { ...metadata, name, annotations },
    provisioner: 'csi.example',
    volumeBindingMode: 'WaitForFirstConsumer',
  }
}

const running = (message: string) => [
  { type: 'Running', status: 'False', reason: 'Error', message },
]
const marked = storageClass('a', { 'storageclass.kubernetes.io/is-default-class': 'true' })
const titles = (one: DataVolume, around: Partial<Parameters<typeof dataVolumeTrouble>[1]> = {}) =>
  dataVolumeTrouble(one, { warnings: [], ...around }).map(({ title }) => title)

describe('dataVolumeTrouble', () => {
  it('finds none in one that is being filled or has succeeded', () => {
    expect(titles(dataVolume({ phase: 'ImportInProgress' }), { classes: [marked] })).toEqual([])
    const done = dataVolume({ phase: 'Succeeded', conditions: running('left over') })
    expect(titles(done, { classes: [] })).toEqual([])
  })

  it.each([
    ['dial tcp: lookup x on 10.0.0.1:53: no such host', 'can’t be resolved'],
    ['dial tcp 10.0.0.9:80: connect: connection refused', 'can’t be reached'],
    ['x509: certificate signed by unknown authority', 'certConfigMap'],
    ['expected status code 200, got 403. Status: 403 Forbidden', 'secretRef'],
    ['expected status code 200, got 404. Status: 404 Not Found', 'nothing at that address'],
    ['DataVolume too small to contain image', 'larger size'],
  ])('says what to do about “%s”', (message, words) => {
    const failing = dataVolume({
      phase: 'ImportInProgress',
      restartCount: 3,
      conditions: running(message),
    })
    const [trouble] = dataVolumeTrouble(failing, { warnings: [] })
    expect(trouble).toMatchObject({ detail: message, isBad: true })
    expect(trouble?.nextStep).toContain(words)
    expect(dataVolumeStatus(failing)).toMatchObject({ tone: 'warning' })
    expect(dataVolumeStatus(failing).reason).toContain('3 times so far')
  })

  it('tells a class that is missing from a default that is', () => {
    const pending = { phase: 'Pending' }
    expect(titles(dataVolume(pending), { classes: [storageClass('a')] })).toEqual([
      'No storage class is the default',
    ])
    const named = dataVolume(pending, { storage: { storageClassName: 'gone' } })
    expect(titles(named, { classes: [marked] })).toEqual(['There is no storage class gone'])
    // What may not be read is no reason.
    expect(titles(named)).toEqual([])
  })

  it('tells waiting for the first use from other waiting', () => {
    const waiting = dataVolume(
      { phase: 'PendingPopulation' },
      { storage: { storageClassName: 'a' } },
    )
    expect(titles(waiting, { classes: [marked] })).toEqual(['It waits for its first use'])
  })

  it('finds a quota and a pod that can’t be placed', () => {
    const one = dataVolume({ phase: 'ImportScheduled' })
    const warnings = [{ reason: 'FailedCreate', message: 'exceeded quota: storage' }]
    expect(titles(one, { warnings })).toEqual(['The namespace’s quota is used up'])
    const conditions = [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes' }]
    const pod = { metadata, status: { conditions } }
    expect(titles(one, { pod: pod as never })).toEqual(['Its pod can’t be placed on a node'])
  })
})

it('names where a DataVolume is filled from', () => {
  const from = (source: object) => dataVolumeSource(dataVolume({}, { source }))
  expect(from({ http: { url: 'https://x' } })).toEqual({ kind: 'URL', from: 'https://x' })
  expect(from({ blank: {} })).toEqual({ kind: 'Empty', from: '' })
  expect(from({ pvc: { namespace: 'lab', name: 'a' } })).toMatchObject({ from: 'lab/a' })
  expect(from({ pvc: { namespace: 'demo', name: 'a' } })).toMatchObject({
    from: 'a',
    ref: { kind: 'PersistentVolumeClaim', namespace: 'demo', name: 'a' },
  })
  expect(from({ vddk: { url: 'https://esx' } })).toEqual({ kind: 'vddk', from: 'https://esx' })
})

import { expect, it } from 'vitest'

import { claimUpload, dataVolumeUpload, isUploadTarget, whyNoUpload } from './upload-state.ts'

const metadata = {
  name: 'disk',
  namespace: 'demo',
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
}
const dataVolume = (status: object) => dataVolumeUpload({ metadata, spec: {}, status })
const claim = (annotations: Record<string, string>) => ({
  metadata: {
    ...metadata,
    annotations: Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [`cdi.kubevirt.io/storage.${key}`, value]),
    ),
  },
})

it('reads a DataVolume’s phase, and why its last attempt failed', () => {
  expect(dataVolume({ phase: 'UploadReady' })).toEqual({ is: 'ready', restarts: 0 })
  expect(dataVolume({ phase: 'UploadScheduled' }).message).toBe('Waiting for CDI’s upload pod')
  const bound = { type: 'Bound', message: 'no class' }
  expect(dataVolume({ phase: 'Pending', conditions: [bound] }).message).toBe(
    'Waiting for the volume: no class',
  )
  const running = { type: 'Running', reason: 'Error', message: 'Unable to convert' }
  expect(dataVolume({ phase: 'UploadReady', restartCount: 2, conditions: [running] })).toEqual({
    is: 'ready',
    restarts: 2,
    error: 'Unable to convert',
  })
})

it('reads the same from the annotations of a claim without one', () => {
  expect(isUploadTarget(claim({ 'upload.target': '' }))).toBe(true)
  expect(isUploadTarget(claim({}))).toBe(false)
  expect(claimUpload(claim({ 'pod.phase': 'Pending' })).is).toBe('waiting')
  expect(claimUpload(claim({ 'pod.phase': 'Running', 'pod.ready': 'true' })).is).toBe('ready')
  expect(claimUpload(claim({ 'pod.phase': 'Succeeded' })).is).toBe('filled')
  expect(
    claimUpload(
      claim({ 'condition.running.reason': 'Error', 'condition.running.message': 'too large' }),
    ).error,
  ).toBe('too large')
})

it('says what takes no upload', () => {
  expect(whyNoUpload({ is: 'ready', restarts: 0 })).toBeUndefined()
  expect(whyNoUpload({ is: 'filled', restarts: 0 })).toMatch(/filled already/)
  expect(whyNoUpload({ is: 'waiting', restarts: 0 })).toMatch(/doesn’t wait/)
})

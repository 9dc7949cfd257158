// @vitest-environment jsdom

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { KubeClient } from '../../../kube/client.ts'
import { KubeError } from '../../../kube/kube-error.ts'
import type { UploadWay } from '../../data/upload-way.ts'
import { runUpload, type UploadReport, type UploadTarget } from './upload-run.ts'
import { cancelUpload, currentUploads, forgetUploads, retryUpload, startUpload } from './uploads.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const target: UploadTarget = {
  kind: 'DataVolume',
  namespace: 'demo',
  name: 'disk',
  uid: 'u1',
  isMade: true,
}

/** A cluster whose DataVolume goes through these states, one a look. */
function clusterWith(
  states: object[],
  deletion: () => Promise<void> = () => Promise.resolve(),
  vms: object[] = [],
) {
  let index = 0
  const deleted = vi.fn<KubeClient['delete']>(deletion)
  const get = () => {
    const status = states[Math.min(index++, states.length - 1)]
    if (status instanceof Error) return Promise.reject(status)
    return Promise.resolve({ metadata: { name: 'disk', uid: 'u1' }, status })
  }
  const read = (path: string) =>
    Promise.resolve({ items: path.endsWith('/virtualmachines') ? vms : [] })
  return { client: { get, read, delete: deleted } as unknown as KubeClient, deleted }
}

const sendsAll: UploadWay = { check: () => Promise.resolve(), send: () => Promise.resolve() }

async function run(client: KubeClient, way = sendsAll, change: Partial<UploadTarget> = {}) {
  const reports: UploadReport[] = []
  const stop = new AbortController()
  const ended = runUpload({
    client,
    way,
    target: { ...target, ...change },
    file: new Blob(['x']),
    signal: stop.signal,
    report: (report) => reports.push(report),
  })
  await vi.advanceTimersByTimeAsync(20_000)
  await ended
  return reports
}

const ready = { phase: 'UploadReady' }

describe('an upload', () => {
  it('waits for the volume, sends, and follows CDI to the end', async () => {
    const { client, deleted } = clusterWith([
      { phase: 'UploadScheduled' },
      new KubeError(0, 'gone for a moment'),
      ready,
      ready,
      { phase: 'Succeeded' },
    ])
    const reports = await run(client)
    expect(reports.map(({ phase }) => phase)).toEqual([
      'preparing',
      'preparing',
      'sending',
      'processing',
      'done',
    ])
    expect(deleted).not.toHaveBeenCalled()
  })

  it('deletes what was made for it when CDI refuses the bytes, in CDI’s words', async () => {
    const { client, deleted } = clusterWith([ready])
    const send = () => Promise.reject(new KubeError(400, 'Saving stream failed: too large'))
    const reports = await run(client, { ...sendsAll, send })
    expect(reports.at(-1)).toEqual({ phase: 'failed', message: 'Saving stream failed: too large' })
    expect(deleted).toHaveBeenCalledWith(
      expect.anything(),
      { name: 'disk', namespace: 'demo' },
      { uid: 'u1' },
    )
  })

  it('fails when the image can’t be converted after it was sent', async () => {
    const crash = {
      ...ready,
      restartCount: 1,
      conditions: [{ type: 'Running', reason: 'Error', message: 'Unable to convert' }],
    }
    const { client } = clusterWith([ready, ready, crash])
    expect((await run(client)).at(-1)).toEqual({ phase: 'failed', message: 'Unable to convert' })
  })

  it('says what stands when it can’t be deleted', async () => {
    const { client } = clusterWith([{ phase: 'Failed' }], () =>
      Promise.reject(new KubeError(403, 'you may not')),
    )
    expect((await run(client)).at(-1)?.left).toBe(
      'DataVolume disk still stands and could not be deleted: you may not',
    )
  })

  it('keeps what a VM has by now, and fills it when it is tried again', async () => {
    const volumes = [{ name: 'd', persistentVolumeClaim: { claimName: 'disk' } }]
    const vm = {
      metadata: { name: 'web-1' },
      spec: { template: { spec: { domain: {}, volumes } } },
    }
    const { client, deleted } = clusterWith([ready, ready, { phase: 'Succeeded' }], undefined, [vm])
    let isBroken = true
    const send = () =>
      isBroken ? Promise.reject(new KubeError(0, 'cut')) : Promise.resolve(undefined)
    startUpload({ client, way: { ...sendsAll, send }, target, file: new File(['x'], 'x.img') })
    await vi.advanceTimersByTimeAsync(5000)
    const [failed] = currentUploads()
    expect(failed).toMatchObject({
      phase: 'failed',
      left: 'DataVolume disk is kept, still without its image: VM web-1 uses it.',
    })
    expect(deleted).not.toHaveBeenCalled()
    isBroken = false
    retryUpload(failed?.id ?? 0)
    await vi.advanceTimersByTimeAsync(5000)
    expect(currentUploads()[0]?.phase).toBe('done')
    forgetUploads()
  })

  it('makes anew what was deleted after a failure', async () => {
    const { client, deleted } = clusterWith([{ phase: 'Failed' }, ready, { phase: 'Succeeded' }])
    const create = vi.fn<(...given: unknown[]) => Promise<object>>(() =>
      Promise.resolve({ metadata: { name: 'disk', uid: 'u1' } }),
    )
    const manifest = { metadata: { name: 'disk' } }
    const file = new File(['x'], 'x.img')
    startUpload({
      client: { ...client, create } as unknown as KubeClient,
      way: sendsAll,
      target,
      manifest,
      file,
    })
    await vi.advanceTimersByTimeAsync(3000)
    expect(currentUploads()[0]?.phase).toBe('failed')
    expect(deleted).toHaveBeenCalledTimes(1)
    retryUpload(currentUploads()[0]?.id ?? 0)
    await vi.advanceTimersByTimeAsync(5000)
    expect(create).toHaveBeenCalledWith(expect.anything(), 'demo', manifest)
    expect(currentUploads()[0]?.phase).toBe('done')
    forgetUploads()
  })

  it('leaves a DataVolume that was there before', async () => {
    const { client, deleted } = clusterWith([{ phase: 'Failed' }])
    expect((await run(client, sendsAll, { isMade: false })).at(-1)?.left).toMatch(
      /stands and waits/,
    )
    expect(deleted).not.toHaveBeenCalled()
  })
})

it('runs two uploads at a time, and cleans up after those that never began', async () => {
  const { client, deleted } = clusterWith([ready])
  const send: UploadWay['send'] = (_claim, _file, { signal }) =>
    new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))),
    )
  for (const name of ['a', 'b', 'c'])
    startUpload({ client, way: { ...sendsAll, send }, target, file: new File(['x'], name) })
  await vi.advanceTimersByTimeAsync(100)
  const phases = () => currentUploads().map(({ phase }) => phase)
  expect(phases()).toEqual(['sending', 'sending', 'queued'])
  const [first, , last] = currentUploads()
  cancelUpload(last?.id ?? 0)
  await vi.advanceTimersByTimeAsync(100)
  expect(phases()).toEqual(['sending', 'sending', 'cancelled'])
  expect(deleted).toHaveBeenCalledTimes(1)
  cancelUpload(first?.id ?? 0)
  await vi.advanceTimersByTimeAsync(100)
  forgetUploads()
  expect(phases()).toEqual(['sending'])
})

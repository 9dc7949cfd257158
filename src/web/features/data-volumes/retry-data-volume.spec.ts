import { expect, it, vi } from 'vitest'

import type { KubeClient } from '../../../kube/client.ts'
import type { DataVolume } from '../../../kube/kinds.ts'
import { KubeError } from '../../../kube/kube-error.ts'
import { NotRecreatedError, retryDataVolume } from './retry-data-volume.ts'

const dataVolume = {
  metadata: {
    name: 'image',
    namespace: 'demo',
    uid: 'old',
    resourceVersion: '7',
    creationTimestamp: 'then',
    labels: { team: 'a' },
    annotations: { mine: 'kept', 'cdi.kubevirt.io/storage.usePopulator': 'true' },
    ownerReferences: [
      { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', name: 'v', uid: 'v' },
    ],
  },
  spec: { source: { blank: {} } },
  status: { phase: 'ImportInProgress' },
} as DataVolume

const missing = new KubeError(404, 'not found')

type Ask = (...request: readonly unknown[]) => Promise<object>

const ask = () => vi.fn<Ask>().mockResolvedValue({})

function client(create: Ask, remove: Ask = ask()): KubeClient {
  const get = () => Promise.reject(missing)
  return { get, delete: remove, create } as unknown as KubeClient
}

it('keeps spec, labels, foreign annotations and owner, and tries the creation first', async () => {
  const create = ask()
  const remove = ask()
  await retryDataVolume(client(create, remove), dataVolume)
  expect(create.mock.calls[0]?.[3]).toEqual({ dryRun: true })
  expect(remove).toHaveBeenCalledWith(expect.anything(), expect.anything(), {
    uid: 'old',
    propagationPolicy: 'Foreground',
  })
  expect(create.mock.calls[1]?.[2]).toEqual({
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: {
      name: 'image',
      namespace: 'demo',
      labels: { team: 'a' },
      annotations: { mine: 'kept' },
      ownerReferences: dataVolume.metadata.ownerReferences,
    },
    spec: dataVolume.spec,
  })
})

it('deletes nothing that could not be created again', async () => {
  const create = ask().mockRejectedValue(new KubeError(403, 'no right'))
  const remove = ask()
  await expect(retryDataVolume(client(create, remove), dataVolume)).rejects.toThrow('no right')
  expect(remove).not.toHaveBeenCalled()
})

it('says when it is gone and not made anew, unless its VM was faster', async () => {
  const create = vi
    .fn<Ask>()
    .mockResolvedValueOnce({})
    .mockRejectedValue(new KubeError(500, 'down'))
  await expect(retryDataVolume(client(create), dataVolume)).rejects.toBeInstanceOf(
    NotRecreatedError,
  )
  const taken = new KubeError(409, 'exists', { reason: 'AlreadyExists' })
  const second = vi.fn<Ask>().mockResolvedValueOnce({}).mockRejectedValue(taken)
  await expect(retryDataVolume(client(second), dataVolume)).resolves.toBeUndefined()
})

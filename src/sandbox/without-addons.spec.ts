import { afterAll, beforeAll, expect, it, vi } from 'vitest'

import { findCondition } from './kubevirt/conditions.ts'
import { keys, type VirtualMachine } from './kubevirt/objects.ts'
import { startSpecSandbox, type SpecSandbox } from './spec-sandbox.ts'

const WAIT = { timeout: 30_000, interval: 20 }
const LAB_VMS = '/apis/kubevirt.io/v1/namespaces/lab/virtualmachines'

let sandbox: SpecSandbox

beforeAll(async () => {
  sandbox = await startSpecSandbox({
    seed: 'demo',
    without: ['multus', 'cdi', 'snapshot'],
  })
}, 60_000)

afterAll(() => sandbox.close())

const vm = (namespace: string, name: string) =>
  sandbox.server.store.get<VirtualMachine>(keys.vm, namespace, name)

it('serves no kind of what is missing, and has none of its objects', async () => {
  const code = async (path: string) => (await fetch(`${sandbox.url}/apis/${path}`)).status
  expect(await code('cdi.kubevirt.io/v1beta1/datavolumes')).toBe(404)
  expect(await code('upload.cdi.kubevirt.io/v1beta1')).toBe(404)
  expect(await code('k8s.cni.cncf.io/v1/network-attachment-definitions')).toBe(404)
  expect(await code('snapshot.storage.k8s.io/v1/volumesnapshotclasses')).toBe(404)
  const groups = await (await fetch(`${sandbox.url}/apis`)).text()
  expect(groups).toContain('snapshot.kubevirt.io')
  expect(groups).not.toMatch(/cdi\.kubevirt\.io|k8s\.cni\.cncf\.io|snapshot\.storage/)
  for (const key of [keys.dataVolume, keys.nad, keys.volumeSnapshotClass, keys.storageProfile]) {
    expect(sandbox.server.store.list(key)).toEqual([])
  }
})

it('runs the demo VMs with what is left', async () => {
  await vi.waitFor(() => {
    for (const name of ['web-1', 'db-1']) {
      expect(vm('demo', name)?.status?.printableStatus).toBe('Running')
    }
  }, WAIT)
  expect(vm('demo', 'db-1')?.status?.volumeSnapshotStatuses).toContainEqual({
    name: 'logs',
    enabled: false,
    reason:
      'No VolumeSnapshotClass: Volume snapshots are not configured for this StorageClass [standard] [logs]',
  })
})

it('accepts a VM with DataVolumes and says that they can’t be made', async () => {
  const { spec } = structuredClone(vm('lab', 'desktop-1')!)
  const storage = { resources: { requests: { storage: '1Gi' } } }
  spec.dataVolumeTemplates = [
    { metadata: { name: 'lost' }, spec: { source: { blank: {} }, storage } },
  ]
  spec.template.spec.volumes?.push({ name: 'lost', dataVolume: { name: 'lost' } })
  const { status } = await fetch(sandbox.url + LAB_VMS, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: { name: 'loser' },
      spec: { ...spec, runStrategy: 'Always' },
    }),
  })
  expect(status).toBe(201)
  await vi.waitFor(() => {
    expect(findCondition(vm('lab', 'loser')?.status?.conditions, 'Failure')).toMatchObject({
      reason: 'FailedCreate',
      message:
        'Error encountered while creating DataVolumes: failed to create DataVolume: the server could not find the requested resource (post datavolumes.cdi.kubevirt.io)',
    })
  }, WAIT)
})

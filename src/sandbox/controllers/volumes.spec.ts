import { readFile, stat, writeFile } from 'node:fs/promises'

import { afterAll, beforeAll, expect, it, vi } from 'vitest'

import { findCondition } from '../kubevirt/conditions.ts'
import {
  keys,
  type DataVolume,
  type PersistentVolumeClaim,
  type VolumeSnapshot,
} from '../kubevirt/objects.ts'
import { startSpecSandbox, type SpecSandbox } from '../spec-sandbox.ts'

let sandbox: SpecSandbox

beforeAll(async () => {
  sandbox = await startSpecSandbox({
    seed: 'empty',
  })
}, 60_000)

afterAll(() => sandbox.close())

const store = () => sandbox.server.store

function createClaim(name: string, spec: object = {}): PersistentVolumeClaim {
  return store().create<PersistentVolumeClaim>(keys.pvc, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default', finalizers: ['kubernetes.io/pvc-protection'] },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '4Ki' } },
      storageClassName: 'standard',
      volumeMode: 'Block',
      ...spec,
    },
  })
}

function claim(name: string): PersistentVolumeClaim | undefined {
  return store().get<PersistentVolumeClaim>(keys.pvc, 'default', name)
}

async function bound(name: string): Promise<PersistentVolumeClaim> {
  await vi.waitFor(() => expect(claim(name)?.status?.phase).toBe('Bound'), 5000)
  return claim(name)!
}

function eventsOf(name: string): string[] {
  return store()
    .list('/events', 'default')
    .filter((event) => (event['involvedObject'] as { name?: string }).name === name)
    .map((event) => `${String(event['reason'])}: ${String(event['message'])}`)
}

it('keeps what a claim held in its snapshot, and gives it to claims made from either', async () => {
  createClaim('source')
  const source = await bound('source')
  await writeFile(await sandbox.diskFile(source), 'before')
  store().create<VolumeSnapshot>(keys.volumeSnapshot, {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshot',
    metadata: { name: 'snap', namespace: 'default' },
    spec: { source: { persistentVolumeClaimName: 'source' } },
  })
  const snapshot = () => store().get<VolumeSnapshot>(keys.volumeSnapshot, 'default', 'snap')
  await vi.waitFor(() => expect(snapshot()?.status?.readyToUse).toBe(true), 5000)
  expect(snapshot()).toMatchObject({
    spec: { volumeSnapshotClassName: 'snapshots' },
    status: { restoreSize: '4Ki' },
  })
  await writeFile(await sandbox.diskFile(source), 'after')

  createClaim('restored', { dataSource: reference('VolumeSnapshot', 'snap') })
  createClaim('cloned', { dataSourceRef: reference('PersistentVolumeClaim', 'source') })
  const held = async (name: string) => {
    const text = await readFile(await sandbox.diskFile(await bound(name)), 'utf8')
    return text.replaceAll('\0', '')
  }
  expect(await held('restored')).toBe('before')
  expect(await held('cloned')).toBe('after')

  const contents = () => store().list(keys.volumeSnapshotContent)
  expect(contents()).toHaveLength(1)
  store().delete(keys.volumeSnapshot, 'default', 'snap')
  await vi.waitFor(() => expect(contents()).toHaveLength(0), 5000)
  expect(snapshot()).toBeUndefined()
})

it('says why a claim can’t have its source', async () => {
  createClaim('source-2')
  await bound('source-2')
  createClaim('no-snapshot', { dataSource: reference('VolumeSnapshot', 'nowhere') })
  createClaim('too-small', {
    dataSource: reference('PersistentVolumeClaim', 'source-2'),
    resources: { requests: { storage: '1Ki' } },
  })
  await vi.waitFor(() => {
    expect(eventsOf('no-snapshot').join()).toContain(
      'error getting handle for DataSource Type VolumeSnapshot by Name nowhere: error getting snapshot nowhere from api server: volumesnapshots.snapshot.storage.k8s.io "nowhere" not found',
    )
    expect(eventsOf('too-small').join()).toContain('requested 1024 but source is 4096')
  }, 5000)
  expect(claim('no-snapshot')?.status?.phase).toBe('Pending')
})

it('waits with the growth of a file system for a pod, of a device for nothing', async () => {
  createClaim('device')
  createClaim('files', { volumeMode: 'Filesystem' })
  await bound('files')
  await writeFile(await sandbox.diskFile(await bound('device')), 'x')
  for (const name of ['device', 'files'])
    store().update<PersistentVolumeClaim>(keys.pvc, 'default', name, ({ spec }) => {
      spec.resources.requests.storage = '8Ki'
    })
  await vi.waitFor(() => expect(claim('device')?.status?.capacity?.storage).toBe('8Ki'), 5000)
  const path = await sandbox.diskFile(claim('device')!)
  await vi.waitFor(async () => expect((await stat(path)).size).toBe(8192), 5000)
  await vi.waitFor(
    () => expect(claim('files')?.status?.conditions?.[0]?.type).toBe('FileSystemResizePending'),
    5000,
  )
  store().create(keys.pod, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'reader', namespace: 'default' },
    spec: {
      containers: [{ name: 'reader', image: 'registry.example/reader' }],
      volumes: [{ name: 'files', persistentVolumeClaim: { claimName: 'files' } }],
    },
  })
  await vi.waitFor(() => expect(claim('files')?.status?.capacity?.storage).toBe('8Ki'), 5000)
})

it('gives a volume made by hand to the claim it suits', async () => {
  createClaim('by-hand', { storageClassName: 'manual', volumeMode: 'Filesystem' })
  await vi.waitFor(() => expect(claim('by-hand')?.status?.phase).toBe('Pending'), 5000)
  store().update(keys.pvc, 'default', 'by-hand', ({ metadata }) => {
    metadata.annotations = { 'volume.kubernetes.io/selected-node': 'worker-1' }
  })
  expect(await bound('by-hand')).toMatchObject({
    spec: { volumeName: 'worker-1-ssd' },
    status: { capacity: { storage: '100Gi' } },
  })
  store().delete(keys.pvc, 'default', 'by-hand')
  // Its policy is Retain.
  await vi.waitFor(
    () =>
      expect(store().get(keys.pv, undefined, 'worker-1-ssd')).toMatchObject({
        status: { phase: 'Released' },
      }),
    5000,
  )
})

function createDataVolume(name: string, spec: object): void {
  store().create(keys.dataVolume, {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { name, namespace: 'default' },
    spec,
  })
}

const dataVolume = (name: string) => store().get<DataVolume>(keys.dataVolume, 'default', name)

it('has the importer of an address that can’t be reached crash, and clears up after it', async () => {
  createDataVolume('broken', {
    source: { http: { url: 'https://images.invalid/a.qcow2' } },
    storage: { resources: { requests: { storage: '4Ki' } } },
  })
  await vi.waitFor(() => expect(dataVolume('broken')?.status?.restartCount).toBe(2), 3_000)
  const why = 'dial tcp: lookup images.invalid on 10.96.0.10:53: no such host'
  expect(dataVolume('broken')).toMatchObject({
    status: { phase: 'ImportInProgress', progress: 'N/A' },
  })
  expect(findCondition(dataVolume('broken')?.status?.conditions, 'Running')).toMatchObject({
    status: 'False',
    reason: 'Error',
    message: `Unable to process data: Get "https://images.invalid/a.qcow2": ${why}`,
  })
  const prime = claim(`prime-${claim('broken')?.metadata.uid}`)
  const pod = prime?.metadata.annotations?.['cdi.kubevirt.io/storage.import.importPodName'] ?? ''
  const log = await fetch(
    `${sandbox.url}/api/v1/namespaces/default/pods/${pod}/log?container=importer`,
  )
  expect(await log.text()).toContain(why)

  store().delete(keys.dataVolume, 'default', 'broken')
  await vi.waitFor(() => {
    expect(claim('broken')).toBeUndefined()
    expect(claim(prime?.metadata.name ?? '')).toBeUndefined()
    expect(store().get(keys.pod, 'default', pod)).toBeUndefined()
  }, 10_000)
}, 20_000)

it('leaves a DataVolume without a phase while no class is the default', async () => {
  const marks = [
    'storageclass.kubernetes.io/is-default-class',
    'storageclass.kubevirt.io/is-default-virt-class',
  ]
  const mark = (value: string) =>
    store().update(keys.storageClass, undefined, 'standard', ({ metadata }) => {
      metadata.annotations = Object.fromEntries(marks.map((name) => [name, value]))
    })
  mark('false')
  createDataVolume('classless', {
    source: { blank: {} },
    storage: { resources: { requests: { storage: '4Ki' } } },
  })
  const why = 'PVC spec is missing accessMode and no storageClass to choose profile'
  await vi.waitFor(() => expect(eventsOf('classless')).toContain(`ErrClaimNotValid: ${why}`), 5000)
  expect(dataVolume('classless')?.status?.phase).toBeUndefined()
  mark('true')
  await vi.waitFor(() => expect(dataVolume('classless')?.status?.phase).toBe('Succeeded'), 10_000)
})

function reference(kind: string, name: string) {
  return kind === 'VolumeSnapshot'
    ? { kind, name, apiGroup: 'snapshot.storage.k8s.io' }
    : { kind, name }
}

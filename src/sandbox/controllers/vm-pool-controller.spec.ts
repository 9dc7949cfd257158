import { afterAll, beforeAll, expect, it, vi } from 'vitest'

import { keys, type VirtualMachine, type VirtualMachineInstance } from '../kubevirt/objects.ts'
import { startSpecSandbox, type SpecSandbox } from '../spec-sandbox.ts'
import { POOL_REVISION, type VmPool } from './vm-pool-members.ts'

let sandbox: SpecSandbox

beforeAll(async () => {
  sandbox = await startSpecSandbox({ seed: 'empty' })
}, 60_000)

afterAll(() => sandbox.close())

const store = () => sandbox.server.store
const namespace = 'default'
const within = { timeout: 15_000 }

function createPool(name: string, spec: object): void {
  const labels = { pool: name }
  store().create(keys.pool, {
    apiVersion: 'pool.kubevirt.io/v1beta1',
    kind: 'VirtualMachinePool',
    metadata: { name, namespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      virtualMachineTemplate: {
        metadata: { labels },
        spec: {
          runStrategy: 'Always',
          template: {
            metadata: { labels },
            spec: {
              domain: { devices: {}, memory: { guest: '64Mi' } },
              volumes: [{ name: 'files', secret: { secretName: 'files' } }],
            },
          },
        },
      },
      ...spec,
    },
  })
}

function change(name: string, edit: (spec: VmPool['spec']) => void): void {
  store().update<VmPool>(keys.pool, namespace, name, ({ spec }) => edit(spec))
}

const members = (name: string) =>
  store()
    .list<VirtualMachine>(keys.vm, namespace)
    .filter(({ metadata }) => metadata.ownerReferences?.[0]?.name === name)
const namesOf = (name: string) =>
  members(name)
    .map(({ metadata }) => metadata.name)
    .toSorted()
const statusOf = (name: string) => store().get(keys.pool, namespace, name)?.['status']
const vmi = (name: string) => store().get<VirtualMachineInstance>(keys.vmi, namespace, name)

it('keeps as many as are asked for, and numbers what they refer to', async () => {
  createPool('web', {
    nameGeneration: { appendIndexToSecretRefs: true },
    scaleInStrategy: { proactive: { selectionPolicy: { sortPolicy: 'DescendingOrder' } } },
  })
  await vi.waitFor(
    () => expect(statusOf('web')).toMatchObject({ replicas: 2, readyReplicas: 2 }),
    within,
  )
  expect(members('web').map(({ spec }) => spec.template.spec.volumes?.[0]?.secret)).toEqual([
    { secretName: 'files-0' },
    { secretName: 'files-1' },
  ])
  change('web', (spec) => (spec.replicas = 4))
  await vi.waitFor(
    () => expect(namesOf('web')).toEqual(['web-0', 'web-1', 'web-2', 'web-3']),
    within,
  )
  change('web', (spec) => (spec.replicas = 1))
  await vi.waitFor(() => expect(namesOf('web')).toEqual(['web-0']), within)
  store().delete(keys.vm, namespace, 'web-0')
  await vi.waitFor(() => expect(statusOf('web')).toMatchObject({ readyReplicas: 1 }), within)
})

it('does nothing while it is paused, and says so', async () => {
  createPool('idle', { paused: true })
  await vi.waitFor(
    () => expect(statusOf('idle')).toMatchObject({ conditions: [{ type: 'ReplicaPaused' }] }),
    within,
  )
  expect(namesOf('idle')).toEqual([])
  change('idle', (spec) => (spec.paused = false))
  await vi.waitFor(() => expect(namesOf('idle')).toHaveLength(2), within)
  expect(statusOf('idle')).not.toHaveProperty('conditions')
})

it('rolls a changed template out to specs, then by restarts to what runs', async () => {
  createPool('db', {})
  await vi.waitFor(() => expect(statusOf('db')).toMatchObject({ readyReplicas: 2 }), within)
  const before = vmi('db-0')?.metadata.uid
  change('db', ({ virtualMachineTemplate: { spec } }) => {
    spec.template.spec.domain.memory = { guest: '96Mi' }
  })
  await vi.waitFor(() => {
    expect(vmi('db-0')?.metadata.uid).not.toBe(before)
    expect(vmi('db-0')?.spec.domain.memory).toMatchObject({ guest: '96Mi' })
    expect(vmi('db-1')?.spec.domain.memory).toMatchObject({ guest: '96Mi' })
    expect(statusOf('db')).toMatchObject({ readyReplicas: 2 })
  }, within)
  const now = vmi('db-0')?.metadata.labels?.[POOL_REVISION]
  expect(now).toBe('db-2')
  await vi.waitFor(
    () => expect(store().get(keys.controllerRevision, namespace, 'db-1')).toBeUndefined(),
    within,
  )
})

it('leaves what runs alone where updates are opportunistic', async () => {
  createPool('calm', { replicas: 1, updateStrategy: { opportunistic: {} } })
  await vi.waitFor(() => expect(statusOf('calm')).toMatchObject({ readyReplicas: 1 }), within)
  const before = vmi('calm-0')?.metadata.uid
  change('calm', ({ virtualMachineTemplate: { spec } }) => {
    spec.template.spec.domain.memory = { guest: '96Mi' }
  })
  await vi.waitFor(
    () => expect(members('calm')[0]?.metadata.labels?.[POOL_REVISION]).toBe('calm-2'),
    within,
  )
  expect(vmi('calm-0')?.metadata.uid).toBe(before)
})

it('lets go of a VM that its selector no longer finds, and makes another', async () => {
  createPool('free', { replicas: 1 })
  await vi.waitFor(() => expect(namesOf('free')).toEqual(['free-0']), within)
  store().update(keys.vm, namespace, 'free-0', ({ metadata }) => {
    metadata.labels = {}
  })
  await vi.waitFor(() => expect(namesOf('free')).toEqual(['free-1']), within)
  const released = store().get(keys.vm, namespace, 'free-0')
  expect(released).toBeDefined()
  expect(released?.metadata.ownerReferences ?? []).toEqual([])
})

import { afterAll, beforeAll, expect, it, vi } from 'vitest'

import type { KubeObject } from '../api/cluster.ts'
import { findCondition } from '../kubevirt/conditions.ts'
import {
  keys,
  type Condition,
  type DataImportCron,
  type DataSource,
  type DataVolume,
} from '../kubevirt/objects.ts'
import { startSpecSandbox, type SpecSandbox } from '../spec-sandbox.ts'

interface Conditioned extends KubeObject {
  status?: { conditions?: Condition[] }
}

let sandbox: SpecSandbox

beforeAll(async () => {
  sandbox = await startSpecSandbox({
    seed: 'empty',
  })
}, 60_000)

afterAll(() => sandbox.close())

const store = () => sandbox.server.store
const namespace = 'default'
const within = { timeout: 15_000 }

function dataSource(name: string): DataSource | undefined {
  return store().get<DataSource>(keys.dataSource, 'default', name)
}

function readiness(name: string) {
  const { reason, message } = findCondition(dataSource(name)?.status?.conditions, 'Ready') ?? {}
  return { reason, message }
}

function createDataSource(name: string, source: object) {
  store().create(keys.dataSource, {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataSource',
    metadata: { name, namespace: 'default' },
    spec: { source },
  })
}

it('says of a DataSource what its image is like', async () => {
  createDataSource('nothing', {})
  createDataSource('image', { pvc: { namespace: 'default', name: 'image' } })
  await vi.waitFor(() => expect(readiness('nothing').reason).toBe('NoSource'), within)
  await vi.waitFor(() => expect(readiness('image').message).toBe('PVC not found'), within)
  store().create(keys.dataVolume, {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { name: 'image', namespace: 'default' },
    spec: {
      source: { registry: { url: 'docker://registry.example/image' } },
      storage: { resources: { requests: { storage: '4Ki' } } },
    },
  })
  const seen = new Set<string | undefined>()
  await vi.waitFor(
    () => {
      seen.add(readiness('image').message)
      expect(readiness('image').reason).toBe('Ready')
    },
    { ...within, interval: 5 },
  )
  expect([...seen].join()).toContain('Import DataVolume phase Import')
})

it('imports an image for a cron, and points its DataSource there', async () => {
  store().create(keys.dataImportCron, {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataImportCron',
    metadata: {
      name: 'alpine-cron',
      namespace: 'default',
      labels: { 'instancetype.kubevirt.io/default-preference': 'alpine' },
    },
    spec: {
      managedDataSource: 'alpine',
      schedule: '0 0 * * 0',
      template: {
        spec: {
          source: { registry: { url: 'docker://registry.example/alpine' } },
          storage: { resources: { requests: { storage: '4Ki' } } },
        },
      },
    },
  })
  await vi.waitFor(() => expect(readiness('alpine').reason).toBe('Ready'), within)
  const cron = store().get<DataImportCron>(keys.dataImportCron, 'default', 'alpine-cron')
  const { name = '' } = cron?.status?.lastImportedPVC ?? {}
  expect(name).toMatch(/^alpine-[0-9a-f]{12}$/)
  expect(findCondition(cron?.status?.conditions, 'UpToDate')?.status).toBe('True')
  const labels = {
    'cdi.kubevirt.io/dataImportCron': 'alpine-cron',
    'instancetype.kubevirt.io/default-preference': 'alpine',
  }
  expect(dataSource('alpine')).toMatchObject({
    metadata: { labels },
    spec: { source: { pvc: { namespace: 'default', name } } },
  })
  expect(store().get<DataVolume>(keys.dataVolume, 'default', name)?.metadata.labels).toEqual(labels)

  store().delete(keys.dataImportCron, 'default', 'alpine-cron')
  await vi.waitFor(() => expect(dataSource('alpine')).toBeUndefined(), within)
})

function request(name: string, vm: string): void {
  store().create(keys.templateRequest, {
    apiVersion: 'template.kubevirt.io/v1alpha1',
    kind: 'VirtualMachineTemplateRequest',
    metadata: { name, namespace },
    spec: { virtualMachineRef: { namespace, name: vm } },
  })
}

function requestReadiness(name: string): Condition | undefined {
  const found = store().get<Conditioned>(keys.templateRequest, namespace, name)
  return findCondition(found?.status?.conditions, 'Ready')
}

it('makes a template of a VM, with its disks and its size in it', async () => {
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '4Ki' } },
      storageClassName: 'standard',
    },
  }
  store().create(keys.pvc, claim)
  store().create(keys.vm, {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'origin', namespace },
    spec: {
      runStrategy: 'Halted',
      instancetype: { name: 'u1.medium' },
      template: {
        spec: {
          domain: { devices: { disks: [{ name: 'data', disk: {} }] } },
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
        },
      },
    },
  })
  request('golden', 'origin')
  await vi.waitFor(() => expect(requestReadiness('golden')?.status).toBe('True'), {
    timeout: 15_000,
  })
  const template = store().get(keys.template, namespace, 'golden')
  const copy = expect.stringMatching(/^golden-data-/)
  expect(template?.['spec']).toMatchObject({
    parameters: [{ name: 'NAME', required: true }],
    virtualMachine: {
      metadata: { name: '${NAME}' },
      spec: {
        dataVolumeTemplates: [
          {
            metadata: { name: 'data-${NAME}' },
            spec: { source: { pvc: { namespace, name: copy } } },
          },
        ],
        template: { spec: { volumes: [{ name: 'data', dataVolume: { name: 'data-${NAME}' } }] } },
      },
    },
  })
  expect(JSON.stringify(template)).not.toContain('u1.medium')
})

it('says why there is none', async () => {
  request('lost', 'nobody')
  await vi.waitFor(
    () =>
      expect(requestReadiness('lost')?.message).toBe(
        'virtualmachines.kubevirt.io "nobody" not found',
      ),
    { timeout: 15_000 },
  )
})

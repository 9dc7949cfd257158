import { readFile, writeFile } from 'node:fs/promises'

import { afterAll, beforeAll, expect, it, vi } from 'vitest'

import type { KubeObject } from '../api/cluster.ts'
import { findCondition } from '../kubevirt/conditions.ts'
import {
  keys,
  type Condition,
  type PersistentVolumeClaim,
  type VirtualMachine,
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

interface Clone extends KubeObject {
  status?: { phase?: string; targetName?: string; snapshotName?: string; conditions?: Condition[] }
}

async function fileOf(claim: string): Promise<string> {
  return sandbox.diskFile(store().get<PersistentVolumeClaim>(keys.pvc, 'default', claim)!)
}

function createClone(name: string, source: string, spec: object = {}) {
  store().create(keys.clone, {
    apiVersion: 'clone.kubevirt.io/v1beta1',
    kind: 'VirtualMachineClone',
    metadata: { name, namespace: 'default' },
    spec: {
      source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: source },
      target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: `${name}-vm` },
      ...spec,
    },
  })
}

const clone = (name: string) => store().get<Clone>(keys.clone, 'default', name)
const vm = (name: string) => store().get<VirtualMachine>(keys.vm, 'default', name)

it('waits for its source, copies the disk and leaves its temporary objects away', async () => {
  createClone('copy', 'web', {
    newMacAddresses: { default: '02:00:00:00:00:07' },
    labelFilters: ['*', '!secret'],
  })
  await vi.waitFor(() => {
    const { conditions } = clone('copy')?.status ?? {}
    expect(findCondition(conditions, 'Progressing')?.reason).toBe('Pending')
    expect(findCondition(conditions, 'Ready')?.reason).toBe(
      'Source doesnt exist: VirtualMachine default/web',
    )
  }, 5000)

  store().create<PersistentVolumeClaim>(keys.pvc, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'root', namespace: 'default' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '4Ki' } },
      storageClassName: 'standard',
      volumeMode: 'Block',
    },
  })
  await vi.waitFor(async () => writeFile(await fileOf('root'), 'what the guest wrote'), 5000)
  store().create<VirtualMachine>(keys.vm, {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'web', namespace: 'default', labels: { app: 'web', secret: 'x' } },
    spec: {
      runStrategy: 'Halted',
      template: {
        spec: {
          domain: {
            firmware: { uuid: '5d307ca9-b3ef-428c-8861-06e72d69f223' },
            devices: {
              disks: [{ name: 'root', disk: { bus: 'virtio' } }],
              interfaces: [{ name: 'default', masquerade: {}, macAddress: '02:00:00:00:00:01' }],
            },
          },
          networks: [{ name: 'default', pod: {} }],
          volumes: [{ name: 'root', persistentVolumeClaim: { claimName: 'root' } }],
        },
      },
    },
  })
  await vi.waitFor(() => expect(clone('copy')?.status?.phase).toBe('Succeeded'), 15_000)
  const made = vm('copy-vm')!
  expect(made.metadata.labels).toEqual({ app: 'web' })
  const { domain, volumes } = made.spec.template.spec
  expect(made.spec.runStrategy).toBe('Halted')
  expect(domain.devices.interfaces?.[0]?.macAddress).toBe('02:00:00:00:00:07')
  expect(domain.firmware?.uuid).toBeUndefined()
  const claim = volumes?.[0]?.persistentVolumeClaim?.claimName ?? ''
  expect(claim).not.toBe('root')
  expect(await readFile(await fileOf(claim), 'utf8')).toContain('what the guest wrote')
  await vi.waitFor(() => {
    expect(clone('copy')?.status?.snapshotName).toBeUndefined()
    expect(store().list(keys.snapshot)).toEqual([])
    expect(store().list(keys.restore)).toEqual([])
  }, 10_000)

  // A clone's record goes with the VM that it made.
  store().delete(keys.vm, 'default', 'copy-vm')
  await vi.waitFor(() => expect(clone('copy')).toBeUndefined(), 10_000)
}, 40_000)

it('does not write over a VM that is there', async () => {
  createClone('taken', 'web')
  await vi.waitFor(() => expect(clone('taken')?.status?.phase).toBe('Succeeded'), 15_000)
  createClone('again', 'web', {
    target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'taken-vm' },
  })
  await vi.waitFor(() => {
    const restores = store().list(keys.restore, 'default') as (KubeObject & {
      status?: { conditions?: Condition[] }
      spec: { target: { name: string } }
    })[]
    const restore = restores.find(({ spec }) => spec.target.name === 'taken-vm')
    expect(findCondition(restore?.status?.conditions, 'Ready')?.reason).toBe(
      'restore source and restore target are different but restore target already exists',
    )
  }, 15_000)
  expect(clone('again')?.status?.phase).toBe('RestoreInProgress')
}, 40_000)

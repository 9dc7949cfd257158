/** What a running VM takes up by itself, and what KubeVirt migrates it for. */
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'

import type { KubeObject } from '../api/cluster.ts'
import { findCondition, hasCondition } from '../kubevirt/conditions.ts'
import {
  keys,
  type Pod,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../kubevirt/objects.ts'
import { startSpecSandbox, type SpecSandbox } from '../spec-sandbox.ts'

const WAIT = { timeout: 40_000, interval: 20 }
const VMS = '/apis/kubevirt.io/v1/namespaces/demo/virtualmachines'

let sandbox: SpecSandbox
let count = 0
/** Of the VM of this test. */
let name: string

beforeAll(async () => {
  sandbox = await startSpecSandbox({
    seed: 'demo',
    log: (line) => {
      if (line.includes('Error')) throw new Error(line)
    },
  })
})

afterAll(() => sandbox.close())

beforeEach(async () => {
  count += 1
  name = `live-${count}`
  setKubeVirt({})
  await send('POST', VMS, machine())
  await vi.waitUntil(
    () =>
      vmi()?.status?.phase === 'Running' &&
      hasCondition(vmi()?.status?.conditions, 'LiveMigratable'),
    WAIT,
  )
})

async function send(method: string, path: string, body: unknown): Promise<number> {
  const type = method === 'PATCH' ? 'application/json-patch+json' : 'application/json'
  const response = await fetch(sandbox.url + path, {
    method,
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(await response.text())
  return response.status
}

async function patch(...operations: object[]): Promise<void> {
  expect(await send('PATCH', `${VMS}/${name}`, operations)).toBe(200)
}

function setKubeVirt(spec: object): void {
  sandbox.server.store.update(keys.kubevirt, 'kubevirt', 'kubevirt', (draft) => {
    draft['spec'] = { configuration: {}, workloadUpdateStrategy: {}, ...spec }
  })
}

const migrateByItself = () =>
  setKubeVirt({ workloadUpdateStrategy: { workloadUpdateMethods: ['LiveMigrate'] } })

const vm = () => sandbox.server.store.get<VirtualMachine>(keys.vm, 'demo', name)
const vmi = () => sandbox.server.store.get<VirtualMachineInstance>(keys.vmi, 'demo', name)
const migrations = () =>
  sandbox.server.store
    .list<KubeObject & { spec: { vmiName: string } }>(keys.vmim)
    .filter(({ spec }) => spec.vmiName === name)
const restartRequired = () => findCondition(vm()?.status?.conditions, 'RestartRequired')?.message

function machine(): object {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name },
    spec: {
      runStrategy: 'Always',
      template: {
        spec: {
          domain: {
            cpu: { cores: 1, sockets: 1, threads: 1 },
            memory: { guest: '1Gi' },
            devices: {
              disks: [{ name: 'root', disk: { bus: 'virtio' } }],
              interfaces: [
                { name: 'default', masquerade: {} },
                { name: 'lan', bridge: {} },
              ],
            },
          },
          networks: [
            { name: 'default', pod: {} },
            { name: 'lan', multus: { networkName: 'br1-vlan100' } },
          ],
          volumes: [{ name: 'root', containerDisk: { image: 'registry.example/disks/debian:12' } }],
        },
      },
    },
  }
}

const template = '/spec/template/spec'
const more = [
  { op: 'replace', path: `${template}/domain/cpu/sockets`, value: 2 },
  { op: 'replace', path: `${template}/domain/memory/guest`, value: '2Gi' },
]

it('waits with more CPUs and memory for a migration, which nobody starts unasked', async () => {
  await patch(...more)
  await vi.waitFor(() => {
    expect(hasCondition(vmi()?.status?.conditions, 'HotVCPUChange')).toBe(true)
    expect(hasCondition(vmi()?.status?.conditions, 'HotMemoryChange')).toBe(true)
    const kubevirt = sandbox.server.store.get(keys.kubevirt, 'kubevirt', 'kubevirt')
    expect(kubevirt?.['status']).toMatchObject({ outdatedVirtualMachineInstanceWorkloads: 1 })
  }, WAIT)
  expect(vmi()?.spec.domain.cpu?.sockets).toBe(2)
  expect(vmi()?.status?.['currentCPUTopology']).toMatchObject({ sockets: 1 })
  expect(restartRequired()).toBeUndefined()
  expect(migrations()).toEqual([])

  migrateByItself()
  await vi.waitFor(() => {
    expect(findCondition(vmi()?.status?.conditions, 'HotVCPUChange')).toBeUndefined()
    expect(findCondition(vmi()?.status?.conditions, 'HotMemoryChange')).toBeUndefined()
    expect(vmi()?.status?.['currentCPUTopology']).toMatchObject({ sockets: 2 })
    expect(vmi()?.status?.['memory']).toEqual({
      guestAtBoot: '1Gi',
      guestCurrent: '2Gi',
      guestRequested: '2Gi',
    })
  }, WAIT)
  const [migration, ...others] = migrations()
  expect(others).toEqual([])
  expect(migration?.metadata.name).toMatch(/^kubevirt-workload-update-/)
  expect(migration?.metadata.annotations).toHaveProperty(['kubevirt.io/workloadUpdateMigration'])
})

it('needs a restart for fewer CPUs, or more than the VM was started to take', async () => {
  await patch({ op: 'replace', path: `${template}/domain/cpu/sockets`, value: 5 })
  await vi.waitFor(
    () =>
      expect(restartRequired()).toBe(
        "CPU sockets updated in template spec to a value higher than what's available",
      ),
    WAIT,
  )
  await patch({ op: 'replace', path: `${template}/domain/cpu/sockets`, value: 1 })
  await vi.waitFor(() => expect(restartRequired()).toBeUndefined(), WAIT)
  await patch({ op: 'replace', path: `${template}/domain/memory/guest`, value: '5Gi' })
  await vi.waitFor(
    () =>
      expect(restartRequired()).toBe(
        'memory hotplug not supported, Guest memory is greater than the configured maxGuest memory',
      ),
    WAIT,
  )
})

it('moves an interface to another network by a migration, or back without one', async () => {
  const move = (networkName: string) =>
    patch({ op: 'replace', path: `${template}/networks/1/multus/networkName`, value: networkName })
  const required = () => findCondition(vmi()?.status?.conditions, 'MigrationRequired')
  await move('tenant-blue')
  await vi.waitFor(
    () =>
      expect(required()).toMatchObject({ status: 'True', reason: 'AutoMigrationDueToLiveUpdate' }),
    WAIT,
  )
  await move('br1-vlan100')
  await vi.waitFor(() => expect(required()).toBeUndefined(), WAIT)

  migrateByItself()
  await move('tenant-blue')
  await vi.waitFor(() => {
    expect(required()).toBeUndefined()
    const pods = sandbox.server.store
      .list<Pod>(keys.pod, 'demo')
      .filter(({ metadata }) => vmi()?.status?.activePods?.[metadata.uid] !== undefined)
    expect(pods[0]?.metadata.annotations?.['k8s.v1.cni.cncf.io/networks']).toContain('tenant-blue')
  }, WAIT)
})

it('runs on when its network is deleted, and starts no more', async () => {
  const { store } = sandbox.server
  store.create(keys.nad, {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { name: 'short-lived', namespace: 'demo' },
    spec: { config: '{"cniVersion":"0.3.1","type":"bridge","bridge":"br9"}' },
  })
  const lan = { name: 'late', bridge: {} }
  await patch(
    { op: 'add', path: `${template}/domain/devices/interfaces/-`, value: lan },
    {
      op: 'add',
      path: `${template}/networks/-`,
      value: { name: 'late', multus: { networkName: 'short-lived' } },
    },
  )
  const isPlugged = () =>
    vmi()?.status?.interfaces?.some(({ name: nic }) => nic === 'late') ?? false
  await vi.waitFor(() => expect(isPlugged()).toBe(true), WAIT)
  store.delete(keys.nad, 'demo', 'short-lived')
  expect(vmi()?.status?.phase).toBe('Running')

  const { uid } = vmi()!.metadata
  store.delete(keys.vmi, 'demo', name)
  await vi.waitFor(() => {
    expect(vmi()?.metadata.uid).not.toBe(uid)
    const words = store
      .list<KubeObject & { reason?: string; message?: string }>('/events', 'demo')
      .filter(({ reason }) => reason === 'NoNetworkFound')
      .map(({ message }) => message)
    expect(words).toContain(
      'cannot find a network-attachment-definition (short-lived) in namespace (demo): network-attachment-definitions.k8s.cni.cncf.io "short-lived" not found',
    )
  }, WAIT)
  expect(vmi()?.status?.phase).not.toBe('Running')
})

it('asks for a migration when nobody attaches a new interface in time', async () => {
  await patch(
    {
      op: 'add',
      path: `${template}/domain/devices/interfaces/-`,
      value: { name: 'x', bridge: {} },
    },
    {
      op: 'add',
      path: `${template}/networks/-`,
      value: { name: 'x', multus: { networkName: 'nowhere' } },
    },
  )
  await vi.waitFor(
    () =>
      expect(findCondition(vmi()?.status?.conditions, 'MigrationRequired')).toMatchObject({
        status: 'True',
        reason: 'AutoMigrationDueToLiveUpdate',
      }),
    WAIT,
  )
})

it('keeps a disk that was only plugged into the instance once the VM has it too', async () => {
  setKubeVirt({ configuration: { developerConfiguration: { featureGates: ['HotplugVolumes'] } } })
  const path = `/apis/subresources.kubevirt.io/v1/namespaces/demo/virtualmachineinstances/${name}/addvolume`
  const disk = { name: 'extra', disk: { bus: 'scsi' } }
  const volumeSource = { persistentVolumeClaim: { claimName: 'scratch', hotpluggable: true } }
  expect(await send('PUT', path, { name: 'extra', disk, volumeSource })).toBeLessThan(300)
  const phase = () => vmi()?.status?.volumeStatus?.find((one) => one.name === 'extra')?.phase
  await vi.waitFor(() => expect(phase()).toBe('Ready'), WAIT)
  expect(vm()?.spec.template.spec.volumes).toHaveLength(1)

  await patch(
    { op: 'add', path: `${template}/domain/devices/disks/-`, value: disk },
    { op: 'add', path: `${template}/volumes/-`, value: { name: 'extra', ...volumeSource } },
  )
  const before = vmi()!.metadata.uid
  await vi.waitFor(() => expect(vm()?.status?.['observedGeneration']).toBe(2), WAIT)
  expect(restartRequired()).toBeUndefined()
  expect(phase()).toBe('Ready')
  sandbox.server.store.delete(keys.vmi, 'demo', name)
  await vi.waitFor(() => {
    expect(vmi()?.metadata.uid).not.toBe(before)
    expect(phase()).toBe('Ready')
  }, WAIT)
})

it('moves a disk by a migration of its own, and gives that up when the move is cancelled', async () => {
  const { store } = sandbox.server
  const claimOf = (suffix: string) => `${name}-${suffix}`
  for (const suffix of ['a', 'b'])
    store.create(keys.pvc, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claimOf(suffix), namespace: 'demo' },
      spec: {
        accessModes: ['ReadWriteMany'],
        resources: { requests: { storage: '1Mi' } },
        storageClassName: 'standard',
        volumeMode: 'Block',
      },
    })
  await patch(
    {
      op: 'add',
      path: `${template}/domain/devices/disks/-`,
      value: { name: 'data', disk: { bus: 'scsi' } },
    },
    {
      op: 'add',
      path: `${template}/volumes/-`,
      value: {
        name: 'data',
        persistentVolumeClaim: { claimName: claimOf('a'), hotpluggable: true },
      },
    },
  )
  const status = () => vmi()?.status?.volumeStatus?.find((one) => one.name === 'data')
  await vi.waitFor(() => expect(status()?.phase).toBe('Ready'), WAIT)
  // No node takes the target: the migration waits.
  const cordon = (unschedulable: boolean) => {
    for (const node of store.list(keys.node))
      store.update(keys.node, undefined, node.metadata.name, (draft) => {
        draft['spec'] = { ...(draft['spec'] as object), unschedulable }
      })
  }
  cordon(true)
  migrateByItself()
  const move = (suffix: string) =>
    patch(
      { op: 'add', path: '/spec/updateVolumesStrategy', value: 'Migration' },
      {
        op: 'replace',
        path: `${template}/volumes/1/persistentVolumeClaim/claimName`,
        value: claimOf(suffix),
      },
    )
  await move('b')
  await vi.waitFor(() => expect(migrations()).toHaveLength(1), WAIT)
  const [first] = migrations()
  expect(first?.metadata.labels).toHaveProperty(['kubevirt.io/volume-update-migration'], name)
  expect(hasCondition(vmi()?.status?.conditions, 'VolumesChange')).toBe(true)

  await move('a')
  await vi.waitFor(() => {
    expect(migrations()).toEqual([])
    expect(findCondition(vmi()?.status?.conditions, 'VolumesChange')).toMatchObject({
      status: 'False',
      reason: 'VolumesChangeCancellation',
    })
  }, WAIT)
  cordon(false)
  expect(status()?.phase).toBe('Ready')
  await move('b')
  await vi.waitFor(() => {
    expect(vmi()?.status?.migrationState?.completed).toBe(true)
    expect(status()?.['persistentVolumeClaimInfo']).toMatchObject({ claimName: claimOf('b') })
  }, WAIT)
})

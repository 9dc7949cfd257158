import { afterAll, beforeAll, expect, it, vi } from 'vitest'

import type { KubeObject } from '../api/cluster.ts'
import { startSpecSandbox, type SpecSandbox } from '../spec-sandbox.ts'
import { findCondition } from './conditions.ts'
import { keys, type VirtualMachineInstance } from './objects.ts'
import { quotaKey } from './quota.ts'

let sandbox: SpecSandbox

beforeAll(async () => {
  sandbox = await startSpecSandbox({ seed: 'empty' })
}, 60_000)

afterAll(() => sandbox.close())

const store = () => sandbox.server.store

/** Gives the namespace such a quota, or changes the one it has. */
function limit(hard: Record<string, string>, scopes: string[] = []): void {
  if (store().get(quotaKey, 'default', 'team')) {
    store().update(quotaKey, 'default', 'team', (draft) => {
      draft['spec'] = { hard, scopes }
    })
    return
  }
  store().create(quotaKey, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'team', namespace: 'default' },
    spec: { hard, scopes },
  })
}

const used = () =>
  (store().get(quotaKey, 'default', 'team')?.['status'] as { used?: object } | undefined)?.used

function vm(name: string): object {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name },
    spec: {
      runStrategy: 'Always',
      template: { spec: { domain: { memory: { guest: '1Gi' }, devices: {} } } },
    },
  }
}

async function post(
  path: string,
  body: object,
  query = '',
): Promise<KubeObject & { message?: string }> {
  const response = await fetch(`${sandbox.url}${path}${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as KubeObject
}

const vms = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines'

it('refuses what people create beyond it, also on trial', async () => {
  limit({ 'count/virtualmachines.kubevirt.io': '0', 'requests.storage': '1Gi' })
  const text =
    'virtualmachines.kubevirt.io "web" is forbidden: exceeded quota: team, requested: count/virtualmachines.kubevirt.io=1, used: count/virtualmachines.kubevirt.io=0, limited: count/virtualmachines.kubevirt.io=0'
  expect(await post(vms, vm('web'), '?dryRun=All')).toMatchObject({ code: 403, message: text })
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'big' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
  }
  const claims = '/api/v1/namespaces/default/persistentvolumeclaims'
  expect((await post(claims, claim)).message).toBe(
    'persistentvolumeclaims "big" is forbidden: exceeded quota: team, requested: requests.storage=2Gi, used: requests.storage=0, limited: requests.storage=1Gi',
  )
})

it('keeps a VM from its pod until there is room, and counts what is used', async () => {
  limit({ pods: '4', 'requests.memory': '1Gi' })
  await post(vms, vm('web'))
  const vmi = () => store().get<VirtualMachineInstance>(keys.vmi, 'default', 'web')
  const synchronized = () => findCondition(vmi()?.status?.conditions, 'Synchronized')
  await vi.waitFor(() => expect(synchronized()?.reason).toBe('FailedCreate'), 10_000)
  expect(synchronized()?.message).toMatch(
    /^failed to create virtual machine pod: pods "virt-launcher-web-\w+" is forbidden: exceeded quota: team, requested: requests.memory=\w+, used: requests.memory=0, limited: requests.memory=1Gi$/,
  )
  limit({ pods: '4', 'requests.memory': '4Gi' })
  await vi.waitFor(() => expect(vmi()?.status?.phase).not.toBe('Pending'), 10_000)
  expect(synchronized()).toBeUndefined()
  await vi.waitFor(() => expect(used()).toMatchObject({ pods: '1' }), 10_000)
  expect(used()).toHaveProperty(['requests.memory'], expect.stringMatching(/^\d+$/))
})

it('counts only the pods in its scopes', async () => {
  const pod = (name: string, spec: object = {}) =>
    post('/api/v1/namespaces/default/pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: { containers: [{ name: 'main', image: 'registry.example/app' }], ...spec },
    })
  limit({ pods: '0' }, ['BestEffort', 'NotTerminating'])
  expect((await pod('plain')).message).toMatch(
    /exceeded quota: team, requested: pods=1, used: pods=0/,
  )
  expect(await pod('job', { activeDeadlineSeconds: 60 })).toMatchObject({ kind: 'Pod' })
  // A VM's pod asks for CPU and memory and runs on.
  limit({ pods: '0' }, ['BestEffort'])
  await post(vms, vm('scoped'))
  const vmi = () => store().get<VirtualMachineInstance>(keys.vmi, 'default', 'scoped')
  await vi.waitFor(() => expect(vmi()?.status?.phase).toMatch(/^Schedul|^Running/), 10_000)
  limit({ pods: '0' }, ['NotBestEffort', 'NotTerminating'])
  await post(vms, vm('counted'))
  const counted = () => store().get<VirtualMachineInstance>(keys.vmi, 'default', 'counted')
  await vi.waitFor(
    () =>
      expect(findCondition(counted()?.status?.conditions, 'Synchronized')?.message).toMatch(
        /exceeded quota: team, requested: pods=1/,
      ),
    10_000,
  )
})

it('keeps a VM from its pod that asks for devices which aren’t permitted', async () => {
  limit({})
  const [kubevirt] = store().list(keys.kubevirt)
  store().update(
    keys.kubevirt,
    kubevirt?.metadata.namespace,
    kubevirt?.metadata.name ?? '',
    (draft) => {
      const spec = draft['spec'] as { configuration: object }
      spec.configuration = { ...spec.configuration, permittedHostDevices: {} }
    },
  )
  const gpu = vm('gpu') as { spec: { template: { spec: { domain: { devices: object } } } } }
  gpu.spec.template.spec.domain.devices = { gpus: [{ name: 'one', deviceName: 'example.com/a' }] }
  await post(vms, gpu)
  const vmi = () => store().get<VirtualMachineInstance>(keys.vmi, 'default', 'gpu')
  await vi.waitFor(
    () =>
      expect(findCondition(vmi()?.status?.conditions, 'Synchronized')).toMatchObject({
        reason: 'FailedCreate',
        message:
          'failed to render launch manifest: GPU example.com/a is not permitted in permittedHostDevices configuration',
      }),
    10_000,
  )
})

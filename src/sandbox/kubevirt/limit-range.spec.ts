import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'

import type { KubeObject } from '../api/cluster.ts'
import { startSpecSandbox, type SpecSandbox } from '../spec-sandbox.ts'
import { findCondition } from './conditions.ts'
import { limitRangeKey, type LimitItem } from './limit-range.ts'
import { keys, type Container, type VirtualMachineInstance } from './objects.ts'

let sandbox: SpecSandbox

beforeAll(async () => {
  sandbox = await startSpecSandbox({ seed: 'empty' })
}, 60_000)

afterAll(() => sandbox.close())

beforeEach(() => {
  for (const { metadata } of sandbox.server.store.list(limitRangeKey))
    sandbox.server.store.delete(limitRangeKey, metadata.namespace, metadata.name)
})

const core = '/api/v1/namespaces/default'
const vms = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines'

async function post(path: string, body: object): Promise<KubeObject & { message?: string }> {
  const response = await fetch(`${sandbox.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as KubeObject
}

function limit(...limits: LimitItem[]) {
  const metadata = { name: 'team' }
  return post(`${core}/limitranges`, {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata,
    spec: { limits },
  })
}

function pod(name: string, resources: Container['resources'] = {}) {
  return post(`${core}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'main', image: 'registry.example/app', resources }] },
  })
}

/** What keeps the VMI of a new VM with 1 GiB from its pod. */
async function refusalOf(name: string): Promise<string | undefined> {
  await post(vms, {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name },
    spec: {
      runStrategy: 'Always',
      template: { spec: { domain: { memory: { guest: '1Gi' }, devices: {} } } },
    },
  })
  const { store } = sandbox.server
  const synchronized = () =>
    findCondition(
      store.get<VirtualMachineInstance>(keys.vmi, 'default', name)?.status?.conditions,
      'Synchronized',
    )
  await vi.waitFor(() => expect(synchronized()?.reason).toBe('FailedCreate'), 10_000)
  return synchronized()?.message
}

it('fills in what follows from it, and what containers don’t say', async () => {
  const stored = await limit({
    type: 'Container',
    max: { memory: '1Gi' },
    min: { cpu: '50m' },
    default: { cpu: '1' },
    defaultRequest: { memory: '256Mi' },
  })
  expect(stored).toMatchObject({
    spec: {
      limits: [
        {
          default: { cpu: '1', memory: '1Gi' },
          defaultRequest: { cpu: '1', memory: '256Mi' },
        },
      ],
    },
  })
  const created = await pod('plain', { requests: { cpu: '100m' } })
  const [container] = (created['spec'] as { containers: Container[] }).containers
  expect(container?.resources).toEqual({
    requests: { cpu: '100m', memory: '256Mi' },
    limits: { cpu: '1', memory: '1Gi' },
  })
})

it('refuses pods and claims beyond it', async () => {
  await limit(
    { type: 'Container', min: { cpu: '100m' }, max: { memory: '1Gi' } },
    { type: 'Pod', max: { memory: '512Mi' } },
    { type: 'PersistentVolumeClaim', max: { storage: '1Gi' }, min: { storage: '10Mi' } },
  )
  expect(await pod('small', { requests: { cpu: '10m', memory: '64Mi' } })).toMatchObject({
    code: 403,
    message:
      'pods "small" is forbidden: [minimum cpu usage per Container is 100m, but request is 10m, maximum memory usage per Pod is 512Mi, but limit is 1073741824]',
  })
  expect(await pod('large', { requests: { memory: '2Gi' } })).toMatchObject({
    code: 422,
    message:
      'Pod "large" is invalid: spec.containers[0].resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi',
  })
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'big' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
  }
  expect(await post(`${core}/persistentvolumeclaims`, claim)).toMatchObject({
    code: 403,
    message:
      'persistentvolumeclaims "big" is forbidden: maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 2Gi',
  })
})

it('keeps VMs from their pods, which have requests and no limits of their own', async () => {
  await limit({ type: 'Container', max: { memory: '1Gi' } })
  expect(await refusalOf('large')).toMatch(
    /^failed to create virtual machine pod: Pod "virt-launcher-large-\w+" is invalid: spec.containers\[0\].resources.requests: Invalid value: "1\d+Mi": must be less than or equal to memory limit of 1Gi$/,
  )
  sandbox.server.store.delete(limitRangeKey, 'default', 'team')
  await limit({ type: 'Container', min: { memory: '100Mi' } })
  // Of the container that keeps the serial console's log.
  expect(await refusalOf('logged')).toMatch(
    /^failed to create virtual machine pod: pods "virt-launcher-logged-\w+" is forbidden: minimum memory usage per Container is 100Mi, but request is 35M$/,
  )
})

import { expect, it } from 'vitest'

import type { VirtualMachine, VirtualMachineInstance } from './kinds.ts'
import { owningVmName, projectVm, projectVmi } from './vm-facts.ts'
import { vmStatus } from './vm-status.ts'

const metadata = {
  name: 'web-1',
  namespace: 'demo',
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
  labels: { many: 'labels' },
  annotations: { long: 'x'.repeat(5000) },
}

const vm: VirtualMachine = {
  metadata,
  spec: {
    runStrategy: 'Always',
    template: { spec: { domain: { devices: {} }, terminationGracePeriodSeconds: 180 } },
  },
  status: {
    printableStatus: 'ErrorUnschedulable',
    conditions: [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no node' },
      { type: 'LiveMigratable', status: 'False', message: 'y'.repeat(2000) },
    ],
  },
}

const vmi: VirtualMachineInstance = {
  metadata: {
    ...metadata,
    ownerReferences: [
      {
        apiVersion: 'kubevirt.io/v1',
        kind: 'VirtualMachine',
        name: 'web-1',
        uid: 'u',
        controller: true,
      },
    ],
  },
  spec: { domain: { devices: {} }, terminationGracePeriodSeconds: 0 },
  status: {
    phase: 'Running',
    nodeName: 'node-a',
    interfaces: [{ ipAddress: '10.0.0.1', mac: 'm' }],
  },
}

it('keeps what the status and the actions read, and little else', () => {
  const facts = projectVm(vm)
  expect(vmStatus(facts, undefined)).toEqual(vmStatus(vm, undefined))
  expect(JSON.stringify(facts).length).toBeLessThan(600)
  expect(projectVmi(vmi)).toMatchObject({
    spec: { terminationGracePeriodSeconds: 0 },
    status: { nodeName: 'node-a', interfaces: [{ ipAddress: '10.0.0.1' }] },
  })
})

it('keeps once what machines have in common', () => {
  const other = { ...vm, metadata: { ...metadata, name: 'web-2' } }
  const [a, b] = [projectVm(vm), projectVm(structuredClone(other))]
  expect(b.status?.conditions).toBe(a.status?.conditions)
  expect(b.spec.template).toBe(a.spec.template)
  expect(projectVmi(structuredClone(vmi)).spec).toBe(projectVmi(vmi).spec)
})

it('knows a standalone instance by having no controller', () => {
  expect(owningVmName(projectVmi(vmi))).toBe('web-1')
  expect(owningVmName(projectVmi({ ...vmi, metadata }))).toBeUndefined()
})

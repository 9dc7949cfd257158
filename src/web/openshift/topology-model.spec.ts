import { describe, expect, it } from 'vitest'

import type { VirtualMachine, VirtualMachineInstance } from '../../kube/kinds.ts'
import { getDataModel, isResourceDepicted, vmNodeType, type VmNodeData } from './topology-model.ts'

function vm(name: string, labels: Record<string, string> = {}): VirtualMachine {
  return {
    metadata: { name, namespace: 'demo', uid: `uid-${name}`, labels },
    spec: { template: {} },
    status: { printableStatus: 'Running' },
  } as unknown as VirtualMachine
}

describe('getDataModel', () => {
  it('has a node for each VM, with its state and instance', async () => {
    const vmi = { metadata: { name: 'web' } } as VirtualMachineInstance
    const { nodes = [] } = await getDataModel('demo', {
      virtualMachines: { data: [vm('web'), vm('db')] },
      virtualMachineInstances: { data: [vmi] },
    })
    expect(nodes.map(({ id, type, label }) => [id, type, label])).toEqual([
      ['uid-web', vmNodeType, 'web'],
      ['uid-db', vmNodeType, 'db'],
    ])
    const [{ data: nodeData } = { data: undefined }] = nodes
    const { data, resource } = nodeData as VmNodeData
    expect(data).toMatchObject({ vmi, status: { label: 'Running', tone: 'success' } })
    // Lists leave it out, and the console asks each object what it is.
    expect(resource).toMatchObject({ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine' })
  })

  it('puts VMs of an application into the group that the console has for it', async () => {
    const shop = { 'app.kubernetes.io/part-of': 'shop' }
    const { nodes = [] } = await getDataModel('demo', {
      virtualMachines: { data: [vm('web', shop), vm('db', shop), vm('lone')] },
    })
    expect(nodes.filter(({ group }) => group)).toMatchObject([
      { id: 'group:shop', type: 'part-of', children: ['uid-web', 'uid-db'] },
    ])
  })

  it('knows which objects it depicts', async () => {
    const model = await getDataModel('demo', { virtualMachines: { data: [vm('web')] } })
    expect(isResourceDepicted({ metadata: { uid: 'uid-web' } }, model)).toBe(true)
    expect(isResourceDepicted({ metadata: { uid: 'other' } }, model)).toBe(false)
    expect(isResourceDepicted({ metadata: { uid: 'other' } }, undefined)).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'

import type { VirtualMachine, VirtualMachineInstance } from './kinds.ts'
import { defaultKubeVirtConfig } from './kubevirt-config.ts'
import { pendingChanges } from './pending-changes.ts'
import { templatePath } from './vm-patch.ts'

const metadata = {
  name: 'web-1',
  namespace: 'demo',
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: '',
}
const pod = { name: 'default', masquerade: {} }
const podNetwork = { name: 'default', pod: {} }
const bridge = { name: 'nic-1', bridge: {} }
const bridgeNetwork = { name: 'nic-1', multus: { networkName: 'br1' } }
const root = { name: 'root', disk: { bus: 'virtio' } }
const rootVolume = { name: 'root', containerDisk: { image: 'debian', imagePullPolicy: 'Always' } }

const started = {
  networks: [podNetwork],
  volumes: [rootVolume],
  domain: {
    cpu: { cores: 1 },
    devices: { interfaces: [pod], disks: [root] },
  },
}

function vmWith(spec: object): VirtualMachine {
  return { metadata, spec: { template: { spec } } } as unknown as VirtualMachine
}

function changesOf(
  spec: object,
  conditions: object[] = [{ type: 'LiveMigratable', status: 'True' }],
) {
  const vmi = {
    metadata,
    spec: started,
    status: { phase: 'Running', conditions },
  } as unknown as VirtualMachineInstance
  return pendingChanges(vmWith(spec), vmi, defaultKubeVirtConfig, vmWith(started).spec)
}

describe('pendingChanges', () => {
  it('has none while the template is what runs, or nothing runs', () => {
    expect(changesOf(started)).toEqual([])
    const changed = vmWith({ ...started, hostname: 'other' })
    expect(pendingChanges(changed, undefined, defaultKubeVirtConfig, undefined)).toEqual([])
  })

  it('tells a changed interface with what differs, and puts it back as it runs', () => {
    const e1000 = { ...pod, model: 'e1000' }
    const spec = {
      ...started,
      domain: { ...started.domain, devices: { interfaces: [e1000], disks: [root] } },
    }
    const [change, ...more] = changesOf(spec)
    expect(more).toEqual([])
    expect(change).toMatchObject({
      title: 'Network interface default changes',
      details: ['iface.model: not set → e1000'],
      effect: { when: 'restart' },
    })
    expect(change?.revert).toEqual([
      { op: 'test', path: `${templatePath}/networks`, value: [podNetwork] },
      { op: 'test', path: `${templatePath}/domain/devices/interfaces`, value: [e1000] },
      { op: 'add', path: `${templatePath}/networks`, value: [podNetwork] },
      { op: 'add', path: `${templatePath}/domain/devices/interfaces`, value: [pod] },
    ])
  })

  it('leaves out what is plugged by itself, and tells what waits for a migration', () => {
    const sriov = { name: 'nic-1', sriov: {} }
    const plugged = {
      ...started,
      networks: [podNetwork, bridgeNetwork],
      domain: { ...started.domain, devices: { interfaces: [pod, bridge], disks: [root] } },
    }
    expect(changesOf(plugged)).toEqual([])
    const waiting = {
      ...plugged,
      domain: { ...started.domain, devices: { interfaces: [pod, sriov], disks: [root] } },
    }
    expect(changesOf(waiting)).toMatchObject([
      { title: 'Network interface nic-1 is added', effect: { when: 'migration' } },
    ])
  })

  it('puts a removed disk back at the end', () => {
    const spec = {
      ...started,
      volumes: [],
      domain: { ...started.domain, devices: { interfaces: [pod], disks: [] } },
    }
    expect(changesOf(spec)).toMatchObject([
      {
        title: 'Disk root is removed',
        revert: [
          { op: 'test' },
          { op: 'test' },
          { op: 'add', path: `${templatePath}/volumes`, value: [rootVolume] },
          { op: 'add', path: `${templatePath}/domain/devices/disks`, value: [root] },
        ],
      },
    ])
  })

  it('finds any other field by what the instance was started from, with a way back for each', () => {
    const spec = { ...started, hostname: 'a/b', domain: { ...started.domain, cpu: { cores: 2 } } }
    expect(
      changesOf(spec).map(({ title, details, revert }) => ({ title, details, revert })),
    ).toEqual([
      {
        title: 'domain.cpu.cores changes',
        details: ['1 → 2'],
        revert: [
          { op: 'test', path: `${templatePath}/domain/cpu/cores`, value: 2 },
          { op: 'add', path: `${templatePath}/domain/cpu/cores`, value: 1 },
        ],
      },
      {
        title: 'hostname changes',
        details: ['not set → a/b'],
        revert: [
          { op: 'test', path: `${templatePath}/hostname`, value: 'a/b' },
          { op: 'remove', path: `${templatePath}/hostname` },
        ],
      },
    ])
    // Taken up live: the instance has it.
    const nodes = { ...started, nodeSelector: { zone: 'a' } }
    expect(changesOf(nodes)).toEqual([])
  })
})

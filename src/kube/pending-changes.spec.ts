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
    // Taken up live.
    const nodes = { ...started, nodeSelector: { zone: 'a' } }
    expect(changesOf(nodes)).toEqual([])
  })
})

interface Shape {
  architecture?: string | undefined
  [key: string]: unknown
}

describe('pendingChanges of CPUs and memory', () => {
  const gib = (count: number) => `${count}Gi`
  const sized = (sockets: number, guest: string, more: Shape = {}) => ({
    ...started,
    architecture: 'amd64',
    ...more,
    domain: { ...started.domain, cpu: { cores: 1, sockets }, memory: { guest } },
  })

  /** The instance has 1 socket of at most 4, and 2 GiB of at most 8. */
  function effects(
    spec: Shape,
    { isMigratable = true, config = {}, plugging = {} as object, conditions = [] as object[] } = {},
  ) {
    const vmi = {
      metadata,
      spec: {
        ...started,
        domain: {
          ...started.domain,
          cpu: { cores: 1, sockets: 1, maxSockets: 4 },
          memory: { guest: gib(2), maxGuest: gib(8) },
          ...plugging,
        },
      },
      status: {
        phase: 'Running',
        conditions: [{ type: 'LiveMigratable', status: isMigratable ? 'True' : 'False' }],
        currentCPUTopology: { sockets: 1 },
        memory: { guestAtBoot: gib(2), guestCurrent: gib(2) },
      },
    } as unknown as VirtualMachineInstance
    const vm = { ...vmWith(spec), status: { conditions } } as unknown as VirtualMachine
    const { architecture } = spec
    const before = vmWith(sized(1, gib(2), { architecture })).spec
    return pendingChanges(vm, vmi, { ...defaultKubeVirtConfig, ...config }, before).map(
      ({ title, effect }) => `${title}: ${effect.when}`,
    )
  }
  const sockets = (when: string) => [`domain.cpu.sockets changes: ${when}`]
  const memory = (when: string) => [`domain.memory.guest changes: ${when}`]

  it.each([
    ['more sockets', sized(2, gib(2)), {}, sockets('migration')],
    ['more memory', sized(1, gib(4)), {}, memory('migration')],
    [
      'both',
      sized(2, gib(4)),
      { config: { migratesToApply: true } },
      [...sockets('migration'), ...memory('migration')],
    ],
    ['fewer sockets', sized(0, gib(2)), {}, sockets('restart')],
    ['too many sockets', sized(5, gib(2)), {}, sockets('restart')],
    ['sockets on arm64', sized(2, gib(2), { architecture: 'arm64' }), {}, sockets('restart')],
    ['less memory', sized(1, gib(1)), {}, memory('restart')],
    ['too much memory', sized(1, gib(9)), {}, memory('restart')],
    ['half a huge page', sized(1, '2049Mi'), {}, memory('restart')],
    ['a VM that can’t migrate', sized(2, gib(2)), { isMigratable: false }, sockets('restart')],
    [
      'a cluster that stages',
      sized(2, gib(2)),
      { config: { updatesLive: false } },
      sockets('restart'),
    ],
    [
      'something beside it that needs a restart',
      sized(2, gib(2), { hostname: 'other' }),
      {},
      [...sockets('restart'), 'hostname changes: restart'],
    ],
    [
      'KubeVirt asking for a restart',
      sized(2, gib(2)),
      { conditions: [{ type: 'RestartRequired', status: 'True', message: 'no' }] },
      sockets('restart'),
    ],
    [
      'what is asked of the instance already and waits for the migration',
      sized(2, gib(2)),
      { plugging: { cpu: { cores: 1, sockets: 2, maxSockets: 4 } } },
      sockets('migration'),
    ],
  ])('%s', (_what, spec, options, expected) => {
    expect(effects(spec, options).toSorted()).toEqual(expected.toSorted())
  })

  it('counts placement among them where the cluster stages', () => {
    const placed = sized(1, gib(2), { nodeSelector: { zone: 'a' } })
    expect(effects(placed)).toEqual([])
    expect(effects(placed, { config: { updatesLive: false } })).toEqual([
      'nodeSelector changes: restart',
    ])
  })
})

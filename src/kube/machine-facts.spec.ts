import { describe, expect, it } from 'vitest'

import type { VirtualMachine, VirtualMachineInstance } from './kinds.ts'
import {
  cpuCount,
  cpuWords,
  instancetypeName,
  memoryBytes,
  memoryWords,
  osName,
} from './machine-facts.ts'
import { gib } from './quantity.ts'
import { projectVm, projectVmi } from './vm-facts.ts'

const metadata = {
  name: 'web-1',
  namespace: 'demo',
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
}
type Domain = VirtualMachineInstance['spec']['domain']

function vmWith(domain: Partial<Domain>, spec: Partial<VirtualMachine['spec']> = {}) {
  return projectVm({
    metadata,
    spec: {
      runStrategy: 'Always',
      template: {
        metadata: { annotations: { 'vm.kubevirt.io/os': 'rhel9' } },
        spec: { domain: { devices: {}, ...domain } },
      },
      ...spec,
    },
  })
}

function vmiWith(status: VirtualMachineInstance['status'], domain: Partial<Domain> = {}) {
  return projectVmi({ metadata, spec: { domain: { devices: {}, ...domain } }, status: status! })
}

describe('the size of a machine', () => {
  it('is what its template says while it is stopped', () => {
    const vm = vmWith({ cpu: { sockets: 2, cores: 2 }, memory: { guest: '4Gi' } })
    expect([cpuCount(vm, undefined), memoryBytes(vm, undefined)]).toEqual([4, 4 * gib])
    expect(cpuWords(vm, undefined)).toBe('4 vCPU (2 sockets, 2 cores, 1 thread)')
  })

  it('is what the guest has now while it runs', () => {
    const vm = vmWith({ cpu: { sockets: 1 }, memory: { guest: '1Gi' } })
    const vmi = vmiWith(
      {
        currentCPUTopology: { sockets: 3, cores: 1, threads: 1 },
        memory: { guestCurrent: '1536Mi' },
      },
      { cpu: { sockets: 4 }, memory: { guest: '2Gi' } },
    )
    expect([cpuCount(vm, vmi), memoryWords(vm, vmi)]).toEqual([3, '1.5 GiB'])
  })

  it('comes from limits and requests where nothing else says it', () => {
    const vm = vmWith({
      resources: {
        requests: { cpu: '1', memory: '1Gi' } as never,
        limits: { cpu: '2500m', memory: '2Gi' } as never,
      },
    })
    expect([cpuCount(vm, undefined), memoryBytes(vm, undefined)]).toEqual([3, gib])
  })

  it('is unknown while only an instance type knows it', () => {
    const vm = vmWith({}, { instancetype: { name: 'u1.medium' }, preference: { name: 'fedora' } })
    expect([cpuCount(vm, undefined), memoryBytes(vm, undefined)]).toEqual([undefined, undefined])
    expect(cpuWords(vm, undefined)).toBe('By instance type u1.medium')
    expect(osName(vm, undefined)).toBe('fedora')
  })
})

describe('the system of a machine', () => {
  it('is what the agent reports, else what the template says', () => {
    const vm = vmWith({})
    expect(osName(vm, vmiWith({}))).toBe('rhel9')
    expect(osName(vm, vmiWith({ guestOSInfo: { prettyName: 'Fedora Linux 42' } }))).toBe(
      'Fedora Linux 42',
    )
  })

  it('is known of an instance without its VM', () => {
    const vmi = projectVmi({
      metadata: {
        ...metadata,
        annotations: {
          'kubevirt.io/cluster-instancetype-name': 'u1.medium',
          'kubevirt.io/cluster-preference-name': 'ubuntu',
          'kubectl.kubernetes.io/last-applied-configuration': '{}',
        },
      },
      spec: { domain: { devices: {} } },
    })
    expect([instancetypeName(undefined, vmi), osName(undefined, vmi)]).toEqual([
      'u1.medium',
      'ubuntu',
    ])
    expect(Object.keys(vmi.metadata.annotations ?? {})).toHaveLength(2)
  })
})

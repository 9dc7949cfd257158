import { describe, expect, it } from 'vitest'

import type { Node, Pod, Service, VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { guestAddresses, isOutside, serviceAddresses, serviceSelector } from './rdp-addresses.ts'

const vmi = {
  metadata: { name: 'win-1', uid: 'u-1', labels: { app: 'desktop' } },
  spec: {
    domain: {
      devices: {
        interfaces: [{ name: 'default', masquerade: {}, ports: [{ name: 'rdp', port: 3389 }] }],
      },
    },
  },
  status: {
    nodeName: 'node-2',
    interfaces: [{ name: 'default', ipAddresses: ['10.0.0.5', 'fe80::1'] }],
  },
} as unknown as VirtualMachineInstance

const node = (name: string, ...addresses: { type: string; address: string }[]) =>
  ({ metadata: { name }, status: { addresses } }) as unknown as Node
const nodes = [
  node('node-1', { type: 'InternalIP', address: '192.168.0.1' }),
  node('node-2', { type: 'InternalIP', address: '192.168.0.2' }),
]

function service(name: string, spec: object, status: object = {}) {
  const ports = [{ port: 3389, targetPort: 3389 }]
  return {
    metadata: { name },
    spec: { selector: { app: 'desktop' }, ports, clusterIP: '10.96.0.1', ...spec },
    status,
  } as unknown as Service
}

const addresses = (services: Service[], pod?: Pod) =>
  serviceAddresses({ vmi, pod, services, nodes }).map(({ host, port }) => `${host}:${port}`)

describe('serviceAddresses', () => {
  it('puts load balancers first, then node ports, and cluster IPs last', () => {
    const services = [
      service('inside', { clusterIP: '10.96.0.7' }),
      service('node', { ports: [{ port: 3389, nodePort: 31_000 }] }),
      service(
        'balancer',
        { ports: [{ port: 13_389, targetPort: 3389, nodePort: 32_000 }], clusterIP: '10.96.0.9' },
        { loadBalancer: { ingress: [{ hostname: 'lb.example' }, { ip: '203.0.113.5' }] } },
      ),
    ]
    expect(addresses(services)).toEqual([
      'lb.example:13389',
      '203.0.113.5:13389',
      '192.168.0.2:31000',
      '192.168.0.2:32000',
      '10.96.0.7:3389',
      '10.96.0.1:3389',
      '10.96.0.9:13389',
    ])
    const outside = serviceAddresses({ vmi, pod: undefined, services, nodes }).filter(isOutside)
    expect(outside).toHaveLength(4)
  })

  it.each<[string, object, boolean]>([
    ['by a label of the VMI', {}, true],
    ['by name, where pods can not be read', { selector: { 'vm.kubevirt.io/name': 'win-1' } }, true],
    ['another VM', { selector: { 'vm.kubevirt.io/name': 'win-2' } }, false],
    ['nothing', { selector: undefined }, false],
    ['another port', { ports: [{ port: 3389, targetPort: 22 }] }, false],
    ['the port by its name', { ports: [{ port: 1, targetPort: 'rdp' }] }, true],
    ['UDP', { ports: [{ port: 3389, protocol: 'UDP' }] }, false],
    ['headless', { clusterIP: 'None' }, false],
  ])('a Service that selects %s', (_case, spec, isFound) => {
    expect(addresses([service('a', spec)]).length > 0).toBe(isFound)
  })

  it('goes by the labels that the pod really has', () => {
    const pod = { metadata: { labels: { other: 'x' } } } as unknown as Pod
    expect(addresses([service('a', {})], pod)).toEqual([])
    expect(addresses([service('a', { selector: { other: 'x' } })], pod)).toHaveLength(1)
  })

  it('takes the address of the node from the pod where nodes can not be read', () => {
    const pod = {
      metadata: { labels: { app: 'desktop' } },
      status: { hostIP: '192.168.0.9' },
    } as unknown as Pod
    const services = [service('node', { ports: [{ port: 3389, nodePort: 31_000 }] })]
    const [first] = serviceAddresses({ vmi, pod, services, nodes: [] })
    expect(first).toMatchObject({ host: '192.168.0.9', port: 31_000 })
  })
})

it('knows the addresses of the guest itself', () => {
  expect(guestAddresses(vmi).map(({ host }) => host)).toEqual(['10.0.0.5'])
})

describe('serviceSelector', () => {
  it('names the VM by the label that its pod has', () => {
    expect(serviceSelector({ vmi, pod: undefined })).toEqual({ 'vmi.kubevirt.io/id': 'win-1' })
    const pod = { metadata: { labels: { 'vm.kubevirt.io/name': 'win-1' } } } as unknown as Pod
    expect(serviceSelector({ vmi, pod })).toEqual({ 'vm.kubevirt.io/name': 'win-1' })
  })
})

import { expect, it } from 'vitest'

import type { Node } from '../../../kube/kinds.ts'
import { parseNad } from '../../../kube/nad-config.ts'
import { nadWarnings } from './nad-warnings.ts'
import { deviceResources } from './node-resources.ts'

const annotation = 'k8s.v1.cni.cncf.io/resourceName'
const nodes = [
  {
    metadata: { name: 'node-a' },
    status: { allocatable: { cpu: '4', 'intel.com/vf': '8', 'intel.com/none': '0' } },
  },
] as unknown as Node[]

function definition(config: object, annotations?: Record<string, string>) {
  return {
    metadata: { name: 'lan', namespace: 'demo', ...(annotations && { annotations }) },
    spec: { config: JSON.stringify({ cniVersion: '0.3.1', name: 'lan', ...config }) },
  }
}

const ovn = { type: 'ovn-k8s-cni-overlay', netAttachDefName: 'demo/lan' }

function warnings(config: object, annotations?: Record<string, string>, others = [] as object[]) {
  return nadWarnings(definition(config, annotations), {
    nodes,
    others: others.map((one) => parseNad(definition(one))).map((nad) => ({ ...nad, name: 'x' })),
  })
}

it('warns of nothing about a sound bridge', () => {
  expect(warnings({ type: 'bridge', bridge: 'br1', vlan: 7, ipam: {} })).toEqual([])
})

it.each([
  ['long bridge names', { type: 'bridge', bridge: 'br-of-sixteen-ch' }, /16 characters/],
  ['VLANs out of range', { type: 'bridge', bridge: 'br1', vlan: 5000 }, /VLAN 5000/],
  ['VLANs as text', { type: 'bridge', bridge: 'br1', vlan: '100' }, /isn’t a number/],
  ['another name', { type: 'bridge', bridge: 'br1', name: 'wan' }, /calls the network “wan”/],
  ['unknown versions', { type: 'bridge', bridge: 'br1', cniVersion: '9' }, /cniVersion "9"/],
  ['managed addresses', { type: 'bridge', bridge: 'b', ipam: { type: 'dhcp' } }, /ipam/],
  [
    'wrong owners of OVN networks',
    { ...ovn, topology: 'localnet', netAttachDefName: 'demo/wan' },
    /has to be “demo\/lan”/,
  ],
  ['VLANs of layer 2', { ...ovn, topology: 'layer2', subnets: 'x', vlanID: 7 }, /Only a localnet/],
  ['SR-IOV without a resource', { type: 'sriov' }, /No resource is named/],
])('warns of %s', (_what, config, expected) => {
  expect(warnings(config)).toEqual([expect.stringMatching(expected)])
})

it('knows which resources nodes offer', () => {
  expect(deviceResources(nodes)).toEqual(['intel.com/vf'])
  expect(warnings({ type: 'sriov' }, { [annotation]: 'intel.com/vf' })).toEqual([])
  expect(warnings({ type: 'sriov' }, { [annotation]: 'intel.com/none' })).toEqual([
    'No node offers intel.com/none: a VM on this network can’t be scheduled.',
  ])
})

it('compares OVN networks with each other', () => {
  const localnet = { ...ovn, topology: 'localnet', physicalNetworkName: 'p', vlanID: 7 }
  expect(warnings(localnet, undefined, [localnet])).toEqual([])
  expect(warnings(localnet, undefined, [{ ...localnet, vlanID: 8 }])[0]).toMatch(
    /same network name “lan”/,
  )
  expect(warnings(localnet, undefined, [{ ...localnet, name: 'other' }])[0]).toMatch(
    /by another network name/,
  )
})

import { expect, it } from 'vitest'

import type { NetworkAttachmentDefinition } from './kinds.ts'
import { nadReference, parseNad } from './nad-config.ts'

function nad(config: string | undefined, annotations?: Record<string, string>) {
  return {
    metadata: { name: 'lan', namespace: 'demo', annotations },
    spec: config === undefined ? {} : { config },
  } as unknown as NetworkAttachmentDefinition
}

it.each([
  ['flat', '{"type":"bridge","bridge":"br1","vlan":100}', 'Linux bridge, br1, VLAN 100'],
  [
    'plugins',
    '{"plugins":[{"type":"cnv-tuning"},{"type":"cnv-bridge","bridge":"br2"}]}',
    'Linux bridge, br2',
  ],
  [
    'OVN',
    '{"type":"ovn-k8s-cni-overlay","topology":"localnet","vlanID":7}',
    'OVN, localnet, VLAN 7',
  ],
  ['foreign', '{"type":"whatever"}', 'whatever'],
  ['broken', '{"type":', 'configuration can’t be read'],
  ['missing', undefined, 'configuration can’t be read'],
  ['null', 'null', 'configuration can’t be read'],
])('describes the %s form', (_name, config, description) => {
  expect(parseNad(nad(config)).description).toBe(description)
})

it('knows SR-IOV and its resource', () => {
  const annotations = { 'k8s.v1.cni.cncf.io/resourceName': 'intel.com/vf' }
  expect(parseNad(nad('{"type":"sriov"}', annotations))).toMatchObject({
    isSriov: true,
    description: 'SR-IOV, intel.com/vf',
  })
})

it('refers to a definition of another namespace with it', () => {
  const parsed = parseNad(nad('{"type":"bridge"}'))
  expect(nadReference(parsed, 'demo')).toBe('lan')
  expect(nadReference(parsed, 'lab')).toBe('demo/lan')
})

it('says where the configuration stops being JSON', () => {
  expect(parseNad(nad('{\n  "type": "bridge",\n  "bridge": br1\n}')).problem).toMatchObject({
    line: 3,
    column: 13,
  })
  expect(parseNad(nad('{"type": "bridge"')).problem).toMatchObject({ line: 1, column: 18 })
})

it('keeps what the form of a network needs apart', () => {
  const localnet =
    '{"name":"physnet","type":"ovn-k8s-cni-overlay","topology":"localnet","vlanID":7,"mtu":1400}'
  expect(parseNad(nad(localnet))).toMatchObject({
    type: 'ovn-k8s-cni-overlay',
    topology: 'localnet',
    physicalNetwork: 'physnet',
    vlan: 7,
    mtu: 1400,
  })
  expect(parseNad(nad('{"type":7,"bridge":["br1"],"vlan":"100"}'))).not.toHaveProperty('bridge')
})

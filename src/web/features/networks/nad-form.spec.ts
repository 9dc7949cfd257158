import { expect, it } from 'vitest'

import type { NetworkAttachmentDefinition } from '../../../kube/kinds.ts'
import { nadFromValues, nadToValues } from './nad-form.ts'
import { nadPatch } from './nad-patch.ts'
import { nadSchema, newNadValues, type NadValues } from './nad-schema.ts'

const annotation = 'k8s.v1.cni.cncf.io/resourceName'

function values(changes: Partial<NadValues>): NadValues {
  return { ...newNadValues('demo'), name: 'lan', ...changes }
}

function configOf(changes: Partial<NadValues>) {
  return JSON.parse(nadFromValues(values(changes)).spec.config)
}

function stored(config: object | string, annotations?: Record<string, string>) {
  return {
    metadata: { name: 'lan', namespace: 'demo', annotations },
    spec: { config: typeof config === 'string' ? config : JSON.stringify(config) },
  } as unknown as NetworkAttachmentDefinition
}

it('writes each form as its plugin reads it', () => {
  expect(configOf({ bridge: 'br1', vlan: '100', mtu: '9000', trunk: '7, 20-30' })).toEqual({
    cniVersion: '0.3.1',
    name: 'lan',
    type: 'bridge',
    ipam: {},
    preserveDefaultVlan: false,
    disableContainerInterface: true,
    bridge: 'br1',
    vlan: 100,
    vlanTrunk: [{ id: 7 }, { minID: 20, maxID: 30 }],
    macspoofchk: true,
    mtu: 9000,
  })
  expect(
    configOf({ form: 'localnet', physicalNetwork: 'physnet', vlan: '7', networkName: 'office' }),
  ).toEqual({
    cniVersion: '1.0.0',
    name: 'office',
    type: 'ovn-k8s-cni-overlay',
    topology: 'localnet',
    netAttachDefName: 'demo/lan',
    physicalNetworkName: 'physnet',
    vlanID: 7,
  })
  expect(
    configOf({ form: 'layer2', subnets: '10.0.0.0/24, fd00::/64', excludeSubnets: '10.0.0.0/30' }),
  ).toMatchObject({
    topology: 'layer2',
    subnets: '10.0.0.0/24,fd00::/64',
    excludeSubnets: '10.0.0.0/30',
  })
  const sriov = nadFromValues(values({ form: 'sriov', resource: 'intel.com/vf', trust: 'on' }))
  expect(sriov).toMatchObject({
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
  })
  expect(sriov.metadata.annotations).toEqual({ [annotation]: 'intel.com/vf' })
  expect(JSON.parse(sriov.spec.config)).toMatchObject({ type: 'sriov', trust: 'on' })
})

it.each([
  ['vlan', { bridge: 'br1', vlan: '5000' }, 'vlan'],
  ['trunk', { bridge: 'br1', trunk: '30-20' }, 'trunk'],
  ['MTU', { bridge: 'br1', mtu: '20' }, 'mtu'],
  ['subnet', { form: 'layer2', subnets: '10.0.0.0' }, 'subnets'],
  ['missing bridge', {}, 'bridge'],
  ['missing physical network', { form: 'localnet' }, 'physicalNetwork'],
  ['resource without vendor', { form: 'sriov', resource: 'vf' }, 'resource'],
  ['name', { bridge: 'br1', name: 'Lan' }, 'name'],
] as const)('refuses a wrong %s at its field', (_what, changes, field) => {
  const { error } = nadSchema.safeParse(values(changes))
  expect(error?.issues.map(({ path }) => path[0])).toEqual([field])
})

it('reads what it writes', () => {
  const all: Partial<NadValues>[] = [
    { bridge: 'br1', vlan: '100', trunk: '7, 20-30', networkName: 'lan' },
    { form: 'localnet', physicalNetwork: 'p', vlan: '7', networkName: 'office' },
    { form: 'layer2', subnets: '10.0.0.0/24', networkName: 'blue', macSpoofCheck: false },
    {
      form: 'sriov',
      resource: 'intel.com/vf',
      spoofCheck: 'off',
      networkName: 'lan',
      macSpoofCheck: false,
    },
  ]
  for (const one of all) {
    const wanted = values({ ...one, macSpoofCheck: one.form === undefined })
    const { metadata, spec } = nadFromValues(wanted)
    expect(nadToValues(stored(spec.config, metadata.annotations))).toEqual(wanted)
  }
})

it('changes in a stored configuration what was changed in the form, and nothing else', () => {
  const base = stored(
    {
      cniVersion: '0.4.0',
      name: 'lan',
      plugins: [
        { type: 'cnv-tuning', mac: 'keep' },
        { type: 'cnv-bridge', bridge: 'br1', vlan: 5, hairpinMode: true },
      ],
      disableCheck: true,
    },
    { [annotation]: 'bridge.network.kubevirt.io/br1', other: 'kept' },
  )
  const edited = nadFromValues({ ...nadToValues(base)!, bridge: 'br2', vlan: '' }, base)
  expect(JSON.parse(edited.spec.config)).toEqual({
    cniVersion: '0.4.0',
    name: 'lan',
    plugins: [
      { type: 'cnv-tuning', mac: 'keep' },
      { type: 'cnv-bridge', bridge: 'br2', hairpinMode: true },
    ],
    disableCheck: true,
  })
  expect(nadPatch(base, edited)).toEqual([
    { op: 'test', path: '/spec/config', value: base.spec?.config },
    { op: 'replace', path: '/spec/config', value: edited.spec.config },
    {
      op: 'test',
      path: '/metadata/annotations/k8s.v1.cni.cncf.io~1resourceName',
      value: 'bridge.network.kubevirt.io/br1',
    },
    {
      op: 'add',
      path: '/metadata/annotations/k8s.v1.cni.cncf.io~1resourceName',
      value: 'bridge.network.kubevirt.io/br2',
    },
  ])
})

it('sends nothing for a configuration that stays as it was, however it is written', () => {
  const base = stored('{ "type": "bridge",  "bridge": "br1" }')
  const same = nadFromValues(nadToValues(base)!, base)
  expect(nadPatch(base, same)).toEqual([])
  const checked = nadFromValues({ ...nadToValues(base)!, macSpoofCheck: true }, base)
  expect(JSON.parse(checked.spec.config)).toEqual({
    type: 'bridge',
    bridge: 'br1',
    macspoofchk: true,
  })
})

it('has no fields for what it doesn’t know', () => {
  expect(nadToValues(stored({ type: 'macvlan' }))).toBeUndefined()
  expect(nadToValues(stored({ type: 'ovn-k8s-cni-overlay', topology: 'layer3' }))).toBeUndefined()
  expect(nadToValues(stored('{'))).toBeUndefined()
})

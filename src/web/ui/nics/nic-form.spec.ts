import { describe, expect, it } from 'vitest'

import type { Nic } from '../../../kube/vm-devices.ts'
import {
  bindingsFor,
  newNicValues,
  nicFromValues,
  nicSchema,
  nicToValues,
  podNetwork,
  type NicValues,
} from './nic-form.ts'

const values: NicValues = {
  ...newNicValues([]),
  network: 'lan',
  binding: 'bridge',
}

function problems(part: Partial<NicValues>): string[] {
  const result = nicSchema.safeParse({ ...values, ...part })
  return result.success ? [] : result.error.issues.map(({ path }) => path.join('.'))
}

it('proposes a name that is free', () => {
  expect(newNicValues(['nic-1', 'default', 'nic-2']).name).toBe('nic-3')
})

describe('syntax', () => {
  it.each(['', '02:00:5e:10:00:01', '02-00-5E-10-00-01', '0200.5e10.0001'])(
    'takes “%s” for a MAC address',
    (macAddress) => expect(problems({ macAddress })).toEqual([]),
  )
  it.each(['02:00:5e:10:00', '02:00:5e:10:00:01:02', '02:00-5e:10:00:01', 'zz:00:5e:10:00:01'])(
    'refuses “%s” as a MAC address',
    (macAddress) => expect(problems({ macAddress })).toEqual(['macAddress']),
  )
  it.each(['22', '22, web:80/TCP', '53/udp 22', ''])('takes “%s” for ports', (ports) =>
    expect(problems({ ports })).toEqual([]),
  )
  it.each(['ssh', '22/', '1:2:3'])('refuses “%s” as ports', (ports) =>
    expect(problems({ ports })).toEqual(['ports']),
  )
  it.each([
    [{ pciAddress: '81:00.0' }, 'pciAddress'],
    [{ acpiIndex: 'x' }, 'acpiIndex'],
    [{ ntpServers: 'pool.example.org' }, 'ntpServers'],
    [{ privateOptions: 'a=b' }, 'privateOptions'],
  ])('refuses %j', (part, field) => expect(problems(part)).toEqual([field]))
  it('refuses names that KubeVirt would', () => {
    expect(problems({ name: 'my nic' })).toEqual(['name'])
  })
})

describe('from values to a NIC', () => {
  it('writes only what was filled in', () => {
    expect(nicFromValues(values)).toEqual({
      iface: { name: 'nic-1', bridge: {} },
      network: { name: 'nic-1', multus: { networkName: 'lan' } },
    })
  })

  it('writes everything', () => {
    const filled: NicValues = {
      ...values,
      network: podNetwork,
      binding: 'masquerade',
      model: 'e1000e',
      macAddress: ' 02:00:5e:10:00:01 ',
      state: 'down',
      ports: '22, web:80/tcp',
      bootOrder: '2',
      pciAddress: '0000:81:00.0',
      acpiIndex: '7',
      ntpServers: '10.0.0.1, 10.0.0.2',
      privateOptions: '240=a',
    }
    expect(nicFromValues(filled)).toEqual({
      iface: {
        name: 'nic-1',
        masquerade: {},
        model: 'e1000e',
        macAddress: '02:00:5e:10:00:01',
        state: 'down',
        ports: [{ port: 22 }, { name: 'web', port: 80, protocol: 'TCP' }],
        bootOrder: 2,
        pciAddress: '0000:81:00.0',
        acpiIndex: 7,
        dhcpOptions: {
          ntpServers: ['10.0.0.1', '10.0.0.2'],
          privateOptions: [{ option: 240, value: 'a' }],
        },
      },
      network: { name: 'nic-1', pod: {} },
    })
  })

  const original: Nic = {
    iface: {
      name: 'default',
      masquerade: {},
      state: 'up',
      acpiIndex: 3,
      dhcpOptions: { bootFileName: 'x' },
      ports: [{ name: 'ssh', port: 22, protocol: 'TCP' }],
    },
    network: { name: 'default', pod: { vmNetworkCIDR: '10.1.0.0/24' } as object },
  }

  it('gives back an unchanged NIC as it was', () => {
    expect(nicFromValues(nicToValues(original), original)).toEqual(original)
  })

  it('keeps what the form doesn’t know, and drops the old binding', () => {
    const moved: NicValues = { ...nicToValues(original), network: 'lan', binding: 'bridge' }
    expect(nicFromValues(moved, original)).toEqual({
      iface: {
        name: 'default',
        bridge: {},
        state: 'up',
        acpiIndex: 3,
        dhcpOptions: { bootFileName: 'x' },
      },
      network: { name: 'default', multus: { networkName: 'lan' } },
    })
  })

  it('keeps a binding plugin with its configuration', () => {
    const plugin: Nic = {
      iface: { name: 'p', binding: { name: 'l2bridge' } },
      network: { name: 'p', multus: { networkName: 'lan' } },
    }
    expect(nicFromValues(nicToValues(plugin), plugin)).toEqual(plugin)
  })
})

const plain = { bridgeOnPodNetworkPermitted: true, bindsPasst: false, bindingPlugins: [] }
const strict = {
  bridgeOnPodNetworkPermitted: false,
  bindsPasst: true,
  bindingPlugins: ['l2bridge'],
}

it.each([
  [podNetwork, undefined, plain, ['masquerade', 'bridge']],
  [podNetwork, undefined, strict, ['masquerade', 'passtBinding', 'l2bridge']],
  ['lan', { isSriov: false, type: 'bridge' }, plain, ['bridge']],
  ['lan', { isSriov: false, type: 'bridge' }, strict, ['bridge', 'l2bridge']],
  ['fast', { isSriov: true, type: 'sriov' }, strict, ['sriov']],
  ['gone', undefined, plain, ['bridge', 'sriov']],
  ['', undefined, plain, []],
])('offers for network “%s” its bindings', (network, nad, config, bindings) => {
  expect(bindingsFor(network, nad, config)).toEqual(bindings)
})

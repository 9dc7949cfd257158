import { describe, expect, it } from 'vitest'

import type { Situation } from './apply-time.ts'
import { defaultKubeVirtConfig } from './kubevirt-config.ts'
import { nicFieldEffects } from './nic-field-effects.ts'
import type { Interface, Nic } from './vm-devices.ts'

const running: Situation = {
  state: 'running',
  migratable: true,
  config: defaultKubeVirtConfig,
  migratesVolumes: false,
}
const automatic: Situation = { ...running, config: { ...running.config, migratesToApply: true } }
const pinned: Situation = { ...running, migratable: false }
const starting: Situation = { ...running, state: 'starting' }
const stopped: Situation = { ...running, state: 'stopped' }

function secondary(part: Partial<Interface>): Nic {
  return {
    iface: { name: 'lan', ...part },
    network: { name: 'lan', multus: { networkName: 'br1' } },
  }
}
const bridge = secondary({ bridge: {} })
const sriov = secondary({ sriov: {} })
const pod: Nic = {
  iface: { name: 'default', masquerade: {} },
  network: { name: 'default', pod: {} },
}

const fixed = ['binding', 'model', 'macAddress', 'ports', 'bootOrder', 'pciAddress', 'acpiIndex']
const dhcp = ['bootFileName', 'tftpServerName', 'ntpServers', 'privateOptions']

describe('of an interface that runs', () => {
  it.each([
    ['bridge', bridge, running, 'migration', 'now'],
    ['bridge, migrated by the cluster itself', bridge, automatic, 'migration', 'now'],
    ['bridge of a VM that can’t migrate', bridge, pinned, 'restart', 'now'],
    ['bridge of a VM that is starting', bridge, starting, 'migration', 'now'],
    ['SR-IOV', sriov, running, 'migration', 'refused'],
    ['SR-IOV of a VM that can’t migrate', sriov, pinned, 'restart', 'refused'],
    ['on the pod network', pod, running, 'restart', 'now'],
  ] as const)('%s: network %#', (_what, nic, situation, network, state) => {
    const effects = nicFieldEffects(nic, nic, situation)
    expect(effects.network?.when).toBe(network)
    expect(effects.state?.when).toBe(state)
    for (const field of [...fixed, ...dhcp, 'hasManyQueues'])
      expect([field, Reflect.get(effects, field)?.when]).toEqual([field, 'restart'])
    expect(effects.name).toBeUndefined()
  })

  it('tells who starts the migration', () => {
    const reason = (situation: Situation) =>
      nicFieldEffects(bridge, bridge, situation).network?.reason
    expect(reason(automatic)).toMatch(/which KubeVirt starts by itself/)
    expect(reason(running)).toMatch(/it waits until the VM is migrated/)
    expect(reason(pinned)).toMatch(/can’t be live-migrated/)
    expect(nicFieldEffects(pod, pod, running).network?.reason).toBeUndefined()
  })
})

describe('of an interface that is added', () => {
  it.each([
    ['bridge', bridge, running, 'now'],
    ['SR-IOV', sriov, running, 'migration'],
    ['SR-IOV to a VM that can’t migrate', sriov, pinned, 'restart'],
    ['pod network', pod, running, 'restart'],
    ['binding plugin', secondary({ binding: { name: 'l2' } }), running, 'restart'],
  ] as const)('%s', (_what, nic, situation, when) => {
    const effects = nicFieldEffects(nic, undefined, situation)
    for (const field of ['network', ...fixed, ...dhcp])
      expect([field, Reflect.get(effects, field)?.when]).toEqual([field, when])
    expect(effects.hasManyQueues?.when).toBe('restart')
  })

  it('says nothing while it isn’t known what', () => {
    expect(nicFieldEffects(undefined, undefined, running).network).toBeUndefined()
  })
})

it('leaves it to the form where the VM is stopped, but for what is refused', () => {
  expect(nicFieldEffects(bridge, undefined, stopped)).toEqual({})
  expect(nicFieldEffects(sriov, undefined, stopped)).toMatchObject({ state: { when: 'refused' } })
})

import { describe, expect, it } from 'vitest'

import type { VirtualMachine } from './kinds.ts'
import {
  addedNicPlace,
  addNicPatch,
  editNicPatch,
  manyQueuesPatch,
  removeNicPatch,
  unplugNicPatch,
  type NewNic,
} from './nic-patch.ts'
import { implicitNic } from './vm-devices.ts'

const interfaces = '/spec/template/spec/domain/devices/interfaces'
const networks = '/spec/template/spec/networks'

function vm(spec: {
  interfaces?: object[]
  networks?: object[]
  devices?: object
}): VirtualMachine {
  const { devices, networks: list } = spec
  return {
    metadata: { name: 'batch-1', namespace: 'demo', generation: 7 },
    spec: {
      template: {
        spec: {
          domain: {
            devices: { ...devices, ...(spec.interfaces && { interfaces: spec.interfaces }) },
          },
          ...(list && { networks: list }),
        },
      },
    },
  } as unknown as VirtualMachine
}

const nic: NewNic = {
  iface: { name: 'nic-1', bridge: {} },
  network: { name: 'nic-1', multus: { networkName: 'lan' } },
}
const pod = {
  iface: { name: 'default', masquerade: {} },
  network: { name: 'default', pod: {} },
}
const implicit = implicitNic('bridge', undefined)

describe('adding a NIC', () => {
  it('appends to what is there, guarded by it', () => {
    const before = vm({ interfaces: [pod.iface], networks: [pod.network] })
    expect(addNicPatch(before, nic, implicit)).toEqual([
      { op: 'test', path: networks, value: [pod.network] },
      { op: 'test', path: interfaces, value: [pod.iface] },
      { op: 'add', path: `${networks}/-`, value: nic.network },
      { op: 'add', path: `${interfaces}/-`, value: nic.iface },
    ])
    expect(addedNicPlace(before)).toEqual({ index: 1, networkIndex: 1 })
  })

  it('writes the automatic pod network down when both lists are missing', () => {
    const before = vm({})
    expect(addNicPatch(before, nic, implicit)).toEqual([
      { op: 'test', path: '/metadata/generation', value: 7 },
      { op: 'add', path: networks, value: [{ name: 'default', pod: {} }, nic.network] },
      { op: 'add', path: interfaces, value: [{ name: 'default', bridge: {} }, nic.iface] },
    ])
    expect(addedNicPlace(before)).toEqual({ index: 1, networkIndex: 1 })
  })

  it('writes the automatic pod network down when both lists are empty', () => {
    const patch = addNicPatch(vm({ interfaces: [], networks: [] }), nic, implicit)
    expect(patch.slice(2)).toEqual([
      { op: 'add', path: `${networks}/-`, value: { name: 'default', pod: {} } },
      { op: 'add', path: `${networks}/-`, value: nic.network },
      { op: 'add', path: `${interfaces}/-`, value: { name: 'default', bridge: {} } },
      { op: 'add', path: `${interfaces}/-`, value: nic.iface },
    ])
  })

  it('adds none where the pod network isn’t attached by itself', () => {
    const before = vm({ devices: { autoattachPodInterface: false } })
    expect(addNicPatch(before, nic, implicit).slice(1)).toEqual([
      { op: 'add', path: networks, value: [nic.network] },
      { op: 'add', path: interfaces, value: [nic.iface] },
    ])
  })
})

describe('editing a NIC', () => {
  const both = vm({
    interfaces: [pod.iface, nic.iface],
    networks: [nic.network, pod.network],
  })

  it('replaces it and its network where each stands', () => {
    const edited: NewNic = {
      iface: { name: 'nic-1', sriov: {} },
      network: { name: 'nic-1', multus: { networkName: 'fast' } },
    }
    expect(editNicPatch(both, 'nic-1', edited).slice(2)).toEqual([
      { op: 'replace', path: `${networks}/0`, value: edited.network },
      { op: 'replace', path: `${interfaces}/1`, value: edited.iface },
    ])
  })

  it('leaves an unchanged network alone', () => {
    const edited = { ...nic, iface: { ...nic.iface, state: 'down' } }
    expect(editNicPatch(both, 'nic-1', edited).slice(2)).toEqual([
      { op: 'replace', path: `${interfaces}/1`, value: edited.iface },
    ])
  })

  it('writes the automatic pod network down', () => {
    expect(editNicPatch(vm({}), 'default', pod).slice(1)).toEqual([
      { op: 'add', path: networks, value: [pod.network] },
      { op: 'add', path: interfaces, value: [pod.iface] },
    ])
  })
})

describe('removing a NIC', () => {
  const autoattach = '/spec/template/spec/domain/devices/autoattachPodInterface'

  it('marks it as absent to unplug it', () => {
    const before = vm({ interfaces: [pod.iface, nic.iface], networks: [pod.network, nic.network] })
    expect(unplugNicPatch(before, 'nic-1').at(-1)).toEqual({
      op: 'add',
      path: `${interfaces}/1/state`,
      value: 'absent',
    })
  })

  it('removes it and its network', () => {
    const before = vm({ interfaces: [pod.iface, nic.iface], networks: [nic.network, pod.network] })
    expect(removeNicPatch(before, 'nic-1').slice(2)).toEqual([
      { op: 'remove', path: `${interfaces}/1` },
      { op: 'remove', path: `${networks}/0` },
    ])
  })

  it('keeps KubeVirt from putting the pod network in the place of the last one', () => {
    const before = vm({ interfaces: [nic.iface], networks: [nic.network] })
    expect(removeNicPatch(before, 'nic-1').at(-1)).toEqual({
      op: 'add',
      path: autoattach,
      value: false,
    })
  })

  it('removes the automatic pod network by switching it off', () => {
    expect(removeNicPatch(vm({}), 'default')).toEqual([
      { op: 'test', path: '/metadata/generation', value: 7 },
      { op: 'add', path: autoattach, value: false },
    ])
  })
})

describe('queues', () => {
  const path = '/spec/template/spec/domain/devices/networkInterfaceMultiqueue'

  it('are switched on for the VM, guarded by its generation', () => {
    expect(manyQueuesPatch(vm({}), true)).toEqual([
      { op: 'test', path: '/metadata/generation', value: 7 },
      { op: 'add', path, value: true },
    ])
  })

  it('are switched off where they were on, and left alone where nothing changes', () => {
    const before = vm({ devices: { networkInterfaceMultiqueue: true } })
    expect(manyQueuesPatch(before, false)).toEqual([
      { op: 'test', path, value: true },
      { op: 'add', path, value: false },
    ])
    expect(manyQueuesPatch(before, true)).toEqual([])
    expect(manyQueuesPatch(vm({}), false)).toEqual([])
  })
})

import { expect, it } from 'vitest'

import type { VirtualMachine, VirtualMachineInstance } from './kinds.ts'
import { macDuplicates, networkUsers, projectVmiNics, projectVmNics } from './machine-nics.ts'

interface NicOfTest {
  name: string
  nad?: string
  mac?: string
  state?: string
}

function specOf(nics: readonly NicOfTest[]) {
  return {
    networks: nics.map(({ name, nad }) =>
      nad === undefined ? { name, pod: {} } : { name, multus: { networkName: nad } },
    ),
    domain: {
      devices: {
        interfaces: nics.map(({ name, mac, state }) => ({ name, macAddress: mac, state })),
      },
    },
  }
}

function vm(namespace: string, name: string, nics: readonly NicOfTest[]) {
  return projectVmNics({
    metadata: { name, namespace },
    spec: { template: { spec: specOf(nics) } },
  } as unknown as VirtualMachine)
}

function vmi(
  namespace: string,
  name: string,
  nics: readonly NicOfTest[],
  { isOwned = true, status = [] as { name: string; mac: string }[] } = {},
) {
  return projectVmiNics({
    metadata: {
      name,
      namespace,
      ...(isOwned && {
        ownerReferences: [{ kind: 'VirtualMachine', name, controller: true, uid: 'u' }],
      }),
    },
    spec: specOf(nics),
    status: { interfaces: status },
  } as unknown as VirtualMachineInstance)
}

it('finds who is on a network by name, by namespace and name, and by what runs', () => {
  const users = networkUsers(
    [
      vm('demo', 'a', [{ name: 'default' }, { name: 'lan', nad: 'br1' }]),
      vm('lab', 'b', [{ name: 'lan', nad: 'demo/br1' }]),
      vm('lab', 'c', [{ name: 'lan', nad: 'br1' }]),
      vm('demo', 'moved', [{ name: 'lan', nad: 'other' }]),
      vm('demo', 'leaving', [{ name: 'lan', nad: 'br1', state: 'absent' }]),
    ],
    [
      vmi('demo', 'a', [{ name: 'lan', nad: 'br1' }]),
      vmi('demo', 'moved', [{ name: 'lan', nad: 'br1' }]),
      vmi('demo', 'alone', [{ name: 'lan', nad: 'demo/br1' }], { isOwned: false }),
    ],
  )
  expect(users.get('demo/br1')).toMatchObject([
    { namespace: 'demo', name: 'a', isInSpec: true, isRunning: true, nics: ['lan'] },
    { namespace: 'demo', name: 'alone', isInSpec: false, isRunning: true, isStandalone: true },
    { namespace: 'demo', name: 'moved', isInSpec: false, isRunning: true, isStandalone: false },
    { namespace: 'lab', name: 'b', isInSpec: true, isRunning: false },
  ])
  expect(users.get('lab/br1')).toMatchObject([{ name: 'c' }])
  expect(users.has('pod')).toBe(false)
})

it('finds addresses that several machines have, however they are written', () => {
  const duplicates = macDuplicates(
    [
      vm('demo', 'a', [{ name: 'lan', nad: 'br1', mac: '02:00:5E:10:00:01' }]),
      vm('lab', 'b', [{ name: 'lan', nad: 'demo/br1', mac: '02-00-5e-10-00-01' }]),
      vm('lab', 'c', [{ name: 'lan', nad: 'demo/br1' }]),
      vm('lab', 'd', [{ name: 'lan', nad: 'demo/br1', mac: '0200.5e10.0001' }]),
    ],
    [
      vmi('demo', 'a', [{ name: 'lan', nad: 'br1', mac: '02:00:5e:10:00:01' }]),
      vmi('lab', 'c', [{ name: 'lan', nad: 'demo/br1' }], {
        status: [{ name: 'lan', mac: '02:00:5e:10:00:02' }],
      }),
    ],
  )
  expect([...duplicates.keys()]).toEqual(['02:00:5e:10:00:01'])
  expect(duplicates.get('02:00:5e:10:00:01')).toEqual([
    { namespace: 'demo', name: 'a', nic: 'lan', network: 'demo/br1' },
    { namespace: 'lab', name: 'b', nic: 'lan', network: 'demo/br1' },
    { namespace: 'lab', name: 'd', nic: 'lan', network: 'demo/br1' },
  ])
})

import { expect, it } from 'vitest'

import type { VirtualMachine, VirtualMachineInstance } from './kinds.ts'
import { otherUsersOf, projectVmiMacs, projectVmMacs } from './mac-use.ts'

const interfaces = [{ name: 'default', macAddress: '02:00:5E:10:00:01' }, { name: 'lan' }]
const vm = {
  metadata: { namespace: 'demo', name: 'a' },
  spec: { template: { spec: { domain: { devices: { interfaces } } } } },
} as unknown as VirtualMachine
const vmi = {
  metadata: { namespace: 'demo', name: 'a' },
  spec: { domain: { devices: { interfaces } } },
  status: {
    interfaces: [
      { name: 'default', mac: '02:00:5e:10:00:01' },
      { name: 'lan', mac: '02:00:5e:10:00:02' },
      { interfaceName: 'br0', mac: '02:00:5e:10:00:03' },
    ],
  },
} as unknown as VirtualMachineInstance

it('keeps what the template says and what the cluster chose', () => {
  expect(projectVmMacs(vm).macs).toEqual(['02:00:5e:10:00:01'])
  expect(projectVmiMacs(vmi).macs).toEqual(['02:00:5e:10:00:01', '02:00:5e:10:00:02'])
})

it.each([
  ['in another notation', '0200.5e10.0001', { namespace: 'demo', name: 'b' }, ['demo/a']],
  ['of the VM itself', '02:00:5e:10:00:02', { namespace: 'demo', name: 'a' }, []],
  [
    'of a VM of the same name elsewhere',
    '02-00-5e-10-00-02',
    { namespace: 'prod', name: 'a' },
    ['demo/a'],
  ],
  ['of nobody', '02:00:5e:10:00:09', { namespace: 'demo', name: 'b' }, []],
])('finds who has an address %s', (_name, mac, self, users) => {
  expect(otherUsersOf(mac, [projectVmMacs(vm), projectVmiMacs(vmi)], self)).toEqual(users)
})

import { expect, it } from 'vitest'

import type { DataVolume, VirtualMachine, VirtualMachineInstance } from '../../../kube/kinds.ts'
import { creationStages } from './creation-stages.ts'

const vmOf = (runStrategy: string) =>
  ({ metadata: { name: 'vm-1' }, spec: { runStrategy } }) as unknown as VirtualMachine
const instance = (phase: string, nodeName?: string) =>
  ({ metadata: { name: 'vm-1' }, status: { phase, nodeName } }) as unknown as VirtualMachineInstance
const disk = (phase: string, progress?: string) =>
  ({ metadata: { name: 'vm-1-rootdisk' }, status: { phase, progress } }) as unknown as DataVolume

/** `created done, disks current: WORDS` */
function told(...args: Parameters<typeof creationStages>): string[] {
  return creationStages(...args).map(
    ({ id, state, detail }) => `${id} ${state}${detail === undefined ? '' : `: ${detail}`}`,
  )
}

it('leads from the disks to the guest', () => {
  const vm = vmOf('Always')
  expect(told(vm, undefined, [disk('ImportInProgress', '37.25%')], 'Importing')).toEqual([
    'created done',
    'disks current: vm-1-rootdisk: ImportInProgress, 37.25%',
    'place pending',
    'guest pending',
  ])
  expect(told(vm, instance('Scheduling'), [disk('Succeeded')], 'No node has room')).toEqual([
    'created done',
    'disks done',
    'place current: No node has room',
    'guest pending',
  ])
  expect(told(vm, instance('Running', 'node-1'), [disk('Succeeded')])).toEqual([
    'created done',
    'disks done',
    'place done: node-1',
    'guest done',
  ])
})

it('says of a VM that stays off what it waits for', () => {
  const off = 'It stays off until then.'
  for (const vm of [vmOf('Halted'), vmOf('Manual')]) {
    expect(told(vm, undefined, [], 'Created DataVolume')).toEqual([
      'created done',
      'disks done',
      `start current: ${off}`,
      'place pending',
      'guest pending',
    ])
    expect(told(vm, undefined, [disk('PendingPopulation')])).toEqual([
      'created done',
      'disks pending: They are filled when it is started first.',
      `start current: ${off}`,
      'place pending',
      'guest pending',
    ])
    expect(told(vm, undefined, [disk('ImportInProgress')]).slice(1, 3)).toEqual([
      'disks current: vm-1-rootdisk: ImportInProgress',
      `start pending: ${off}`,
    ])
    expect(told(vm, instance('Scheduling'), []).map((one) => one.split(' ')[0])).toEqual([
      'created',
      'disks',
      'place',
      'guest',
    ])
  }
})

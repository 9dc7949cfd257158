import { describe, expect, it } from 'vitest'

import type { VirtualMachine, VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { guestFacts } from './guest-facts.ts'
import { stateWords } from './state-words.ts'

const scheduling = (message: string) =>
  ({
    metadata: { name: 'gpu-1', uid: 'u1' },
    status: {
      phase: 'Scheduling',
      conditions: [{ type: 'PodScheduled', status: 'False', message }],
    },
  }) as unknown as VirtualMachineInstance

const vm = (printableStatus: string) =>
  ({ metadata: { name: 'gpu-1' }, status: { printableStatus } }) as unknown as VirtualMachine

const words = (guest: ReturnType<typeof guestFacts>) =>
  stateWords({ name: 'guestOff' }, { kind: 'vnc', name: 'gpu-1', guest })

describe('a guest that does not get to run', () => {
  it('says what keeps it from running, instead of that it is starting', () => {
    const guest = guestFacts(
      scheduling('0/4 nodes are available: 4 Insufficient memory.'),
      vm('ErrorUnschedulable'),
    )
    expect(guest.starting).toBe(true)
    expect(guest.obstacle).toContain('no node has enough memory')
    expect(words(guest)).toMatchObject({ title: "gpu-1 can't start" })
    expect(words(guest).body).toContain(guest.obstacle)
  })

  it('says so of an instance without a VM', () => {
    const guest = guestFacts(scheduling('0/1 nodes are available: 1 Insufficient cpu.'))
    expect(guest.obstacle).toContain('CPU')
  })

  it('is not told of one on its way, nor of one that runs whatever its VM lacks', () => {
    const starting = { metadata: {}, status: { phase: 'Scheduled' } } as VirtualMachineInstance
    expect(guestFacts(starting, vm('Starting'))).not.toHaveProperty('obstacle')
    expect(words(guestFacts(starting, vm('Starting'))).title).toBe('gpu-1 is starting')
    const running = { metadata: {}, status: { phase: 'Running' } } as VirtualMachineInstance
    expect(guestFacts(running, vm('ErrorPvcNotFound'))).not.toHaveProperty('obstacle')
  })
})

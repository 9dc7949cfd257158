import { describe, expect, it } from 'vitest'

import type {
  StateChangeRequest,
  VirtualMachine,
  VirtualMachineInstance,
  VmiPhase,
} from '../kubevirt/objects.ts'
import { backOffSeconds, nextRunAction, startFailureAfter } from './run-strategy.ts'

const NOW = Date.parse('2026-01-01T00:00:00Z')

function vm(runStrategy: string, requests: StateChangeRequest[] = [], before = runStrategy) {
  return {
    metadata: { name: 'a' },
    spec: { runStrategy, template: { spec: { domain: { devices: {} } } } },
    status: { stateChangeRequests: requests, runStrategy: before },
  } as unknown as VirtualMachine
}

function vmi(phase: VmiPhase, ran = phase === 'Running') {
  return {
    metadata: { name: 'a', uid: 'u1' },
    status: {
      phase,
      phaseTransitionTimestamps: ran ? [{ phase: 'Running', phaseTransitionTimestamp: '' }] : [],
    },
  } as unknown as VirtualMachineInstance
}

const START: StateChangeRequest[] = [{ action: 'Start' }]
const STOP: StateChangeRequest[] = [{ action: 'Stop', uid: 'u1' }]
const STOP_OTHER: StateChangeRequest[] = [{ action: 'Stop', uid: 'u0' }]

describe('nextRunAction', () => {
  it.each([
    ['Always', undefined, [], 'start'],
    ['Always', 'Running', [], 'nothing'],
    ['Always', 'Running', STOP, 'stop'],
    ['Always', 'Running', STOP_OTHER, 'nothing'],
    ['Always', 'Succeeded', [], 'stop'],
    ['Always', 'Failed', [], 'stop'],
    ['RerunOnFailure', undefined, [], 'nothing'],
    ['RerunOnFailure', undefined, START, 'start'],
    ['RerunOnFailure', 'Running', STOP, 'stop'],
    ['RerunOnFailure', 'Succeeded', [], 'stop'],
    ['RerunOnFailure', 'Failed', [], 'stop'],
    ['Manual', undefined, [], 'nothing'],
    ['Manual', undefined, START, 'start'],
    ['Manual', 'Running', [], 'nothing'],
    ['Manual', 'Running', STOP, 'stop'],
    ['Manual', 'Failed', [], 'nothing'],
    ['Halted', undefined, [], 'nothing'],
    ['Halted', undefined, START, 'setAlways'],
    ['Halted', 'Running', [], 'stop'],
    ['Once', undefined, [], 'start'],
    ['Once', 'Succeeded', [], 'nothing'],
    ['Once', 'Failed', [], 'nothing'],
    ['Sometimes', undefined, [], 'fail'],
  ] as [string, VmiPhase | undefined, StateChangeRequest[], string][])(
    '%s with VMI %s and requests %j: %s',
    (strategy, phase, requests, action) => {
      expect(nextRunAction(vm(strategy, requests), phase && vmi(phase), NOW).do).toBe(action)
    },
  )

  it('starts once when the strategy was just changed to RerunOnFailure', () => {
    expect(nextRunAction(vm('RerunOnFailure', [], 'Halted'), undefined, NOW).do).toBe('start')
  })

  it('asks for a new start only after a failure', () => {
    const rerun = (phase: VmiPhase) => nextRunAction(vm('RerunOnFailure'), vmi(phase), NOW)
    expect(rerun('Failed')).toEqual({ do: 'stop', queueStart: true })
    expect(rerun('Succeeded')).toEqual({ do: 'stop', queueStart: false })
  })

  it('treats spec.running as Always and Halted', () => {
    const old = vm('Always')
    delete old.spec.runStrategy
    old.spec.running = true
    expect(nextRunAction(old, undefined, NOW).do).toBe('start')
    old.spec.running = false
    expect(nextRunAction(old, vmi('Running'), NOW).do).toBe('stop')
  })
})

describe('crash back-off', () => {
  it('grows with the square of the failures and ends at 300 s', () => {
    expect([1, 2, 3, 9].map((count) => backOffSeconds(count, 0))).toEqual([10, 40, 90, 300])
    expect(backOffSeconds(1, 0.999)).toBe(15)
  })

  it('counts each VMI that failed before it ran, and holds the next start back', () => {
    const failing = vm('Always')
    const first = startFailureAfter(failing, vmi('Failed'), NOW)
    expect(first?.consecutiveFailCount).toBe(1)
    failing.status!.startFailure = first!
    expect(startFailureAfter(failing, vmi('Failed'), NOW)).toEqual(first)
    const action = nextRunAction(failing, undefined, NOW)
    expect(action.do).toBe('wait')
    expect(startFailureAfter(failing, vmi('Failed', true), NOW)).toBeUndefined()
  })
})

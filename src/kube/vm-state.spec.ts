import { describe, expect, it } from 'vitest'

import type { Condition, VmFacts, VmiFacts } from './vm-facts.ts'
import { vmActionRules, type VmActionId } from './vm-state.ts'

function vm(runStrategy: string, status: VmFacts['status'] = {}): VmFacts {
  return {
    metadata: { name: 'web-1', namespace: 'demo', uid: 'u', creationTimestamp: '' },
    spec: { runStrategy },
    status,
  }
}

function vmi(phase: string, conditions: Condition[] = [], spec: object = {}): VmiFacts {
  return {
    metadata: { name: 'web-1', namespace: 'demo', uid: 'i', creationTimestamp: '' },
    spec: { domain: {}, ...spec },
    status: { phase, conditions },
  }
}

function possible(vmFacts: VmFacts | undefined, vmiFacts: VmiFacts | undefined): VmActionId[] {
  return vmActionRules
    .filter((rule) => rule.refusal(vmFacts, vmiFacts) === undefined)
    .map(({ id }) => id)
}

const paused = { type: 'Paused', status: 'True', reason: 'PausedByUser' }

describe('what may be done', () => {
  it.each<[string, VmFacts | undefined, VmiFacts | undefined, VmActionId[]]>([
    ['halted', vm('Halted'), undefined, ['start', 'delete']],
    ['manual, off', vm('Manual'), undefined, ['start', 'delete']],
    ['manual, ended', vm('Manual'), vmi('Succeeded'), ['start', 'restart', 'delete']],
    ['always, between two attempts', vm('Always'), undefined, ['stop', 'delete']],
    [
      'always, scheduling',
      vm('Always'),
      vmi('Scheduling'),
      ['stop', 'forceStop', 'restart', 'delete'],
    ],
    [
      'always, running',
      vm('Always'),
      vmi('Running'),
      ['stop', 'forceStop', 'restart', 'pause', 'softReboot', 'reset', 'delete'],
    ],
    [
      'always, paused',
      vm('Always'),
      vmi('Running', [paused]),
      ['stop', 'forceStop', 'restart', 'unpause', 'reset', 'delete'],
    ],
    ['halted, still stopping', vm('Halted'), vmi('Scheduled'), ['forceStop', 'delete']],
    [
      'once, running',
      vm('Once'),
      vmi('Running'),
      ['stop', 'forceStop', 'pause', 'softReboot', 'reset', 'delete'],
    ],
    ['rerun on failure, failed', vm('RerunOnFailure'), vmi('Failed'), ['restart', 'delete']],
    [
      'rerun on failure, ended',
      vm('RerunOnFailure'),
      vmi('Succeeded'),
      ['start', 'restart', 'delete'],
    ],
    ['standalone, running', undefined, vmi('Running'), ['pause', 'softReboot', 'reset', 'delete']],
    ['standalone, ended', undefined, vmi('Succeeded'), ['delete']],
  ])('%s', (_name, vmFacts, vmiFacts, expected) => {
    expect(possible(vmFacts, vmiFacts)).toEqual(expected)
  })

  it('takes the deprecated spec.running for Always and Halted', () => {
    const { runStrategy: _, ...spec } = vm('').spec
    expect(possible({ ...vm(''), spec: { ...spec, running: false } }, undefined)).toContain('start')
    expect(possible({ ...vm(''), spec: { ...spec, running: true } }, undefined)).toContain('stop')
  })

  it('does nothing twice while a request is queued', () => {
    const starting = vm('Manual', { stateChangeRequests: [{ action: 'Start' }] })
    expect(possible(starting, undefined)).toEqual(['delete'])
    const restarting = vm('Always', {
      stateChangeRequests: [{ action: 'Stop' }, { action: 'Start' }],
    })
    expect(possible(restarting, vmi('Running'))).not.toContain('restart')
  })

  it('refuses what a deletion makes pointless', () => {
    const deleted = vm('Halted')
    deleted.metadata.deletionTimestamp = '2026-01-01T00:00:00Z'
    expect(possible(deleted, undefined)).toEqual([])
  })

  it('refuses a soft reboot that nothing in the guest would hear', () => {
    const deaf = { domain: { features: { acpi: { enabled: false } } } }
    expect(possible(vm('Always'), vmi('Running', [], deaf))).not.toContain('softReboot')
    const agent = { type: 'AgentConnected', status: 'True' }
    expect(possible(vm('Always'), vmi('Running', [agent], deaf))).toContain('softReboot')
  })

  it('refuses to pause under a liveness probe that would kill it', () => {
    const probed = (livenessProbe: object) => vmi('Running', [], { livenessProbe })
    expect(possible(vm('Always'), probed({}))).not.toContain('pause')
    expect(possible(vm('Always'), probed({ guestAgentPing: {} }))).toContain('pause')
  })

  it('keeps a paused machine paused while its snapshot is taken', () => {
    const snapshotted = vm('Always', { snapshotInProgress: 's' })
    expect(possible(snapshotted, vmi('Running', [paused]))).not.toContain('unpause')
  })

  it('gives every refusal in words', () => {
    for (const rule of vmActionRules)
      for (const strategy of ['Always', 'Halted', 'Manual', 'Once', 'RerunOnFailure'])
        for (const phase of [undefined, 'Pending', 'Running', 'Succeeded', 'Failed']) {
          const refusal = rule.refusal(vm(strategy), phase === undefined ? undefined : vmi(phase))
          expect(refusal ?? 'It can.').toMatch(/^[A-Z].*\.$/)
        }
  })
})

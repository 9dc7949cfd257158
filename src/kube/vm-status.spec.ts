import { describe, expect, it } from 'vitest'

import type { Condition, VmFacts, VmiFacts } from './vm-facts.ts'
import { usualTone, vmiStatus, vmStatus } from './vm-status.ts'

function vm(printableStatus: string, conditions: Condition[] = []): VmFacts {
  return {
    metadata: { name: 'web-1', namespace: 'demo', uid: 'u', creationTimestamp: '' },
    spec: { runStrategy: 'Always' },
    status: { printableStatus, conditions },
  }
}

function vmi(phase: string, conditions: Condition[] = []): VmiFacts {
  return {
    metadata: { name: 'web-1', namespace: 'demo', uid: 'i', creationTimestamp: '' },
    spec: { domain: {} },
    status: { phase, conditions },
  }
}

const unschedulable = {
  type: 'PodScheduled',
  status: 'False',
  reason: 'Unschedulable',
  message: '0/3 nodes are available: 1 Insufficient cpu, 3 Insufficient memory.',
}

describe('vmStatus', () => {
  it('needs no reason when all is well', () => {
    expect(vmStatus(vm('Running'), vmi('Running'))).toEqual({ label: 'Running', tone: 'success' })
    expect(vmStatus(vm('Stopped'), undefined)).toEqual({ label: 'Stopped', tone: 'neutral' })
  })

  it('says what the scheduler found no room for, and keeps its words', () => {
    const status = vmStatus(vm('ErrorUnschedulable', [unschedulable]), undefined)
    expect(status.tone).toBe('danger')
    expect(status.reason).toContain('no node has enough CPU and memory free')
    expect(status.reason).toContain(unschedulable.message)
    expect(status.nextStep).toBeDefined()
  })

  it('names the disks that are waited for', () => {
    const { reason } = vmStatus(vm('Provisioning'), undefined, {
      dataVolumes: [
        { metadata: { name: 'root' }, status: { phase: 'ImportInProgress', progress: '42.4%' } },
        { metadata: { name: 'data' }, status: { phase: 'Succeeded', progress: '100.0%' } },
      ],
    })
    expect(reason).toBe('Waits for its disks: root (ImportInProgress 42.4%).')
  })

  it('shows a failure beside a state that looks well', () => {
    const failed = { type: 'Failure', status: 'True', reason: 'HotPlugVolumeError', message: 'bus' }
    expect(vmStatus(vm('Running', [failed]), vmi('Running'))).toEqual({
      label: 'Running',
      tone: 'warning',
      reason: 'bus',
    })
  })

  it('tells how often a start has failed', () => {
    const crashing = vm('CrashLoopBackOff')
    crashing.status = { ...crashing.status, startFailure: { consecutiveFailCount: 3 } }
    expect(vmStatus(crashing, undefined).reason).toContain('3 times in a row')
  })

  it('shows states it has never heard of as they are', () => {
    expect(vmStatus(vm('Teleporting'), undefined)).toEqual({
      label: 'Teleporting',
      tone: 'neutral',
    })
  })
})

describe('vmiStatus', () => {
  it('tells where a migration moves it, until that has ended', () => {
    const moving = vmi('Running')
    const migrationState = { startTimestamp: '2026-01-01T00:00:00Z', targetNode: 'worker-2' }
    moving.status = { ...moving.status, migrationState }
    expect(vmiStatus(moving).reason).toBe('Moving to node worker-2.')
    moving.status.migrationState = { ...migrationState, completed: true }
    expect(vmiStatus(moving)).toEqual({ label: 'Running', tone: 'success' })
  })

  it('prefers what the conditions know to the phase', () => {
    const paused = { type: 'Paused', status: 'True', reason: 'PausedIOError' }
    expect(vmiStatus(vmi('Running', [paused]))).toMatchObject({ label: 'Paused', tone: 'warning' })
    expect(vmiStatus(vmi('Scheduling', [unschedulable])).tone).toBe('danger')
  })

  it('says that what runs is not ready', () => {
    const unready = { type: 'Ready', status: 'False', message: 'containers with unready status' }
    expect(vmiStatus(vmi('Running', [unready]))).toEqual({
      label: 'Running',
      tone: 'progress',
      reason: 'Not ready: containers with unready status',
    })
    expect(vmiStatus(vmi('Scheduling', [unready])).reason).toBeUndefined()
  })

  it('says that it is on its way out', () => {
    const ending = vmi('Running')
    ending.metadata.deletionTimestamp = '2026-01-01T00:00:00Z'
    expect(vmiStatus(ending).label).toBe('Terminating')
  })
})

describe('usualTone', () => {
  it('takes any text for a state', () => {
    expect(['CrashLoopBackOff', 'Failed', 'constructor', ''].map(usualTone)).toEqual([
      'danger',
      'danger',
      'neutral',
      'neutral',
    ])
  })
})

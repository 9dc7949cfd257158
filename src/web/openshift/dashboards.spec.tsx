import { describe, expect, it } from 'vitest'

import type {
  DataVolume,
  KubeVirt,
  VirtualMachine,
  VirtualMachineInstanceMigration,
} from '../../kube/kinds.ts'
import { isFilling, isMigrating, kubeVirtHealth, vmGroups } from './dashboards.tsx'

const vms = ['Running', 'Running', 'Stopped', 'ErrorUnschedulable', 'CrashLoopBackOff'].map(
  (printableStatus) =>
    ({ metadata: { name: 'x' }, spec: { template: {} }, status: { printableStatus } }) as unknown,
) as VirtualMachine[]

function health(...conditions: [type: string, status: string][]) {
  const kubeVirt = {
    status: { conditions: conditions.map(([type, status]) => ({ type, status })) },
  } as unknown as KubeVirt
  return kubeVirtHealth({ kubeVirts: { data: [kubeVirt], loaded: true } }).state
}

describe('vmGroups', () => {
  it('counts states, each group with what the list is to be filtered by', () => {
    expect(vmGroups(vms)).toEqual({
      ERROR: {
        count: 2,
        filterType: 'status',
        statusIDs: ['ErrorUnschedulable', 'CrashLoopBackOff'],
      },
      'kubevirt-console-running': { count: 2, filterType: 'status', statusIDs: ['Running'] },
      'kubevirt-console-stopped': { count: 1, filterType: 'status', statusIDs: ['Stopped'] },
    })
  })
})

describe('kubeVirtHealth', () => {
  it('is what KubeVirt says of itself, the worst first', () => {
    expect(health(['Available', 'True'], ['Degraded', 'False'])).toBe('OK')
    expect(health(['Available', 'True'], ['Degraded', 'True'])).toBe('WARNING')
    expect(health(['Available', 'False'], ['Degraded', 'True'])).toBe('ERROR')
    expect(health(['Available', 'True'], ['Progressing', 'True'])).toBe('PROGRESS')
    expect(health()).toBe('UNKNOWN')
  })

  it('tells apart what is not known yet, what may not be read, and what is not there', () => {
    expect(kubeVirtHealth({ kubeVirts: { loaded: false } }).state).toBe('LOADING')
    const refused = { loaded: false, loadError: new Error('forbidden') }
    expect(kubeVirtHealth({ kubeVirts: refused }).state).toBe('UNKNOWN')
    expect(kubeVirtHealth({ kubeVirts: { data: [], loaded: true } }).state).toBe('NOT_AVAILABLE')
  })
})

describe('activities', () => {
  it('are what moves, and not what waits or has ended', () => {
    const phase = (value: string) => ({ status: { phase: value } }) as unknown as DataVolume
    const phases = ['ImportInProgress', 'CloneScheduled', 'UploadReady', 'Pending', 'Succeeded']
    expect(phases.filter((one) => isFilling(phase(one)))).toEqual(phases.slice(0, 2))

    const migration = (value?: string) =>
      ({ status: { phase: value } }) as unknown as VirtualMachineInstanceMigration
    const moves = [undefined, 'Pending', 'Running', 'Succeeded', 'Failed']
    expect(moves.filter((one) => isMigrating(migration(one)))).toEqual(moves.slice(0, 3))
  })
})

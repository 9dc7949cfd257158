/** A VirtualMachinePool in plain words: how it is, and what it does with its VMs. */
import type { VirtualMachinePool } from './kinds.ts'
import type { PlainStatus } from './vm-status.ts'

/** How many VMs are asked for, are there, and are ready. */
export interface PoolCounts {
  wanted: number
  present: number
  ready: number
}

export function poolCounts({ spec, status }: VirtualMachinePool): PoolCounts {
  return {
    wanted: spec.replicas ?? 1,
    present: status?.replicas ?? 0,
    ready: status?.readyReplicas ?? 0,
  }
}

/** `1 VM`, `3 VMs`. */
export function vmCount(count: number): string {
  return count === 1 ? '1 VM' : `${count} VMs`
}

export function poolStatus(pool: VirtualMachinePool): PlainStatus {
  const { metadata, spec, status } = pool
  if (metadata.deletionTimestamp !== undefined)
    return { label: 'Terminating', tone: 'progress', reason: 'It is being deleted.' }
  const failure = status?.conditions?.find(({ type }) => type === 'ReplicaFailure')
  if (failure?.status === 'True')
    return {
      label: 'Failing',
      tone: 'danger',
      reason: failure.message ?? failure.reason ?? 'KubeVirt doesn’t say why.',
      nextStep: 'Its events tell more.',
    }
  const { wanted, present, ready } = poolCounts(pool)
  if (spec.paused === true)
    return {
      label: 'Paused',
      tone: 'warning',
      reason: 'It makes, deletes and updates no VMs. Those that there are run on.',
    }
  if (!status) return { label: 'Unknown', tone: 'neutral', reason: 'KubeVirt hasn’t looked at it.' }
  if (present < wanted)
    return {
      label: 'Scaling out',
      tone: 'progress',
      reason: `${vmCount(wanted - present)} to come.`,
    }
  if (present > wanted) return tooMany(pool, present - wanted)
  if (wanted === 0) return { label: 'Empty', tone: 'neutral', reason: 'It is scaled to none.' }
  if (ready < wanted) return notReady(pool, wanted - ready)
  return { label: 'Ready', tone: 'success' }
}

function tooMany({ spec }: VirtualMachinePool, surplus: number): PlainStatus {
  const isLeft = spec.scaleInStrategy?.unmanaged ?? spec.scaleInStrategy?.opportunistic
  return isLeft
    ? {
        label: 'Too many',
        tone: 'warning',
        reason: `${vmCount(surplus)} more than asked for; it deletes none itself.`,
        nextStep: 'Delete those that are to go.',
      }
    : { label: 'Scaling in', tone: 'progress', reason: `${vmCount(surplus)} to go.` }
}

function notReady({ spec }: VirtualMachinePool, count: number): PlainStatus {
  const vm = spec.virtualMachineTemplate.spec
  const isStopped = vm?.runStrategy === 'Halted' || vm?.running === false
  return isStopped
    ? { label: 'Stopped', tone: 'neutral', reason: 'Its template starts no VM.' }
    : { label: 'Not ready', tone: 'progress', reason: `${vmCount(count)} not ready yet.` }
}

const sortWords: Record<string, string> = {
  AscendingOrder: 'the lowest numbers first',
  DescendingOrder: 'the highest numbers first',
  Newest: 'the youngest first',
  Oldest: 'the oldest first',
}

/**
 * Which VMs go when the pool shrinks, and what becomes of their disks. Without a policy any goes, and
 * with its disks.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/pool/pool.go scaleIn
 */
export function scaleInWords({ spec }: Pick<VirtualMachinePool, 'spec'>): string {
  const { proactive, opportunistic, unmanaged } = spec.scaleInStrategy ?? {}
  if (unmanaged) return 'Deletes none itself'
  if (opportunistic) return 'Deletes none itself: those go that somebody deletes'
  const order = sortWords[proactive?.selectionPolicy?.sortPolicy ?? ''] ?? 'any of them'
  return `Deletes ${order}, ${keepsDisks({ spec }) ? 'and keeps their disks' : 'with their disks'}`
}

export function keepsDisks({ spec }: Pick<VirtualMachinePool, 'spec'>): boolean {
  const { proactive, opportunistic } = spec.scaleInStrategy ?? {}
  return ![undefined, 'Disabled'].includes((proactive ?? opportunistic)?.statePreservation)
}

/** How a change of the template reaches VMs that run. */
export function updateWords({ spec }: Pick<VirtualMachinePool, 'spec'>): string {
  const { opportunistic, unmanaged } = spec.updateStrategy ?? {}
  if (unmanaged) return 'Doesn’t reach the VMs that there are'
  if (opportunistic) return 'Reaches a VM when it is restarted'
  const most = String(spec.maxUnavailable ?? '100%')
  return most === '100%'
    ? 'Restarts the VMs that run, all at once'
    : `Restarts the VMs that run, at most ${most} at a time`
}

/** The labels by which it finds its VMs, as a label selector; undefined where it needs more than that. */
export function poolSelector({ spec }: Pick<VirtualMachinePool, 'spec'>): string | undefined {
  const labels = Object.entries(spec.selector.matchLabels ?? {})
  return labels.length === 0 ? undefined : labels.map(([key, value]) => `${key}=${value}`).join(',')
}

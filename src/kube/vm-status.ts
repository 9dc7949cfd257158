/** The state of a VM or VMI in plain words: what it is, why, and what to do next. */
import { condition, isTrue, type Condition, type VmFacts, type VmiFacts } from './vm-facts.ts'

export type StatusTone = 'success' | 'progress' | 'neutral' | 'warning' | 'danger'

export interface PlainStatus {
  /** The state as KubeVirt names it. */
  label: string
  tone: StatusTone
  reason?: string
  nextStep?: string
}

/** What else is known where one VM is looked at; lists do without. */
export interface StatusHints {
  /** The DataVolumes the VM's disks come from. */
  dataVolumes?: DataVolumeFacts[]
}

interface DataVolumeFacts {
  metadata: { name: string }
  status?: {
    phase?: string
    progress?: string
    conditions?: { type: string; status?: string; message?: string }[]
  }
}

/**
 * Tones of printableStatus, an open set.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go setPrintableStatus
 */
const tones: Record<string, StatusTone> = {
  Running: 'success',
  Stopped: 'neutral',
  Paused: 'warning',
  Provisioning: 'progress',
  Starting: 'progress',
  Stopping: 'progress',
  Terminating: 'progress',
  Migrating: 'progress',
  WaitingForVolumeBinding: 'progress',
  WaitingForReceiver: 'progress',
  CrashLoopBackOff: 'danger',
  ErrorUnschedulable: 'danger',
  ErrorPvcNotFound: 'danger',
  DataVolumeError: 'danger',
  ErrImagePull: 'danger',
  ImagePullBackOff: 'danger',
  Unknown: 'warning',
}

const phaseTones: Record<string, StatusTone> = {
  Pending: 'progress',
  Scheduling: 'progress',
  Scheduled: 'progress',
  WaitingForSync: 'progress',
  Running: 'success',
  Succeeded: 'neutral',
  Failed: 'danger',
  Unknown: 'warning',
}

/**
 * How well a VM or VMI in this state usually is; one of them may be worse. Any text is a state: it may
 * come from an address.
 */
export function usualTone(label: string): StatusTone {
  const known = [tones, phaseTones].find((one) => Object.hasOwn(one, label))
  return known?.[label] ?? 'neutral'
}

type Explanation = Pick<PlainStatus, 'reason' | 'nextStep'>

const resourceWords: Record<string, string> = {
  memory: 'memory',
  cpu: 'CPU',
  'devices.kubevirt.io/kvm': 'hardware virtualization (KVM)',
}

/** The scheduler's `0/3 nodes are available: 3 Insufficient memory. …` in words. */
export function explainScheduling(message: string | undefined): Explanation {
  const nextStep = 'Ask for less, or make room on a node.'
  if (message === undefined) return { reason: "Can't be scheduled on any node.", nextStep }
  const short = [...message.matchAll(/Insufficient ([^,.\s]+(?:\.[^,.\s]+)*)/g)].map(
    ([, resource = '']) => resourceWords[resource] ?? resource,
  )
  const why = [
    ...(short.length > 0 ? [`no node has enough ${[...new Set(short)].join(' and ')} free`] : []),
    ...(/didn't match Pod's node affinity|node selector/.test(message)
      ? ['no node matches its node selector or affinity']
      : []),
    ...(/untolerated taint/.test(message) ? ['nodes with a taint it does not tolerate'] : []),
    ...(/unbound immediate PersistentVolumeClaims/.test(message)
      ? ['one of its PersistentVolumeClaims has no volume yet']
      : []),
  ]
  const words = why.length > 0 ? `${why.join(', ')}. ` : ''
  return { reason: `Can't be scheduled: ${words}(${message.trim()})`, nextStep }
}

function explainPause(paused: Condition | undefined): Explanation {
  switch (paused?.reason) {
    case 'PausedByUser':
      return { reason: 'Paused by a user.', nextStep: 'Unpause to let it run on.' }
    case 'PausedIOError':
      return {
        reason: 'Paused because a disk reported an error.',
        nextStep: 'Check its storage, then unpause.',
      }
    case 'PausedByMigrationMonitor':
      return { reason: 'Paused so that its migration can finish.' }
    default:
      return paused?.message ? { reason: paused.message } : {}
  }
}

function explainDataVolumes(dataVolumes: DataVolumeFacts[]): Explanation {
  const unready = dataVolumes.filter((one) => one.status?.phase !== 'Succeeded')
  if (unready.length === 0) return { reason: 'Its disks are being prepared.' }
  const parts = unready.map(({ metadata, status }) => {
    const progress = status?.progress && status.progress !== 'N/A' ? ` ${status.progress}` : ''
    return `${metadata.name} (${status?.phase || 'Pending'}${progress})`
  })
  return { reason: `Waits for its disks: ${parts.join(', ')}.` }
}

function explainDataVolumeError(dataVolumes: DataVolumeFacts[]): Explanation {
  const messages = dataVolumes.flatMap(({ metadata, status }) =>
    (status?.conditions ?? [])
      .filter((one) => one.type === 'Running' && one.status === 'False' && one.message)
      .map((one) => `${metadata.name}: ${one.message}`),
  )
  return {
    reason: messages.length > 0 ? messages.join('; ') : "A disk's data can't be prepared.",
    nextStep: 'Check the DataVolume of the disk.',
  }
}

/** The words of the first condition that says something is wrong. */
function conditionWords(...conditions: (Condition | undefined)[]): string | undefined {
  return conditions.find((one) => one?.message)?.message
}

function failure(vm: VmFacts): Condition | undefined {
  return isTrue(vm, 'Failure') ? condition(vm, 'Failure') : undefined
}

function unsynchronized(object: VmFacts | VmiFacts | undefined): Condition | undefined {
  const found = condition(object, 'Synchronized')
  return found?.status === 'False' ? found : undefined
}

function explainVm(
  label: string,
  vm: VmFacts,
  vmi: VmiFacts | undefined,
  { dataVolumes = [] }: StatusHints,
): Explanation {
  const words = conditionWords(failure(vm), unsynchronized(vmi), unsynchronized(vm))
  switch (label) {
    case 'ErrorUnschedulable':
      return explainScheduling(
        (condition(vmi, 'PodScheduled') ?? condition(vm, 'PodScheduled'))?.message,
      )
    case 'Paused':
      return explainPause(condition(vmi, 'Paused') ?? condition(vm, 'Paused'))
    case 'ErrorPvcNotFound':
      return {
        reason: words ?? "A PersistentVolumeClaim it names doesn't exist.",
        nextStep: 'Create the claim, or detach the disk.',
      }
    case 'DataVolumeError':
      return explainDataVolumeError(dataVolumes)
    case 'Provisioning':
      return explainDataVolumes(dataVolumes)
    case 'WaitingForVolumeBinding':
      return { reason: 'Waits for a volume for one of its PersistentVolumeClaims.' }
    case 'WaitingForReceiver':
      return { reason: 'Waits to receive a migration.' }
    case 'ErrImagePull':
    case 'ImagePullBackOff':
      return {
        reason: words ?? "The image of one of its disks can't be pulled.",
        nextStep: 'Check the image name and the right to pull it.',
      }
    case 'CrashLoopBackOff': {
      const { consecutiveFailCount = 0 } = vm.status?.startFailure ?? {}
      const times = consecutiveFailCount === 1 ? 'once' : `${consecutiveFailCount} times in a row`
      return {
        reason: `Failed to start ${times}; the cluster waits before it tries again.${words ? ` ${words}` : ''}`,
        nextStep: 'See the events for the cause.',
      }
    }
    case 'Migrating': {
      const target = vmi?.status?.migrationState?.targetNode
      return { reason: target ? `Moving to node ${target}.` : 'Moving to another node.' }
    }
    case 'Terminating':
      return { reason: 'Being deleted.' }
    case 'Unknown':
      return { reason: words ?? 'The cluster has lost sight of it.' }
    default:
      return words === undefined ? {} : { reason: words }
  }
}

/** The state of a VM; without one, of a standalone VMI. */
export function vmStatus(
  vm: VmFacts | undefined,
  vmi: VmiFacts | undefined,
  hints: StatusHints = {},
): PlainStatus {
  if (!vm) return vmi ? vmiStatus(vmi) : { label: 'Unknown', tone: 'neutral' }
  const label = vm.status?.printableStatus ?? (vm.status ? 'Unknown' : 'Stopped')
  const explanation = explainVm(label, vm, vmi, hints)
  const tone = tones[label] ?? 'neutral'
  const isWrong = failure(vm) !== undefined || unsynchronized(vmi) !== undefined
  return { label, tone: isWrong && tone !== 'danger' ? 'warning' : tone, ...explanation }
}

/** The state of a VMI by itself: its phase, or what KubeVirt's conditions say beyond it. */
export function vmiStatus(vmi: VmiFacts): PlainStatus {
  const phase = vmi.status?.phase || 'Pending'
  if (vmi.metadata.deletionTimestamp)
    return { label: 'Terminating', tone: 'progress', reason: 'Being stopped and deleted.' }
  const paused = condition(vmi, 'Paused')
  if (phase === 'Running' && paused?.status === 'True')
    return { label: 'Paused', tone: 'warning', ...explainPause(paused) }
  const scheduled = condition(vmi, 'PodScheduled')
  if (phase === 'Scheduling' && scheduled?.status === 'False')
    return { label: phase, tone: 'danger', ...explainScheduling(scheduled.message) }
  const words = conditionWords(unsynchronized(vmi))
  const tone = phaseTones[phase] ?? 'neutral'
  if (words !== undefined)
    return { label: phase, tone: tone === 'danger' ? tone : 'warning', reason: words }
  if (phase === 'Failed') return { label: phase, tone, reason: 'The guest or its pod has failed.' }
  const move = vmi.status?.migrationState
  if (phase === 'Running' && move?.startTimestamp && !move.completed && !move.failed)
    return {
      label: phase,
      tone: 'progress',
      reason: move.targetNode ? `Moving to node ${move.targetNode}.` : 'Moving to another node.',
    }
  const ready = condition(vmi, 'Ready')
  if (phase === 'Running' && ready?.status === 'False')
    return {
      label: phase,
      tone: 'progress',
      reason: `Not ready: ${ready.message ?? ready.reason ?? 'its probe has not succeeded'}`,
    }
  return { label: phase, tone }
}

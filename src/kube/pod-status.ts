/** The state of a pod and its containers in plain words, from what the kubelet reports. */
import type { Pod } from './kinds.ts'
import { condition } from './vm-facts.ts'
import { explainScheduling, type PlainStatus, type StatusTone } from './vm-status.ts'

type PodStatus = NonNullable<Pod['status']>
type ContainerStatus = NonNullable<PodStatus['containerStatuses']>[number]
type ContainerSpec = NonNullable<Pod['spec']>['containers'][number]

/** `sidecar` is an init container that runs on (restartPolicy Always). */
export type ContainerRole = 'container' | 'init' | 'sidecar' | 'ephemeral'

interface ContainerState {
  /** `running` is the only state in which a log grows. */
  phase: 'waiting' | 'running' | 'terminated'
  label: string
  tone: StatusTone
  /** Why, in words. */
  detail?: string
  /** When the state began. */
  since?: string
}

export interface PodContainer {
  name: string
  role: ContainerRole
  image: string
  isReady: boolean
  restarts: number
  state: ContainerState
  /** How its run before this one ended. */
  last?: ContainerState
  /** `cpu 100m` */
  requests: string[]
  limits: string[]
}

/** Reasons of pkg/kubelet/images/types.go and pkg/kubelet/container/sync_result.go (Kubernetes). */
const waitingWords: Record<string, string> = {
  ContainerCreating: 'It is being made.',
  PodInitializing: 'It waits for the init containers.',
  ErrImagePull: 'Its image can’t be pulled.',
  ImagePullBackOff: 'Its image can’t be pulled; the node waits before it tries again.',
  InvalidImageName: 'The name of its image is not valid.',
  ErrImageNeverPull: 'Its image is not on the node, and must not be pulled.',
  CrashLoopBackOff: 'It keeps failing; the node waits before it starts it again.',
  CreateContainerConfigError: 'Something it refers to is missing.',
  CreateContainerError: 'It can’t be made.',
  RunContainerError: 'It can’t be started.',
}

const isUnderWay = (reason: string) => ['ContainerCreating', 'PodInitializing'].includes(reason)

/** Exit codes above 128 are signals. */
const signalWords: Record<number, string> = {
  134: 'aborted',
  137: 'killed',
  139: 'crashed',
  143: 'told to stop',
}

function sentence(...parts: (string | undefined)[]): string | undefined {
  const words = parts.filter((part) => part !== undefined && part.trim() !== '')
  return words.length === 0 ? undefined : words.join(' ')
}

type State = NonNullable<ContainerStatus['state']>

function terminatedState({
  exitCode,
  reason,
  message,
  finishedAt,
}: NonNullable<State['terminated']>) {
  const isWell = exitCode === 0
  const signal = signalWords[exitCode]
  const how = isWell
    ? undefined
    : reason === 'OOMKilled'
      ? 'It needed more memory than its limit allows and was killed.'
      : `It ended with exit code ${exitCode}${signal === undefined ? '' : ` (${signal})`}.`
  const detail = sentence(how, message)
  return {
    phase: 'terminated' as const,
    label: reason || (isWell ? 'Completed' : 'Error'),
    tone: isWell ? ('neutral' as const) : ('danger' as const),
    ...(detail !== undefined && { detail }),
    ...(finishedAt !== undefined && { since: String(finishedAt) }),
  }
}

function containerState(state: State | undefined): ContainerState {
  if (state?.terminated) return terminatedState(state.terminated)
  if (state?.running) {
    const { startedAt } = state.running
    return {
      phase: 'running',
      label: 'Running',
      tone: 'success',
      ...(startedAt !== undefined && { since: String(startedAt) }),
    }
  }
  const reason = state?.waiting?.reason || 'Waiting'
  const detail = sentence(waitingWords[reason], state?.waiting?.message)
  return {
    phase: 'waiting',
    label: reason,
    tone: reason === 'Waiting' || isUnderWay(reason) ? 'progress' : 'danger',
    ...(detail !== undefined && { detail }),
  }
}

function amounts(resources: object | undefined): string[] {
  return Object.entries(resources ?? {}).map(([name, amount]) => `${name} ${String(amount)}`)
}

function toContainer(
  spec: Pick<ContainerSpec, 'name' | 'image' | 'resources'>,
  role: ContainerRole,
  statuses: readonly ContainerStatus[] | undefined,
): PodContainer {
  const status = statuses?.find(({ name }) => name === spec.name)
  return {
    name: spec.name,
    role,
    image: spec.image ?? status?.image ?? '',
    isReady: status?.ready ?? false,
    restarts: status?.restartCount ?? 0,
    state: containerState(status?.state),
    ...(status?.lastState?.terminated && { last: terminatedState(status.lastState.terminated) }),
    requests: amounts(spec.resources?.requests),
    limits: amounts(spec.resources?.limits),
  }
}

/** All containers of a pod: its own first, then init containers and those added for debugging. */
export function podContainers({ spec, status }: Pod): PodContainer[] {
  return [
    ...(spec?.containers ?? []).map((one) =>
      toContainer(one, 'container', status?.containerStatuses),
    ),
    ...(spec?.initContainers ?? []).map((one) =>
      toContainer(
        one,
        one.restartPolicy === 'Always' ? 'sidecar' : 'init',
        status?.initContainerStatuses,
      ),
    ),
    ...(spec?.ephemeralContainers ?? []).map((one) =>
      toContainer(one, 'ephemeral', status?.ephemeralContainerStatuses),
    ),
  ]
}

/** What the container that is looked at first is called: the annotation's choice, else the first. */
export function defaultContainer(pod: Pod): string | undefined {
  const names = podContainers(pod).map(({ name }) => name)
  const chosen = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container']
  return chosen !== undefined && names.includes(chosen) ? chosen : names[0]
}

/** Why a running pod takes no part in serving: its readiness gates or its containers. */
function unreadiness(pod: Pod): string | undefined {
  const ready = condition(pod, 'Ready')
  if (!ready || String(ready.status) === 'True') return undefined
  const gate = (pod.spec?.readinessGates ?? [])
    .map(({ conditionType }) => condition(pod, conditionType))
    .find((one) => one !== undefined && String(one.status) !== 'True')
  return `Not ready: ${gate?.message || ready.message || ready.reason || 'the node says no more'}.`
}

/**
 * The state of a pod: its phase, or what its containers say beyond it. Follows what `kubectl get pods`
 * shows as STATUS (pkg/printers/internalversion/printers.go, printPod).
 */
export function podStatus(pod: Pod): PlainStatus {
  if (pod.metadata.deletionTimestamp !== undefined)
    return { label: 'Terminating', tone: 'progress', reason: 'Being stopped and deleted.' }
  const { status } = pod
  const phase = String(status?.phase ?? 'Unknown')
  if (status?.reason) {
    const message = status.message
    return {
      label: status.reason,
      tone: 'danger',
      ...(message !== undefined && { reason: message }),
    }
  }
  const containers = podContainers(pod).filter(({ role }) => role !== 'ephemeral')
  const about = ({ name, state }: PodContainer) =>
    `Container ${name}: ${state.detail ?? state.label}`
  const stuck = containers.find(({ state }) => state.phase === 'waiting' && state.tone === 'danger')
  if (stuck) return { label: stuck.state.label, tone: 'danger', reason: about(stuck) }
  const failed = containers.find(
    ({ state }) => state.phase === 'terminated' && state.tone === 'danger',
  )
  switch (phase) {
    case 'Pending': {
      const scheduled = condition(pod, 'PodScheduled')
      if (scheduled && String(scheduled.status) === 'False')
        return { label: phase, tone: 'danger', ...explainScheduling(scheduled.message) }
      const waiting = containers.find(({ state }) => state.phase === 'waiting')
      if (status?.containerStatuses === undefined || !waiting)
        return { label: phase, tone: 'progress', reason: 'Waits for a node to take it.' }
      return { label: phase, tone: 'progress', reason: about(waiting) }
    }
    case 'Running': {
      if (failed) return { label: phase, tone: 'warning', reason: about(failed) }
      const reason = unreadiness(pod)
      return reason === undefined
        ? { label: phase, tone: 'success' }
        : { label: phase, tone: 'warning', reason }
    }
    case 'Succeeded':
      return { label: phase, tone: 'neutral', reason: 'All its containers have ended well.' }
    case 'Failed':
      return {
        label: phase,
        tone: 'danger',
        reason: failed ? about(failed) : 'One of its containers has failed.',
      }
    default:
      return { label: phase, tone: 'warning', reason: 'The cluster has lost sight of its node.' }
  }
}

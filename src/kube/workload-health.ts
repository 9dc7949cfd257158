/**
 * Whether pods, Deployments and DaemonSets are well, and if not why, in plain words. The facts are
 * those that `kubectl get` and `kubectl describe` go by.
 */
import type { DaemonSet, Deployment, KubeObject, Node, Pod, ReplicaSet } from './kinds.ts'
import { podContainers, podStatus } from './pod-status.ts'
import { condition } from './vm-facts.ts'
import type { PlainStatus, StatusTone } from './vm-status.ts'

/** What else is known of a pod beside itself. */
export interface PodHints {
  /** The message of the latest warning event about it. */
  warning?: string
  /** `false`: its node has stopped answering, so what the pod says of itself is old. */
  isNodeReady?: boolean
}

/** A pod with what is the matter with it. */
export interface PodReport {
  pod: Pod
  health: PlainStatus
}

/** How a workload is: `reason` counts its pods, `cause` says what is the matter with the worst. */
export interface WorkloadHealth extends PlainStatus {
  cause?: string
}

const severities: Record<StatusTone, number> = {
  danger: 4,
  warning: 3,
  progress: 2,
  neutral: 1,
  success: 0,
}

/** For sorting: the worse, the greater. */
export function severity({ tone }: Pick<PlainStatus, 'tone'>): number {
  return severities[tone]
}

/** Whether the object is the controller's, by uid: names are used again. */
export function isControlledBy(object: KubeObject, controller: KubeObject): boolean {
  return (
    object.metadata.ownerReferences?.some(
      (owner) => owner.controller && owner.uid === controller.metadata.uid,
    ) ?? false
  )
}

/** Restarts of all the pod's own containers. */
export function restartsOf(pod: Pod): number {
  return podContainers(pod).reduce((sum, { restarts }) => sum + restarts, 0)
}

const pullReasons = new Set(['ImagePullBackOff', 'ErrImagePull', 'ErrImageNeverPull'])

/** Of the kubelet's long chain of causes the last is the one that helps. */
function unpulledReason({ status }: Pod): string | undefined {
  for (const { image, state } of status?.containerStatuses ?? []) {
    const { reason = '', message = '' } = state?.waiting ?? {}
    if (!pullReasons.has(reason)) continue
    const cause = message.split(': ').at(-1) ?? ''
    return `Image ${image} can’t be pulled${cause === '' ? '' : `: ${cause}`}.`
  }
  return undefined
}

const nextSteps: Record<string, string> = {
  ImagePullBackOff: 'Check the image’s name and the node’s access to its registry.',
  ErrImagePull: 'Check the image’s name and the node’s access to its registry.',
  InvalidImageName: 'Correct the image’s name.',
  CrashLoopBackOff: 'See the log of its last run.',
}

/** The state of a pod that is meant to run on, with the reason when it doesn't. */
export function podHealth(pod: Pod, { warning, isNodeReady }: PodHints = {}): PlainStatus {
  if (isNodeReady === false)
    return {
      label: 'Unknown',
      tone: 'danger',
      reason: `Its node ${pod.spec?.nodeName ?? ''} doesn’t answer, so nothing newer is known of it.`,
      nextStep: 'Bring the node back.',
    }
  const status = podStatus(pod)
  const step = nextSteps[status.label]
  const nextStep = { ...(step !== undefined && { nextStep: step }) }
  switch (status.tone) {
    case 'success':
      return status
    case 'neutral':
      return { ...status, tone: 'danger', reason: 'It has ended, though it should run on.' }
    case 'danger': {
      const unpulled = unpulledReason(pod)
      if (unpulled !== undefined) return { ...status, reason: unpulled, ...nextStep }
      const crashing = podContainers(pod).find(({ state }) => state.label === 'CrashLoopBackOff')
      if (!crashing) return { ...status, ...nextStep }
      const { name, last, restarts } = crashing
      const times = `Restarted ${restarts} ${restarts === 1 ? 'time' : 'times'}.`
      return {
        ...status,
        reason: `Container ${name} keeps ending. ${last?.detail ?? ''} ${times}`,
        ...nextStep,
      }
    }
    default:
      // What the kubelet last complained of says more than that a probe has not passed.
      return warning === undefined || pod.metadata.deletionTimestamp !== undefined
        ? status
        : { ...status, tone: 'warning', reason: warning, nextStep: 'See its events.' }
  }
}

/** What is the matter with the worst pod, and what to do. */
function worstPod(
  pods: readonly PodReport[],
): (Pick<WorkloadHealth, 'cause' | 'nextStep'> & { tone: StatusTone }) | undefined {
  const worst = pods.toSorted((a, b) => severity(b.health) - severity(a.health))[0]
  if (!worst || worst.health.tone === 'success') return undefined
  const { label, tone, reason, nextStep } = worst.health
  return {
    tone,
    cause: `Pod ${worst.pod.metadata.name}: ${reason ?? label}`,
    ...(nextStep !== undefined && { nextStep }),
  }
}

/** Desired replicas; absent means one (k8s.io/api/apps/v1, DeploymentSpec). */
export function desiredReplicas(workload: { spec?: { replicas?: number } }): number {
  return workload.spec?.replicas ?? 1
}

/** `pods` are those of all its ReplicaSets. */
export function deploymentHealth(
  deployment: Deployment,
  pods: readonly PodReport[],
): WorkloadHealth {
  const { name, namespace = '' } = deployment.metadata
  const desired = desiredReplicas(deployment)
  const { readyReplicas: ready = 0, updatedReplicas: updated = 0 } = deployment.status ?? {}
  if (desired === 0)
    return {
      label: 'Scaled to 0',
      tone: 'danger',
      reason: 'It is told to run no pod.',
      nextStep: `Scale it up: kubectl scale deployment ${name} -n ${namespace} --replicas=2`,
    }
  const { tone, ...worst } = worstPod(pods) ?? { tone: 'success' as const }
  const refused = condition(deployment, 'ReplicaFailure')
  const why = {
    ...worst,
    ...(refused?.status === 'True' && refused.message && { cause: refused.message }),
  }
  const isStuck = severity({ tone }) >= severities.warning
  if (ready >= desired) {
    const isRolledOut = updated >= desired && (deployment.status?.replicas ?? 0) <= desired
    if (isRolledOut) return { label: 'Healthy', tone: 'success' }
    return {
      label: isStuck ? 'Update stuck' : 'Updating',
      tone: isStuck ? 'warning' : 'progress',
      reason: 'The old version serves until the new one is ready.',
      ...why,
    }
  }
  const reason = ready === 0 ? 'No pod is ready.' : `${ready} of ${desired} pods are ready.`
  if (ready > 0) return { label: 'Degraded', tone: 'warning', reason, ...why }
  if (worst.cause !== undefined && !isStuck)
    return { label: 'Starting', tone: 'progress', reason, ...why }
  return { label: 'Down', tone: 'danger', reason, ...why }
}

/** A DaemonSet wants a pod on each node that fits; `pods` are all of its pods. */
export function daemonSetHealth(daemonSet: DaemonSet, pods: readonly PodReport[]): WorkloadHealth {
  const {
    desiredNumberScheduled: desired = 0,
    numberReady: ready = 0,
    updatedNumberScheduled: updated = desired,
  } = daemonSet.status ?? {}
  if (desired === 0)
    return { label: 'On no node', tone: 'danger', reason: 'No node fits what it asks for.' }
  if (ready >= desired && updated >= desired) return { label: 'Healthy', tone: 'success' }
  if (ready >= desired)
    return {
      label: 'Updating',
      tone: 'progress',
      reason: `${updated} of ${desired} pods are of the new version.`,
    }
  return {
    ...worstPod(pods),
    label: ready === 0 ? 'Down' : 'Degraded',
    tone: ready === 0 ? 'danger' : 'warning',
    reason: `${ready} of ${desired} nodes have a ready pod.`,
  }
}

/** The number a Deployment gives each version of its template; the greatest is the current one. */
export function revisionOf(replicaSet: ReplicaSet): number {
  return Number(replicaSet.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
}

/** Whether a container of the pod has run, so that it has a log. */
export function hasLog(pod: Pod): boolean {
  return podContainers(pod).some(({ state, restarts }) => state.phase !== 'waiting' || restarts > 0)
}

/** Whether the kubelet of the node says it is ready; an unknown state is not. */
export function isNodeReady(node: Node): boolean {
  return condition(node, 'Ready')?.status === 'True'
}

/** Why the node isn't ready, in the words of its kubelet or of the node controller. */
export function nodeProblem(node: Node): string | undefined {
  const ready = condition(node, 'Ready')
  if (ready?.status === 'True') return undefined
  return ready?.message || ready?.reason || 'Its kubelet has not reported.'
}

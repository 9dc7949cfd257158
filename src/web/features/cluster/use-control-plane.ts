import { useMemo } from 'react'

import {
  componentRole,
  countByNode,
  nodeReports,
  requiredDeployments,
  unreadyNodes,
  type Finding,
  type NodeReport,
} from '../../../kube/control-plane-health.ts'
import {
  daemonSetKind,
  deploymentKind,
  eventKind,
  leaseKind,
  nodeKind,
  podKind,
  replicaSetKind,
  virtualMachineInstanceKind,
  type DaemonSet,
  type Deployment,
  type Event,
  type Pod,
  type ReplicaSet,
  type ResourceKind,
} from '../../../kube/kinds.ts'
import { projectVmi } from '../../../kube/vm-facts.ts'
import type { PlainStatus } from '../../../kube/vm-status.ts'
import {
  daemonSetHealth,
  deploymentHealth,
  isControlledBy,
  podHealth,
  revisionOf,
  type PodReport,
  type WorkloadHealth,
} from '../../../kube/workload-health.ts'
import { useLiveList, type LiveList } from '../../data/live-list.ts'

export interface ReplicaSetReport {
  replicaSet: ReplicaSet
  /** The one of the Deployment's present template. */
  isCurrent: boolean
  pods: PodReport[]
}

export interface DeploymentReport {
  deployment: Deployment
  health: WorkloadHealth
  /** The current one first. */
  replicaSets: ReplicaSetReport[]
}

/** What can't be read, and what it is called. */
export interface Gap {
  kind: ResourceKind
  list: Pick<LiveList<unknown>, 'error' | 'retry' | 'items'>
}

export interface ControlPlane {
  isLoading: boolean
  /** Undefined where Deployments can't be read. */
  deployments: DeploymentReport[] | undefined
  /** Needed ones that aren't there. */
  missing: string[]
  handler: { daemonSet: DaemonSet; health: WorkloadHealth } | undefined
  nodes: NodeReport[] | undefined
  /** Undefined where VMIs can't be read. */
  vmisByNode: Map<string, number> | undefined
  /** The pod that holds the lease of virt-controller or virt-operator. */
  leaders: ReadonlySet<string>
  findings: Finding[]
  gaps: Gap[]
  connection: LiveList<unknown>['connection']
  /** Tries every list again now. */
  retry: () => void
}

/** Of KubeVirt's own, without the pods that run VMs. */
const ownSelector = 'kubevirt.io,kubevirt.io!=virt-launcher'
const noHandler: PlainStatus = {
  label: 'Missing',
  tone: 'danger',
  reason: 'There is no DaemonSet virt-handler, so no node can run VMs.',
}

interface Warning {
  pod: string
  message: string
  at: string
}

function projectWarning({ metadata, involvedObject, message, ...event }: Event): Warning {
  return {
    pod: event.type === 'Warning' ? (involvedObject.name ?? '') : '',
    message: message ?? '',
    at: event.series?.lastObservedTime ?? event.lastTimestamp ?? metadata.creationTimestamp,
  }
}

function latestWarnings(warnings: readonly Warning[]): Map<string, string> {
  const sorted = warnings.toSorted((a, b) => a.at.localeCompare(b.at))
  return new Map(sorted.map(({ pod, message }) => [pod, message]))
}

const projectLease = ({ spec }: { spec?: { holderIdentity?: string } }) =>
  spec?.holderIdentity ?? ''

function isThere(list: LiveList<unknown>): boolean {
  return list.status === 'complete' || list.items.length > 0
}

/** Deployments of a namespace with their ReplicaSets and pods, and how they are. */
export function reportDeployments(
  deployments: readonly Deployment[],
  replicaSets: readonly ReplicaSet[],
  pods: readonly PodReport[],
): DeploymentReport[] {
  const order = (name: string) => {
    const index = Object.values<string>(requiredDeployments).indexOf(name)
    return index === -1 ? requiredDeployments.length : index
  }
  return deployments
    .map((deployment) => {
      const sets = replicaSets
        .filter((set) => isControlledBy(set, deployment))
        .toSorted((a, b) => revisionOf(b) - revisionOf(a))
        .map((replicaSet, index) => ({
          replicaSet,
          isCurrent: index === 0,
          pods: pods.filter(({ pod }) => isControlledBy(pod, replicaSet)),
        }))
      const health = deploymentHealth(
        deployment,
        sets.flatMap((set) => set.pods),
      )
      return { deployment, health, replicaSets: sets }
    })
    .toSorted((a, b) => {
      const [first, second] = [a.deployment.metadata.name, b.deployment.metadata.name]
      return order(first) - order(second) || first.localeCompare(second, 'en')
    })
}

/** A component's health with its cause and, when it is lost, what that means for VMs. */
function toFinding(about: string, { cause, ...health }: WorkloadHealth): Finding {
  const without = health.tone === 'danger' ? componentRole(about)?.without : undefined
  const reason = [health.reason, cause, without].filter((part) => part !== undefined).join(' ')
  return { about, health: { ...health, ...(reason !== '' && { reason }) } }
}

/**
 * KubeVirt's components in `namespace` and the nodes they serve, live. VMIs are a long list, read
 * only to be counted.
 */
export function useControlPlane(
  namespace: string | undefined,
  { countsVmis }: { countsVmis: boolean },
): ControlPlane {
  const enabled = namespace !== undefined
  const own = { namespace, labelSelector: ownSelector, enabled }
  const deployments = useLiveList(deploymentKind, own)
  const replicaSets = useLiveList(replicaSetKind, own)
  const daemonSets = useLiveList(daemonSetKind, own)
  const pods = useLiveList(podKind, own)
  const nodes = useLiveList(nodeKind)
  const leases = useLiveList(leaseKind, { namespace, project: projectLease, enabled })
  const vmis = useLiveList(virtualMachineInstanceKind, { project: projectVmi, enabled: countsVmis })
  const isUnwell = useMemo(() => pods.items.some((pod) => !isWell(pod)), [pods.items])
  const events = useLiveList(eventKind, {
    namespace,
    fieldSelector: 'type=Warning',
    project: projectWarning,
    enabled: isUnwell,
  })

  return useMemo(() => {
    const warnings = latestWarnings(events.items)
    const silent = unreadyNodes(nodes.items)
    const reports = pods.items
      .map((pod) => report(pod, warnings, silent))
      .toSorted((a, b) => a.pod.metadata.name.localeCompare(b.pod.metadata.name, 'en'))
    const deploymentReports = isThere(deployments)
      ? reportDeployments(deployments.items, replicaSets.items, reports)
      : undefined
    const daemonSet = daemonSets.items.find(({ metadata }) => metadata.name === 'virt-handler')
    const handlers = daemonSet ? reports.filter(({ pod }) => isControlledBy(pod, daemonSet)) : []
    const handler = daemonSet && { daemonSet, health: daemonSetHealth(daemonSet, handlers) }
    const missing = deploymentReports
      ? requiredDeployments.filter(
          (name) => !deploymentReports.some(({ deployment }) => deployment.metadata.name === name),
        )
      : []
    const isHandlerMissing = daemonSets.status === 'complete' && !daemonSet
    const nodeList =
      daemonSet && (isThere(pods) || nodes.items.length > 0)
        ? nodeReports(daemonSet, isThere(nodes) ? nodes.items : undefined, handlers)
        : undefined
    const lists = [
      { kind: deploymentKind, list: deployments },
      { kind: replicaSetKind, list: replicaSets },
      { kind: podKind, list: pods },
      { kind: daemonSetKind, list: daemonSets },
      { kind: nodeKind, list: nodes },
      { kind: leaseKind, list: leases },
      { kind: virtualMachineInstanceKind, list: vmis },
    ]
    return {
      isLoading: [deployments, replicaSets, daemonSets, pods].some(
        ({ status }) => status === 'loading',
      ),
      deployments: deploymentReports,
      missing,
      handler,
      nodes: nodeList,
      vmisByNode: isThere(vmis) ? countByNode(vmis.items) : undefined,
      leaders: new Set(leases.items),
      findings: [
        ...(deploymentReports ?? []).map(({ deployment, health }) =>
          toFinding(deployment.metadata.name, health),
        ),
        ...missing.map((name) =>
          toFinding(name, { label: 'Missing', tone: 'danger', reason: 'It isn’t installed.' }),
        ),
        ...(isHandlerMissing ? [{ about: 'virt-handler', health: noHandler }] : []),
        // Otherwise the nodes tell, each its own.
        ...(handler && nodes.status === 'failed'
          ? [toFinding('virt-handler', handler.health)]
          : []),
      ],
      gaps: lists.filter(({ list }) => list.status === 'failed'),
      connection: worstConnection(lists.map(({ list }) => list)),
      retry() {
        for (const { list } of lists) list.retry()
      },
    }
  }, [deployments, replicaSets, daemonSets, pods, nodes, leases, vmis, events.items])
}

function isWell(pod: Pod): boolean {
  return podHealth(pod).tone === 'success'
}

/** A pod and how it is, by the latest warning about it and whether its node still answers. */
export function report(
  pod: Pod,
  warnings: ReadonlyMap<string, string>,
  silentNodes: ReadonlySet<string>,
): PodReport {
  const warning = warnings.get(pod.metadata.name)
  const isNodeReady = !silentNodes.has(pod.spec?.nodeName ?? '')
  return {
    pod,
    health: podHealth(pod, { isNodeReady, ...(warning !== undefined && { warning }) }),
  }
}

function worstConnection(lists: readonly LiveList<unknown>[]): LiveList<unknown>['connection'] {
  // A refusal isn't a lost connection; it is told where its objects would be.
  const connections = lists
    .filter(({ status }) => status !== 'failed')
    .map(({ connection }) => connection)
  if (connections.includes('stale')) return 'stale'
  return connections.includes('reconnecting') ? 'reconnecting' : 'live'
}

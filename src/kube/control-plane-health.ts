/** What KubeVirt's components do, how they are on each node, and the one answer about all of them. */
import type { DaemonSet, KubeVirt, Node, Pod } from './kinds.ts'
import { condition, isFinal, type VmiFacts } from './vm-facts.ts'
import type { PlainStatus } from './vm-status.ts'
import { isNodeReady, nodeProblem, severity, type PodReport } from './workload-health.ts'

export interface ComponentRole {
  does: string
  /** What is lost without it. */
  without: string
}

const roles: Record<string, ComponentRole> = {
  'virt-operator': {
    does: 'Installs, upgrades and repairs KubeVirt.',
    without: 'KubeVirt is neither upgraded nor repaired; VMs are not affected.',
  },
  'virt-api': {
    does: 'Checks every change to a VM; consoles and power actions go through it.',
    without:
      'VMs can’t be created, changed, started or stopped, and consoles can’t be opened; running VMs go on.',
  },
  'virt-controller': {
    does: 'Makes VMIs from VMs and pods from VMIs, and directs migrations.',
    without: 'VMs don’t start, restart or migrate; running VMs go on.',
  },
  'virt-handler': {
    does: 'Starts, stops and watches the VMs of its node.',
    without: 'VMs on its node can’t be started or migrated; running ones go on.',
  },
  'virt-exportproxy': {
    does: 'Serves exported disks outside the cluster.',
    without: 'Exports have no link outside the cluster.',
  },
  'virt-synchronization-controller': {
    does: 'Moves VMs between clusters.',
    without: 'VMs can’t be moved to or from other clusters.',
  },
  'cdi-operator': {
    does: 'Installs, upgrades and repairs CDI.',
    without: 'CDI is neither upgraded nor repaired.',
  },
  'cdi-apiserver': {
    does: 'Checks every change to a DataVolume and hands out upload tokens.',
    without: 'DataVolumes can’t be created or changed, and uploads can’t begin.',
  },
  'cdi-deployment': {
    does: 'Creates the claims of DataVolumes and fills them.',
    without: 'Imports, clones and uploads stand still.',
  },
  'cdi-uploadproxy': {
    does: 'Takes uploaded images from outside the cluster.',
    without: 'Images can’t be uploaded.',
  },
}

/** What a component is for; undefined for one that is not known here. */
export function componentRole(name: string): ComponentRole | undefined {
  return Object.hasOwn(roles, name) ? roles[name] : undefined
}

/** Without these KubeVirt doesn't work; others depend on its configuration. */
export const requiredDeployments = ['virt-operator', 'virt-api', 'virt-controller'] as const

/** Running VMIs by node. */
export function countByNode(vmis: readonly VmiFacts[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const vmi of vmis) {
    const node = vmi.status?.nodeName
    if (node === undefined || node === '' || isFinal(vmi)) continue
    counts.set(node, (counts.get(node) ?? 0) + 1)
  }
  return counts
}

/** A node as a place for VMs. */
export interface NodeReport {
  name: string
  /** Absent where nodes can't be read. */
  node?: Node
  /** Its virt-handler. */
  handler?: PodReport
  health: PlainStatus
}

/** Whether the scheduler would put the DaemonSet's pods on the node, by selector and taints. */
function isMeantFor(daemonSet: DaemonSet, node: Node): boolean {
  const { nodeSelector = {}, tolerations = [] } = daemonSet.spec?.template.spec ?? {}
  const labels = node.metadata.labels ?? {}
  if (Object.entries(nodeSelector).some(([key, value]) => labels[key] !== value)) return false
  // A DaemonSet's pods tolerate what the node lifecycle controller adds.
  return (node.spec?.taints ?? []).every(
    ({ key, effect }) =>
      effect === 'PreferNoSchedule' ||
      key.startsWith('node.kubernetes.io/') ||
      tolerations.some((one) => one.key === undefined || one.key === key),
  )
}

const onThisNode = 'VMs on this node can’t be started or migrated; running ones go on.'

function nodeHealth(
  node: Node | undefined,
  handler: PodReport | undefined,
  daemonSet: DaemonSet,
): PlainStatus {
  const problem = node && nodeProblem(node)
  if (problem !== undefined)
    return {
      label: 'Node not ready',
      tone: 'danger',
      reason: `${problem} Nothing is known of the VMs on it; none can be started or migrated.`,
      nextStep: 'Bring the node back.',
    }
  if (!handler) {
    if (node && !isMeantFor(daemonSet, node))
      return {
        label: 'Not for VMs',
        tone: 'neutral',
        reason: 'KubeVirt is told to leave this node out.',
      }
    return { label: 'No virt-handler', tone: 'danger', reason: onThisNode }
  }
  if (handler.health.tone !== 'success') {
    const { label, tone, reason, nextStep } = handler.health
    return {
      label: `virt-handler: ${label}`,
      tone,
      reason: `${reason === undefined ? '' : `${reason} `}${onThisNode}`,
      ...(nextStep !== undefined && { nextStep }),
    }
  }
  if (node?.spec?.unschedulable)
    return {
      // Somebody's intention, and no fault of KubeVirt.
      label: 'Cordoned',
      tone: 'neutral',
      reason: 'Closed for new pods, so no VM starts here; running ones go on.',
      nextStep: `Open it again: kubectl uncordon ${node.metadata.name}`,
    }
  if (node && node.metadata.labels?.['kubevirt.io/schedulable'] !== 'true')
    return {
      label: 'Not schedulable',
      tone: 'warning',
      reason: 'KubeVirt places no VM here until its virt-handler reports again.',
    }
  return { label: 'Ready for VMs', tone: 'success' }
}

/**
 * One report a node, the worst first. Where nodes can't be read, those that virt-handler runs on.
 * Label and heartbeat: kubevirt/kubevirt v1.9.0 pkg/virt-controller/watch/node/node.go.
 */
export function nodeReports(
  daemonSet: DaemonSet,
  nodes: readonly Node[] | undefined,
  handlers: readonly PodReport[],
): NodeReport[] {
  const byNode = new Map<string, PodReport>()
  for (const report of handlers) {
    const name = nodeNameOf(report.pod)
    const other = name === undefined ? undefined : byNode.get(name)
    // While a pod is replaced there are two.
    if (name !== undefined && (!other || severity(report.health) < severity(other.health)))
      byNode.set(name, report)
  }
  const known = nodes
    ? nodes.map((node) => ({ name: node.metadata.name, node }))
    : [...byNode.keys()].map((name) => ({ name, node: undefined }))
  return known
    .map(({ name, node }) => {
      const handler = byNode.get(name)
      return {
        name,
        ...(node && { node }),
        ...(handler && { handler }),
        health: nodeHealth(node, handler, daemonSet),
      }
    })
    .toSorted(
      (a, b) => severity(b.health) - severity(a.health) || a.name.localeCompare(b.name, 'en'),
    )
}

/**
 * The node of a DaemonSet's pod, which it is bound to by affinity before it is scheduled
 * (k8s.io/kubernetes pkg/controller/daemon/util, ReplaceDaemonSetPodNodeNameNodeAffinity).
 */
function nodeNameOf({ spec }: Pod): string | undefined {
  if (spec?.nodeName !== undefined) return spec.nodeName
  const terms =
    spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return terms?.flatMap((term) => term.matchFields ?? []).find((one) => one.key === 'metadata.name')
    ?.values?.[0]
}

/** Nodes whose kubelet has stopped reporting: what their pods say of themselves is old. */
export function unreadyNodes(nodes: readonly Node[]): ReadonlySet<string> {
  return new Set(nodes.filter((node) => !isNodeReady(node)).map(({ metadata }) => metadata.name))
}

export interface Finding {
  /** What it is about: `virt-api`, `node worker-2`. */
  about: string
  health: PlainStatus
}

const nowhere: PlainStatus = {
  label: 'None takes VMs',
  tone: 'danger',
  reason: 'No VM can start or migrate; running ones go on where their node does.',
}

/** What KubeVirt says of itself that isn't well; its conditions are hints where nothing else is. */
function kubeVirtFindings(kubeVirt: KubeVirt): Finding[] {
  const { status } = kubeVirt
  const available = condition(kubeVirt, 'Available')
  const degraded = condition(kubeVirt, 'Degraded')
  const findings: Finding[] = []
  const add = (health: PlainStatus) => findings.push({ about: 'KubeVirt', health })
  if (kubeVirt.metadata.deletionTimestamp)
    add({ label: 'Being removed', tone: 'danger', reason: 'KubeVirt is being uninstalled.' })
  else if (status?.phase !== 'Deployed')
    add({
      label: status?.phase ?? 'Not installed yet',
      tone: 'progress',
      reason:
        condition(kubeVirt, 'Progressing')?.message ||
        'virt-operator is installing or changing KubeVirt.',
    })
  if (available && available.status !== 'True')
    add({
      label: 'Not available',
      tone: 'danger',
      reason: available.message || available.reason || 'KubeVirt says it isn’t available.',
    })
  else if (degraded?.status === 'True')
    add({
      label: 'Degraded',
      tone: 'warning',
      reason: degraded.message || degraded.reason || 'KubeVirt says it is degraded.',
    })
  return findings
}

/**
 * The one answer on top of the page, and all that isn't well, the worst first. `components` and
 * `nodes` are undefined where they can't be read.
 */
export function controlPlaneHealth(facts: {
  kubeVirt: KubeVirt
  components: readonly Finding[] | undefined
  nodes: readonly NodeReport[] | undefined
}): { answer: PlainStatus; findings: Finding[] } {
  const { kubeVirt, components, nodes } = facts
  const version = `KubeVirt ${kubeVirt.status?.observedKubeVirtVersion ?? ''}`.trim()
  const ready = (nodes ?? []).filter(({ health }) => health.tone === 'success').length
  const all: Finding[] = [
    ...(components ?? []),
    ...(nodes !== undefined && ready === 0 ? [{ about: 'Nodes', health: nowhere }] : []),
    ...(nodes ?? []).map(({ name, health }) => ({ about: `Node ${name}`, health })),
    ...kubeVirtFindings(kubeVirt),
  ]
  const findings = all
    .filter(({ health }) => severity(health) >= severity({ tone: 'progress' }))
    .toSorted((a, b) => severity(b.health) - severity(a.health))
  const [worst] = findings
  if (worst) {
    const { tone } = worst.health
    const label = tone === 'danger' ? 'Not healthy' : tone === 'warning' ? 'Degraded' : 'Changing'
    return { answer: { ...worst.health, label }, findings }
  }
  if (!components) {
    const reason = `${version} is there, but you may not see what it is made of.`
    return { answer: { label: 'Available, as it says itself', tone: 'success', reason }, findings }
  }
  const count = ready === nodes?.length ? `${ready}` : `${ready} of ${nodes?.length ?? 0}`
  const places = nodes && `, and ${count} ${nodes.length === 1 ? 'node takes' : 'nodes take'} VMs`
  const reason = `Every component of ${version} runs${places ?? ''}.`
  return { answer: { label: 'Healthy', tone: 'success', reason }, findings }
}

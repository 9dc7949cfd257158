/**
 * What follows when a node or its virt-handler stops: the node's taints, the readiness of its pods,
 * and whether KubeVirt places VMs on it.
 * Sources: https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/nodelifecycle/node_lifecycle_controller.go,
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-handler/heartbeat/heartbeat.go
 */
import type { Store } from '../api/cluster.ts'
import { findCondition, hasCondition, withCondition } from '../kubevirt/conditions.ts'
import { keys, type Condition, type Node, type Pod } from '../kubevirt/objects.ts'
import { createWorkQueue, type ControllerContext } from './controller-context.ts'
import { isLauncher } from './kubelet.ts'

const SCHEDULABLE = 'kubevirt.io/schedulable'
const UNREACHABLE = 'node.kubernetes.io/unreachable'

export function startNodeHealth(context: ControllerContext): void {
  const { cluster } = context
  const { store } = cluster
  const queue = createWorkQueue(context, 'node-health', sync)
  /** The ready virt-handler of each node, by node; a node that never had one keeps its label. */
  const handlers = new Map<string, string>()
  /** Nodes that were silent when last looked at. */
  const silent = new Set<string>()

  for (const pod of store.list<Pod>(keys.pod)) if (isHandler(pod)) notice(pod, false)
  context.onClose(
    store.subscribe<Pod>(keys.pod, ({ type, object }) => {
      if (isHandler(object)) notice(object, type === 'DELETED')
    }),
  )
  context.onClose(
    store.subscribe<Node>(keys.node, ({ type, object }) => {
      if (type === 'MODIFIED') queue.addObject(object)
    }),
  )

  function notice(pod: Pod, isGone: boolean): void {
    const node = pod.spec.nodeName
    if (node === undefined) return
    const isReady = !isGone && hasCondition(pod.status?.conditions, 'Ready')
    if (isReady) handlers.set(node, pod.metadata.uid)
    else if (handlers.get(node) === pod.metadata.uid) handlers.set(node, '')
    else return
    queue.add(`/${node}`)
  }

  function sync(_namespace: string, name: string): void {
    const node = store.get<Node>(keys.node, undefined, name)
    if (!node) return
    const isReady = hasCondition(node.status['conditions'] as Condition[] | undefined, 'Ready')
    store.update<Node>(keys.node, undefined, name, (draft) => {
      const taints = (draft.spec.taints ?? []).filter(({ key }) => key !== UNREACHABLE)
      if (!isReady) {
        taints.push({ key: UNREACHABLE, effect: 'NoSchedule' })
        taints.push({ key: UNREACHABLE, effect: 'NoExecute' })
      }
      if (taints.length > 0) draft.spec.taints = taints
      else delete draft.spec.taints
      const handler = handlers.get(name)
      if (handler === undefined) return
      const isSchedulable = isReady && handler !== ''
      draft.metadata.labels = { ...draft.metadata.labels, [SCHEDULABLE]: String(isSchedulable) }
    })
    // Pods are looked through, all of them, only when there is something to tell them.
    if (isReady && !silent.delete(name)) return
    if (!isReady) silent.add(name)
    for (const pod of store.list<Pod>(keys.pod)) {
      if (pod.spec.nodeName === name && !isLauncher(pod)) markPod(pod, isReady)
    }
  }

  /** Pods of a silent node count as not ready; VMs' pods are left alone, as their guests go on. */
  function markPod(pod: Pod, isNodeReady: boolean): void {
    const before = findCondition(pod.status?.conditions, 'Ready')
    if (!before || pod.status?.phase !== 'Running') return
    const isRunning = pod.status.containerStatuses?.every(({ ready }) => ready) ?? false
    const status = isNodeReady && isRunning ? 'True' : 'False'
    if (before.status === status || (isNodeReady && !isRunning)) return
    store.update<Pod>(keys.pod, pod.metadata.namespace, pod.metadata.name, (draft) => {
      const conditions = withCondition(draft.status?.conditions, { type: 'Ready', status })
      draft.status = { ...draft.status, conditions }
    })
    if (!isNodeReady) cluster.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready')
  }
}

/**
 * Has the node's kubelet report again, or stop: then nothing is known of the node any more. A node
 * that isn't there is no error.
 */
export function setKubelet(store: Store, name: string, isRunning: boolean): void {
  store.update<Node>(keys.node, undefined, name, ({ status }) => {
    let conditions = status['conditions'] as Condition[] | undefined
    for (const { type } of conditions ?? []) {
      const healthy = type === 'Ready' ? 'True' : 'False'
      conditions = withCondition(conditions, {
        type,
        status: isRunning ? healthy : 'Unknown',
        reason: isRunning ? 'KubeletReady' : 'NodeStatusUnknown',
        message: isRunning
          ? 'kubelet is posting ready status'
          : 'Kubelet stopped posting node status.',
      })
    }
    status['conditions'] = conditions
  })
}

function isHandler(pod: Pod): boolean {
  return pod.metadata.labels?.['kubevirt.io'] === 'virt-handler'
}

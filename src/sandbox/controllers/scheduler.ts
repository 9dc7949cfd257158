/** Finds a node for each pod, and says in the scheduler's words why there is none. */
import { findCondition, withCondition } from '../kubevirt/conditions.ts'
import {
  isSimulated,
  keys,
  type Node,
  type PersistentVolumeClaim,
  type Pod,
  type StorageClass,
} from '../kubevirt/objects.ts'
import { parseQuantity } from '../kubevirt/quantity.ts'
import { createWorkQueue, objectKey, type ControllerContext } from './controller-context.ts'
import { boundNode } from './node-binding.ts'
import { isSociable, placementProblem, placementScore, type Placed } from './pod-placement.ts'

const SCHEDULING_MS = 60

interface Usage {
  node: string
  requests: Map<string, number>
  realGuest: boolean
}

export function startScheduler(context: ControllerContext): void {
  const { cluster, guests } = context
  const { store } = cluster
  const queue = createWorkQueue(context, 'scheduler', schedule)
  const usage = new Map<string, Usage>()
  /** Sums of all requests, by node and resource. */
  const load = new Map<string, Map<string, number>>()
  let realGuests = 0
  const unschedulable = new Set<string>()
  /** Pods on nodes that have rules about other pods. */
  const sociable = new Set<string>()

  for (const pod of store.list<Pod>(keys.pod)) account(pod)
  for (const pod of store.list<Pod>(keys.pod)) if (isWaiting(pod)) queue.addObject(pod)

  context.onClose(
    store.subscribe<Pod>(keys.pod, ({ type, object }) => {
      if (type === 'DELETED' || isTerminal(object)) {
        unschedulable.delete(objectKey(object))
        if (forget(objectKey(object))) retry()
      } else {
        account(object)
        if (type === 'ADDED' && isWaiting(object)) {
          context.later(SCHEDULING_MS, () => queue.addObject(object))
        }
      }
    }),
  )
  for (const key of [keys.node, keys.pvc, keys.pv]) {
    context.onClose(store.subscribe(key, retry))
  }

  function retry(): void {
    for (const key of unschedulable) queue.add(key)
  }

  function account(pod: Pod): void {
    const node = pod.spec.nodeName
    const key = objectKey(pod)
    if (!node || isTerminal(pod) || usage.get(key)?.node === node) return
    const entry = { node, requests: requestsOf(pod), realGuest: isRealGuest(pod) }
    usage.set(key, entry)
    if (isSociable(pod)) sociable.add(key)
    add(entry, 1)
  }

  function forget(key: string): boolean {
    const entry = usage.get(key)
    if (entry) add(entry, -1)
    sociable.delete(key)
    return usage.delete(key)
  }

  function add({ node, requests, realGuest }: Usage, sign: 1 | -1): void {
    const sums = load.get(node) ?? new Map<string, number>()
    load.set(node, sums)
    for (const [resource, amount] of requests) {
      sums.set(resource, (sums.get(resource) ?? 0) + sign * amount)
    }
    if (realGuest) realGuests += sign
  }

  function schedule(namespace: string, name: string): void {
    const pod = store.get<Pod>(keys.pod, namespace, name)
    if (!pod || !isWaiting(pod)) return
    const nodes = store.list<Node>(keys.node)
    const claims = checkClaims(pod)
    const reasons = new Map<string, number>()
    const candidates: { node: Node; score: number }[] = []
    const placed = placedFor(pod, nodes)
    for (const node of claims.problem ? [] : nodes) {
      const problems = problemsOf(pod, node, placed, load.get(node.metadata.name))
      if (problems.length === 0) {
        candidates.push({ node, score: placementScore(pod, node, placed) })
      }
      for (const problem of problems) reasons.set(problem, (reasons.get(problem) ?? 0) + 1)
    }
    const best = candidates.toSorted(
      (a, b) =>
        b.score - a.score ||
        podsOn(load, a.node) - podsOn(load, b.node) ||
        a.node.metadata.name.localeCompare(b.node.metadata.name),
    )[0]?.node
    if (!best) {
      refuse(pod, nodes.length, claims.problem, reasons)
      return
    }
    if (claims.waiting.length > 0) {
      selectNode(namespace, claims.waiting, best.metadata.name)
      unschedulable.add(objectKey(pod))
      return
    }
    unschedulable.delete(objectKey(pod))
    store.update<Pod>(keys.pod, namespace, name, (draft) => {
      draft.spec.nodeName = best.metadata.name
      draft.status = {
        ...draft.status,
        conditions: withCondition(draft.status?.conditions, {
          type: 'PodScheduled',
          status: 'True',
        }).map((condition) =>
          condition.type === 'PodScheduled' ? { ...condition, lastProbeTime: null } : condition,
        ),
      }
    })
    cluster.event(
      pod,
      'Normal',
      'Scheduled',
      `Successfully assigned ${namespace}/${name} to ${best.metadata.name}`,
    )
  }

  /** What matters to the pod: all others, or only those with rules of their own. */
  function placedFor(pod: Pod, nodes: Node[]): Placed {
    const others = isSociable(pod)
      ? store.list<Pod>(keys.pod)
      : [...sociable].flatMap((key) => {
          const [namespace = '', name = ''] = key.split('/')
          return store.get<Pod>(keys.pod, namespace, name) ?? []
        })
    return { nodes, pods: others.filter((one) => one.spec.nodeName && !isTerminal(one)) }
  }

  function problemsOf(
    pod: Pod,
    node: Node,
    placed: Placed,
    load: Map<string, number> | undefined,
  ): string[] {
    const bound = boundNode(pod)
    if (bound !== undefined && bound !== node.metadata.name) {
      return ["node(s) didn't satisfy plugin(s) [NodeAffinity]"]
    }
    const unfit = placementProblem(pod, node, placed)
    if (unfit) return [unfit]
    if (isRealGuest(pod) && !isMigrationTarget(pod) && realGuests >= guests.capacity) {
      return [`Too many real guests (${realGuests} run, this machine takes ${guests.capacity})`]
    }
    const problems: string[] = []
    for (const [resource, wanted] of requestsOf(pod)) {
      const allocatable = parseQuantity(node.status.allocatable[resource])
      if (wanted <= allocatable - (load?.get(resource) ?? 0)) continue
      problems.push(resource === 'pods' ? 'Too many pods' : `Insufficient ${resource}`)
    }
    return problems
  }

  function refuse(
    pod: Pod,
    nodeCount: number,
    claimProblem: string | undefined,
    reasons: Map<string, number>,
  ): void {
    const details = [...reasons].map(([reason, count]) => `${count} ${reason}`).toSorted()
    const helpless = `preemption: 0/${nodeCount} nodes are available: ${nodeCount} Preemption is not helpful for scheduling.`
    const message = claimProblem
      ? `0/${nodeCount} nodes are available: ${claimProblem}. ${helpless}`
      : `0/${nodeCount} nodes are available: ${details.join(', ')}. ${helpless}`
    unschedulable.add(objectKey(pod))
    const before = findCondition(pod.status?.conditions, 'PodScheduled')
    if (before?.message === message) return
    store.update<Pod>(keys.pod, pod.metadata.namespace, pod.metadata.name, (draft) => {
      draft.status = {
        ...draft.status,
        phase: 'Pending',
        conditions: withCondition(draft.status?.conditions, {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message,
        }),
      }
    })
    cluster.event(pod, 'Warning', 'FailedScheduling', message)
  }

  function checkClaims(pod: Pod): { problem?: string; waiting: string[] } {
    const waiting: string[] = []
    for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
      if (!persistentVolumeClaim) continue
      const { claimName } = persistentVolumeClaim
      const pvc = store.get<PersistentVolumeClaim>(keys.pvc, pod.metadata.namespace, claimName)
      if (!pvc) return { problem: `persistentvolumeclaim "${claimName}" not found`, waiting }
      if (pvc.status?.phase === 'Bound') continue
      const storageClass = store.get<StorageClass>(
        keys.storageClass,
        undefined,
        pvc.spec.storageClassName ?? '',
      )
      if (storageClass?.volumeBindingMode !== 'WaitForFirstConsumer') {
        return { problem: 'pod has unbound immediate PersistentVolumeClaims', waiting }
      }
      waiting.push(claimName)
    }
    return { waiting }
  }

  function selectNode(namespace: string, claims: string[], node: string): void {
    for (const claim of claims) {
      store.update(keys.pvc, namespace, claim, ({ metadata }) => {
        metadata.annotations = {
          ...metadata.annotations,
          'volume.kubernetes.io/selected-node': node,
        }
      })
    }
  }
}

function podsOn(load: Map<string, Map<string, number>>, node: Node): number {
  return load.get(node.metadata.name)?.get('pods') ?? 0
}

function isWaiting(pod: Pod): boolean {
  return !pod.spec.nodeName && !pod.metadata.deletionTimestamp && !isTerminal(pod)
}

function isTerminal(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}

function isRealGuest(pod: Pod): boolean {
  return pod.metadata.labels?.['kubevirt.io'] === 'virt-launcher' && !isSimulated(pod)
}

/** Such a pod takes over a guest that runs already. */
function isMigrationTarget({ metadata }: Pod): boolean {
  return metadata.annotations?.['kubevirt.io/migrationJobName'] !== undefined
}

function requestsOf(pod: Pod): Map<string, number> {
  const sums = new Map<string, number>([['pods', 1]])
  const sidecars = (pod.spec.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === 'Always',
  )
  for (const { resources } of [...pod.spec.containers, ...sidecars]) {
    for (const [resource, quantity] of Object.entries(resources?.requests ?? {})) {
      sums.set(resource, (sums.get(resource) ?? 0) + parseQuantity(quantity))
    }
  }
  return sums
}

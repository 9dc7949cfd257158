/** The kubelets of all nodes: pods get containers, addresses, readiness, and an end. */
import { timestamp, withCondition } from '../kubevirt/conditions.ts'
import {
  keys,
  type Container,
  type ContainerStatus,
  type Node,
  type Pod,
} from '../kubevirt/objects.ts'
import { createWorkQueue, type ControllerContext } from './controller-context.ts'
import { networkProblem } from './pod-networks.ts'

const CONTAINER_CREATION_MS = 700
const TERMINATION_MS = 300
/** A kubelet waits longer with each failure. */
const SANDBOX_RETRY_MS = 5000

export interface Kubelet {
  /** Ends a pod's containers with one exit code; a launcher pod ends when its guest has. */
  finish(pod: Pod, exitCode: number): void
  /** Sets a readiness gate, e.g. `kubevirt.io/virtual-machine-unpaused`, and readiness with it. */
  setGate(pod: Pod, gate: string, open: boolean): void
}

/**
 * `release(pod)` is asked before a pod being deleted goes away: false keeps it, and whoever holds
 * it back adds it again by finishing it.
 */
export function startKubelet(context: ControllerContext, release: (pod: Pod) => boolean): Kubelet {
  const { cluster, guests } = context
  const { store } = cluster
  const queue = createWorkQueue(context, 'kubelet', sync)
  /** By pod uid: whether the imitated creation of its containers is over. */
  const creating = new Map<string, 'pending' | 'done'>()
  const addresses = createAddressPool(store.list<Pod>(keys.pod))

  for (const pod of store.list<Pod>(keys.pod)) {
    if (pod.status?.phase !== 'Running') queue.addObject(pod)
  }
  context.onClose(
    store.subscribe<Pod>(keys.pod, ({ type, object }) => {
      if (type === 'DELETED') {
        creating.delete(object.metadata.uid)
        if (object.status?.podIP) addresses.free(object.status.podIP)
      } else {
        queue.addObject(object)
      }
    }),
  )
  context.onClose(
    guests.subscribe(() => {
      for (const pod of store.list<Pod>(keys.pod)) {
        if (isLauncher(pod) && pod.status?.phase === 'Pending') queue.addObject(pod)
      }
    }),
  )
  return { finish, setGate }

  function sync(namespace: string, name: string): void {
    const pod = store.get<Pod>(keys.pod, namespace, name)
    if (!pod) return
    if (pod.metadata.deletionTimestamp) {
      terminate(pod)
    } else if (pod.spec.nodeName && pod.status?.phase !== 'Running' && !isTerminal(pod)) {
      if (!isBackingOff(pod)) create(pod)
    }
  }

  function create(pod: Pod): void {
    const { uid, namespace, name } = pod.metadata
    const waiting =
      isLauncher(pod) && guests.readiness.state === 'preparing'
        ? guests.readiness.message
        : undefined
    if (creating.get(uid) === 'done' && !waiting) {
      const missing = isLauncher(pod) ? undefined : pod.spec.containers.find(isImageMissing)
      if (missing) failToPull(pod)
      else if (!failsToConnect(pod)) run(pod)
      return
    }
    if (!creating.has(uid)) {
      creating.set(uid, 'pending')
      context.later(CONTAINER_CREATION_MS, () => {
        if (creating.has(uid)) creating.set(uid, 'done')
        queue.addObject(pod)
      })
    }
    store.update<Pod>(keys.pod, namespace, name, (draft) => {
      const containers = draft.spec.containers.map(({ name: container }) => container)
      const problem = `containers with unready status: [${containers.join(' ')}]`
      let conditions = draft.status?.conditions
      for (const type of ['Ready', 'ContainersReady']) {
        conditions = withCondition(conditions, {
          type,
          status: 'False',
          reason: 'ContainersNotReady',
          message: waiting ? `${problem}: ${waiting}` : problem,
        })
      }
      conditions = withCondition(conditions, { type: 'Initialized', status: 'True' })
      draft.status = {
        ...draft.status,
        phase: 'Pending',
        conditions,
        startTime: draft.status?.startTime ?? timestamp(),
        hostIP: hostAddress(pod.spec.nodeName!),
        qosClass: draft.status?.qosClass ?? 'BestEffort',
        containerStatuses: draft.spec.containers.map((c) => waitingStatus(c, waiting)),
        ...(draft.spec.initContainers
          ? { initContainerStatuses: draft.spec.initContainers.map((c) => waitingStatus(c)) }
          : {}),
      }
    })
    if (waiting) cluster.event(pod, 'Normal', 'PreparingGuests', waiting)
  }

  /** Such a pod stays in ContainerCreating and is tried again, until its networks are as it asks. */
  function failsToConnect(pod: Pod): boolean {
    const problem = networkProblem(store, pod)
    if (!problem) return false
    const { noNetwork, sandbox } = problem
    if (noNetwork !== undefined) cluster.event(pod, 'Warning', 'NoNetworkFound', noNetwork)
    cluster.event(pod, 'Warning', 'FailedCreatePodSandBox', sandbox)
    context.later(SANDBOX_RETRY_MS, () => queue.addObject(pod))
    return true
  }

  /** Such a pod stays Pending until somebody gives its workload another image. */
  function failToPull(pod: Pod): void {
    const { namespace, name } = pod.metadata
    store.update<Pod>(keys.pod, namespace, name, (draft) => {
      draft.status = {
        ...draft.status,
        containerStatuses: draft.spec.containers.map((container) =>
          isImageMissing(container) ? backOffStatus(container) : runningStatus(container),
        ),
      }
    })
    for (const { image } of pod.spec.containers.filter(isImageMissing)) {
      cluster.event(pod, 'Normal', 'Pulling', `Pulling image "${image}"`)
      cluster.event(pod, 'Warning', 'Failed', `Failed to pull image "${image}": ${notFound(image)}`)
      cluster.event(pod, 'Warning', 'Failed', 'Error: ErrImagePull')
      cluster.event(pod, 'Normal', 'BackOff', `Back-off pulling image "${image}"`)
      cluster.event(pod, 'Warning', 'Failed', 'Error: ImagePullBackOff')
    }
  }

  function run(pod: Pod): void {
    const { namespace, name } = pod.metadata
    creating.delete(pod.metadata.uid)
    const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
    for (const { name: container, image } of all) {
      cluster.event(
        pod,
        'Normal',
        'Pulled',
        `Container image "${image}" already present on machine`,
      )
      cluster.event(pod, 'Normal', 'Created', `Created container: ${container}`)
      cluster.event(pod, 'Normal', 'Started', `Started container ${container}`)
    }
    const podIP = pod.spec['hostNetwork']
      ? hostAddress(pod.spec.nodeName!)
      : addresses.allocate(nodeIndex(pod.spec.nodeName!))
    store.update<Pod>(keys.pod, namespace, name, (draft) => {
      let conditions = draft.status?.conditions
      conditions = withCondition(conditions, { type: 'PodReadyToStartContainers', status: 'True' })
      conditions = withCondition(conditions, { type: 'ContainersReady', status: 'True' })
      for (const gate of gatesOf(draft)) {
        conditions = withCondition(conditions, {
          type: gate,
          status: 'True',
          reason: 'NotPaused',
          message: 'the virtual machine is not paused',
        })
      }
      conditions = withCondition(conditions, { type: 'Ready', status: 'True' })
      draft.status = {
        ...draft.status,
        phase: 'Running',
        conditions: conditions.map(({ type, status, lastTransitionTime, ...rest }) =>
          status === 'True' && ['Ready', 'ContainersReady', 'Initialized'].includes(type)
            ? { type, status, lastProbeTime: null, lastTransitionTime: lastTransitionTime ?? null }
            : { type, status, lastTransitionTime: lastTransitionTime ?? null, ...rest },
        ),
        podIP,
        podIPs: [{ ip: podIP }],
        containerStatuses: draft.spec.containers.map(runningStatus),
        ...(draft.spec.initContainers
          ? { initContainerStatuses: draft.spec.initContainers.map(runningStatus) }
          : {}),
      }
    })
  }

  function finish(pod: Pod, exitCode: number): void {
    const { namespace, name } = pod.metadata
    store.update<Pod>(keys.pod, namespace, name, (draft) => {
      if (isTerminal(draft)) return
      const now = timestamp()
      const ended = (status: ContainerStatus): ContainerStatus => ({
        ...status,
        ready: false,
        started: false,
        state: {
          terminated: {
            exitCode,
            reason: exitCode === 0 ? 'Completed' : 'Error',
            startedAt: status.state.running?.startedAt ?? now,
            finishedAt: now,
          },
        },
      })
      let conditions = draft.status?.conditions ?? []
      for (const type of ['Ready', 'ContainersReady']) {
        conditions = withCondition(conditions, {
          type,
          status: 'False',
          reason: exitCode === 0 ? 'PodCompleted' : 'PodFailed',
        })
      }
      draft.status = {
        ...draft.status,
        phase: exitCode === 0 ? 'Succeeded' : 'Failed',
        conditions,
        containerStatuses: draft.status?.containerStatuses?.map(ended) ?? [],
        ...(draft.status?.initContainerStatuses
          ? { initContainerStatuses: draft.status.initContainerStatuses.map(ended) }
          : {}),
      }
    })
  }

  function setGate(pod: Pod, gate: string, open: boolean): void {
    store.update<Pod>(keys.pod, pod.metadata.namespace, pod.metadata.name, (draft) => {
      if (draft.status?.phase !== 'Running') return
      let conditions = withCondition(draft.status.conditions, {
        type: gate,
        status: open ? 'True' : 'False',
        reason: open ? 'NotPaused' : 'Paused',
        message: open ? 'the virtual machine is not paused' : 'the virtual machine is paused',
      })
      conditions = withCondition(
        conditions,
        open
          ? { type: 'Ready', status: 'True' }
          : {
              type: 'Ready',
              status: 'False',
              reason: 'ReadinessGatesNotReady',
              message: `corresponding condition of pod readiness gate "${gate}" does not exist or is not "True"`,
            },
      )
      draft.status = { ...draft.status, conditions }
    })
  }

  function terminate(pod: Pod): void {
    if (!isTerminal(pod) && !release(pod)) return
    const { namespace, name, uid } = pod.metadata
    if (pod.status?.phase === 'Running') {
      for (const { name: container } of pod.spec.containers) {
        cluster.event(pod, 'Normal', 'Killing', `Stopping container ${container}`)
      }
    }
    context.later(pod.spec.nodeName ? TERMINATION_MS : 0, () => {
      if (store.get<Pod>(keys.pod, namespace, name)?.metadata.uid !== uid) return
      store.delete(keys.pod, namespace, name, { gracePeriodSeconds: 0 })
    })
  }

  function hostAddress(nodeName: string): string {
    const node = store.get<Node>(keys.node, undefined, nodeName)
    return node?.status.addresses.find(({ type }) => type === 'InternalIP')?.address ?? '127.0.0.1'
  }

  function nodeIndex(nodeName: string): number {
    const index = store
      .list<Node>(keys.node)
      .findIndex(({ metadata }) => metadata.name === nodeName)
    return Math.max(index, 0)
  }
}

export function isLauncher(pod: Pod): boolean {
  return pod.metadata.labels?.['kubevirt.io'] === 'virt-launcher'
}

function isTerminal(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}

function isBackingOff(pod: Pod): boolean {
  return (
    pod.status?.containerStatuses?.some(
      ({ state }) => state.waiting?.reason === 'ImagePullBackOff',
    ) ?? false
  )
}

function gatesOf(pod: Pod): string[] {
  const gates = (pod.spec['readinessGates'] ?? []) as { conditionType: string }[]
  return gates.map(({ conditionType }) => conditionType)
}

function waitingStatus(container: Container, message?: string): ContainerStatus {
  return {
    name: container.name,
    image: container.image,
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    lastState: {},
    state: { waiting: { reason: 'ContainerCreating', ...(message ? { message } : {}) } },
  }
}

/** The registry of KubeVirt's and CDI's images has their releases, and nothing else. */
function isImageMissing({ image }: Container): boolean {
  return image.startsWith('registry.example/kubevirt/') && !/:v\d+\.\d+\.\d+$/.test(image)
}

function notFound(image: string): string {
  return `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`
}

function backOffStatus(container: Container): ContainerStatus {
  const message = `Back-off pulling image "${container.image}": ErrImagePull: ${notFound(container.image)}`
  return {
    ...waitingStatus(container),
    state: { waiting: { reason: 'ImagePullBackOff', message } },
  }
}

function runningStatus(container: Container): ContainerStatus {
  return {
    name: container.name,
    image: container.image,
    imageID: imageId(container.image),
    containerID: `containerd://${randomHex(64)}`,
    ready: true,
    started: true,
    restartCount: 0,
    lastState: {},
    state: { running: { startedAt: timestamp() } },
  }
}

function imageId(image: string): string {
  let hash = 0
  for (const char of image) hash = (hash * 31 + char.charCodeAt(0)) >>> 0
  const repository = image.replace(/:[^/]*$/, '')
  return `${repository}@sha256:${hash.toString(16).padStart(8, '0').repeat(8)}`
}

function randomHex(length: number): string {
  let hex = ''
  while (hex.length < length) hex += Math.floor(Math.random() * 16).toString(16)
  return hex
}

/** Pod addresses, 10.244.NODE.x, each handed out once. */
function createAddressPool(pods: Pod[]): {
  allocate(node: number): string
  free(address: string): void
} {
  const used = new Set(pods.map((pod) => pod.status?.podIP))
  let next = 10
  return {
    allocate(node) {
      for (;;) {
        next = next >= 250 ? 10 : next + 1
        const address = `10.244.${node % 250}.${next}`
        if (used.size > 200 * 240 || !used.has(address)) {
          used.add(address)
          return address
        }
      }
    },
    free: (address) => used.delete(address),
  }
}

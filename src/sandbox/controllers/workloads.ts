/** Deployments, ReplicaSets, DaemonSets and StatefulSets: as many pods as they ask for. */
import { createHash } from 'node:crypto'

import type { KubeObject, NewObject, ResourceKey } from '../api/cluster.ts'
import { hasCondition, withCondition } from '../kubevirt/conditions.ts'
import {
  controllerOf,
  controllerReference,
  keys,
  type Condition,
  type Node,
  type Pod,
  type PodSpec,
} from '../kubevirt/objects.ts'
import {
  createWorkQueue,
  nameSuffix,
  objectKey,
  type ControllerContext,
} from './controller-context.ts'
import { DEFAULT_TOLERATIONS } from './launcher-pod.ts'

interface Workload extends KubeObject {
  spec: {
    replicas?: number
    selector: { matchLabels?: Record<string, string> }
    template: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
      spec: PodSpec
    }
    [field: string]: unknown
  }
  status?: { conditions?: Condition[]; [field: string]: unknown }
}

const KINDS: Record<string, ResourceKey> = {
  Deployment: keys.deployment,
  ReplicaSet: keys.replicaSet,
  DaemonSet: keys.daemonSet,
  StatefulSet: keys.statefulSet,
}

export function startWorkloadControllers(context: ControllerContext): void {
  const { cluster } = context
  const { store } = cluster
  const queues = Object.fromEntries(
    Object.entries(KINDS).map(([kind, key]) => [
      kind,
      createWorkQueue(context, kind.toLowerCase(), (namespace, name) => {
        const workload = store.get<Workload>(key, namespace, name)
        if (workload && !workload.metadata.deletionTimestamp) sync[kind]!(workload)
      }),
    ]),
  )
  const sync: Record<string, (workload: Workload) => void> = {
    Deployment: syncDeployment,
    ReplicaSet: syncReplicaSet,
    DaemonSet: syncDaemonSet,
    StatefulSet: syncStatefulSet,
  }
  /** Pods by the uid of their workload. */
  const pods = new Map<string, Set<string>>()

  for (const [kind, key] of Object.entries(KINDS)) {
    for (const workload of store.list(key)) queues[kind]!.addObject(workload)
    context.onClose(
      store.subscribe(key, ({ object }) => {
        queues[kind]!.addObject(object)
        addOwner(object)
      }),
    )
  }
  for (const pod of store.list<Pod>(keys.pod)) remember(pod)
  context.onClose(
    store.subscribe<Pod>(keys.pod, ({ type, object }) => {
      if (type === 'DELETED') pods.get(controllerOf(object)?.uid ?? '')?.delete(objectKey(object))
      else remember(object)
      addOwner(object)
    }),
  )
  context.onClose(
    store.subscribe(keys.node, ({ type }) => {
      if (type === 'MODIFIED') return
      for (const set of store.list(keys.daemonSet)) queues['DaemonSet']!.addObject(set)
    }),
  )

  function addOwner(object: KubeObject): void {
    const owner = controllerOf(object)
    if (owner) queues[owner.kind]?.add(`${object.metadata.namespace ?? ''}/${owner.name}`)
  }

  function remember(pod: Pod): void {
    const owner = controllerOf(pod)
    if (!owner || !KINDS[owner.kind]) return
    pods.set(owner.uid, (pods.get(owner.uid) ?? new Set()).add(objectKey(pod)))
  }

  function podsOf(workload: Workload): Pod[] {
    return [...(pods.get(workload.metadata.uid) ?? [])].flatMap((key) => {
      const slash = key.indexOf('/')
      const pod = store.get<Pod>(keys.pod, key.slice(0, slash), key.slice(slash + 1))
      const active = pod && !pod.metadata.deletionTimestamp && pod.status?.phase !== 'Failed'
      return active ? [pod] : []
    })
  }

  function setStatus(key: ResourceKey, workload: Workload, status: Record<string, unknown>): void {
    store.update<Workload>(key, workload.metadata.namespace, workload.metadata.name, (draft) => {
      draft.status = {
        ...draft.status,
        observedGeneration: draft.metadata.generation,
        ...status,
      }
    })
  }

  function createPod(workload: Workload, name: string, extra: Partial<PodSpec> = {}): void {
    const { template } = workload.spec
    const { namespace } = workload.metadata
    store.create(keys.pod, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        ...(namespace ? { namespace } : {}),
        labels: { ...template.metadata?.labels },
        ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
        ownerReferences: [controllerReference(workload)],
      },
      spec: {
        dnsPolicy: 'ClusterFirst',
        restartPolicy: 'Always',
        schedulerName: 'default-scheduler',
        terminationGracePeriodSeconds: 30,
        ...structuredClone(template.spec),
        ...extra,
        tolerations: [...(template.spec.tolerations ?? []), ...DEFAULT_TOLERATIONS],
      },
      status: { phase: 'Pending', qosClass: 'Burstable' },
    })
    cluster.event(workload, 'Normal', 'SuccessfulCreate', `Created pod: ${name}`)
  }

  function deletePods(workload: Workload, surplus: Pod[]): void {
    for (const pod of surplus) {
      store.delete(keys.pod, pod.metadata.namespace, pod.metadata.name)
      cluster.event(workload, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)
    }
  }

  function syncDeployment(deployment: Workload): void {
    const { namespace, name, uid } = deployment.metadata
    const hash = templateHash(deployment.spec.template)
    const replicaSetName = `${name}-${hash}`
    const wanted = deployment.spec.replicas ?? 1
    const sets = store
      .list<Workload>(keys.replicaSet, namespace)
      .filter((set) => controllerOf(set)?.uid === uid)
    let current = sets.find(({ metadata }) => metadata.name === replicaSetName)
    if (!current) {
      current = store.create<Workload>(
        keys.replicaSet,
        replicaSetOf(deployment, replicaSetName, hash, sets.length + 1),
      )
      cluster.event(
        deployment,
        'Normal',
        'ScalingReplicaSet',
        `Scaled up replica set ${replicaSetName} from 0 to ${wanted}`,
      )
    }
    for (const set of sets) {
      const replicas = set.metadata.name === replicaSetName ? wanted : 0
      if (set.spec.replicas === replicas) continue
      store.update<Workload>(keys.replicaSet, namespace, set.metadata.name, ({ spec }) => {
        spec.replicas = replicas
      })
    }
    const counts = countsOf(current)
    const available = counts.readyReplicas >= wanted
    let conditions = withCondition(deployment.status?.conditions, {
      type: 'Available',
      status: available ? 'True' : 'False',
      reason: available ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: `Deployment ${available ? 'has' : 'does not have'} minimum availability.`,
    })
    conditions = withCondition(conditions, {
      type: 'Progressing',
      status: 'True',
      reason: available ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
      message: `ReplicaSet "${replicaSetName}" ${available ? 'has successfully progressed.' : 'is progressing.'}`,
    })
    setStatus(keys.deployment, deployment, {
      ...counts,
      updatedReplicas: counts.replicas,
      unavailableReplicas: Math.max(0, wanted - counts.readyReplicas),
      conditions,
    })
  }

  function replicaSetOf(
    deployment: Workload,
    name: string,
    hash: string,
    revision: number,
  ): NewObject {
    const { selector, template } = deployment.spec
    const labels = { ...template.metadata?.labels, 'pod-template-hash': hash }
    const { namespace } = deployment.metadata
    return {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name,
        ...(namespace ? { namespace } : {}),
        labels,
        annotations: {
          'deployment.kubernetes.io/desired-replicas': String(deployment.spec.replicas ?? 1),
          'deployment.kubernetes.io/revision': String(revision),
        },
        ownerReferences: [controllerReference(deployment)],
      },
      spec: {
        replicas: deployment.spec.replicas ?? 1,
        selector: { matchLabels: { ...selector.matchLabels, 'pod-template-hash': hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    }
  }

  function countsOf(workload: Workload): {
    replicas: number
    readyReplicas: number
    availableReplicas: number
  } {
    const active = podsOf(workload)
    const ready = active.filter((pod) => hasCondition(pod.status?.conditions, 'Ready')).length
    return { replicas: active.length, readyReplicas: ready, availableReplicas: ready }
  }

  function syncReplicaSet(replicaSet: Workload): void {
    const active = podsOf(replicaSet)
    const wanted = replicaSet.spec.replicas ?? 1
    for (let missing = wanted - active.length; missing > 0; missing--) {
      createPod(replicaSet, `${replicaSet.metadata.name}-${nameSuffix()}`)
    }
    if (active.length > wanted) deletePods(replicaSet, active.slice(wanted))
    setStatus(keys.replicaSet, replicaSet, {
      ...countsOf(replicaSet),
      fullyLabeledReplicas: countsOf(replicaSet).replicas,
    })
  }

  function syncDaemonSet(daemonSet: Workload): void {
    const selector = daemonSet.spec.template.spec.nodeSelector ?? {}
    const nodes = store
      .list<Node>(keys.node)
      .filter(({ metadata }) =>
        Object.entries(selector).every(([label, value]) => metadata.labels?.[label] === value),
      )
    const active = podsOf(daemonSet)
    const covered = new Set(
      active.map(({ spec }) => spec.nodeName ?? spec.nodeSelector?.[HOSTNAME]),
    )
    for (const { metadata } of nodes) {
      if (covered.has(metadata.name)) continue
      createPod(daemonSet, `${daemonSet.metadata.name}-${nameSuffix()}`, {
        nodeSelector: { ...selector, [HOSTNAME]: metadata.name },
      })
    }
    const counts = countsOf(daemonSet)
    setStatus(keys.daemonSet, daemonSet, {
      currentNumberScheduled: counts.replicas,
      desiredNumberScheduled: nodes.length,
      numberAvailable: counts.readyReplicas,
      numberMisscheduled: 0,
      numberReady: counts.readyReplicas,
      updatedNumberScheduled: counts.replicas,
    })
  }

  function syncStatefulSet(set: Workload): void {
    const wanted = set.spec.replicas ?? 1
    const active = podsOf(set)
    const names = new Set(active.map(({ metadata }) => metadata.name))
    for (let ordinal = 0; ordinal < wanted; ordinal++) {
      const name = `${set.metadata.name}-${ordinal}`
      if (names.has(name)) {
        const pod = active.find(({ metadata }) => metadata.name === name)
        if (!hasCondition(pod?.status?.conditions, 'Ready')) break
      } else {
        if (!store.get(keys.pod, set.metadata.namespace, name)) createPod(set, name)
        break
      }
    }
    const surplus = active.filter(
      ({ metadata }) => Number(metadata.name.slice(set.metadata.name.length + 1)) >= wanted,
    )
    deletePods(set, surplus)
    const hash = templateHash(set.spec.template)
    setStatus(keys.statefulSet, set, {
      ...countsOf(set),
      currentReplicas: countsOf(set).replicas,
      updatedReplicas: countsOf(set).replicas,
      currentRevision: `${set.metadata.name}-${hash}`,
      updateRevision: `${set.metadata.name}-${hash}`,
      collisionCount: 0,
    })
  }
}

const HOSTNAME = 'kubernetes.io/hostname'

function templateHash(template: Workload['spec']['template']): string {
  return createHash('sha1').update(JSON.stringify(template)).digest('hex').slice(0, 9)
}

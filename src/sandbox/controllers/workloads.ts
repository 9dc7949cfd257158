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
import { boundNode, boundTo, DAEMON_TOLERATIONS } from './node-binding.ts'
import { rolloutSizes, type SetSize } from './rollout.ts'

interface Workload extends KubeObject {
  spec: {
    replicas?: number
    selector: { matchLabels?: Record<string, string> }
    template: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
      spec: PodSpec
    }
    volumeClaimTemplates?: { metadata: { name: string }; spec: object }[]
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

  function createPod(
    workload: Workload,
    name: string,
    extra: { labels?: Record<string, string>; spec?: Partial<PodSpec> } = {},
  ): void {
    const { template } = workload.spec
    const { namespace } = workload.metadata
    store.create(keys.pod, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        ...(namespace ? { namespace } : {}),
        labels: { ...template.metadata?.labels, ...extra.labels },
        ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
        ownerReferences: [controllerReference(workload)],
      },
      spec: {
        dnsPolicy: 'ClusterFirst',
        restartPolicy: 'Always',
        schedulerName: 'default-scheduler',
        terminationGracePeriodSeconds: 30,
        ...structuredClone(template.spec),
        ...extra.spec,
        tolerations: [
          ...(template.spec.tolerations ?? []),
          ...(extra.spec?.tolerations ?? DEFAULT_TOLERATIONS),
        ],
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
    const old = sets.filter(({ metadata }) => metadata.name !== replicaSetName)
    const revision = Math.max(0, ...old.map(revisionOf)) + 1
    const known = sets.find(({ metadata }) => metadata.name === replicaSetName)
    const sizes = rolloutSizes(
      wanted,
      known ? sizeOf(known) : { name: replicaSetName, replicas: 0, ready: 0 },
      old.map(sizeOf),
    )
    const size = sizes.get(replicaSetName) ?? 0
    const current =
      known ??
      store.create<Workload>(
        keys.replicaSet,
        replicaSetOf(deployment, replicaSetName, hash, revision, size),
      )
    if (!known) tellScaling(deployment, replicaSetName, 0, size)
    for (const set of sets) {
      const replicas = sizes.get(set.metadata.name) ?? 0
      const before = set.spec.replicas ?? 1
      const isCurrent = set === known
      // Rolled back to, an old set becomes the newest.
      const isNewest = !isCurrent || revisionOf(set) >= revision
      if (before === replicas && isNewest) continue
      store.update<Workload>(keys.replicaSet, namespace, set.metadata.name, (draft) => {
        draft.spec.replicas = replicas
        if (!isNewest) setRevision(draft, revision)
      })
      if (before !== replicas) tellScaling(deployment, set.metadata.name, before, replicas)
    }
    store.update<Workload>(keys.deployment, namespace, name, (draft) =>
      setRevision(draft, Math.max(revision, known ? revisionOf(known) : 0)),
    )
    const all = [current, ...old].map(countsOf)
    const replicas = all.reduce((sum, one) => sum + one.replicas, 0)
    const readyReplicas = all.reduce((sum, one) => sum + one.readyReplicas, 0)
    const updatedReplicas = all[0]?.replicas ?? 0
    const available = readyReplicas >= wanted - Math.floor(wanted / 4)
    const isRolledOut = updatedReplicas >= wanted && replicas === updatedReplicas && available
    let conditions = withCondition(deployment.status?.conditions, {
      type: 'Available',
      status: available ? 'True' : 'False',
      reason: available ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: `Deployment ${available ? 'has' : 'does not have'} minimum availability.`,
    })
    conditions = withCondition(conditions, {
      type: 'Progressing',
      status: 'True',
      reason: isRolledOut ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
      message: `ReplicaSet "${replicaSetName}" ${isRolledOut ? 'has successfully progressed.' : 'is progressing.'}`,
    })
    setStatus(keys.deployment, deployment, {
      replicas,
      readyReplicas,
      availableReplicas: readyReplicas,
      updatedReplicas,
      unavailableReplicas: Math.max(0, wanted - readyReplicas),
      // A Deployment's conditions have no probe time, and the time of their last change of words.
      conditions: conditions.map(({ type, status, reason, message, lastTransitionTime }) => ({
        type,
        status,
        ...(reason !== undefined && { reason }),
        ...(message !== undefined && { message }),
        lastTransitionTime,
        lastUpdateTime: lastTransitionTime,
      })),
    })
  }

  function sizeOf(set: Workload): SetSize {
    const replicas = set.spec.replicas ?? 1
    return { name: set.metadata.name, replicas, ready: countsOf(set).readyReplicas }
  }

  function tellScaling(deployment: Workload, name: string, from: number, to: number): void {
    const direction = to > from ? 'up' : 'down'
    const message = `Scaled ${direction} replica set ${name} from ${from} to ${to}`
    cluster.event(deployment, 'Normal', 'ScalingReplicaSet', message)
  }

  function replicaSetOf(
    deployment: Workload,
    name: string,
    hash: string,
    revision: number,
    replicas: number,
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
          [REVISION]: String(revision),
        },
        ownerReferences: [controllerReference(deployment)],
      },
      spec: {
        replicas,
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
    // Those that don't work go first.
    const ready = active.filter((pod) => hasCondition(pod.status?.conditions, 'Ready'))
    const ranked = [...ready, ...active.filter((pod) => !ready.includes(pod))]
    if (active.length > wanted) deletePods(replicaSet, ranked.slice(wanted))
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
    const hash = templateHash(daemonSet.spec.template)
    const active = podsOf(daemonSet)
    const covered = new Map(active.map((pod) => [boundNode(pod), pod]))
    for (const { metadata } of nodes) {
      if (covered.has(metadata.name)) continue
      createPod(daemonSet, `${daemonSet.metadata.name}-${nameSuffix()}`, {
        labels: { [TEMPLATE_HASH]: hash },
        spec: { affinity: boundTo(metadata.name), tolerations: DAEMON_TOLERATIONS },
      })
    }
    const names = new Set(nodes.map(({ metadata }) => metadata.name))
    deletePods(
      daemonSet,
      active.filter((pod) => !names.has(boundNode(pod) ?? '')),
    )
    const counts = countsOf(daemonSet)
    const updated = active.filter(({ metadata }) => metadata.labels?.[TEMPLATE_HASH] === hash)
    // One node at a time, as maxUnavailable says by default; what doesn't work is in nobody's way.
    const outdated = active.filter((pod) => !updated.includes(pod))
    const isWorking = (pod: Pod) => hasCondition(pod.status?.conditions, 'Ready')
    const next = outdated.find((pod) => !isWorking(pod)) ?? outdated[0]
    if (next && (!isWorking(next) || counts.readyReplicas >= nodes.length)) {
      deletePods(daemonSet, [next])
    }
    setStatus(keys.daemonSet, daemonSet, {
      currentNumberScheduled: counts.replicas,
      desiredNumberScheduled: nodes.length,
      numberAvailable: counts.readyReplicas,
      numberUnavailable: Math.max(0, nodes.length - counts.readyReplicas),
      numberMisscheduled: 0,
      numberReady: counts.readyReplicas,
      updatedNumberScheduled: updated.length,
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
        if (!store.get(keys.pod, set.metadata.namespace, name)) createMember(set, name)
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
      currentReplicas: active.length,
      updatedReplicas: active.length,
      currentRevision: `${set.metadata.name}-${hash}`,
      updateRevision: `${set.metadata.name}-${hash}`,
      collisionCount: 0,
    })
  }

  /** A pod with claims of its own, which outlive it. */
  function createMember(set: Workload, name: string): void {
    const templates = set.spec.volumeClaimTemplates ?? []
    const { namespace } = set.metadata
    const volumes = templates.map(({ metadata }) => ({
      name: metadata.name,
      persistentVolumeClaim: { claimName: `${metadata.name}-${name}` },
    }))
    for (const { metadata, spec } of templates) {
      const claimName = `${metadata.name}-${name}`
      if (store.get(keys.pvc, namespace, claimName)) continue
      store.create(keys.pvc, {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {
          name: claimName,
          ...(namespace ? { namespace } : {}),
          labels: { ...set.spec.selector.matchLabels },
        },
        spec,
        status: { phase: 'Pending' },
      })
      const message = `create Claim ${claimName} Pod ${name} in StatefulSet ${set.metadata.name} success`
      cluster.event(set, 'Normal', 'SuccessfulCreate', message)
    }
    createPod(set, name, {
      labels: {
        'apps.kubernetes.io/pod-index': name.slice(set.metadata.name.length + 1),
        'statefulset.kubernetes.io/pod-name': name,
      },
      spec: {
        hostname: name,
        volumes: [...(set.spec.template.spec.volumes ?? []), ...volumes],
      },
    })
  }
}

const REVISION = 'deployment.kubernetes.io/revision'
const TEMPLATE_HASH = 'controller-revision-hash'

function revisionOf({ metadata }: Workload): number {
  return Number(metadata.annotations?.[REVISION] ?? 0)
}

function setRevision({ metadata }: Workload, revision: number): void {
  metadata.annotations = { ...metadata.annotations, [REVISION]: String(revision) }
}

/** The same for the same template in whatever order its fields are, as after `rollout undo`. */
function templateHash(template: Workload['spec']['template']): string {
  const sorted = JSON.stringify(template, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
  return createHash('sha1').update(sorted).digest('hex').slice(0, 9)
}

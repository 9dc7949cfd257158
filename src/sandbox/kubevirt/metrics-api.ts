/**
 * `metrics.k8s.io`: what metrics-server answers. Of real guests it is what their processes use; no
 * other container has a process, which its zeros and an annotation say.
 * Source: https://github.com/kubernetes-sigs/metrics-server/tree/v0.8.0/pkg/api
 */
import { ApiError, type AggregatedRequest, type Cluster, type KubeObject } from '../api/cluster.ts'
import { pageNotFound } from '../api/failures.ts'
import { labelMatcher } from '../api/selectors.ts'
import type { GuestRunner } from '../controllers/guest-runner.ts'
import type { GuestUsage } from '../guests/guest.ts'
import { keys, type Pod } from './objects.ts'

const GROUP = 'metrics.k8s.io'
const VERSION = `${GROUP}/v1beta1`
/** The shortest that metrics-server takes; it is 15 s by default. */
const SAMPLE_MS = 10_000
/** On metrics of pods in which nothing runs. */
const NO_PROCESS = 'sandbox.kubevirt-console.io/usage'

type Guests = ReturnType<GuestRunner['runningGuests']>

interface Sample extends GuestUsage {
  atMs: number
}

interface Usage {
  /** Cores. */
  cpu: number
  memoryBytes: number
  windowMs: number
  atMs: number
}

/** Registers the group and looks at the guests from now on, until what it returns is called. */
export function registerMetricsApi(
  cluster: Cluster,
  runner: GuestRunner,
  pace: number,
): () => void {
  const { store } = cluster
  /** The last two samples of a guest, by its VMI's uid. */
  const samples = new Map<string, [Sample] | [Sample, Sample]>()

  async function sample(): Promise<void> {
    const guests = runner.runningGuests()
    for (const uid of samples.keys()) if (!guests.has(uid)) samples.delete(uid)
    await Promise.all(
      [...guests].map(async ([uid, guest]) => {
        const usage = await guest.usage()
        if (!usage) return
        const next = { ...usage, atMs: Date.now() }
        const last = samples.get(uid)?.at(-1)
        // A process that has started over begins to count again.
        const isSame = last && last.cpuSeconds <= next.cpuSeconds
        samples.set(uid, isSame ? [last, next] : [next])
      }),
    )
  }
  const timer = setInterval(() => void sample(), SAMPLE_MS * Math.max(pace, 0.01)).unref()

  /** Undefined while there aren't two samples of it; null when no process stands behind the pod. */
  function usageOf(pod: Pod, guests: Guests): Usage | null | undefined {
    const uid = pod.metadata.labels?.['kubevirt.io/created-by']
    const guest = uid === undefined ? undefined : guests.get(uid)
    if (!uid || !guest || guest.simulated) return null
    const [before, after] = samples.get(uid) ?? []
    if (!before || !after) return undefined
    const windowMs = after.atMs - before.atMs
    return {
      cpu: ((after.cpuSeconds - before.cpuSeconds) * 1000) / windowMs,
      memoryBytes: after.memoryBytes,
      windowMs,
      atMs: after.atMs,
    }
  }

  function podMetrics(pod: Pod, guests: Guests): object | undefined {
    const usage = usageOf(pod, guests)
    if (usage === undefined) return undefined
    return metrics('PodMetrics', pod, usage, {
      containers: pod.spec.containers.map(({ name }) => ({
        name,
        usage: quantities(name === 'compute' ? usage : null),
      })),
    })
  }

  function nodeMetrics(node: KubeObject, guests: Guests): object {
    const usages = runningPods()
      .filter(({ spec }) => spec.nodeName === node.metadata.name)
      .flatMap((pod) => usageOf(pod, guests) ?? [])
    const [first = null, ...rest] = usages
    const sum = rest.reduce<Usage | null>(
      (total, one) =>
        total && {
          ...total,
          cpu: total.cpu + one.cpu,
          memoryBytes: total.memoryBytes + one.memoryBytes,
        },
      first,
    )
    return metrics('NodeMetrics', node, sum, { usage: quantities(sum) })
  }

  function runningPods(namespace?: string): Pod[] {
    return store.list<Pod>(keys.pod, namespace).filter(({ status }) => status?.phase === 'Running')
  }

  /** `namespaces/NS/pods[/NAME]`, `pods`, `nodes[/NAME]`. */
  function answer({ segments, query }: AggregatedRequest): object {
    const isNamespaced = segments[0] === 'namespaces'
    const [resource, name, ...more] = isNamespaced ? segments.slice(2) : segments
    const namespace = isNamespaced ? segments[1] : undefined
    if (more.length > 0 || (isNamespaced && resource !== 'pods')) throw pageNotFound()
    const matches = labelMatcher(query.get('labelSelector')) ?? (() => true)
    const guests = runner.runningGuests()
    if (resource === 'pods' && (name === undefined || namespace !== undefined)) {
      if (name === undefined) {
        const pods = runningPods(namespace).filter(matches)
        return list(
          'PodMetricsList',
          pods.flatMap((pod) => podMetrics(pod, guests) ?? []),
        )
      }
      const pod = store.get<Pod>(keys.pod, namespace, name)
      if (!pod) throw notFound('pods', '', `${namespace}/${name}`)
      const found = pod.status?.phase === 'Running' ? podMetrics(pod, guests) : undefined
      if (!found) throw notFound('podmetrics', GROUP, `${namespace}/${name}`)
      return found
    }
    if (resource === 'nodes' && name === undefined) {
      const nodes = store.list(keys.node).filter(matches)
      return list(
        'NodeMetricsList',
        nodes.map((node) => nodeMetrics(node, guests)),
      )
    }
    const node = resource === 'nodes' && name !== undefined && store.get(keys.node, undefined, name)
    if (!node) throw resource === 'nodes' ? notFound('nodes', '', name ?? '') : pageNotFound()
    return nodeMetrics(node, guests)
  }

  cluster.aggregate({
    group: GROUP,
    versions: ['v1beta1'],
    resources: [
      { name: 'nodes', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list'] },
      { name: 'pods', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
    ],
    async handle(request, response) {
      const body = answer(request)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    },
    async upgrade() {
      throw pageNotFound()
    },
  })
  return () => clearInterval(timer)
}

function metrics(
  kind: string,
  { metadata: { name, namespace, labels } }: KubeObject,
  usage: Usage | null,
  content: object,
): object {
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    kind,
    apiVersion: VERSION,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      creationTimestamp: now,
      ...(labels && { labels }),
      ...(!usage && { annotations: { [NO_PROCESS]: 'no process runs here' } }),
    },
    timestamp: usage ? new Date(usage.atMs).toISOString().replace(/\.\d+Z$/, 'Z') : now,
    window: `${((usage?.windowMs ?? SAMPLE_MS) / 1000).toFixed(3)}s`,
    ...content,
  }
}

function quantities(usage: Usage | null) {
  return {
    cpu: usage ? `${Math.round(usage.cpu * 1e9)}n` : '0',
    memory: usage ? `${Math.round(usage.memoryBytes / 1024)}Ki` : '0',
  }
}

function list(kind: string, items: object[]): object {
  return { kind, apiVersion: VERSION, metadata: {}, items }
}

function notFound(resource: string, group: string, name: string): ApiError {
  return new ApiError(404, `${group ? `${resource}.${group}` : resource} "${name}" not found`, {
    reason: 'NotFound',
    details: { name, ...(group && { group }), kind: resource },
  })
}

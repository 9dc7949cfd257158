/**
 * What the containers of a pod use, as metrics-server tells it: processor time over a window that
 * ends at the time stamp, and the memory's working set. New figures come every 15 to 60 s.
 *
 * Source: https://github.com/kubernetes/metrics/blob/v0.35.0/pkg/apis/metrics/v1beta1/types.go
 */
import type { KubeError } from './kube-error.ts'
import { collectionPath } from './paths.ts'
import { parseQuantity } from './quantity.ts'

export interface PodMetrics {
  timestamp: string
  window: string
  containers: { name: string; usage: { cpu?: string; memory?: string } }[]
}

/** Of one container at one time. */
export interface Usage {
  timeMs: number
  /** Cores. */
  cpu: number
  memoryBytes: number
}

export function podMetricsPath({ namespace, name }: { namespace: string; name: string }): string {
  const kind = { group: 'metrics.k8s.io', version: 'v1beta1', kind: '', plural: 'pods' }
  const path = collectionPath({ ...kind, namespaced: true }, namespace)
  return `${path}/${encodeURIComponent(name)}`
}

/** `undefined` when the container isn't among them. */
export function readUsage(metrics: PodMetrics, container: string): Usage | undefined {
  const usage = metrics.containers.find(({ name }) => name === container)?.usage
  if (!usage) return undefined
  return {
    timeMs: Date.parse(metrics.timestamp),
    cpu: parseQuantity(usage.cpu) ?? 0,
    memoryBytes: parseQuantity(usage.memory) ?? 0,
  }
}

/** The figures that belong to the last `keptMs`, with a new one; the same one again changes nothing. */
export function withUsage(
  known: readonly Usage[],
  next: Usage | undefined,
  keptMs: number,
): readonly Usage[] {
  const last = known.at(-1)
  if (!next || (last && next.timeMs <= last.timeMs)) return known
  return [...known.filter(({ timeMs }) => timeMs > next.timeMs - keptMs), next]
}

/**
 * Why there are no figures, in words. The API server answers for a group it doesn't know, metrics-server
 * names the pod that it doesn't.
 */
export function metricsProblem(error: KubeError): string {
  if (error.isForbidden) return `The right to read metrics is missing. ${error.message}`
  if (error.isNotFound)
    return /"[^"]+" not found/.test(error.message)
      ? 'No figures yet: the first come about a minute after the start.'
      : 'This cluster has no metrics API (metrics.k8s.io): nobody has installed metrics-server or another that serves it.'
  if (error.code === 503) return `The metrics API of this cluster doesn’t answer. ${error.message}`
  return `Metrics can’t be read. ${error.message}`
}

/** `/log` of pods: which container, the options, and the stream. */
import type { ServerResponse } from 'node:http'

import type { KubeObject } from './cluster.ts'
import { type FieldError, badRequest, invalid, invalidValue } from './failures.ts'
import { isObject } from './json-values.ts'

export interface PodLogOptions {
  follow: boolean
  previous: boolean
  timestamps: boolean
  tailLines?: number
  /** Only lines at this time or later, in whole seconds. */
  since?: Date
  limitBytes?: number
}

/** Where the text of a container's log comes from. */
export type PodLogs = (
  namespace: string,
  pod: string,
  container: string,
  options: PodLogOptions,
) => AsyncIterable<Buffer | string> | Promise<AsyncIterable<Buffer | string>>

function namesIn(pod: KubeObject, field: string): string[] {
  const spec = isObject(pod['spec']) ? pod['spec'] : {}
  const list = Array.isArray(spec[field]) ? spec[field] : []
  return list.map((item: unknown) => (isObject(item) ? String(item['name']) : ''))
}

/** Throws ApiError 400. */
function containerOf(pod: KubeObject, asked: string | null): string {
  const { name } = pod.metadata
  const containers = namesIn(pod, 'containers')
  const init = namesIn(pod, 'initContainers')
  if (asked) {
    if ([...containers, ...init].includes(asked)) return asked
    throw badRequest(`container ${asked} is not valid for pod ${name}`)
  }
  const preferred = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container']
  if (preferred && containers.includes(preferred)) return preferred
  const [only] = containers
  if (only !== undefined && containers.length === 1 && !init.length) return only
  const choices = `choose one of: [${containers.join(' ')}]`
  const inits = init.length ? ` or one of the init containers: [${init.join(' ')}]` : ''
  throw badRequest(`a container name must be specified for pod ${name}, ${choices}${inits}`)
}

/** Throws ApiError 422. */
function podLogOptions(pod: string, query: URLSearchParams): PodLogOptions {
  const errors: FieldError[] = []
  const count = (field: string, minimum: number) => {
    const text = query.get(field)
    if (text === null || text === '') return undefined
    const value = Number(text)
    if (value < minimum) {
      const why = minimum ? 'must be greater than 0' : 'must be greater than or equal to 0'
      errors.push(invalidValue(field, value, why))
    }
    return value
  }
  const flag = (field: string) => query.get(field) === 'true' || query.get(field) === '1'
  const sinceSeconds = count('sinceSeconds', 1)
  const sinceTime = query.get('sinceTime') || undefined
  if (sinceTime !== undefined && sinceSeconds !== undefined) {
    const message = 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified'
    errors.push({ field: '', reason: 'FieldValueForbidden', message })
  }
  if (sinceTime !== undefined && Number.isNaN(Date.parse(sinceTime))) {
    throw badRequest(`parsing time "${sinceTime}" as "2006-01-02T15:04:05Z07:00": cannot parse`)
  }
  const since =
    sinceTime !== undefined
      ? // metav1.Time is of whole seconds.
        new Date(Math.floor(Date.parse(sinceTime) / 1000) * 1000)
      : sinceSeconds !== undefined
        ? new Date(Date.now() - sinceSeconds * 1000)
        : undefined
  const numbers = { tailLines: count('tailLines', 0), limitBytes: count('limitBytes', 1), since }
  if (errors.length) throw invalid({ group: '', kind: 'PodLogOptions', name: pod }, errors)
  return {
    follow: flag('follow'),
    previous: flag('previous'),
    timestamps: flag('timestamps'),
    ...(Object.fromEntries(
      Object.entries(numbers).filter(([, value]) => value !== undefined),
    ) as Partial<PodLogOptions>),
  }
}

interface ContainerStatus {
  name: string
  restartCount?: number
  state?: { waiting?: { reason?: string } }
  lastState?: { terminated?: object }
}

/**
 * Refuses what has no log: a run before the first, and a container that has not started. Throws
 * ApiError 400 with the kubelet's words (pkg/kubelet/kubelet_pods.go, validateContainerLogStatus).
 */
function mustHaveLog(pod: KubeObject, container: string, previous: boolean): void {
  const status = isObject(pod['status']) ? pod['status'] : {}
  const statuses = ['containerStatuses', 'initContainerStatuses'].flatMap((field) =>
    Array.isArray(status[field]) ? (status[field] as ContainerStatus[]) : [],
  )
  const found = statuses.find(({ name }) => name === container)
  const { name } = pod.metadata
  if (previous && !found?.lastState?.terminated) {
    throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`)
  }
  const waiting = found?.state?.waiting
  // A container that waits to be started again still has the log of its last run.
  if (!previous && (!found || (waiting && !found.lastState?.terminated))) {
    const reason = waiting?.reason ?? 'ContainerCreating'
    throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${reason}`)
  }
}

/** Streams until the source ends or the client goes. A pod without a node has no log: 204. */
export async function sendPodLog(
  pod: KubeObject,
  query: URLSearchParams,
  logs: PodLogs | undefined,
  response: ServerResponse,
): Promise<void> {
  const { namespace = '', name } = pod.metadata
  const container = containerOf(pod, query.get('container'))
  const options = podLogOptions(name, query)
  const spec = isObject(pod['spec']) ? pod['spec'] : {}
  if (!spec['nodeName'] || !logs) {
    response.writeHead(204, { 'cache-control': 'no-cache, private' }).end()
    return
  }
  mustHaveLog(pod, container, options.previous)
  const source = await logs(namespace, name, container, options)
  response.writeHead(200, {
    'cache-control': 'no-cache, private',
    'content-type': 'text/plain',
  })
  response.flushHeaders()
  const iterator = source[Symbol.asyncIterator]()
  response.on('close', () => void iterator.return?.().catch(() => undefined))
  for (;;) {
    // Lines come one after the other.
    // oxlint-disable-next-line no-await-in-loop
    const { done, value } = await iterator.next()
    if (done || response.destroyed) break
    response.write(value)
  }
  response.end()
}

/**
 * What the LimitRanges of a namespace give the containers of a pod and ask of pods and claims.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/plugin/pkg/admission/limitranger/admission.go
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/apis/core/v1/defaults.go (SetDefaults_LimitRangeItem)
 */
import type { KubeObject, NewObject, ResourceKey, Store } from '../api/cluster.ts'
import { forbidden, invalid, invalidValue, type FieldError } from '../api/failures.ts'
import { keys, type Container } from './objects.ts'
import { parseQuantity } from './quantity.ts'

export const limitRangeKey: ResourceKey = '/limitranges'

type Amounts = Record<string, string>

export interface LimitItem {
  type: string
  min?: Amounts
  max?: Amounts
  default?: Amounts
  defaultRequest?: Amounts
  maxLimitRequestRatio?: Amounts
}

interface Resources {
  requests?: Amounts
  limits?: Amounts
}

/** As the API server stores it: a limit that isn't said is the highest one, a request is the limit. */
export function withItemDefaults(item: LimitItem): LimitItem {
  if (item.type !== 'Container') return item
  const limits = { ...item.max, ...item.default }
  return {
    ...item,
    default: limits,
    defaultRequest: { ...item.min, ...limits, ...item.defaultRequest },
  }
}

function itemsIn(store: Store, namespace: string): LimitItem[] {
  return store
    .list(limitRangeKey, namespace)
    .flatMap(({ spec }) => (spec as { limits?: LimitItem[] } | undefined)?.limits ?? [])
    .map(withItemDefaults)
}

function containersOf(pod: NewObject): { container: Container; field: string }[] {
  const { containers, initContainers = [] } = pod['spec'] as {
    containers: Container[]
    initContainers?: Container[]
  }
  const placed = (list: Container[], field: string) =>
    list.map((container, index) => ({ container, field: `spec.${field}[${index}]` }))
  return [...placed(initContainers, 'initContainers'), ...placed(containers, 'containers')]
}

/** Fills in what the containers of a pod don't say, of the first LimitRange that says it. */
export function applyLimitDefaults<T extends NewObject>(store: Store, pod: T): T {
  const { namespace } = pod.metadata
  if (namespace === undefined) return pod
  for (const item of itemsIn(store, namespace)) {
    if (item.type !== 'Container') continue
    for (const { container } of containersOf(pod)) {
      const { requests, limits } = container.resources ?? {}
      const merged = {
        requests: { ...item.defaultRequest, ...requests },
        limits: { ...item.default, ...limits },
      }
      container.resources = {
        ...container.resources,
        ...(Object.keys(merged.requests).length > 0 && { requests: merged.requests }),
        ...(Object.keys(merged.limits).length > 0 && { limits: merged.limits }),
      }
    }
  }
  return pod
}

/** Validation of pods comes before limits are looked at: a default limit may be below a request. */
function requestsBeyondLimits(pod: NewObject): FieldError[] {
  return containersOf(pod).flatMap(({ container: { resources = {} }, field }) =>
    Object.entries(resources.requests ?? {}).flatMap(([resource, request]) => {
      const limit = resources.limits?.[resource]
      if (limit === undefined || parseQuantity(request) <= parseQuantity(limit)) return []
      const why = `must be less than or equal to ${resource} limit of ${limit}`
      return invalidValue(`${field}.resources.requests`, request, why)
    }),
  )
}

function belowMin(type: string, resource: string, min: string, { requests, limits }: Resources) {
  const usage = `minimum ${resource} usage per ${type} is ${min}`
  const request = requests?.[resource]
  const limit = limits?.[resource]
  if (request === undefined) return `${usage}.  No request is specified`
  if (parseQuantity(request) < parseQuantity(min)) return `${usage}, but request is ${request}`
  if (limit !== undefined && parseQuantity(limit) < parseQuantity(min))
    return `${usage}, but limit is ${limit}`
  return undefined
}

function aboveMax(type: string, resource: string, max: string, { requests, limits }: Resources) {
  const usage = `maximum ${resource} usage per ${type} is ${max}`
  const request = requests?.[resource]
  const limit = limits?.[resource]
  if (limit === undefined) return `${usage}.  No limit is specified`
  if (parseQuantity(limit) > parseQuantity(max)) return `${usage}, but limit is ${limit}`
  if (request !== undefined && parseQuantity(request) > parseQuantity(max))
    return `${usage}, but request is ${request}`
  return undefined
}

/** Claims have no limits. */
function aboveMaxRequest(type: string, resource: string, max: string, { requests }: Resources) {
  const usage = `maximum ${resource} usage per ${type} is ${max}`
  const request = requests?.[resource]
  if (request === undefined) return `${usage}.  No request is specified`
  return parseQuantity(request) > parseQuantity(max)
    ? `${usage}, but request is ${request}`
    : undefined
}

function aboveRatio(type: string, resource: string, most: string, { requests, limits }: Resources) {
  const rule = `${resource} max limit to request ratio per ${type} is ${most}`
  const request = parseQuantity(requests?.[resource])
  const limit = parseQuantity(limits?.[resource])
  if (request === 0) return `${rule}, but no request is specified or request is 0`
  if (limit === 0) return `${rule}, but no limit is specified or limit is 0`
  return limit / request > parseQuantity(most)
    ? `${rule}, but provided ratio is ${(limit / request).toFixed(6)}`
    : undefined
}

function problemsOf(item: LimitItem, resources: Resources): string[] {
  const { type, min = {}, max = {}, maxLimitRequestRatio: ratio = {} } = item
  const highest = type === 'PersistentVolumeClaim' ? aboveMaxRequest : aboveMax
  return [
    ...Object.entries(min).map(([name, amount]) => belowMin(type, name, amount, resources)),
    ...Object.entries(max).map(([name, amount]) => highest(type, name, amount, resources)),
    ...Object.entries(ratio).map(([name, amount]) => aboveRatio(type, name, amount, resources)),
  ].filter((problem) => problem !== undefined)
}

/** Those of all containers that run together. */
function sumOf(pod: NewObject, which: 'requests' | 'limits'): Amounts {
  const sums = new Map<string, number>()
  for (const { container, field } of containersOf(pod)) {
    if (field.startsWith('spec.init') && container.restartPolicy !== 'Always') continue
    for (const [name, amount] of Object.entries(container.resources?.[which] ?? {}))
      sums.set(name, (sums.get(name) ?? 0) + parseQuantity(amount))
  }
  return Object.fromEntries(Array.from(sums, ([name, sum]) => [name, sumText(name, sum)]))
}

function sumText(resource: string, sum: number): string {
  return resource === 'cpu' && !Number.isInteger(sum) ? `${Math.round(sum * 1000)}m` : String(sum)
}

function beyondLimits(store: Store, key: ResourceKey, object: NewObject): string[] {
  const items = itemsIn(store, object.metadata.namespace ?? '')
  if (key === keys.pvc) {
    const { resources = {} } = object['spec'] as { resources?: Resources }
    return items
      .filter(({ type }) => type === 'PersistentVolumeClaim')
      .flatMap((item) => problemsOf(item, resources))
  }
  return items.flatMap((item) => {
    if (item.type === 'Container')
      return containersOf(object).flatMap(({ container: { resources = {} } }) =>
        problemsOf(item, resources),
      )
    if (item.type !== 'Pod') return []
    return problemsOf(item, {
      requests: sumOf(object, 'requests'),
      limits: sumOf(object, 'limits'),
    })
  })
}

/**
 * Why a pod, which has its defaults, or a claim can't be created; in the API server's words. The
 * aggregate of several problems is in brackets, as Go's is.
 */
export function refusedByLimits(store: Store, key: ResourceKey, object: NewObject | KubeObject) {
  const { name = '' } = object.metadata
  if (key === keys.pod) {
    const errors = requestsBeyondLimits(object)
    if (errors.length > 0) return invalid({ group: '', kind: 'Pod', name }, errors)
  }
  const problems = [...new Set(beyondLimits(store, key, object))]
  if (problems.length === 0) return undefined
  const why = problems.length === 1 ? problems[0]! : `[${problems.join(', ')}]`
  return forbidden({ group: '', kind: key.slice(1), name }, why)
}

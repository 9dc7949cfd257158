/**
 * What an object counts for in its namespace's ResourceQuotas, and whether they leave room for it.
 * Of scopes, those about priorities and affinity are passed over, with their quotas.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/quota/v1/evaluator/core/pods.go
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/quota/v1/evaluator/core/persistent_volume_claims.go
 * https://github.com/kubernetes/apiserver/blob/kubernetes-1.35.0/pkg/admission/plugin/resourcequota/controller.go
 */
import type { KubeObject, NewObject, ResourceKey, Store } from '../api/cluster.ts'
import { keys, type Container } from './objects.ts'
import { formatBytes, parseQuantity } from './quantity.ts'

export const quotaKey: ResourceKey = '/resourcequotas'

interface Quota extends KubeObject {
  spec: {
    hard?: Record<string, string>
    scopes?: string[]
    scopeSelector?: { matchExpressions?: { scopeName: string; operator: string }[] }
  }
  status?: { hard?: Record<string, string>; used?: Record<string, string> }
}

type Usage = Map<string, number>

function add(usage: Usage, resource: string, amount: number): void {
  usage.set(resource, (usage.get(resource) ?? 0) + amount)
}

/** `count/pods`, `count/virtualmachines.kubevirt.io`. */
function countName(key: ResourceKey): string {
  const [group = '', plural = ''] = key.split('/')
  return `count/${plural}${group === '' ? '' : `.${group}`}`
}

const plainlyCounted = new Set<ResourceKey>([
  keys.pod,
  keys.pvc,
  keys.secret,
  keys.configMap,
  keys.service,
  quotaKey,
])

interface PodLike {
  spec: { containers: Container[]; initContainers?: Container[] }
  status?: { phase?: string }
}

interface ScopedPod {
  spec: { containers: Container[]; initContainers?: Container[]; activeDeadlineSeconds?: number }
}

/** Whether a pod falls under a scope; not under those that are passed over. */
function isInScope(scope: string, { spec }: ScopedPod): boolean {
  const asked = [...spec.containers, ...(spec.initContainers ?? [])].some(({ resources }) =>
    [resources?.requests, resources?.limits].some((one) => one?.['cpu'] ?? one?.['memory']),
  )
  switch (scope) {
    case 'BestEffort':
      return !asked
    case 'NotBestEffort':
      return asked
    case 'Terminating':
      return spec.activeDeadlineSeconds !== undefined
    case 'NotTerminating':
      return spec.activeDeadlineSeconds === undefined
    default:
      return false
  }
}

function scopesOf({ spec: { scopes = [], scopeSelector } }: Quota): string[] {
  const selected = scopeSelector?.matchExpressions ?? []
  // Only `Exists` is allowed for the scopes that aren't passed over.
  return [...scopes, ...selected.map(({ scopeName }) => scopeName)]
}

/** With scopes a quota is about pods alone, those that fall under all of them. */
function isCounted(quota: Quota, key: ResourceKey, object: NewObject): boolean {
  const scopes = scopesOf(quota)
  if (scopes.length === 0) return true
  if (key !== keys.pod) return false
  return scopes.every((scope) => isInScope(scope, object as unknown as ScopedPod))
}

function addPod(usage: Usage, { spec }: PodLike): void {
  const sidecars = (spec.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === 'Always',
  )
  for (const { resources } of [...spec.containers, ...sidecars]) {
    for (const [name, quantity] of Object.entries(resources?.requests ?? {})) {
      add(usage, `requests.${name}`, parseQuantity(quantity))
      if (!name.includes('/')) add(usage, name, parseQuantity(quantity))
    }
    for (const [name, quantity] of Object.entries(resources?.limits ?? {})) {
      add(usage, `limits.${name}`, parseQuantity(quantity))
    }
  }
}

function addClaim(usage: Usage, claim: NewObject): void {
  const { storageClassName, resources } = claim['spec'] as {
    storageClassName?: string
    resources?: { requests?: { storage?: string } }
  }
  const size = parseQuantity(resources?.requests?.storage)
  add(usage, 'requests.storage', size)
  if (!storageClassName) return
  const ofClass = `${storageClassName}.storageclass.storage.k8s.io`
  add(usage, `${ofClass}/requests.storage`, size)
  add(usage, `${ofClass}/persistentvolumeclaims`, 1)
}

function usageOf(key: ResourceKey, object: NewObject): Usage {
  const usage: Usage = new Map([[countName(key), 1]])
  const phase = (object['status'] as { phase?: string } | undefined)?.phase
  const isOver = key === keys.pod && (phase === 'Succeeded' || phase === 'Failed')
  if (isOver) return usage
  if (plainlyCounted.has(key)) usage.set(key.slice(1), 1)
  if (key === keys.pod) addPod(usage, object as unknown as PodLike)
  if (key === keys.pvc) addClaim(usage, object)
  return usage
}

function usageOfAll(store: Store, key: ResourceKey, quota: Quota): Usage {
  const sum: Usage = new Map()
  for (const object of store.list(key, quota.metadata.namespace ?? '')) {
    if (!isCounted(quota, key, object)) continue
    for (const [resource, amount] of usageOf(key, object)) add(sum, resource, amount)
  }
  return sum
}

function quantityOf(resource: string, amount: number): string {
  if (/memory|storage/.test(resource) && !resource.startsWith('count/')) return formatBytes(amount)
  return Number.isInteger(amount) ? String(amount) : `${Math.round(amount * 1000)}m`
}

function listed(amounts: [string, string][]): string {
  return amounts
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([resource, text]) => `${resource}=${text}`)
    .join(',')
}

function quotasIn(store: Store, namespace: string): Quota[] {
  return store.list<Quota>(quotaKey, namespace)
}

/**
 * Why the quotas of its namespace don't let the object in, in the API server's words; undefined where
 * they do. `old` is what it replaces, which counts no longer.
 */
export function exceededQuota(
  store: Store,
  key: ResourceKey,
  object: NewObject,
  old?: KubeObject,
): string | undefined {
  const { namespace } = object.metadata
  if (namespace === undefined) return undefined
  for (const quota of quotasIn(store, namespace)) {
    if (!isCounted(quota, key, object)) continue
    const { spec, metadata } = quota
    const before = old ? usageOf(key, old) : new Map<string, number>()
    const used = usageOfAll(store, key, quota)
    const over = [...usageOf(key, object)]
      .map(([resource, amount]) => ({ resource, wanted: amount - (before.get(resource) ?? 0) }))
      .filter(({ resource, wanted }) => {
        const limit = spec.hard?.[resource]
        const sum = (used.get(resource) ?? 0) + wanted
        return limit !== undefined && wanted > 0 && sum > parseQuantity(limit)
      })
    if (over.length === 0) continue
    const requested = over.map(({ resource, wanted }): [string, string] => [
      resource,
      quantityOf(resource, wanted),
    ])
    const inUse = over.map(({ resource }): [string, string] => [
      resource,
      quantityOf(resource, used.get(resource) ?? 0),
    ])
    const limited = over.map(({ resource }): [string, string] => [
      resource,
      spec.hard?.[resource] ?? '',
    ])
    return `exceeded quota: ${metadata.name}, requested: ${listed(requested)}, used: ${listed(inUse)}, limited: ${listed(limited)}`
  }
  return undefined
}

/** `pods` for `requests.memory`, and so on: what has to be looked at for a resource of a quota. */
function keyOf(resource: string): ResourceKey {
  if (resource.startsWith('count/')) {
    const [plural = '', ...group] = resource.slice('count/'.length).split('.')
    return `${group.join('.')}/${plural}`
  }
  const plain = [...plainlyCounted].find((key) => key === `/${resource}`)
  if (plain) return plain
  return /storageclass\.storage\.k8s\.io\/|^requests\.storage$/.test(resource) ? keys.pvc : keys.pod
}

/** What is used of each resource that a quota limits. */
export function quotaUsage(store: Store, quota: KubeObject): Record<string, string> {
  const { spec } = quota as Quota
  return Object.fromEntries(
    Object.keys(spec.hard ?? {}).map((resource) => {
      const usage = usageOfAll(store, keyOf(resource), quota as Quota)
      return [resource, quantityOf(resource, usage.get(resource) ?? 0)]
    }),
  )
}

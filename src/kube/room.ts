/** Whether there is room for new VMs: on nodes, in quotas, and within limits of a namespace. */
import type { LimitRange, Node, Pod, ResourceQuota } from './kinds.ts'
import { parseQuantity } from './quantity.ts'

/** What a VM's pod asks a node for: CPUs and bytes. */
export interface PodNeed {
  cpus: number
  memoryBytes: number
}

const mib = 2 ** 20

/**
 * About what the pod of a VM asks for. A CPU of the guest is a tenth of one unless it is dedicated;
 * QEMU and KubeVirt's own processes come on top of the guest's memory.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/services/template.go
 */
export function podNeed(size: {
  cpus: number
  memoryBytes: number
  isDedicated?: boolean
  overcommitPercent?: number
}): PodNeed {
  const { cpus, memoryBytes, isDedicated = false, overcommitPercent = 0 } = size
  const overheadBytes = (240 + 8 * cpus) * mib + memoryBytes / 512
  return {
    cpus: isDedicated ? cpus : cpus / 10,
    memoryBytes: memoryBytes * (1 - overcommitPercent / 100) + overheadBytes,
  }
}

/** What is taken of a node: the sums of what its pods ask for. */
export type Taken = ReadonlyMap<string, PodNeed>

interface Resources {
  requests?: Record<string, string>
}

/** Adds what pods ask for to the sums by node; those that have ended ask for nothing. */
export function addTaken(taken: Map<string, PodNeed>, pods: readonly Pod[]): void {
  for (const { spec, status } of pods) {
    const node = spec?.nodeName
    if (!node || status?.phase === 'Succeeded' || status?.phase === 'Failed') continue
    const sum = taken.get(node) ?? { cpus: 0, memoryBytes: 0 }
    const sidecars = (spec.initContainers ?? []).filter((one) => one.restartPolicy === 'Always')
    for (const { resources } of [...spec.containers, ...sidecars]) {
      const { requests } = (resources ?? {}) as Resources
      sum.cpus += parseQuantity(requests?.['cpu']) ?? 0
      sum.memoryBytes += parseQuantity(requests?.['memory']) ?? 0
    }
    taken.set(node, sum)
  }
}

export interface NodeRoom {
  /** How many such pods the nodes take, together. */
  count: number
  /** How many nodes take one at least. */
  nodes: number
  /** What is free on the node with the most memory left. */
  largest: PodNeed | undefined
}

/** The room on nodes; as if they were empty where it isn't known what is taken. */
export function nodeRoom(
  need: PodNeed,
  nodes: readonly Node[],
  taken: Taken = new Map(),
): NodeRoom {
  const free = nodes.map(({ metadata, status }): PodNeed => {
    const allocatable = (status?.allocatable ?? {}) as Record<string, string>
    const used = taken.get(metadata.name) ?? { cpus: 0, memoryBytes: 0 }
    return {
      cpus: (parseQuantity(allocatable['cpu']) ?? 0) - used.cpus,
      memoryBytes: (parseQuantity(allocatable['memory']) ?? 0) - used.memoryBytes,
    }
  })
  const counts = free.map((one) =>
    Math.max(
      0,
      Math.floor(Math.min(one.cpus / need.cpus, one.memoryBytes / need.memoryBytes) + 1e-9),
    ),
  )
  const [largest] = free.toSorted((a, b) => b.memoryBytes - a.memoryBytes)
  return {
    count: counts.reduce((sum, one) => sum + one, 0),
    nodes: counts.filter((one) => one > 0).length,
    largest,
  }
}

export interface QuotaRoom {
  quota: string
  resource: string
  /** For how many VMs it leaves room. */
  count: number
  /** In the resource's own unit. */
  left: number
}

/** What one VM counts for, by the names that quotas have for it. */
export function quotaNeeds(
  need: PodNeed,
  disks: readonly { bytes: number; storageClass: string | undefined }[],
): Record<string, number> {
  const needs: Record<string, number> = {
    pods: 1,
    'count/pods': 1,
    'count/virtualmachines.kubevirt.io': 1,
    'count/virtualmachineinstances.kubevirt.io': 1,
    cpu: need.cpus,
    'requests.cpu': need.cpus,
    memory: need.memoryBytes,
    'requests.memory': need.memoryBytes,
  }
  const count = (resource: string, amount: number) => {
    needs[resource] = (needs[resource] ?? 0) + amount
  }
  for (const { bytes, storageClass } of disks) {
    count('persistentvolumeclaims', 1)
    count('count/persistentvolumeclaims', 1)
    count('count/datavolumes.cdi.kubevirt.io', 1)
    count('requests.storage', bytes)
    if (storageClass === undefined) continue
    count(`${storageClass}.storageclass.storage.k8s.io/requests.storage`, bytes)
    count(`${storageClass}.storageclass.storage.k8s.io/persistentvolumeclaims`, 1)
  }
  return needs
}

/**
 * For how many VMs each quota leaves room, the tightest first. Quotas for some pods only (scopes) are
 * passed over: what KubeVirt's pods fall under isn't told from here.
 */
export function quotaRooms(
  quotas: readonly ResourceQuota[],
  needs: Record<string, number>,
): QuotaRoom[] {
  return quotas
    .filter(({ spec }) => !spec?.scopes?.length && !spec?.scopeSelector)
    .flatMap(({ metadata, spec, status }) => {
      const hard = status?.hard ?? spec?.hard ?? {}
      return Object.entries(hard).flatMap(([resource, limit]) => {
        const amount = needs[resource]
        if (amount === undefined || amount === 0) return []
        const left = (parseQuantity(limit) ?? 0) - (parseQuantity(status?.used?.[resource]) ?? 0)
        const count = Math.max(0, Math.floor(left / amount + 1e-9))
        return [{ quota: metadata.name, resource, count, left: Math.max(0, left) }]
      })
    })
    .toSorted((a, b) => a.count - b.count)
}

export interface LimitProblem {
  limitRange: string
  resource: 'cpu' | 'memory' | 'storage'
  bound: 'max' | 'min'
  value: number
}

/** Limits of the namespace that the VM's pod, or a claim of such a size, is beyond. */
export function limitProblems(
  ranges: readonly LimitRange[],
  need: PodNeed,
  claimBytes: readonly number[],
): LimitProblem[] {
  const wanted: Record<string, [LimitProblem['resource'], number[]][]> = {
    Container: [
      ['cpu', [need.cpus]],
      ['memory', [need.memoryBytes]],
    ],
    PersistentVolumeClaim: [['storage', [...claimBytes]]],
  }
  wanted['Pod'] = wanted['Container']!
  return ranges.flatMap(({ metadata, spec }) =>
    (spec?.limits ?? []).flatMap(({ type, ...bounds }) =>
      (wanted[type] ?? []).flatMap(([resource, amounts]) =>
        (['max', 'min'] as const).flatMap((bound): LimitProblem[] => {
          const value = parseQuantity(bounds[bound]?.[resource])
          if (value === undefined) return []
          const isBeyond = amounts.some((one) => (bound === 'max' ? one > value : one < value))
          return isBeyond ? [{ limitRange: metadata.name, resource, bound, value }] : []
        }),
      ),
    ),
  )
}

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

/** A VM's pod asks for CPU and memory, and has no deadline. */
const scopesOfVms = new Set(['NotBestEffort', 'NotTerminating'])

/** Whether a quota is about VMs; one with scopes counts pods, and those alone. */
function isAboutVms({ spec }: ResourceQuota): boolean {
  const selected = spec?.scopeSelector?.matchExpressions ?? []
  const scopes = [...(spec?.scopes ?? []), ...selected.map(({ scopeName }) => scopeName)]
  return scopes.every((scope) => scopesOfVms.has(scope))
}

/** For how many VMs each quota leaves room, the tightest first. */
export function quotaRooms(
  quotas: readonly ResourceQuota[],
  needs: Record<string, number>,
): QuotaRoom[] {
  return quotas
    .filter(isAboutVms)
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
  /** Only the container that keeps the serial console's log is beyond it. */
  isOfLog: boolean
}

/**
 * What the container that keeps the serial console's log asks for.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/services/serialconsolelog.go
 */
const logNeed: PodNeed = { cpus: 0.005, memoryBytes: 35e6 }

/**
 * Limits of the namespace that the VM's pod, or a claim of such a size, is beyond. KubeVirt gives its
 * containers requests and no limits, so that of the namespace is theirs, and must not be below.
 */
export function limitProblems(
  ranges: readonly LimitRange[],
  need: PodNeed,
  claimBytes: readonly number[],
): LimitProblem[] {
  const cpus = [need.cpus, logNeed.cpus]
  const memory = [need.memoryBytes, logNeed.memoryBytes]
  const sum = (amounts: number[]) => [amounts.reduce((all, one) => all + one, 0)]
  const wanted: Record<string, [LimitProblem['resource'], readonly number[]][]> = {
    Container: [
      ['cpu', cpus],
      ['memory', memory],
    ],
    Pod: [
      ['cpu', sum(cpus)],
      ['memory', sum(memory)],
    ],
    PersistentVolumeClaim: [['storage', claimBytes.toSorted((a, b) => a - b)]],
  }
  return ranges.flatMap(({ metadata, spec }) =>
    (spec?.limits ?? []).flatMap(({ type, min = {}, max = {}, ...item }) =>
      (wanted[type] ?? []).flatMap(([resource, amounts]): LimitProblem[] => {
        const most = parseQuantity({ ...max, ...item.default }[resource])
        const least = parseQuantity(min[resource])
        const about = { limitRange: metadata.name, resource }
        const isBelow = amounts.map((one) => least !== undefined && one < least)
        return [
          ...(most !== undefined && amounts.some((one) => one > most)
            ? [{ ...about, bound: 'max' as const, value: most, isOfLog: false }]
            : []),
          ...(least !== undefined && isBelow.includes(true)
            ? [{ ...about, bound: 'min' as const, value: least, isOfLog: isBelow[0] === false }]
            : []),
        ]
      }),
    ),
  )
}

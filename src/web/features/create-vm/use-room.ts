import {
  clusterInstancetypeKind,
  instancetypeKind,
  limitRangeKind,
  nodeKind,
  resourceQuotaKind,
} from '../../../kube/kinds.ts'
import { nodeMismatch, type Placement } from '../../../kube/node-match.ts'
import { gib, parseQuantity } from '../../../kube/quantity.ts'
import { podNeed, type PodNeed } from '../../../kube/room.ts'
import { useListOnce } from '../../data/list-once.ts'
import { useNodeUsage } from '../../data/node-usage.ts'
import { useDraft } from './draft-context.ts'
import { devicesOf, valueAt, type Draft } from './draft/draft.ts'
import { manyCount } from './draft/many.ts'
import { cpuCount, inferredFrom, instancetype, memoryGiB } from './draft/vm-fields.ts'
import { roomLines, type RoomLine } from './room-words.ts'

const cpuPath = ['spec', 'template', 'spec', 'domain', 'cpu', 'dedicatedCpuPlacement']

/** What one VM's pod asks for; undefined where the size isn't known yet. */
function useNeed(): PodNeed | undefined {
  const { draft, namespace } = useDraft()
  const cluster = useListOnce(clusterInstancetypeKind)
  const own = useListOnce(instancetypeKind, { namespace, enabled: namespace !== '' })
  if (inferredFrom(draft) !== undefined) return undefined
  const chosen = instancetype.get(draft)
  if (chosen === '') {
    const cpus = Number(cpuCount.get(draft) || '1')
    const memoryBytes = Number(memoryGiB.get(draft)) * gib
    const isDedicated = valueAt(draft.vm, cpuPath) === true
    return cpus > 0 && memoryBytes > 0 ? podNeed({ cpus, memoryBytes, isDedicated }) : undefined
  }
  const [kind, name] = chosen.split('/')
  const { items } = kind === instancetypeKind.kind ? own : cluster
  const { cpu, memory } = items.find(({ metadata }) => metadata.name === name)?.spec ?? {}
  const memoryBytes = parseQuantity(memory?.guest)
  if (!cpu?.guest || memoryBytes === undefined) return undefined
  return podNeed({
    cpus: cpu.guest,
    memoryBytes,
    isDedicated: cpu.dedicatedCPUPlacement ?? false,
    overcommitPercent: memory?.overcommitPercent ?? 0,
  })
}

function newDisks(draft: Draft) {
  return devicesOf(draft).dataVolumeTemplates.map(({ spec }) => {
    const { resources, storageClassName } = spec.storage ?? spec.pvc ?? {}
    return {
      bytes: parseQuantity(resources?.requests?.storage) ?? 0,
      storageClass: storageClassName,
    }
  })
}

/** What there is room for on the nodes and in the namespace, and what a pod of the VM asks for. */
export function useRoom(): { need: PodNeed | undefined; lines: RoomLine[] } {
  const { draft, namespace } = useDraft()
  const need = useNeed()
  const scope = { namespace, enabled: namespace !== '' }
  const nodes = useListOnce(nodeKind)
  const quotas = useListOnce(resourceQuotaKind, scope)
  const limits = useListOnce(limitRangeKind, scope)
  const taken = useNodeUsage()
  if (!need) return { need, lines: [] }
  const placement = (draft.vm.spec.template.spec ?? {}) as Placement
  // Rules about other pods are told of where they are made.
  const around = { nodes: nodes.items, pods: [], ownLabels: {} }
  const { affinity, ...rest } = placement
  const own = {
    ...rest,
    ...(affinity?.nodeAffinity && { affinity: { nodeAffinity: affinity.nodeAffinity } }),
  }
  const lines = roomLines({
    need,
    disks: newDisks(draft),
    wanted: Math.max(1, Number(manyCount.get(draft)) || 1),
    nodes: nodes.items.filter((node) => nodeMismatch(own, node, around) === undefined),
    allNodes: nodes.items.length,
    taken,
    quotas: quotas.items,
    limits: limits.items,
  })
  return { need, lines }
}

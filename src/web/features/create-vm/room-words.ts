/** What there is room for, in words, before anything is created. */
import type { LimitRange, Node, ResourceQuota } from '../../../kube/kinds.ts'
import { formatBytes } from '../../../kube/quantity.ts'
import {
  limitProblems,
  nodeRoom,
  quotaNeeds,
  quotaRooms,
  type PodNeed,
  type Taken,
} from '../../../kube/room.ts'

export interface RoomLine {
  text: string
  isShort: boolean
}

export interface RoomFacts {
  /** Of one VM's pod. */
  need: PodNeed
  /** New disks of one VM. */
  disks: readonly { bytes: number; storageClass: string | undefined }[]
  /** How many VMs are wanted. */
  wanted: number
  /** Those that the VM's rules let it run on, of so many. */
  nodes: readonly Node[]
  allNodes: number
  taken: Taken | undefined
  quotas: readonly ResourceQuota[]
  limits: readonly LimitRange[]
}

function cpuWords(cpus: number): string {
  const rounded = Number(cpus.toFixed(2))
  return rounded === 1 ? '1 CPU' : `${rounded} CPUs`
}

function needWords({ cpus, memoryBytes }: PodNeed): string {
  return `${cpuWords(cpus)} and ${formatBytes(memoryBytes)}`
}

function amountWords(resource: string, amount: number): string {
  if (/memory|storage$/.test(resource)) return formatBytes(amount)
  return String(Number(amount.toFixed(2)))
}

function ofThese(count: number, wanted: number): string {
  if (wanted === 1) return count === 0 ? 'none of these' : `${count} of these`
  return `${count} of the ${wanted}`
}

function nodeLine({ need, wanted, nodes, allNodes, taken }: RoomFacts): RoomLine | undefined {
  if (allNodes === 0) return undefined
  const total = allNodes === 1 ? 'the one node' : `${allNodes} nodes`
  const on = (count: number) => (allNodes === 1 ? total : `${count} of ${total}`)
  const empty = nodeRoom(need, nodes)
  if (empty.nodes === 0) {
    const largest = empty.largest ? `: the largest has ${needWords(empty.largest)} for pods` : ''
    return { text: `Too large for ${total}${largest}.`, isShort: true }
  }
  if (!taken) return { text: `Fits on ${on(empty.nodes)} when free.`, isShort: false }
  const { count, nodes: fitting, largest } = nodeRoom(need, nodes, taken)
  const free = largest ? ` The freest has ${needWords(largest)} left.` : ''
  if (count >= wanted) return { text: `Fits on ${on(fitting)} now.${free}`, isShort: false }
  return { text: `Now there is room on nodes for ${ofThese(count, wanted)}.${free}`, isShort: true }
}

function quotaLines({ quotas, need, disks, wanted }: RoomFacts): RoomLine[] {
  const rooms = quotaRooms(quotas, quotaNeeds(need, disks))
  const [tightest] = rooms
  const short = rooms.filter(({ count }) => count < wanted)
  if (tightest && short.length === 0)
    return [
      {
        text: `The namespace’s quota leaves room for ${tightest.count} of these (${tightest.quota}: ${tightest.resource}).`,
        isShort: false,
      },
    ]
  return short.map(({ quota, resource, left, count }) => ({
    text: `Quota ${quota} leaves ${amountWords(resource, left)} of ${resource}: room for ${ofThese(count, wanted)}.`,
    isShort: true,
  }))
}

const limited = { cpu: 'CPU', memory: 'memory', storage: 'storage of a claim' }

function limitLines({ limits, need, disks }: RoomFacts): RoomLine[] {
  const sizes = disks.map(({ bytes }) => bytes).filter((bytes) => bytes > 0)
  return limitProblems(limits, need, sizes).map(
    ({ limitRange, resource, bound, value, isOfLog }) => {
      const amount = `${bound === 'max' ? 'most' : 'least'} ${amountWords(resource, value)} of ${limited[resource]}`
      const ofLog = isOfLog ? ', also for the small container that keeps the console’s log' : ''
      return { text: `Limit range ${limitRange} asks for at ${amount}${ofLog}.`, isShort: true }
    },
  )
}

/** What is short comes first. */
export function roomLines(facts: RoomFacts): RoomLine[] {
  const node = nodeLine(facts)
  const lines = [...(node ? [node] : []), ...quotaLines(facts), ...limitLines(facts)]
  return lines.toSorted((a, b) => Number(b.isShort) - Number(a.isShort))
}

/** `Its pod asks for about 0.1 CPUs and 2.24 GiB.` */
export function needLine(need: PodNeed): string {
  return `Its pod asks for about ${needWords(need)}.`
}

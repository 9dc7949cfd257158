/** Instance types in words, and the nodes that a size fits on. */
import type { Instancetype, Node } from '../../../kube/kinds.ts'
import { formatBytes, formatQuantity, parseQuantity } from '../../../kube/quantity.ts'
import type { Choice } from './DraftSelectField.tsx'

export interface Size {
  cpus: number
  memoryBytes: number
}

/** What `common-instancetypes` means by its series (its README). */
const seriesWords: Record<string, string> = {
  u1: 'General purpose',
  o1: 'Overcommitted: memory is promised more than once',
  cx1: 'Compute: dedicated CPUs and huge pages',
  d1: 'Dedicated CPUs',
  m1: 'Memory: huge pages',
  n1: 'Network: dedicated CPUs and huge pages for DPDK',
  rt1: 'Realtime: dedicated CPUs and huge pages',
}

export function sizeOf({ spec }: Instancetype): Size {
  return {
    cpus: spec?.cpu?.guest ?? 1,
    memoryBytes: parseQuantity(spec?.memory?.guest) ?? 0,
  }
}

/** `u1.small: 1 CPU, 2 GiB`, in groups by series, the smallest first. */
export function instancetypeChoices(
  kind: string,
  instancetypes: readonly Instancetype[],
): Choice[] {
  return instancetypes
    .map((one) => ({ one, series: one.metadata.name.split('.')[0] ?? '', size: sizeOf(one) }))
    .toSorted(
      (a, b) =>
        seriesRank(a.series) - seriesRank(b.series) ||
        a.series.localeCompare(b.series) ||
        a.size.memoryBytes - b.size.memoryBytes ||
        a.size.cpus - b.size.cpus,
    )
    .map(({ one, series, size }) => {
      const cpus = size.cpus === 1 ? '1 CPU' : `${size.cpus} CPUs`
      const words = seriesWords[series]
      return {
        value: `${kind}/${one.metadata.name}`,
        label: `${one.metadata.name}: ${cpus}, ${formatQuantity(one.spec?.memory?.guest)}`,
        group: words === undefined ? 'Others' : `${series}, ${words}`,
      }
    })
}

function seriesRank(series: string): number {
  const rank = Object.keys(seriesWords).indexOf(series)
  return rank < 0 ? Number.MAX_SAFE_INTEGER : rank
}

/** How many nodes would have room if they were empty, in words; undefined where nodes aren't known. */
export function fitWords(size: Size, nodes: readonly Node[]): string | undefined {
  if (nodes.length === 0) return undefined
  const fitting = nodes.filter(({ status }) => {
    const { cpu, memory } = (status?.allocatable ?? {}) as Record<string, string>
    return (
      (parseQuantity(cpu) ?? 0) >= size.cpus && (parseQuantity(memory) ?? 0) >= size.memoryBytes
    )
  })
  const total = nodes.length === 1 ? 'the one node' : `${nodes.length} nodes`
  if (fitting.length > 0)
    return nodes.length === 1
      ? 'Fits on the one node there is, if it is free enough.'
      : `Fits on ${fitting.length} of ${total}, as far as they are free.`
  const largest = Math.max(
    ...nodes.map(
      ({ status }) =>
        parseQuantity((status?.allocatable as Record<string, string>)?.['memory']) ?? 0,
    ),
  )
  return `Too large for ${total}: the largest has ${formatBytes(largest)} of memory for pods.`
}

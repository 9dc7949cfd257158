/** What an instance type gives, in words. */
import type { Instancetype } from './kinds.ts'
import { formatBytes, parseQuantity } from './quantity.ts'

/** What `common-instancetypes` means by its series (its README). */
export const seriesWords: Record<string, string> = {
  u1: 'General purpose',
  o1: 'Overcommitted: memory is promised more than once',
  cx1: 'Compute: dedicated CPUs and huge pages',
  d1: 'Dedicated CPUs',
  m1: 'Memory: huge pages',
  n1: 'Network: dedicated CPUs and huge pages for DPDK',
  rt1: 'Realtime: dedicated CPUs and huge pages',
}

export interface Size {
  cpus: number
  memoryBytes: number
}

export function sizeOf({ spec }: Pick<Instancetype, 'spec'>): Size {
  return {
    cpus: spec?.cpu?.guest ?? 1,
    memoryBytes: parseQuantity(spec?.memory?.guest) ?? 0,
  }
}

/** `2 CPUs, 4 GiB`. */
export function sizeWords(instancetype: Pick<Instancetype, 'spec'>): string {
  const { cpus, memoryBytes } = sizeOf(instancetype)
  return `${cpus === 1 ? '1 CPU' : `${cpus} CPUs`}, ${formatBytes(memoryBytes)}`
}

/** By series in the order of {@link seriesWords}, then by name; within one the smallest first. */
export function compareInstancetypes(a: Instancetype, b: Instancetype): number {
  const sizeA = sizeOf(a)
  const sizeB = sizeOf(b)
  const seriesA = a.metadata.name.split('.')[0] ?? ''
  const seriesB = b.metadata.name.split('.')[0] ?? ''
  return (
    seriesRank(seriesA) - seriesRank(seriesB) ||
    seriesA.localeCompare(seriesB) ||
    sizeA.memoryBytes - sizeB.memoryBytes ||
    sizeA.cpus - sizeB.cpus
  )
}

function seriesRank(series: string): number {
  const rank = Object.keys(seriesWords).indexOf(series)
  return rank < 0 ? Number.MAX_SAFE_INTEGER : rank
}

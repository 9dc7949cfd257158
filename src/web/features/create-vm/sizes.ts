/** Instance types in words, and the nodes that a size fits on. */
import {
  compareInstancetypes,
  seriesWords,
  sizeWords,
  type Size,
} from '../../../kube/instancetype-facts.ts'
import type { Instancetype, Node } from '../../../kube/kinds.ts'
import { formatBytes, parseQuantity } from '../../../kube/quantity.ts'
import type { Choice } from '../../ui/form-fields/PlainSelectField.tsx'

/** `u1.small: 1 CPU, 2 GiB`, in groups by series, the smallest first. */
export function instancetypeChoices(
  kind: string,
  instancetypes: readonly Instancetype[],
): Choice[] {
  return instancetypes.toSorted(compareInstancetypes).map((one) => {
    const { name } = one.metadata
    const series = name.split('.')[0] ?? ''
    const words = seriesWords[series]
    return {
      value: `${kind}/${name}`,
      label: `${name}: ${sizeWords(one)}`,
      group: words === undefined ? 'Others' : `${series}, ${words}`,
    }
  })
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

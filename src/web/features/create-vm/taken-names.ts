import { virtualMachineKind, type VirtualMachine } from '../../../kube/kinds.ts'
import { useLiveList } from '../../data/live-list.ts'
import type { Draft } from './draft/draft.ts'
import { copyNames, isMany, manyIsPool } from './draft/many.ts'
import { vmNamespace } from './draft/vm-fields.ts'

const nameOf = ({ metadata }: VirtualMachine): string => metadata.name
/** More names than these say nothing more. */
const mostNamed = 5

/** Which of several names are taken, as a sentence. One name is left to the cluster's own check. */
export function useTakenNames(draft: Draft): string | undefined {
  const namespace = vmNamespace.get(draft)
  const isNeeded = isMany(draft) && !manyIsPool.get(draft) && namespace !== ''
  const { items } = useLiveList(virtualMachineKind, {
    namespace,
    project: nameOf,
    enabled: isNeeded,
  })
  if (!isNeeded) return undefined
  const known = new Set(items)
  const taken = copyNames(draft).filter((name) => known.has(name))
  if (taken.length === 0) return undefined
  const more = taken.length > mostNamed ? ` and ${taken.length - mostNamed} more` : ''
  return `Already there: ${taken.slice(0, mostNamed).join(', ')}${more}. Change the pattern or the first number.`
}

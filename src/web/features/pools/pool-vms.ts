/** The VMs of a pool. */
import { useMemo } from 'react'

import { virtualMachineKind, type VirtualMachinePool } from '../../../kube/kinds.ts'
import { projectVm, type VmFacts } from '../../../kube/vm-facts.ts'
import { poolSelector } from '../../../kube/vm-pool.ts'
import { useLiveList, type LiveList } from '../../data/live-list.ts'

const byNumber = new Intl.Collator('en', { numeric: true })

/** By their numbers; a VM that only has the same labels is none of them. */
export function usePoolVms(pool: VirtualMachinePool): LiveList<VmFacts> {
  const { namespace, uid } = pool.metadata
  const list = useLiveList(virtualMachineKind, {
    namespace,
    labelSelector: poolSelector(pool),
    project: projectVm,
  })
  const { items } = list
  const own = useMemo(
    () =>
      items
        .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid))
        .toSorted((a, b) => byNumber.compare(a.metadata.name, b.metadata.name)),
    [items, uid],
  )
  return { ...list, items: own }
}

import { useDeferredValue } from 'react'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../../kube/kinds.ts'
import { projectVm, projectVmi } from '../../../kube/vm-facts.ts'
import { useLiveList } from '../../data/live-list.ts'

/**
 * The VMs and VMIs of a namespace, or of all, as lists show them. Deferred: many rows are rendered in
 * slices, between which the page answers.
 */
export function useMachines(namespace: string | undefined) {
  const vms = useDeferredValue(useLiveList(virtualMachineKind, { namespace, project: projectVm }))
  const vmis = useDeferredValue(
    useLiveList(virtualMachineInstanceKind, { namespace, project: projectVmi }),
  )
  return {
    vms,
    vmis,
    retry: () => {
      vms.retry()
      vmis.retry()
    },
  }
}

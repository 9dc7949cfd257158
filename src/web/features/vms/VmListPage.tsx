import { useDeferredValue, useMemo, useState } from 'react'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../../kube/kinds.ts'
import { projectVm, projectVmi } from '../../../kube/vm-facts.ts'
import { useLiveList } from '../../data/live-list.ts'
import { createVmJoin } from '../../ui/machine-list/machine-rows.ts'
import { MachineListPage } from '../../ui/machine-list/MachineListPage.tsx'
import { usePageParams } from '../../ui/page-params.ts'

/** All VMs of a namespace, or of the cluster, with what their VMIs add. */
export function VmListPage() {
  const { namespace } = usePageParams()
  // Many rows are rendered in slices, between which the page answers.
  const vms = useDeferredValue(useLiveList(virtualMachineKind, { namespace, project: projectVm }))
  const vmis = useDeferredValue(
    useLiveList(virtualMachineInstanceKind, { namespace, project: projectVmi }),
  )
  const [join] = useState(createVmJoin)
  const rows = useMemo(() => join(vms.items, vmis.items), [join, vms.items, vmis.items])

  // The VMs decide whether there is a list; without the VMIs rows lack node and address.
  const lost = vms.connection !== 'live' ? vms : vmis
  const error = vms.error ?? vmis.error
  return (
    <MachineListPage
      list="vms"
      namespace={namespace}
      rows={rows}
      state={{
        status: vms.status,
        connection: lost.connection,
        ...(error && { error }),
        retry() {
          vms.retry()
          vmis.retry()
        },
      }}
      lacking={
        vmis.status === 'failed' && vmis.error
          ? {
              what: 'Node, address and the guest’s own words are missing: VirtualMachineInstances can’t be listed',
              error: vmis.error,
            }
          : undefined
      }
    />
  )
}

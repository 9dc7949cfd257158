import { useMemo, useState } from 'react'

import { createVmJoin } from '../../ui/machine-list/machine-rows.ts'
import { MachineListPage } from '../../ui/machine-list/MachineListPage.tsx'
import { useMachines } from '../../ui/machine-list/use-machines.ts'
import { usePageParams } from '../../ui/page-params.ts'

/** All VMs of a namespace, or of the cluster, with what their VMIs add. */
export function VmListPage() {
  const { namespace } = usePageParams()
  const { vms, vmis, retry } = useMachines(namespace)
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
        retry,
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

import { useMemo, useState } from 'react'

import { createVmiJoin } from '../../ui/machine-list/machine-rows.ts'
import { MachineListPage } from '../../ui/machine-list/MachineListPage.tsx'
import { useMachines } from '../../ui/machine-list/use-machines.ts'
import { usePageParams } from '../../ui/page-params.ts'

/** All VMIs of a namespace, or of the cluster: what actually runs, owned by a VM or not. */
export function VmiListPage() {
  const { namespace } = usePageParams()
  // The VMs are for the actions that are theirs, such as stop.
  const { vms, vmis, retry } = useMachines(namespace)
  const [join] = useState(createVmiJoin)
  const rows = useMemo(() => join(vmis.items, vms.items), [join, vmis.items, vms.items])
  return (
    <MachineListPage
      list="vmis"
      namespace={namespace}
      rows={rows}
      state={{
        status: vmis.status,
        connection: vmis.connection,
        ...(vmis.error && { error: vmis.error }),
        retry,
      }}
    />
  )
}

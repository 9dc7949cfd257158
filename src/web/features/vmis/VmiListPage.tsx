import { useDeferredValue, useMemo, useState } from 'react'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../../kube/kinds.ts'
import { projectVm, projectVmi } from '../../../kube/vm-facts.ts'
import { useLiveList } from '../../data/live-list.ts'
import { createVmiJoin } from '../../ui/machine-list/machine-rows.ts'
import { MachineListPage } from '../../ui/machine-list/MachineListPage.tsx'
import { usePageParams } from '../../ui/page-params.ts'

/** All VMIs of a namespace, or of the cluster: what actually runs, owned by a VM or not. */
export function VmiListPage() {
  const { namespace } = usePageParams()
  // Many rows are rendered in slices, between which the page answers.
  const vmis = useDeferredValue(
    useLiveList(virtualMachineInstanceKind, { namespace, project: projectVmi }),
  )
  // For the actions that are the VM's, such as stop.
  const vms = useDeferredValue(useLiveList(virtualMachineKind, { namespace, project: projectVm }))
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
        retry() {
          vmis.retry()
          vms.retry()
        },
      }}
    />
  )
}

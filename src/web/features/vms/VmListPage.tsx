import { MachineListPage } from '../../ui/machine-list/MachineListPage.tsx'
import { useVmRows } from '../../ui/machine-list/use-vm-rows.ts'
import { usePageParams } from '../../ui/page-params.ts'

/** All VMs of a namespace, or of the cluster, with what their VMIs add. */
export function VmListPage() {
  const { namespace } = usePageParams()
  return <MachineListPage {...useVmRows(namespace)} />
}

import { useMemo, useState } from 'react'

import { createVmJoin } from './machine-rows.ts'
import type { MachineListProps } from './MachineListShell.tsx'
import { useMachines } from './use-machines.ts'

/** All VMs of a namespace, or of the cluster, with what their VMIs add. */
export function useVmRows(namespace: string | undefined): MachineListProps {
  const { vms, vmis, retry } = useMachines(namespace)
  const [join] = useState(createVmJoin)
  const rows = useMemo(() => join(vms.items, vmis.items), [join, vms.items, vmis.items])

  // The VMs decide whether there is a list; without the VMIs rows lack node and address.
  const lost = vms.connection !== 'live' ? vms : vmis
  const error = vms.error ?? vmis.error
  return {
    list: 'vms',
    namespace,
    rows,
    state: {
      status: vms.status,
      connection: lost.connection,
      ...(error && { error }),
      retry,
    },
    lacking:
      vmis.status === 'failed' && vmis.error
        ? {
            what: 'Node, address and the guest’s own words are missing: VirtualMachineInstances can’t be listed',
            error: vmis.error,
          }
        : undefined,
  }
}

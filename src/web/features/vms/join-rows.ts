import type { VmFacts, VmiFacts } from '../../../kube/vm-facts.ts'
import { vmStatus, type PlainStatus } from '../../../kube/vm-status.ts'
import { ipAddresses } from '../../ui/machine-columns.tsx'

/** A VM of the list with the VMI of its name, if it has one. */
export interface VmRow {
  vm: VmFacts
  vmi?: VmiFacts
  status: PlainStatus
  ips: string
}

/** The VMI of a VM has its name, and is in its namespace. */
function key({ metadata }: VmFacts | VmiFacts): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}

/**
 * Joins the two streams. A row whose VM and VMI are the same objects as before is the same object
 * too, so that a table renders only what changed.
 */
export function createJoin(): (vms: readonly VmFacts[], vmis: readonly VmiFacts[]) => VmRow[] {
  const rows = new WeakMap<VmFacts, VmRow>()
  return (vms, vmis) => {
    const vmiByKey = new Map(vmis.map((vmi) => [key(vmi), vmi]))
    return vms.map((vm) => {
      const vmi = vmiByKey.get(key(vm))
      const before = rows.get(vm)
      if (before && before.vmi === vmi) return before
      const row: VmRow = {
        vm,
        ...(vmi && { vmi }),
        status: vmStatus(vm, vmi),
        ips: ipAddresses(vmi).join(' '),
      }
      rows.set(vm, row)
      return row
    })
  }
}

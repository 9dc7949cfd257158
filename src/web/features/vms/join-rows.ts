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
 * too, so that a table renders only what changed; `previous` remembers them.
 */
export function createJoin(): (vms: readonly VmFacts[], vmis: readonly VmiFacts[]) => VmRow[] {
  let previous = new Map<string, VmRow>()
  return (vms, vmis) => {
    const vmiByKey = new Map(vmis.map((vmi) => [key(vmi), vmi]))
    const next = new Map<string, VmRow>()
    for (const vm of vms) {
      const rowKey = key(vm)
      const vmi = vmiByKey.get(rowKey)
      const before = previous.get(rowKey)
      const isSame = before !== undefined && before.vm === vm && before.vmi === vmi
      next.set(
        rowKey,
        isSame
          ? before
          : {
              vm,
              ...(vmi && { vmi }),
              status: vmStatus(vm, vmi),
              ips: ipAddresses(vmi).join(' '),
            },
      )
    }
    previous = next
    return [...next.values()]
  }
}

import type { VirtualMachine, VirtualMachineInstance } from '../../../kube/kinds.ts'
import type { KubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import type { DiskRow } from '../../ui/storage/disk-rows.ts'

/** What every dialog about one disk of a VM is given. */
export interface RowDialogProps {
  vm: VirtualMachine
  vmi: VirtualMachineInstance | undefined
  config: KubeVirtConfig
  row: DiskRow
  onClose: () => void
}

import { Content } from '@patternfly/react-core'
import { useForm } from 'react-hook-form'

import { diskFieldRules } from '../../../kube/admission-fields.ts'
import { virtualMachineKind } from '../../../kube/kinds.ts'
import { useKube } from '../../data/host-context.tsx'
import { patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import type { RowDialogProps } from './disk-dialogs.ts'
import { attachDiskPatch, attachedDiskPlace } from './disk-patch.ts'

/** Writes a disk that only the running instance has into the VM, so that it is there after a restart. */
export function KeepDiskDialog({ vm, row, onClose }: RowDialogProps) {
  const client = useKube()
  const form = useForm()
  const { base, reload, changes } = useFormBase(virtualMachineKind, vm)
  const { disk = { name: row.name, disk: { bus: 'scsi' } }, volume } = row.entry
  const { index, volumeIndex } = attachedDiskPlace(base)
  return (
    <FormShell
      title={`Make disk ${row.name} persistent`}
      form={form}
      steps={[
        patchStep(
          client,
          virtualMachineKind,
          base,
          attachDiskPatch(base, { disk, volume }),
          diskFieldRules(index, volumeIndex),
        ),
      ]}
      effect={{ when: 'now', sentence: 'The running VM has the disk already; now it keeps it.' }}
      submitLabel="Make persistent"
      isCheckedAtOnce
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      <Content component="p">
        The disk was plugged into the running instance only. Written into the VM, it is there after
        a restart as well.
      </Content>
    </FormShell>
  )
}

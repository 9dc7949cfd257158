import { Content } from '@patternfly/react-core'
import { useForm } from 'react-hook-form'

import { diskChangeEffect, situationOf } from '../../../kube/apply-time.ts'
import {
  virtualMachineKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import type { KubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import { claimNameOf, disksOf } from '../../../kube/vm-devices.ts'
import { dataVolumeTemplateIndex } from '../../../kube/vm-patch.ts'
import { useKube } from '../../data/host-context.tsx'
import { patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import { detachDiskPatch } from './disk-patch.ts'
import type { DiskRow } from './disk-rows.ts'

/** Takes a disk out of the VM; what it was made of stays. */
export function DetachDiskDialog({
  vm,
  vmi,
  config,
  row,
  onClose,
}: {
  vm: VirtualMachine
  vmi: VirtualMachineInstance | undefined
  config: KubeVirtConfig
  row: DiskRow
  onClose: () => void
}) {
  const client = useKube()
  const form = useForm()
  const { base, reload } = useFormBase(virtualMachineKind, vm)
  const situation = situationOf(vm, vmi, config)
  const running =
    situation.state === 'stopped'
      ? undefined
      : disksOf(vmi?.spec).find(({ disk, volume }) => (disk ?? volume)?.name === row.name)
  const effect = diskChangeEffect(undefined, running, situation)
  const when = { now: ' now', restart: ', restart to apply', migration: '', none: '', start: '' }
  const claimName = claimNameOf(row.entry.volume)
  const isFromTemplate = dataVolumeTemplateIndex(base, row.entry.volume) >= 0

  return (
    <FormShell
      title={`Detach disk ${row.name}`}
      form={form}
      steps={[patchStep(client, virtualMachineKind, base, detachDiskPatch(base, row.name), [])]}
      effect={effect}
      submitLabel={`Detach disk${when[effect.when]}`}
      isDangerous
      isCheckedAtOnce
      onReload={reload}
      onClose={onClose}
    >
      <Content component="p">
        {claimName === undefined
          ? `The ${row.sourceType} ${row.sourceName} is taken out of the VM and stays as it is.`
          : `The PersistentVolumeClaim ${claimName} and its data stay.`}
      </Content>
      {isFromTemplate && (
        <Content component="p">
          The DataVolume {row.entry.volume?.dataVolume?.name} was made by this VM’s
          dataVolumeTemplates; its template is removed too, as KubeVirt demands. The DataVolume
          still belongs to the VM: it and its data are deleted together with it.
        </Content>
      )}
    </FormShell>
  )
}

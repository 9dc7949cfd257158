import { Alert, Content } from '@patternfly/react-core'
import { useForm } from 'react-hook-form'

import { diskChangeEffect, situationOf } from '../../../kube/apply-time.ts'
import { owningDataVolume } from '../../../kube/claim-status.ts'
import {
  dataVolumeKind,
  persistentVolumeClaimKind,
  virtualMachineKind,
  type DataVolume,
} from '../../../kube/kinds.ts'
import { claimNameOf, disksOf } from '../../../kube/vm-devices.ts'
import { dataVolumeTemplateIndex } from '../../../kube/vm-patch.ts'
import { useDenial } from '../../data/access.ts'
import { useKnownClaimUsers } from '../../data/claim-users.ts'
import { useKube } from '../../data/host-context.tsx'
import { FormRadioField } from '../../ui/form-fields/FormRadioField.tsx'
import { deleteStep, patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import type { DiskRow } from '../../ui/storage/disk-rows.ts'
import type { RowDialogProps } from './disk-dialogs.ts'
import { detachDiskPatch } from './disk-patch.ts'

/** Takes a disk out of the VM; what it was made of stays, or goes with it. */
export function DetachDiskDialog({
  vm,
  vmi,
  config,
  row,
  dataVolumes,
  onClose,
}: RowDialogProps & { dataVolumes: readonly DataVolume[] }) {
  const client = useKube()
  const form = useForm({ defaultValues: { fate: 'keep' } })
  const { fate } = useFormValues(form)
  const { base, reload, changes } = useFormBase(virtualMachineKind, vm)
  const situation = situationOf(vm, vmi, config)
  const running =
    situation.state === 'stopped'
      ? undefined
      : disksOf(vmi?.spec).find(({ disk, volume }) => (disk ?? volume)?.name === row.name)
  const effect = diskChangeEffect(undefined, running, situation)
  const when = { now: ' now', restart: ', restart to apply', migration: '', none: '', start: '' }
  const claimName = claimNameOf(row.entry.volume)
  const isFromTemplate = dataVolumeTemplateIndex(base, row.entry.volume) >= 0
  const whyKept = useWhyKept(row, vm.metadata.name, vm.metadata.namespace ?? '')
  // Its claim goes with the DataVolume, and would come back while that is there.
  const owner = row.claim && owningDataVolume(row.claim)
  const dataVolume = dataVolumes.find(({ metadata }) => metadata.name === owner)
  const isDeleted = fate === 'delete' && whyKept === undefined

  return (
    <FormShell
      title={`Detach disk ${row.name}`}
      form={form}
      steps={[
        patchStep(client, virtualMachineKind, base, detachDiskPatch(base, row.name), []),
        ...(!isDeleted
          ? []
          : dataVolume
            ? [deleteStep(client, dataVolumeKind, dataVolume)]
            : row.claim
              ? [deleteStep(client, persistentVolumeClaimKind, row.claim)]
              : []),
      ]}
      effect={effect}
      submitLabel={`Detach disk${isDeleted ? ' and delete its data' : ''}${when[effect.when]}`}
      isDangerous
      isCheckedAtOnce
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      {claimName === undefined ? (
        <Content component="p">
          {row.sourceName === ''
            ? 'What it holds is gone with it.'
            : `The ${row.sourceType} ${row.sourceName} is taken out of the VM and stays as it is.`}
        </Content>
      ) : (
        <FormRadioField
          form={form}
          name="fate"
          label={`PersistentVolumeClaim ${claimName}`}
          choices={[
            { value: 'keep', label: 'Keep it and its data' },
            { value: 'delete', label: 'Delete it with its data', reason: whyKept },
          ]}
        />
      )}
      {isDeleted && (
        <Alert isInline isPlain variant="danger" title={`The data of ${claimName} is lost.`}>
          {effect.when === 'restart' && 'The claim is gone once the VM no longer has it.'}
        </Alert>
      )}
      {isFromTemplate && !isDeleted && (
        <Content component="p">
          The DataVolume {row.entry.volume?.dataVolume?.name} was made by this VM’s
          dataVolumeTemplates; its template is removed too, as KubeVirt demands. The DataVolume
          still belongs to the VM: it and its data are deleted together with it.
        </Content>
      )}
    </FormShell>
  )
}

/** Why the claim behind a disk can't be deleted along. */
function useWhyKept({ claim }: DiskRow, vmName: string, namespace: string): string | undefined {
  const isFromDataVolume = claim !== undefined && owningDataVolume(claim) !== undefined
  const denial = useDenial(
    claim && {
      verb: 'delete',
      group: isFromDataVolume ? 'cdi.kubevirt.io' : '',
      resource: isFromDataVolume ? 'datavolumes' : 'persistentvolumeclaims',
      namespace,
    },
  )
  const { users, isLoading, error } = useKnownClaimUsers({ namespace, mustBeFresh: true })
  if (!claim) return 'The claim can’t be read.'
  if (denial !== undefined) return denial
  if (error) return `Who else uses it can’t be read: ${error.message}`
  if (isLoading) return 'Looking for who else uses it.'
  const others = (users.get(claim.metadata.name) ?? []).filter((name) => name !== vmName)
  return others.length > 0 ? `Also used by ${others.join(', ')}.` : undefined
}

import { zodResolver } from '@hookform/resolvers/zod'
import { Content } from '@patternfly/react-core'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import type { z } from 'zod'

import { claimFieldRules } from '../../../kube/admission-fields.ts'
import type { Effect } from '../../../kube/apply-time.ts'
import {
  persistentVolumeClaimKind,
  virtualMachineKind,
  type PersistentVolumeClaim,
} from '../../../kube/kinds.ts'
import { formatQuantity, gib, parseQuantity } from '../../../kube/quantity.ts'
import { claimNameOf } from '../../../kube/vm-devices.ts'
import { moveVolumePatch } from '../../../kube/volume-migration.ts'
import { useKube } from '../../data/host-context.tsx'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'
import { createStep, patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import { proposeClaimName } from '../../ui/storage/disk-form.ts'
import {
  claimFromValues,
  claimNameSyntax,
  storageClassSchema,
} from '../../ui/storage/disk-source.ts'
import { StorageClassFields } from '../../ui/storage/StorageClassFields.tsx'
import type { RowDialogProps } from './disk-dialogs.ts'
import { migrateStep } from './migrate-step.ts'

const schema = storageClassSchema.extend({ claimName: claimNameSyntax })

const onMigration = { when: 'migration' } as const
const fieldEffects = {
  claimName: onMigration,
  storageClass: onMigration,
  accessMode: onMigration,
  volumeMode: onMigration,
}

/** Moves a running VM's disk to a new claim, on another storage class. */
export function MoveDiskDialog({
  vm,
  config,
  row,
  claims,
  onClose,
}: RowDialogProps & { claims: readonly PersistentVolumeClaim[] }) {
  const client = useKube()
  const namespace = vm.metadata.namespace ?? ''
  const { base, reload, changes } = useFormBase(virtualMachineKind, vm)
  const from = claimNameOf(row.entry.volume) ?? ''
  const [defaultValues] = useState(() => ({
    claimName: proposeClaimName(
      vm.metadata.name,
      row.name,
      claims.map(({ metadata }) => metadata.name),
    ),
    storageClass: '',
    accessMode: 'ReadWriteMany',
    volumeMode: 'Block' as const,
  }))
  const form = useForm<z.input<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues,
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const [created, setCreated] = useState<string>()
  const size = row.claim?.status?.capacity?.storage ?? row.claim?.spec?.resources?.requests?.storage
  const sizeGiB = String((parseQuantity(size as string | undefined) ?? 0) / gib)
  const claimName = values.claimName.trim()
  const steps = schema.safeParse(values).success
    ? [
        ...(created === claimName
          ? []
          : [
              createStep(
                client,
                persistentVolumeClaimKind,
                claimFromValues({ ...values, sizeGiB }, namespace),
                claimFieldRules,
                ({ metadata }: PersistentVolumeClaim) => setCreated(metadata.name),
              ),
            ]),
        patchStep(client, virtualMachineKind, base, moveVolumePatch(base, row.name, claimName), []),
        ...(config.migratesToApply ? [] : [migrateStep(client, base.metadata, claimName)]),
      ]
    : undefined
  const effect: Effect = {
    when: 'migration',
    sentence: `A live migration copies the disk while the VM runs on${
      config.migratesToApply ? ', which KubeVirt starts by itself' : '; saving starts it'
    }. Other disks aren’t plugged until that is done.`,
  }

  return (
    <FormShell
      title={`Move disk ${row.name} to other storage`}
      form={form}
      steps={steps}
      effect={effect}
      fieldEffects={fieldEffects}
      submitLabel="Create PVC and move disk"
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      <Content component="p">
        {from} ({formatQuantity(size as string | undefined)}
        {row.storageClass && `, ${row.storageClass}`}) stays as it is when the copy is done; delete
        it yourself when you no longer need it.
      </Content>
      <FormTextField form={form} name="claimName" label="New PVC name" isRequired />
      <StorageClassFields form={form} purpose="vm" />
    </FormShell>
  )
}

import { zodResolver } from '@hookform/resolvers/zod'
import { Alert, AlertActionLink } from '@patternfly/react-core'
import { useState } from 'react'
import { useForm, type UseFormReturn } from 'react-hook-form'

import { claimFieldRules, diskFieldRules } from '../../../kube/admission-fields.ts'
import { diskChangeEffect, situationOf, type Effect } from '../../../kube/apply-time.ts'
import {
  persistentVolumeClaimKind,
  storageClassKind,
  virtualMachineKind,
  type PersistentVolumeClaim,
  type StorageClass,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import type { KubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import { formatQuantity } from '../../../kube/quantity.ts'
import { claimNameOf, disksOf, templateSpec } from '../../../kube/vm-devices.ts'
import { useAccess } from '../../data/access.ts'
import { useClaimUsers } from '../../data/claim-users.ts'
import { useKube } from '../../data/host-context.tsx'
import { useListOnce } from '../../data/list-once.ts'
import { FormCheckboxField } from '../../ui/form-fields/FormCheckboxField.tsx'
import { FormPair } from '../../ui/form-fields/FormPair.tsx'
import { FormRadioField } from '../../ui/form-fields/FormRadioField.tsx'
import { FormSearchField } from '../../ui/form-fields/FormSearchField.tsx'
import { FormSelectField } from '../../ui/form-fields/FormSelectField.tsx'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'
import { createStep, patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import {
  busesFor,
  claimFromValues,
  diskFromValues,
  diskSchema,
  isDefaultClass,
  proposeClaimName,
  proposeDiskName,
  type DiskValues,
} from './disk-form.ts'
import { attachDiskPatch, attachedDiskPlace } from './disk-patch.ts'

function submitLabel(effect: Effect | undefined, isNewClaim: boolean): string {
  const what = isNewClaim ? 'Create PVC and attach disk' : 'Attach disk'
  if (effect?.when === 'now') return `${what} now`
  return effect?.when === 'restart' ? `${what}, restart to apply` : what
}

/** Attaches an existing PVC to a VM, or a new one that it creates first. */
export function AttachDiskDialog({
  vm,
  vmi,
  config,
  claims,
  onClose,
}: {
  vm: VirtualMachine
  vmi: VirtualMachineInstance | undefined
  config: KubeVirtConfig
  claims: readonly PersistentVolumeClaim[]
  onClose: () => void
}) {
  const client = useKube()
  const namespace = vm.metadata.namespace ?? ''
  const { base, reload } = useFormBase(virtualMachineKind, vm)
  const [defaults] = useState(() => {
    const disks = disksOf(templateSpec(vm))
    const name = proposeDiskName(disks.map(({ disk, volume }) => disk?.name ?? volume?.name ?? ''))
    const taken = claims.map(({ metadata }) => metadata.name)
    return {
      source: 'existing' as const,
      existingClaim: '',
      claimName: proposeClaimName(vm.metadata.name, name, taken),
      sizeGiB: '20',
      storageClass: '',
      accessMode: 'ReadWriteOnce',
      volumeMode: 'Filesystem' as const,
      name,
      type: 'disk' as const,
      bus: 'virtio',
      serial: '',
      bootOrder: '',
      isReadOnly: false,
    }
  })
  const form = useForm<DiskValues>({
    resolver: zodResolver(diskSchema),
    defaultValues: defaults,
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  /** The claim this form has created when attaching it failed afterwards. */
  const [created, setCreated] = useState<PersistentVolumeClaim>()

  const situation = situationOf(vm, vmi, config)
  const parsed = diskSchema.safeParse(values)
  const isNew = values.source === 'new'
  const isCreated = isNew && created?.metadata.name === values.claimName.trim()
  const entry = parsed.success
    ? diskFromValues(parsed.data, situation.state !== 'stopped')
    : undefined
  const effect = entry && diskChangeEffect(entry, undefined, situation)
  const place = attachedDiskPlace(base)
  const rules = diskFieldRules(
    place.index,
    place.volumeIndex,
    isNew ? 'claimName' : 'existingClaim',
  )
  const steps = entry && [
    ...(isNew && !isCreated
      ? [
          createStep(
            client,
            persistentVolumeClaimKind,
            claimFromValues(values, namespace),
            claimFieldRules,
            setCreated,
          ),
        ]
      : []),
    patchStep(client, virtualMachineKind, base, attachDiskPatch(base, entry), rules),
  ]

  return (
    <FormShell
      title="Attach disk"
      form={form}
      steps={steps}
      effect={effect}
      submitLabel={submitLabel(effect, isNew && !isCreated)}
      onReload={reload}
      onClose={onClose}
    >
      {created && <CreatedNote claim={created} onDeleted={() => setCreated(undefined)} />}
      <SourceFields form={form} values={values} vm={vm} claims={claims} />
      <DeviceFields form={form} values={values} isRunning={situation.state !== 'stopped'} />
    </FormShell>
  )
}

/** The claim stands although the disk isn't attached; nothing is cleaned up behind the user's back. */
function CreatedNote({
  claim,
  onDeleted,
}: {
  claim: PersistentVolumeClaim
  onDeleted: () => void
}) {
  const client = useKube()
  const { name, namespace = '', uid } = claim.metadata
  const [problem, setProblem] = useState<string>()
  function remove(): void {
    client
      .delete(persistentVolumeClaimKind, { name, namespace }, { uid })
      .then(onDeleted, (cause: unknown) =>
        setProblem(cause instanceof Error ? cause.message : String(cause)),
      )
  }
  return (
    <Alert
      isInline
      variant="info"
      title={`PersistentVolumeClaim ${name} was created, but isn’t attached yet`}
      actionLinks={<AlertActionLink onClick={remove}>Delete {name}</AlertActionLink>}
    >
      {problem ?? 'Saving again attaches it. It also stays when this form is left.'}
    </Alert>
  )
}

interface FieldsProps {
  form: UseFormReturn<DiskValues>
  values: DiskValues
}

function SourceFields({
  form,
  values,
  vm,
  claims,
}: FieldsProps & { vm: VirtualMachine; claims: readonly PersistentVolumeClaim[] }) {
  const namespace = vm.metadata.namespace ?? ''
  const creation = useAccess({
    verb: 'create',
    group: '',
    resource: 'persistentvolumeclaims',
    namespace,
  })
  const denial =
    creation.allowed === false ? (creation.reason ?? 'You may not create claims.') : undefined
  return (
    <>
      <FormRadioField
        form={form}
        name="source"
        label="Source"
        choices={[
          { value: 'existing', label: 'Existing PersistentVolumeClaim' },
          { value: 'new', label: 'New, empty PersistentVolumeClaim', reason: denial },
        ]}
      />
      {values.source === 'existing' ? (
        <ExistingClaimField form={form} values={values} vm={vm} claims={claims} />
      ) : (
        <NewClaimFields form={form} values={values} />
      )}
    </>
  )
}

const accessModeWords: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadWriteMany: 'RWX',
  ReadOnlyMany: 'ROX',
  ReadWriteOncePod: 'RWOP',
}

function describeClaim({ spec, status, metadata }: PersistentVolumeClaim, users: string[]): string {
  const facts = [
    formatQuantity(status?.capacity?.storage ?? spec?.resources?.requests?.storage),
    spec?.storageClassName,
    spec?.accessModes?.map((mode) => accessModeWords[mode] ?? mode).join(', '),
    String(status?.phase ?? '') === 'Bound' ? undefined : `${String(status?.phase ?? 'Pending')}`,
    metadata.deletionTimestamp === undefined ? undefined : 'being deleted',
    users.length > 0 ? `used by ${users.join(', ')}` : undefined,
  ]
  return facts.filter(Boolean).join(' · ')
}

function ExistingClaimField({
  form,
  values,
  vm,
  claims,
}: FieldsProps & { vm: VirtualMachine; claims: readonly PersistentVolumeClaim[] }) {
  const users = useClaimUsers(vm.metadata.namespace ?? '')
  const own = new Set(templateSpec(vm).volumes?.map(claimNameOf))
  const choices = claims
    .filter(({ metadata }) => !own.has(metadata.name))
    .map((claim) => ({
      value: claim.metadata.name,
      description: describeClaim(claim, users.get(claim.metadata.name) ?? []),
    }))
    .toSorted((a, b) => a.value.localeCompare(b.value, undefined, { numeric: true }))
  const chosen = claims.find(({ metadata }) => metadata.name === values.existingClaim)
  const usedBy = users.get(values.existingClaim) ?? []
  const isShared = chosen?.spec?.accessModes?.some((mode) => String(mode).endsWith('Many'))
  return (
    <>
      <FormSearchField
        form={form}
        name="existingClaim"
        label="PersistentVolumeClaim"
        isRequired
        choices={choices}
        placeholder="Type to find one"
        emptyText="No other PersistentVolumeClaim in this namespace."
        help={chosen && describeClaim(chosen, [])}
      />
      {usedBy.length > 0 && (
        <Alert isInline isPlain variant="warning" title={`In use by ${usedBy.join(', ')}`}>
          {isShared
            ? 'Two guests that write to one disk destroy its file system, unless that is made for sharing.'
            : 'Its access mode lets only one node use it, so only one of these VMs may be able to run.'}
        </Alert>
      )}
    </>
  )
}

function NewClaimFields({ form, values }: FieldsProps) {
  const classes = useListOnce(storageClassKind)
  const sorted = [...classes.items].toSorted((a, b) =>
    a.metadata.name.localeCompare(b.metadata.name),
  )
  const standard = sorted.find(isDefaultClass)
  const words = (one: StorageClass) =>
    `${one.metadata.name}${one === standard ? ' (default)' : ''} – ${one.provisioner}`
  return (
    <>
      <FormPair>
        <FormTextField form={form} name="claimName" label="PVC name" isRequired />
        <FormTextField
          form={form}
          name="sizeGiB"
          label="Size"
          unit="GiB"
          inputMode="decimal"
          isRequired
        />
      </FormPair>
      <FormSelectField
        form={form}
        name="storageClass"
        label="Storage class"
        choices={[
          {
            value: '',
            label: standard
              ? `Default of the cluster (${standard.metadata.name})`
              : 'Default of the cluster',
          },
          ...sorted.map((one) => ({ value: one.metadata.name, label: words(one) })),
        ]}
        help={
          classes.error
            ? `The storage classes can’t be listed: ${classes.error.message}`
            : !standard && !classes.isLoading && values.storageClass === ''
              ? 'No class is marked as default: without one the claim may wait forever.'
              : undefined
        }
      />
      <FormPair>
        <FormSelectField
          form={form}
          name="accessMode"
          label="Access mode"
          choices={[
            { value: 'ReadWriteOnce', label: 'One node writes (ReadWriteOnce)' },
            { value: 'ReadWriteMany', label: 'Many nodes write (ReadWriteMany)' },
            { value: 'ReadOnlyMany', label: 'Many nodes read (ReadOnlyMany)' },
            { value: 'ReadWriteOncePod', label: 'One pod writes (ReadWriteOncePod)' },
          ]}
          help="Live migration of the VM needs ReadWriteMany."
        />
        <FormSelectField
          form={form}
          name="volumeMode"
          label="Volume mode"
          choices={[
            { value: 'Filesystem', label: 'Filesystem (the disk is a file in it)' },
            { value: 'Block', label: 'Block (the disk is the device)' },
          ]}
        />
      </FormPair>
    </>
  )
}

function DeviceFields({ form, values, isRunning }: FieldsProps & { isRunning: boolean }) {
  return (
    <>
      <FormTextField
        form={form}
        name="name"
        label="Disk name"
        isRequired
        help="For the cluster; lower-case letters, digits and dashes."
      />
      <FormPair>
        <FormSelectField
          form={form}
          name="type"
          label="Type"
          choices={[
            { value: 'disk', label: 'Disk' },
            { value: 'cdrom', label: 'CD-ROM' },
            { value: 'lun', label: 'LUN (SCSI commands pass through)' },
          ]}
          onChosen={(type) => {
            const buses = busesFor(type as DiskValues['type'])
            if (!buses.includes(values.bus)) form.setValue('bus', buses[0] ?? '')
          }}
        />
        <FormSelectField
          form={form}
          name="bus"
          label="Bus"
          choices={busesFor(values.type).map((value) => ({
            value,
            label: busWords[value] ?? value,
          }))}
          help={isRunning && 'A running VM takes disks on VirtIO or SCSI without a restart.'}
        />
      </FormPair>
      <FormPair>
        <FormTextField
          form={form}
          name="serial"
          label="Serial number"
          help="Optional; the guest finds the disk by it under /dev/disk/by-id."
        />
        <FormTextField
          form={form}
          name="bootOrder"
          label="Boot order"
          inputMode="numeric"
          placeholder="None"
          help="Optional; the lowest of all disks and interfaces boots first."
        />
      </FormPair>
      {values.type !== 'cdrom' && (
        <FormCheckboxField form={form} name="isReadOnly" label="Read-only" />
      )}
    </>
  )
}

const busWords: Record<string, string> = {
  virtio: 'VirtIO',
  scsi: 'SCSI',
  sata: 'SATA',
  usb: 'USB',
}

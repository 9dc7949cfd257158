import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'

import { virtualMachinePoolKind, type VirtualMachinePool } from '../../../kube/kinds.ts'
import { useKube } from '../../data/host-context.tsx'
import { FormCheckboxField } from '../../ui/form-fields/FormCheckboxField.tsx'
import { FormPair } from '../../ui/form-fields/FormPair.tsx'
import { FormSelectField } from '../../ui/form-fields/FormSelectField.tsx'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'
import { patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import { poolPatch, poolRules, poolSchema, poolValues, type PoolValues } from './pool-form.ts'

/** Changes how a pool treats its VMs. Their template is changed in its YAML. */
export function EditPoolDialog({
  pool,
  onClose,
}: {
  pool: VirtualMachinePool
  onClose: () => void
}) {
  const client = useKube()
  const { base, reload, changes } = useFormBase(virtualMachinePoolKind, pool)
  const form = useForm<PoolValues>({
    resolver: zodResolver(poolSchema),
    defaultValues: poolValues(pool),
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const patch = poolSchema.safeParse(values).success ? poolPatch(base, values) : []
  return (
    <FormShell
      title={`Edit pool ${pool.metadata.name}`}
      description="Its VMs bear its name and their number; neither can be changed. What they are made of is in its YAML."
      form={form}
      steps={
        patch.length > 0
          ? [patchStep(client, virtualMachinePoolKind, base, patch, poolRules)]
          : undefined
      }
      effect={{ when: 'now', sentence: sentenceOf(values) }}
      submitLabel="Save"
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      <FormCheckboxField
        form={form}
        name="isPaused"
        label="Paused"
        help="It makes, deletes and updates no VMs; those that there are run on (paused)."
      />
      <FormPair>
        <FormSelectField
          form={form}
          name="scaleIn"
          label="When it is asked for fewer"
          choices={[
            { value: 'proactive', label: 'It deletes VMs' },
            { value: 'opportunistic', label: 'It waits until VMs are deleted' },
            { value: 'unmanaged', label: 'It does nothing' },
          ]}
          help="scaleInStrategy"
        />
        {values.scaleIn === 'proactive' && (
          <FormSelectField
            form={form}
            name="order"
            label="Which go first"
            choices={orders(values.order)}
            help="selectionPolicy.sortPolicy"
          />
        )}
      </FormPair>
      {values.scaleIn !== 'unmanaged' && (
        <FormCheckboxField
          form={form}
          name="isKeeping"
          label="Keep the disks of VMs that go"
          help="Else their volumes are deleted with them. A new VM of the same number takes them up (statePreservation)."
        />
      )}
      <FormPair>
        <FormSelectField
          form={form}
          name="updates"
          label="When its template changes"
          choices={[
            { value: 'proactive', label: 'It restarts the VMs that run' },
            { value: 'opportunistic', label: 'VMs follow when they restart' },
            { value: 'unmanaged', label: 'Only new VMs have it' },
          ]}
          help="updateStrategy"
        />
        {values.updates === 'proactive' && (
          <FormTextField
            form={form}
            name="mostDown"
            label="At most at a time"
            placeholder="100%"
            help="A number or a percentage of its VMs (maxUnavailable)."
          />
        )}
      </FormPair>
      <FormCheckboxField
        form={form}
        name="hasNumberedConfigMaps"
        label="Each VM has ConfigMaps of its own"
        help="Their names end with its number, as in settings-0 (appendIndexToConfigMapRefs)."
      />
      <FormCheckboxField
        form={form}
        name="hasNumberedSecrets"
        label="Each VM has Secrets of its own"
        help="Likewise, such as those of its first boot (appendIndexToSecretRefs)."
      />
    </FormShell>
  )
}

const known = [
  { value: '', label: 'Any' },
  { value: 'AscendingOrder', label: 'The lowest numbers' },
  { value: 'DescendingOrder', label: 'The highest numbers' },
  { value: 'Newest', label: 'The youngest' },
  { value: 'Oldest', label: 'The oldest' },
  { value: 'Random', label: 'Any (Random)' },
]

function orders(current: string) {
  const isKnown = known.some(({ value }) => value === current)
  return [
    ...known.filter(({ value }) => value !== 'Random' || current === 'Random'),
    ...(isKnown ? [] : [{ value: current, label: current }]),
  ]
}

function sentenceOf({ isPaused }: PoolValues): string {
  return isPaused
    ? 'The pool then leaves its VMs as they are.'
    : 'The pool then does what it is asked for.'
}

import type { FieldValues, Path, UseFormReturn } from 'react-hook-form'

import { FormPair } from '../../ui/form-fields/FormPair.tsx'
import { FormSearchField } from '../../ui/form-fields/FormSearchField.tsx'
import { FormSelectField } from '../../ui/form-fields/FormSelectField.tsx'
import { useInstancetypeChoices, usePreferenceChoices } from './profile-choices.ts'

interface ImageDefaults {
  /** As one reads them: `u1.small`; empty for none. */
  instancetype: string
  preference: string
  /** As Kubernetes calls it; empty for none. */
  architecture: string
}

const architectures = [
  { value: '', label: 'Not said' },
  { value: 'amd64', label: 'amd64 (x86-64)' },
  { value: 'arm64', label: 'arm64 (AArch64)' },
  { value: 's390x', label: 's390x (IBM Z)' },
]

/** What VMs that start from the image are given unless somebody chooses otherwise. */
export function ImageDefaultsFields<V extends FieldValues & ImageDefaults>({
  form,
  namespace,
}: {
  form: UseFormReturn<V>
  namespace: string
}) {
  const instancetypes = useInstancetypeChoices(namespace)
  const preferences = usePreferenceChoices(namespace)
  // One that the console doesn't know stays what can be chosen.
  const initial = String(form.formState.defaultValues?.['architecture'] ?? '')
  const isKnown = architectures.some(({ value }) => value === initial)
  return (
    <>
      <FormPair>
        <FormSearchField
          form={form}
          name={'instancetype' as Path<V>}
          label="Default instance type"
          placeholder="None"
          emptyText="There are no instance types here."
          help="The size that new VMs begin with (default-instancetype)."
          {...instancetypes}
        />
        <FormSearchField
          form={form}
          name={'preference' as Path<V>}
          label="Default preference"
          placeholder="None"
          emptyText="There are no preferences here."
          help="What suits the guest’s system: buses, firmware, clock (default-preference)."
          {...preferences}
        />
      </FormPair>
      <FormSelectField
        form={form}
        name={'architecture' as Path<V>}
        label="Architecture"
        choices={isKnown ? architectures : [...architectures, { value: initial, label: initial }]}
        help="New VMs run on nodes of this architecture."
      />
    </>
  )
}

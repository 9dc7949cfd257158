import type { FieldValues, Path, UseFormReturn } from 'react-hook-form'

import { FormPair } from '../../ui/form-fields/FormPair.tsx'
import { FormSearchField } from '../../ui/form-fields/FormSearchField.tsx'
import { useInstancetypeChoices, usePreferenceChoices } from './profile-choices.ts'

export interface RecommendationValues {
  /** As one reads them: `u1.small`; empty for none. */
  instancetype: string
  preference: string
}

/** What VMs that start from the image are given unless somebody chooses otherwise. */
export function RecommendationFields<V extends FieldValues & RecommendationValues>({
  form,
  namespace,
}: {
  form: UseFormReturn<V>
  namespace: string
}) {
  const instancetypes = useInstancetypeChoices(namespace)
  const preferences = usePreferenceChoices(namespace)
  return (
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
  )
}

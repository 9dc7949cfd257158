import type { FieldValues, Path, UseFormReturn } from 'react-hook-form'

import { FormPair } from '../../ui/form-fields/FormPair.tsx'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'

/** What VMs name, and what people call it. */
export function ProfileNameFields<V extends FieldValues & { name: string; title: string }>({
  form,
  isNew,
}: {
  form: UseFormReturn<V>
  isNew: boolean
}) {
  return (
    <FormPair>
      <FormTextField
        form={form}
        name={'name' as Path<V>}
        label="Name"
        isRequired
        isReadOnly={!isNew}
        help={isNew ? 'VMs name it; it can’t be changed.' : 'VMs name it, so it stays.'}
      />
      <FormTextField
        form={form}
        name={'title' as Path<V>}
        label="Title"
        placeholder="None"
        help="How people call it."
      />
    </FormPair>
  )
}

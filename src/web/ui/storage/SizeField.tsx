import type { FieldValues, Path, UseFormReturn } from 'react-hook-form'

import { FormTextField } from '../form-fields/FormTextField.tsx'

/** How large a new volume is to be, in GiB. */
export function SizeField<V extends FieldValues & { sizeGiB: string }>({
  form,
  help,
}: {
  form: UseFormReturn<V>
  help?: string | undefined
}) {
  return (
    <FormTextField
      form={form}
      name={'sizeGiB' as Path<V>}
      label="Size"
      unit="GiB"
      inputMode="decimal"
      isRequired
      help={help}
    />
  )
}

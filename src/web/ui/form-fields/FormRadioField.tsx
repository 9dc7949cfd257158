import { Radio } from '@patternfly/react-core'
import type { FieldValues } from 'react-hook-form'

import { FormField, useField, type FieldProps } from './FormField.tsx'

/** One of two or three that change the form; a choice that can't be made says why. */
export function FormRadioField<V extends FieldValues>(
  props: FieldProps<V> & {
    choices: readonly { value: string; label: string; reason?: string | undefined }[]
  },
) {
  const { field, problems, id, effect } = useField(props)
  return (
    <FormField {...props} id={id} problems={problems} effect={effect} isGroup>
      {props.choices.map(({ value, label, reason }) => (
        <Radio
          key={value}
          id={`${id}-${value}`}
          name={field.name}
          label={label}
          isChecked={field.value === value}
          isDisabled={reason !== undefined}
          onChange={() => field.onChange(value)}
          onBlur={field.onBlur}
          {...(reason !== undefined && { description: reason })}
        />
      ))}
    </FormField>
  )
}

import { FormSelect, FormSelectOption } from '@patternfly/react-core'
import type { FieldValues } from 'react-hook-form'

import { FormField, useField, type FieldProps } from './FormField.tsx'

export interface SelectChoice {
  value: string
  label: string
  isDisabled?: boolean
}

/** One of a few; the browser's own control, so keyboard and touch work as people know them. */
export function FormSelectField<V extends FieldValues>(
  props: FieldProps<V> & { choices: readonly SelectChoice[]; onChosen?: (value: string) => void },
) {
  const { field, focusTarget, problems, id, effect, input } = useField(props)
  return (
    <FormField {...props} id={id} problems={problems} effect={effect}>
      <FormSelect
        {...input}
        ref={focusTarget}
        name={field.name}
        value={String(field.value ?? '')}
        onChange={(_event, value) => {
          field.onChange(value)
          props.onChosen?.(value)
        }}
        onBlur={field.onBlur}
        aria-invalid={problems.length > 0}
      >
        {props.choices.map(({ value, label, isDisabled = false }) => (
          <FormSelectOption key={value} value={value} label={label} isDisabled={isDisabled} />
        ))}
      </FormSelect>
    </FormField>
  )
}

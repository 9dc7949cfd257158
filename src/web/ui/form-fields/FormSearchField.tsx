import { useEffect, useRef } from 'react'
import type { FieldValues } from 'react-hook-form'

import { FormField, useField, type FieldProps } from './FormField.tsx'
import { SearchSelect, type SearchSelectProps } from './SearchSelect.tsx'

/** One of many, found by typing part of its name or description. */
export function FormSearchField<V extends FieldValues>(props: FieldProps<V> & SearchSelectProps) {
  const { field, focusTarget, problems, id, effect, input } = useField(props)
  const inputRef = useRef<HTMLInputElement>(null)
  useEffect(() => focusTarget({ focus: () => inputRef.current?.focus() }), [focusTarget])
  return (
    <FormField {...props} id={id} problems={problems} effect={effect}>
      <SearchSelect
        id={id}
        label={props.label}
        value={String(field.value ?? '')}
        inputRef={inputRef}
        isInvalid={problems.length > 0}
        describedBy={input['aria-describedby']}
        choices={props.choices}
        placeholder={props.placeholder}
        emptyText={props.emptyText}
        isLoading={props.isLoading ?? false}
        onChange={field.onChange}
        onBlur={field.onBlur}
      />
    </FormField>
  )
}

import { InputGroup, InputGroupItem, InputGroupText, TextInput } from '@patternfly/react-core'
import type { ReactNode } from 'react'
import type { FieldValues } from 'react-hook-form'

import { FormField, useField, type FieldProps } from './FormField.tsx'

/** A line of text. Numbers are text here too; the form's schema reads them. */
export function FormTextField<V extends FieldValues>(
  props: FieldProps<V> & {
    placeholder?: string
    isReadOnly?: boolean
    inputMode?: 'numeric' | 'decimal'
    /** Unit behind the input. */
    unit?: string
    /** What can be typed, offered while one types. */
    suggestions?: readonly string[]
    /** A button behind the input that fills it in. */
    action?: ReactNode
  },
) {
  const { field, focusTarget, problems, id, effect, input } = useField(props)
  const text = (
    <TextInput
      {...input}
      ref={focusTarget}
      name={field.name}
      value={String(field.value ?? '')}
      onChange={(_event, value) => field.onChange(value)}
      onBlur={field.onBlur}
      autoComplete="off"
      spellCheck={false}
      {...(props.isRequired && { 'aria-required': true })}
      {...(props.placeholder !== undefined && { placeholder: props.placeholder })}
      {...(props.suggestions && { list: `${id}-suggestions` })}
      {...(props.inputMode && { inputMode: props.inputMode })}
      {...(props.isReadOnly && { readOnlyVariant: 'default' as const })}
    />
  )
  return (
    <FormField {...props} id={id} problems={problems} effect={effect}>
      {props.unit === undefined && props.action === undefined ? (
        text
      ) : (
        <InputGroup>
          <InputGroupItem isFill>{text}</InputGroupItem>
          {props.unit !== undefined && <InputGroupText>{props.unit}</InputGroupText>}
          {props.action !== undefined && <InputGroupItem>{props.action}</InputGroupItem>}
        </InputGroup>
      )}
      {props.suggestions && (
        <datalist id={`${id}-suggestions`}>
          {props.suggestions.map((suggestion) => (
            <option key={suggestion}>{suggestion}</option>
          ))}
        </datalist>
      )}
    </FormField>
  )
}

import {
  InputGroup,
  InputGroupItem,
  InputGroupText,
  TextArea,
  TextInput,
} from '@patternfly/react-core'
import { useId, useState, type ReactNode } from 'react'

import { FormField } from '../../ui/form-fields/FormField.tsx'
import { useDraft, useDraftField } from './draft-context.ts'
import type { Field } from './draft/draft.ts'
import type { WizardField } from './wizard-fields.ts'

interface DraftTextFieldProps {
  field: Field<string>
  label: string
  help?: ReactNode
  /** Whose problems are shown here. */
  name?: WizardField
  isRequired?: boolean
  /** Several lines. */
  isLong?: boolean
  isMono?: boolean
  isSecret?: boolean
  placeholder?: string
  unit?: string
  /** What can be chosen instead of being typed. */
  suggestions?: readonly string[]
}

/**
 * A text of the draft. What was typed stays as it was typed while it means what the draft holds, as
 * with `1.` on the way to `1.5`.
 */
export function DraftTextField({
  field,
  label,
  help,
  name,
  isRequired = false,
  isLong = false,
  isMono = false,
  isSecret = false,
  placeholder,
  unit,
  suggestions,
}: DraftTextFieldProps) {
  const { draft, problems } = useDraft()
  const [value, setValue] = useDraftField(field)
  const [typed, setTyped] = useState({ text: value, means: value })
  const own = useId()
  const text = typed.means === value ? typed.text : value
  const found = (name && problems[name]) ?? []
  const id = name === undefined ? own : `wizard-${name}`

  function type(next: string) {
    setTyped({ text: next, means: field.get(field.set(draft, next)) })
    setValue(next)
  }

  const shared = {
    id,
    value: text,
    validated: found.length > 0 ? ('error' as const) : ('default' as const),
    'aria-describedby': `${id}-help`,
    autoComplete: isSecret ? 'new-password' : 'off',
    spellCheck: false,
    ...(isRequired && { 'aria-required': true }),
    ...(placeholder !== undefined && { placeholder }),
  }
  const input = isLong ? (
    <TextArea
      {...shared}
      className={isMono ? 'kc-mono' : ''}
      autoResize
      resizeOrientation="vertical"
      onChange={(_event, next) => type(next)}
    />
  ) : (
    <TextInput
      {...shared}
      type={isSecret ? 'password' : 'text'}
      onChange={(_event, next) => type(next)}
      {...(suggestions && { list: `${id}-suggestions` })}
    />
  )
  return (
    <FormField id={id} label={label} isRequired={isRequired} problems={found} help={help}>
      {unit === undefined ? (
        input
      ) : (
        <InputGroup>
          <InputGroupItem isFill>{input}</InputGroupItem>
          <InputGroupText>{unit}</InputGroupText>
        </InputGroup>
      )}
      {suggestions && (
        <datalist id={`${id}-suggestions`}>
          {suggestions.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </datalist>
      )}
    </FormField>
  )
}

import {
  InputGroup,
  InputGroupItem,
  InputGroupText,
  TextArea,
  TextInput,
} from '@patternfly/react-core'
import { useId, useState, type ReactNode } from 'react'

import { FormField } from './FormField.tsx'

export interface TextFieldLooks {
  label: string
  help?: ReactNode
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

const noProblems: string[] = []

/**
 * A text that stands for something. What was typed stays as it was typed while it means what there
 * is, as with `1.` on the way to `1.5`.
 */
export function PlainTextField({
  id: given,
  value,
  meaning = (text) => text,
  onChange,
  problems = noProblems,
  label,
  help,
  isRequired = false,
  isLong = false,
  isMono = false,
  isSecret = false,
  placeholder,
  unit,
  suggestions,
}: TextFieldLooks & {
  id?: string
  value: string
  /** How the text is written once it has been read. */
  meaning?: (text: string) => string
  onChange: (text: string) => void
  problems?: string[]
}) {
  const own = useId()
  const id = given ?? own
  const [typed, setTyped] = useState({ text: value, means: value })
  const text = typed.means === value ? typed.text : value

  function type(next: string) {
    setTyped({ text: next, means: meaning(next) })
    onChange(next)
  }

  const shared = {
    id,
    value: text,
    validated: problems.length > 0 ? ('error' as const) : ('default' as const),
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
    <FormField id={id} label={label} isRequired={isRequired} problems={problems} help={help}>
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

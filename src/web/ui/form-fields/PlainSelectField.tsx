import { FormSelect, FormSelectOption, FormSelectOptionGroup } from '@patternfly/react-core'
import { useId, type ReactNode } from 'react'

import { FormField } from './FormField.tsx'

export interface Choice {
  value: string
  label: string
  /** Choices of the same group stand together under its name. */
  group?: string
}

export interface SelectFieldLooks {
  label: string
  choices: readonly Choice[]
  help?: ReactNode
}

const noProblems: string[] = []

/** One of several; a value that isn't among them, as from YAML, is shown as it is. */
export function PlainSelectField<V extends string>({
  id: given,
  value,
  onChange,
  problems = noProblems,
  label,
  choices,
  help,
}: SelectFieldLooks & {
  id?: string
  value: V
  onChange: (value: V) => void
  problems?: string[]
}) {
  const own = useId()
  const id = given ?? own
  const isKnown = choices.some((one) => one.value === value)
  const groups = [...new Set(choices.map(({ group }) => group))]
  return (
    <FormField id={id} label={label} problems={problems} help={help}>
      <FormSelect
        id={id}
        value={value}
        validated={problems.length > 0 ? 'error' : 'default'}
        aria-describedby={`${id}-help`}
        onChange={(_event, next) => onChange(next as V)}
      >
        {!isKnown && <FormSelectOption value={value} label={value} />}
        {groups.map((group) => {
          const options = choices
            .filter((one) => one.group === group)
            .map((one) => <FormSelectOption key={one.value} value={one.value} label={one.label} />)
          return group === undefined ? (
            options
          ) : (
            <FormSelectOptionGroup key={group} label={group}>
              {options}
            </FormSelectOptionGroup>
          )
        })}
      </FormSelect>
    </FormField>
  )
}

import { FormSelect, FormSelectOption, FormSelectOptionGroup } from '@patternfly/react-core'
import { useId, type ReactNode } from 'react'

import { FormField } from '../../ui/form-fields/FormField.tsx'
import { useDraft, useDraftField } from './draft-context.ts'
import type { Field } from './draft/draft.ts'
import type { WizardField } from './wizard-fields.ts'

export interface Choice {
  value: string
  label: string
  /** Choices of the same group stand together under its name. */
  group?: string
}

interface DraftSelectFieldProps<V extends string> {
  field: Field<V>
  label: string
  choices: readonly Choice[]
  help?: ReactNode
  name?: WizardField
}

/** One of several; a value that isn't among them, as from YAML, is shown as it is. */
export function DraftSelectField<V extends string>({
  field,
  label,
  choices,
  help,
  name,
}: DraftSelectFieldProps<V>) {
  const { problems } = useDraft()
  const [value, setValue] = useDraftField(field)
  const own = useId()
  const id = name === undefined ? own : `wizard-${name}`
  const found = (name && problems[name]) ?? []
  const isKnown = choices.some((one) => one.value === value)
  const groups = [...new Set(choices.map(({ group }) => group))]
  return (
    <FormField id={id} label={label} problems={found} help={help}>
      <FormSelect
        id={id}
        value={value}
        validated={found.length > 0 ? 'error' : 'default'}
        aria-describedby={`${id}-help`}
        onChange={(_event, next) => setValue(next as V)}
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

import { useId, useRef, type ReactNode } from 'react'

import type { KubeError } from '../../../kube/kube-error.ts'
import { FormField } from '../../ui/form-fields/FormField.tsx'
import { SearchSelect, type SearchSelectProps } from '../../ui/form-fields/SearchSelect.tsx'
import { useDraftField } from './draft-context.ts'
import type { Field } from './draft/draft.ts'
import { DraftTextField } from './DraftTextField.tsx'

/** One of what is there, found by typing; who may not list it types its name. */
export function DraftSearchField({
  field,
  label,
  help,
  error,
  ...select
}: SearchSelectProps & {
  field: Field<string>
  label: string
  help?: ReactNode
  /** Why nothing can be listed. */
  error: KubeError | null
}) {
  const id = useId()
  const inputRef = useRef<HTMLInputElement>(null)
  const [value, setValue] = useDraftField(field)
  if (error)
    return (
      <DraftTextField
        field={field}
        label={label}
        isRequired
        help={`None can be listed, so give its name: ${error.message}`}
      />
    )
  return (
    <FormField id={id} label={label} isRequired problems={[]} help={help}>
      <SearchSelect
        {...select}
        id={id}
        label={label}
        value={value}
        inputRef={inputRef}
        isInvalid={false}
        describedBy={`${id}-help`}
        onChange={setValue}
      />
    </FormField>
  )
}

import { PlainSelectField, type SelectFieldLooks } from '../../ui/form-fields/PlainSelectField.tsx'
import { useDraft, useDraftField } from './draft-context.ts'
import type { Field } from './draft/draft.ts'
import type { WizardField } from './wizard-fields.ts'

interface DraftSelectFieldProps<V extends string> extends SelectFieldLooks {
  field: Field<V>
  name?: WizardField
}

/** One of several values of the draft. */
export function DraftSelectField<V extends string>({
  field,
  name,
  ...looks
}: DraftSelectFieldProps<V>) {
  const { problems } = useDraft()
  const [value, setValue] = useDraftField(field)
  return (
    <PlainSelectField
      {...looks}
      {...(name !== undefined && { id: `wizard-${name}`, problems: problems[name] ?? [] })}
      value={value}
      onChange={setValue}
    />
  )
}

import { PlainTextField, type TextFieldLooks } from '../../ui/form-fields/PlainTextField.tsx'
import { useDraft, useDraftField } from './draft-context.ts'
import type { Field } from './draft/draft.ts'
import type { WizardField } from './wizard-fields.ts'

interface DraftTextFieldProps extends TextFieldLooks {
  field: Field<string>
  /** Whose problems are shown here. */
  name?: WizardField
}

/** A text of the draft. */
export function DraftTextField({ field, name, ...looks }: DraftTextFieldProps) {
  const { draft, problems } = useDraft()
  const [value, setValue] = useDraftField(field)
  return (
    <PlainTextField
      {...looks}
      {...(name !== undefined && { id: `wizard-${name}`, problems: problems[name] ?? [] })}
      value={value}
      meaning={(text) => field.get(field.set(draft, text))}
      onChange={setValue}
    />
  )
}

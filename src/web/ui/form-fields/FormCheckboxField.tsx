import { Checkbox, FormHelperText, HelperText, HelperTextItem } from '@patternfly/react-core'
import type { FieldValues } from 'react-hook-form'

import { FieldEffect } from './FieldEffect.tsx'
import { useField, type FieldProps } from './FormField.tsx'

export function FormCheckboxField<V extends FieldValues>(props: FieldProps<V>) {
  const { field, focusTarget, problems, id, effect } = useField(props)
  return (
    <div>
      <Checkbox
        id={id}
        ref={focusTarget}
        name={field.name}
        label={props.label}
        isChecked={field.value === true}
        isValid={problems.length === 0}
        onChange={(_event, isChecked) => field.onChange(isChecked)}
        onBlur={field.onBlur}
        {...((props.help !== undefined || effect) && {
          description: (
            <>
              {props.help} {effect && <FieldEffect id={`${id}-effect`} when={effect.when} />}
            </>
          ),
        })}
      />
      {problems.length > 0 && (
        <FormHelperText>
          <HelperText>
            {problems.map((problem) => (
              <HelperTextItem key={problem} variant="error">
                {problem}
              </HelperTextItem>
            ))}
          </HelperText>
        </FormHelperText>
      )}
    </div>
  )
}

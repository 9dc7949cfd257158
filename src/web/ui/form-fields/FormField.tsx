import { FormGroup, FormHelperText, HelperText, HelperTextItem } from '@patternfly/react-core'
import type { ReactNode } from 'react'
import { useController, type FieldValues, type Path, type UseFormReturn } from 'react-hook-form'

import {
  useFieldEffect,
  useServerMessages,
  type FieldEffect as KnownEffect,
} from '../form-shell/form-context.ts'
import { FieldEffect } from './FieldEffect.tsx'

/** What every field of a form is given. */
export interface FieldProps<V extends FieldValues> {
  form: UseFormReturn<V>
  name: Path<V>
  label: string
  /** One line below, while nothing is wrong. The API's name belongs here. */
  help?: ReactNode
  /** What is allowed but likely to go wrong; it stands in the help's place. */
  warning?: ReactNode
  isRequired?: boolean
}

/** A field's value and what is wrong with it: its own syntax first, else the cluster's words. */
export function useField<V extends FieldValues>({ form, name }: FieldProps<V>) {
  const { field: controlled, fieldState } = useController({ control: form.control, name })
  const { ref: focusTarget, ...field } = controlled
  const fromServer = useServerMessages(name)
  // An array field has its message in `root`, or at the first of its items.
  const own = fieldState.error?.message ?? fieldState.error?.root?.message
  const problems = own !== undefined ? [own] : fromServer
  const id = `field-${name}`
  const effect = useFieldEffect(name, own === undefined && fromServer.length > 0)
  return {
    field,
    /** Where the form puts the focus to have this field mended. */
    focusTarget,
    problems,
    id,
    effect,
    input: {
      id,
      validated: problems.length > 0 ? ('error' as const) : ('default' as const),
      isDisabled: effect?.when === 'refused' && !problems.length,
      'aria-describedby': effect ? `${id}-effect ${id}-help` : `${id}-help`,
    },
  }
}

/** Label above, help or problems below. */
export function FormField({
  id,
  label,
  isRequired = false,
  problems,
  help,
  warning,
  effect,
  isGroup = false,
  children,
}: {
  id: string
  label: string
  isRequired?: boolean
  problems: string[]
  help?: ReactNode
  warning?: ReactNode
  effect?: KnownEffect | { when: 'refused' } | undefined
  /** Several inputs under one label. */
  isGroup?: boolean
  children: ReactNode
}) {
  const hint =
    warning !== undefined ? (
      <HelperTextItem variant="warning">{warning}</HelperTextItem>
    ) : (
      help !== undefined && help !== false && <HelperTextItem>{help}</HelperTextItem>
    )
  return (
    <FormGroup
      label={label}
      fieldId={id}
      isRequired={isRequired}
      {...(effect && { labelInfo: <FieldEffect id={`${id}-effect`} when={effect.when} /> })}
      {...(isGroup && { role: 'radiogroup', isStack: true })}
    >
      {children}
      <FormHelperText>
        <HelperText id={`${id}-help`} aria-live="polite">
          {problems.length > 0
            ? problems.map((problem) => (
                <HelperTextItem key={problem} variant="error">
                  {problem}
                </HelperTextItem>
              ))
            : hint}
          {problems.length === 0 && effect && 'reason' in effect && effect.reason !== undefined && (
            <HelperTextItem>{effect.reason}</HelperTextItem>
          )}
        </HelperText>
      </FormHelperText>
    </FormGroup>
  )
}

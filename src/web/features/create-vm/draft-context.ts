import { createContext, useContext } from 'react'

import type { Draft, Field } from './draft/draft.ts'
import type { WizardField } from './wizard-fields.ts'

export interface DraftContext {
  draft: Draft
  /** Where the VM would be made; empty while none is chosen. */
  namespace: string
  change: (change: (draft: Draft) => Draft) => void
  /** What is wrong with a field: what the form knows itself, or the cluster's words. */
  problems: Partial<Record<WizardField, string[]>>
}

export const CurrentDraft = createContext<DraftContext | undefined>(undefined)

/** What the steps of the wizard work on. */
export function useDraft(): DraftContext {
  const context = useContext(CurrentDraft)
  if (!context) throw new Error('This is no part of the wizard')
  return context
}

/** A field's value in the draft, and how to change it. */
export function useDraftField<V>(field: Field<V>): [value: V, set: (value: V) => void] {
  const { draft, change } = useDraft()
  return [field.get(draft), (value) => change((before) => field.set(before, value))]
}

import { createContext, useContext, useEffect } from 'react'

import type { ApplyTime } from '../../../kube/apply-time.ts'

/** When a field takes effect, and what of it is in the way of sooner; refused ones can't be changed. */
export interface FieldEffect {
  when: ApplyTime | 'refused'
  reason?: string | undefined
}

export type FieldEffects = Partial<Record<string, FieldEffect>>

export interface FormContext {
  /** The cluster's words by field. */
  messages: Partial<Record<string, string[]>>
  /** Tells that a field is on screen; what the cluster says about others is shown on top. */
  register: (field: string) => () => void
  /** When each field takes effect; none where nothing runs yet. */
  effects: FieldEffects
}

export const ShellContext = createContext<FormContext>({
  messages: {},
  register: () => () => undefined,
  effects: {},
})

/** The cluster's words about a field that is on screen. */
export function useServerMessages(field: string): string[] {
  const { messages, register } = useContext(ShellContext)
  useEffect(() => register(field), [register, field])
  return messages[field] ?? []
}

/** When a field takes effect: by what the form knows, or not at all where the cluster refuses it. */
export function useFieldEffect(field: string, isRefused: boolean) {
  const { effects } = useContext(ShellContext)
  const effect = effects[field]
  return effect && isRefused ? { when: 'refused' as const } : effect
}

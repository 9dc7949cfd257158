import { createContext, useContext, useEffect } from 'react'

export interface FormContext {
  /** The cluster's words by field. */
  messages: Partial<Record<string, string[]>>
  /** Tells that a field is on screen; what the cluster says about others is shown on top. */
  register: (field: string) => () => void
}

export const ShellContext = createContext<FormContext>({
  messages: {},
  register: () => () => undefined,
})

/** The cluster's words about a field that is on screen. */
export function useServerMessages(field: string): string[] {
  const { messages, register } = useContext(ShellContext)
  useEffect(() => register(field), [register, field])
  return messages[field] ?? []
}

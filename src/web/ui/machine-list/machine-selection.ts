/**
 * Which machines of a list are selected. Beside React's tree: a row is rendered by itself and must
 * not depend on more than its own checkbox.
 */
import { createContext, useContext, useSyncExternalStore } from 'react'

import { mostConsoles } from '../page-paths.ts'

export interface MachineSelection {
  getKeys: () => ReadonlySet<string>
  subscribe: (listener: () => void) => () => void
  /** A tenth is not taken: more consoles than nine don't fit side by side. */
  select: (key: string, isSelected: boolean) => void
  clear: () => void
}

export function createMachineSelection(): MachineSelection {
  let keys: ReadonlySet<string> = new Set()
  const listeners = new Set<() => void>()
  function change(next: ReadonlySet<string>) {
    keys = next
    for (const listener of listeners) listener()
  }
  return {
    getKeys: () => keys,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    select(key, isSelected) {
      const next = new Set(keys)
      if (!isSelected) next.delete(key)
      else if (keys.size < mostConsoles) next.add(key)
      change(next)
    },
    clear: () => change(new Set()),
  }
}

/** The list that a row is in; without one nothing can be selected. */
export const MachineSelectionContext = createContext<MachineSelection | undefined>(undefined)

const nothing: ReadonlySet<string> = new Set()
const never = () => () => undefined
const none = () => nothing

export function useSelectedKeys(selection: MachineSelection | undefined): ReadonlySet<string> {
  return useSyncExternalStore(selection?.subscribe ?? never, selection?.getKeys ?? none)
}

/** Of one row: whether it is selected, and whether it can be. Renders again only when that changes. */
export function useRowSelection(key: string) {
  const selection = useContext(MachineSelectionContext)
  const subscribe = selection?.subscribe ?? never
  const getKeys = selection?.getKeys ?? none
  const isSelected = useSyncExternalStore(subscribe, () => getKeys().has(key))
  const isFull = useSyncExternalStore(subscribe, () => getKeys().size >= mostConsoles)
  return { selection, isSelected, isFull }
}

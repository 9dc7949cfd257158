/**
 * The consoles that are open, for those who show them outside the consoles' own pages. What opens
 * them tells; none of its code is needed to look.
 */
import { useSyncExternalStore } from 'react'

import type { ConsoleRef } from './page-paths.ts'

export interface OpenConsole {
  /** Namespace, name and kind in one. */
  id: string
  namespace: string
  name: string
  type: ConsoleRef['kind']
  /** Its word for the type, as in `VNC`. */
  kind: string
  /** Where it is shown. */
  path: string
  /** `live` is as it should be, `busy` gets there by itself, `attention` needs the user. */
  tone: 'live' | 'busy' | 'attention' | 'idle'
  /** The state in words. */
  word: string
  close: () => void
}

let open: readonly OpenConsole[] = []
const listeners = new Set<() => void>()

export function setOpenConsoles(next: readonly OpenConsole[]): void {
  open = next
  for (const listener of listeners) listener()
}

/** In the order in which they were opened. */
export function openConsoles(): readonly OpenConsole[] {
  return open
}

/** Ends all of them. */
export function closeOpenConsoles(): void {
  for (const { close } of open) close()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The same, and told when it changes. */
export function useOpenConsoles(): readonly OpenConsole[] {
  return useSyncExternalStore(subscribe, openConsoles)
}

/**
 * What our pages and parts on the console's pages tell the one part of us that is always there
 * (`everywhere.tsx`). It is loaded with the console itself, so nothing else of ours is imported here.
 */
import { useSyncExternalStore } from 'react'

let isAwake = false
let foot: HTMLElement | undefined
const listeners = new Set<() => void>()

function tell(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Something of ours is shown that may ask or say something; from now on it can. */
export function wake(): void {
  if (isAwake) return
  isAwake = true
  tell()
}

export function useIsAwake(): boolean {
  return useSyncExternalStore(subscribe, () => isAwake)
}

/** Where a page of ours has room for what stands at its foot; `null` when it goes, as a React ref. */
export function setFoot(element: HTMLElement | null): void {
  foot = element ?? undefined
  tell()
}

export function useFoot(): HTMLElement | undefined {
  return useSyncExternalStore(subscribe, () => foot)
}

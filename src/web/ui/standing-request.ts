/** Something asked for from anywhere, and done by what stands above the pages: its asker may go away. */
import { useSyncExternalStore } from 'react'

/** The one request there is at a time. */
export function createStandingRequest<T>() {
  let requested: T | undefined
  const listeners = new Set<() => void>()
  function set(request: T | undefined): void {
    requested = request
    for (const listener of listeners) listener()
  }
  function subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return {
    ask: (request: T) => set(request),
    close: () => set(undefined),
    useRequest: () => useSyncExternalStore(subscribe, () => requested),
  }
}

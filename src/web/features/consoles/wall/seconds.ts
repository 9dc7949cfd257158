import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  now = Date.now()
  timer ??= setInterval(() => {
    now = Date.now()
    for (const one of listeners) one()
  }, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** How many whole seconds ago something was; one clock for all tiles. */
export function useSecondsSince(time: number | undefined): number | undefined {
  return useSyncExternalStore(subscribe, () =>
    time === undefined ? undefined : Math.max(0, Math.floor((now - time) / 1000)),
  )
}

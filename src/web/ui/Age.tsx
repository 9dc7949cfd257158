import { useSyncExternalStore } from 'react'

import { age } from './age.ts'

const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

/** One clock for every age on the page. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (!timer) now = Date.now()
  timer ??= setInterval(() => {
    now = Date.now()
    for (const one of listeners) one()
  }, 10_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Milliseconds since 1970, as of the last tick of the page’s clock. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

/** How long ago something was; the exact time on hover. */
export function Age({ time }: { time: string | undefined }) {
  const current = useNow()
  if (time === undefined) return '–'
  const then = Date.parse(time)
  return (
    <time dateTime={time} title={new Date(then).toLocaleString()}>
      {age(current - then)}
    </time>
  )
}

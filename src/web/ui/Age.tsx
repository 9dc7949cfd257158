import { useSyncExternalStore } from 'react'

import { useHostParts } from '../data/host-context.tsx'
import { age } from './age.ts'
import { formatDateTime } from './language.ts'

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
    <time dateTime={time} title={formatDateTime(new Date(then))}>
      {age(current - then)}
    </time>
  )
}

/** When something was, in the host's words if it has any. In sentences and columns `Age` is shorter. */
export function TimeAgo({ time }: { time: string | undefined }) {
  const { TimeAgo: HostTimeAgo } = useHostParts()
  if (time === undefined) return '–'
  if (HostTimeAgo) return <HostTimeAgo time={time} />
  return (
    <>
      <Age time={time} /> ago
    </>
  )
}

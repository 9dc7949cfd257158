import { useState } from 'react'

import type { LiveList } from '../../../data/live-list.ts'
import type { MachineEvent } from '../../../data/machine-events.ts'

/** A warning that is seen again is a new one. */
function keysOf(events: LiveList<MachineEvent>): string[] {
  return events.items
    .filter(({ isWarning }) => isWarning)
    .map(({ uid, count }) => `${uid} ${count}`)
}

/**
 * How many warnings came since somebody last looked: while the events are shown, and before the
 * console was opened, counts as looked at.
 */
export function useNewWarnings(events: LiveList<MachineEvent>, isLooking: boolean): number {
  const [seen, setSeen] = useState<ReadonlySet<string>>()
  const keys = keysOf(events)
  const isFirst = seen === undefined && events.status === 'complete'
  if (isFirst || (isLooking && seen && keys.some((key) => !seen.has(key)))) setSeen(new Set(keys))
  return seen && !isLooking ? keys.filter((key) => !seen.has(key)).length : 0
}

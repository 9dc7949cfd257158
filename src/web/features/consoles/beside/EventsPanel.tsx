import { Button } from '@patternfly/react-core'
import { useState } from 'react'

import type { LiveList } from '../../../data/live-list.ts'
import type { MachineEvent } from '../../../data/machine-events.ts'
import { Age } from '../../../ui/Age.tsx'
import { ErrorState, LoadingLines } from '../../../ui/PageStates.tsx'
import { WarningMark } from '../../../ui/Section.tsx'

const shownAtFirst = 50

/** Events as they come, the latest first. */
export function EventsPanel({ name, events }: { name: string; events: LiveList<MachineEvent> }) {
  const [isAllShown, setIsAllShown] = useState(false)
  const { items, status } = events
  if (items.length === 0 && status === 'failed')
    return <ErrorState title="Events can’t be listed" error={events.error} onRetry={events.retry} />
  if (items.length === 0 && status !== 'complete') return <LoadingLines label="Loading events" />
  const shown = isAllShown ? items : items.slice(0, shownAtFirst)
  return (
    <>
      {status === 'failed' && events.error && (
        <p className="kc-muted">Some events can’t be listed: {events.error.message}</p>
      )}
      {items.length === 0 && (
        <p>The cluster keeps events for about an hour. None of {name} is that recent.</p>
      )}
      <div role="log" aria-label={`Events of ${name}`}>
        <ul className="kc-beside-events">
          {shown.map((event) => (
            <EventEntry key={event.uid} event={event} />
          ))}
        </ul>
      </div>
      {shown.length < items.length && (
        <Button variant="link" isInline onClick={() => setIsAllShown(true)}>
          Show {items.length - shown.length} older
        </Button>
      )}
    </>
  )
}

function EventEntry({ event }: { event: MachineEvent }) {
  const { isWarning, reason, message, about, count, lastSeen } = event
  return (
    <li>
      <div className="kc-beside-event-head">
        <span>
          {isWarning && <WarningMark />} <strong>{reason}</strong>
          {count > 1 && <span className="kc-muted"> ×{count}</span>}
        </span>
        <span className="kc-muted">
          <Age time={lastSeen} />
        </span>
      </div>
      <div>{message}</div>
      <div className="kc-muted">{about}</div>
    </li>
  )
}

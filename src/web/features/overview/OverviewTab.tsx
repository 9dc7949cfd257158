import { Link } from 'react-router'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../../kube/kinds.ts'
import { useMachineEvents } from '../../data/machine-events.ts'
import { Age } from '../../ui/Age.tsx'
import type { Machine } from '../../ui/MachineShell.tsx'
import { objectPagePath } from '../../ui/page-paths.ts'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { ConditionList, Section, WarningMark } from '../../ui/Section.tsx'
import { conditionRows } from './condition-words.ts'
import { GuestSection } from './GuestSection.tsx'
import { MachineFacts } from './MachineFacts.tsx'
import { OwnerChain } from './OwnerChain.tsx'
import { Screenshot } from './Screenshot.tsx'

/** What a machine is, where it runs, what is in it, and what happened last. */
export function OverviewTab({
  machine,
  isInstance = false,
}: {
  machine: Machine
  /** On the page of the VMI, whether or not a VM owns it. */
  isInstance?: boolean
}) {
  const { namespace, name, vm, vmi } = machine
  const kind = vm && !isInstance ? virtualMachineKind : virtualMachineInstanceKind
  const tabPath = (tab: string) => objectPagePath(kind, { namespace, name }, tab)
  return (
    <div className="kc-overview">
      <div className="kc-overview-column">
        <Section title="Details">
          <MachineFacts machine={machine} isInstance={isInstance} />
        </Section>
        {vmi && (
          <Section title="Inside the guest">
            <GuestSection vmi={vmi} />
          </Section>
        )}
        <Section title="Conditions">
          <ConditionList rows={conditionRows(isInstance ? undefined : vm, vmi)} />
        </Section>
      </div>
      <div className="kc-overview-column">
        <Section title="Screen">
          {vmi ? (
            <Screenshot vmi={vmi} to={tabPath('console')} />
          ) : (
            <p>No picture: it isn’t running.</p>
          )}
        </Section>
        <Section title="What it is made of">
          <OwnerChain machine={machine} />
        </Section>
        <Section title="Latest events">
          <LatestEvents machine={machine} />
          <p className="kc-section-more">
            <Link to={tabPath('events')}>All events</Link>
          </p>
        </Section>
      </div>
    </div>
  )
}

function LatestEvents({ machine }: { machine: Machine }) {
  const events = useMachineEvents(machine)
  if (events.items.length === 0) {
    if (events.status === 'failed') return <p>Events can’t be listed: {events.error?.message}</p>
    if (events.status !== 'complete') return <LoadingLines label="Loading events" count={3} />
    return <p>None in the last hour.</p>
  }
  return (
    <ul className="kc-plain-list" aria-label="Latest events">
      {events.items.slice(0, 6).map((event) => (
        <li key={event.uid}>
          {event.isWarning && <WarningMark />} {event.message}{' '}
          <span className="kc-muted">
            <Age time={event.lastSeen} /> ago · {event.about}
          </span>
        </li>
      ))}
    </ul>
  )
}

import { Button, EmptyState, EmptyStateBody, Icon } from '@patternfly/react-core'
import { ExclamationTriangleIcon, InfoCircleIcon, ListIcon } from '@patternfly/react-icons'
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table'
import { useState } from 'react'

import type { VirtualMachine, VirtualMachineInstance } from '../../../kube/kinds.ts'
import type { LiveList } from '../../data/live-list.ts'
import { useMachineEvents, useObjectEvents, type MachineEvent } from '../../data/machine-events.ts'
import { Age } from '../../ui/Age.tsx'
import { ErrorState, LoadingLines } from '../../ui/PageStates.tsx'

const shownAtFirst = 100

/** What happened to a machine: to the VM, its VMI, its pods and its disks, the latest first. */
export function EventsTab(machine: {
  namespace: string
  name: string
  vm?: VirtualMachine
  vmi?: VirtualMachineInstance
}) {
  return <EventTable name={machine.name} events={useMachineEvents(machine)} />
}

/** What happened to one object. */
export function ObjectEventsTab({ namespace, name }: { namespace: string; name: string }) {
  return <EventTable name={name} events={useObjectEvents(namespace, name)} />
}

function EventTable({ name, events }: { name: string; events: LiveList<MachineEvent> }) {
  const [isAllShown, setIsAllShown] = useState(false)
  if (events.items.length === 0) {
    if (events.status === 'failed')
      return (
        <ErrorState title="Events can’t be listed" error={events.error} onRetry={events.retry} />
      )
    if (events.status !== 'complete') return <LoadingLines label="Loading events" />
    return (
      <EmptyState titleText="No events" icon={ListIcon} headingLevel="h2">
        <EmptyStateBody>
          The cluster keeps events for about an hour. None of {name} is that recent.
        </EmptyStateBody>
      </EmptyState>
    )
  }
  const shown = isAllShown ? events.items : events.items.slice(0, shownAtFirst)
  return (
    <>
      <Table aria-label="Events" variant="compact" gridBreakPoint="grid-lg">
        <Thead>
          <Tr>
            <Th modifier="nowrap" width={10}>
              Last seen
            </Th>
            <Th width={15}>Reason</Th>
            <Th width={20}>About</Th>
            <Th width={40}>Message</Th>
            <Th modifier="nowrap">From</Th>
          </Tr>
        </Thead>
        <Tbody>
          {shown.map((event) => (
            <Tr key={event.uid}>
              <Td dataLabel="Last seen">
                <Age time={event.lastSeen} />
              </Td>
              <Td dataLabel="Reason">
                <span>
                  <Icon isInline status={event.isWarning ? 'warning' : 'info'}>
                    {event.isWarning ? (
                      <ExclamationTriangleIcon title="Warning" />
                    ) : (
                      <InfoCircleIcon title="Normal" />
                    )}
                  </Icon>{' '}
                  {event.reason}
                  {event.count > 1 && (
                    <span className="kc-muted" title={`Seen ${event.count} times`}>
                      {' '}
                      ×{event.count}
                    </span>
                  )}
                </span>
              </Td>
              <Td dataLabel="About" modifier="breakWord">
                {event.about}
              </Td>
              <Td dataLabel="Message" modifier="breakWord">
                {event.message}
              </Td>
              <Td dataLabel="From">{event.source}</Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      {shown.length < events.items.length && (
        <Button variant="link" onClick={() => setIsAllShown(true)}>
          Show {events.items.length - shown.length} older
        </Button>
      )}
    </>
  )
}

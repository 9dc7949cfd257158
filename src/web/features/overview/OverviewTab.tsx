import {
  Card,
  CardBody,
  CardTitle,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  Icon,
} from '@patternfly/react-core'
import { ExclamationTriangleIcon } from '@patternfly/react-icons'
import type { ReactNode } from 'react'
import { Link } from 'react-router'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../../kube/kinds.ts'
import { cpuWords, memoryWords } from '../../../kube/machine-facts.ts'
import { condition, isTrue, runStrategy } from '../../../kube/vm-facts.ts'
import { useMachineEvents } from '../../data/machine-events.ts'
import { Age } from '../../ui/Age.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { ipAddresses } from '../../ui/machine-columns.tsx'
import type { Machine } from '../../ui/MachineShell.tsx'
import { objectPagePath } from '../../ui/page-paths.ts'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { conditionRows } from './condition-words.ts'
import { OwnerChain } from './OwnerChain.tsx'
import { Screenshot } from './Screenshot.tsx'

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{children}</DescriptionListDescription>
    </DescriptionListGroup>
  )
}

/** What a machine is, where it runs, what is in it, and what happened last. */
export function OverviewTab({ machine }: { machine: Machine }) {
  const { namespace, name, vm, vmi } = machine
  const kind = vm ? virtualMachineKind : virtualMachineInstanceKind
  const consolePath = objectPagePath(kind, { namespace, name }, 'console')
  return (
    <div className="kc-overview">
      <div className="kc-overview-column">
        <Section title="Details">
          <Facts machine={machine} />
        </Section>
        <Section title="Conditions">
          <Conditions machine={machine} />
        </Section>
      </div>
      <div className="kc-overview-column">
        <Section title="Screen">
          {vmi ? <Screenshot vmi={vmi} to={consolePath} /> : <p>No picture: it isn’t running.</p>}
        </Section>
        <Section title="What it is made of">
          <OwnerChain machine={machine} />
        </Section>
        <Section title="Latest events">
          <LatestEvents machine={machine} />
          <Link to={objectPagePath(kind, { namespace, name }, 'events')}>All events</Link>
        </Section>
      </div>
    </div>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card>
      <CardTitle component="h2">{title}</CardTitle>
      <CardBody>{children}</CardBody>
    </Card>
  )
}

function Facts({ machine: { namespace, vm, vmi } }: { machine: Machine }) {
  const guest = vmi?.status?.guestOSInfo
  const addresses = ipAddresses(vmi)
  const agent = isTrue(vmi, 'AgentConnected')
    ? 'Connected'
    : condition(vmi, 'AgentVersionNotSupported')?.status === 'True'
      ? 'Connected, in a version KubeVirt does not support'
      : 'Not connected'
  const created = (vm ?? vmi)?.metadata.creationTimestamp
  return (
    <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={{ default: '12ch' }}>
      <Fact term="Namespace">{namespace}</Fact>
      {vm && <Fact term="Run strategy">{runStrategy(vm)}</Fact>}
      <Fact term="Guest">
        {guest?.prettyName ??
          (vmi?.status?.phase === 'Running' ? 'Not reported by a guest agent' : '–')}
        {guest?.kernelRelease ? ` · ${guest.kernelRelease}` : ''}
      </Fact>
      <Fact term="Guest agent">{vmi ? agent : '–'}</Fact>
      <Fact term="Node">{vmi?.status?.nodeName ?? '–'}</Fact>
      <Fact term="IP addresses">
        {addresses.length === 0
          ? '–'
          : addresses.map((address) => (
              <div key={address}>
                <CopyText text={address} label="IP address" />
              </div>
            ))}
      </Fact>
      <Fact term="CPU">{cpuWords(vm, vmi) ?? '–'}</Fact>
      <Fact term="Memory">{memoryWords(vm, vmi) ?? '–'}</Fact>
      <Fact term="Created">
        <Age time={created} />
        {created !== undefined && ' ago'}
      </Fact>
    </DescriptionList>
  )
}

function Conditions({ machine: { vm, vmi } }: { machine: Machine }) {
  const rows = conditionRows(vm, vmi)
  if (rows.length === 0) return <p>None reported yet.</p>
  return (
    <ul className="kc-plain-list" aria-label="Conditions">
      {rows.map((row) => (
        <li key={row.type}>
          {row.isWarning && (
            <Icon isInline status="warning">
              <ExclamationTriangleIcon />
            </Icon>
          )}{' '}
          <span title={`${row.type}: ${row.status}`}>{row.words}</span>
          {row.detail !== undefined && <span className="kc-muted"> – {row.detail}</span>}
        </li>
      ))}
    </ul>
  )
}

function LatestEvents({ machine: { namespace, name, vmi } }: { machine: Machine }) {
  const events = useMachineEvents(namespace, name, vmi)
  if (events.items.length === 0) {
    if (events.status === 'failed') return <p>Events can’t be listed: {events.error?.message}</p>
    if (events.status !== 'complete') return <LoadingLines label="Loading events" count={3} />
    return <p>None in the last hour.</p>
  }
  return (
    <ul className="kc-plain-list" aria-label="Latest events">
      {events.items.slice(0, 6).map((event) => (
        <li key={event.uid}>
          {event.isWarning && (
            <Icon isInline status="warning">
              <ExclamationTriangleIcon title="Warning" />
            </Icon>
          )}{' '}
          {event.message}{' '}
          <span className="kc-muted">
            <Age time={event.lastSeen} /> ago · {event.about}
          </span>
        </li>
      ))}
    </ul>
  )
}

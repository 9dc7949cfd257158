import { DescriptionList } from '@patternfly/react-core'
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table'
import { Link } from 'react-router'

import { podKind, virtualMachineInstanceKind, type Pod } from '../../../kube/kinds.ts'
import { podContainers, type ContainerRole, type PodContainer } from '../../../kube/pod-status.ts'
import { Age, TimeAgo } from '../../ui/Age.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { objectPagePath } from '../../ui/page-paths.ts'
import { ConditionList, Fact, Section } from '../../ui/Section.tsx'
import { StatusLabel } from '../../ui/StatusLabel.tsx'
import { podConditionRows } from './pod-conditions.ts'
import type { PodSubject } from './PodDetailsPage.tsx'

const roleWords: Record<ContainerRole, string> = {
  container: '',
  init: 'init container',
  sidecar: 'init container, keeps running',
  ephemeral: 'added for debugging',
}

/** What a pod is made of, where it runs, and how its containers are. */
export function PodOverviewTab({ pod }: PodSubject) {
  return (
    <div className="kc-overview-column">
      <Section title="Containers">
        <ContainerTable pod={pod} />
      </Section>
      <div className="kc-overview">
        <Section title="Details">
          <Facts pod={pod} />
        </Section>
        <Section title="Conditions">
          <ConditionList rows={podConditionRows(pod)} />
        </Section>
      </div>
    </div>
  )
}

function ContainerTable({ pod }: { pod: Pod }) {
  const { namespace = '', name } = pod.metadata
  const logPath = objectPagePath(podKind, { namespace, name }, 'logs')
  return (
    <Table aria-label="Containers" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th width={20}>Name</Th>
          <Th width={30}>State</Th>
          <Th modifier="nowrap">Ready</Th>
          <Th modifier="nowrap">Restarts</Th>
          <Th width={25}>Image</Th>
          <Th width={15}>Asks for</Th>
          <Th screenReaderText="Logs" />
        </Tr>
      </Thead>
      <Tbody>
        {podContainers(pod).map((one) => (
          <Tr key={one.name}>
            <Td dataLabel="Name" modifier="breakWord">
              {one.name}
              {one.role !== 'container' && (
                <span className="kc-status-reason">{roleWords[one.role]}</span>
              )}
            </Td>
            <Td dataLabel="State" modifier="breakWord">
              <ContainerStateCell container={one} />
            </Td>
            <Td dataLabel="Ready">{one.isReady ? 'Yes' : 'No'}</Td>
            <Td dataLabel="Restarts">{one.restarts}</Td>
            <Td dataLabel="Image" modifier="breakWord">
              <CopyText text={one.image} label="image" />
            </Td>
            <Td dataLabel="Asks for" modifier="breakWord">
              <Resources container={one} />
            </Td>
            <Td dataLabel="Logs">
              <Link
                to={`${logPath}?container=${encodeURIComponent(one.name)}`}
                aria-label={`Logs of ${one.name}`}
              >
                Logs
              </Link>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  )
}

function ContainerStateCell({ container: { state, last } }: { container: PodContainer }) {
  return (
    <>
      <StatusLabel
        status={{
          label: state.label,
          tone: state.tone,
          ...(state.detail !== undefined && { reason: state.detail }),
        }}
        isFull
      />
      {state.since !== undefined && (
        <span className="kc-status-reason">
          since <Age time={state.since} />
        </span>
      )}
      {last && (
        <span className="kc-status-reason">
          Before: {last.label}
          {last.detail === undefined ? '' : `. ${last.detail}`}
          {last.since !== undefined && (
            <>
              {' '}
              (<Age time={last.since} /> ago)
            </>
          )}
        </span>
      )}
    </>
  )
}

/** CPU and memory; devices and limits on hover. */
function Resources({ container: { requests, limits } }: { container: PodContainer }) {
  if (requests.length === 0 && limits.length === 0) return '–'
  const main = requests.filter((amount) => /^(cpu|memory) /.test(amount))
  const rest = requests.length - main.length
  return (
    <span
      title={`Requests: ${requests.join(', ') || 'none'}\nLimits: ${limits.join(', ') || 'none'}`}
    >
      {main.length === 0 ? 'no CPU or memory' : main.join(', ')}
      {rest > 0 && <span className="kc-muted"> +{rest}</span>}
    </span>
  )
}

function Facts({ pod }: { pod: Pod }) {
  const { metadata, spec, status } = pod
  const { namespace = '', creationTimestamp, ownerReferences = [] } = metadata
  const addresses = [
    ...new Set([status?.podIP, ...(status?.podIPs ?? []).map(({ ip }) => ip)].filter((ip) => ip)),
  ] as string[]
  const kindOf = (kind: string) =>
    [virtualMachineInstanceKind, podKind].find((known) => known.kind === kind)
  return (
    <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={{ default: '12ch' }}>
      <Fact term="Namespace">{namespace}</Fact>
      <Fact term="Phase">{String(status?.phase ?? '–')}</Fact>
      <Fact term="Node">{spec?.nodeName ?? '–'}</Fact>
      <Fact term="Pod IP">
        {addresses.length === 0
          ? '–'
          : addresses.map((address) => (
              <div key={address}>
                <CopyText text={address} label="pod IP" />
              </div>
            ))}
      </Fact>
      <Fact term="QoS class">{String(status?.qosClass ?? '–')}</Fact>
      <Fact term="Restarts">{spec?.restartPolicy === undefined ? '–' : restartWords(pod)}</Fact>
      <Fact term="Owner">
        {ownerReferences.length === 0
          ? 'None'
          : ownerReferences.map(({ uid, kind, name }) => {
              const known = kindOf(kind)
              return (
                <div key={uid}>
                  {kind}{' '}
                  {known ? (
                    <Link to={objectPagePath(known, { namespace, name })}>{name}</Link>
                  ) : (
                    name
                  )}
                </div>
              )
            })}
      </Fact>
      <Fact term="Created">
        <TimeAgo time={creationTimestamp} />
      </Fact>
    </DescriptionList>
  )
}

function restartWords({ spec }: Pod): string {
  switch (String(spec?.restartPolicy)) {
    case 'Never':
      return 'A container that ends is not started again'
    case 'OnFailure':
      return 'A container that fails is started again'
    default:
      return 'A container that ends is started again'
  }
}

/** Deployments, their ReplicaSets and their pods in one table, from the whole to its parts. */
import { Label } from '@patternfly/react-core'
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table'
import { Fragment, type ReactNode } from 'react'
import { Link } from 'react-router'

import { componentRole } from '../../../kube/control-plane-health.ts'
import { podKind } from '../../../kube/kinds.ts'
import {
  desiredReplicas,
  hasLog,
  restartsOf,
  type PodReport,
} from '../../../kube/workload-health.ts'
import { Age } from '../../ui/Age.tsx'
import { objectPagePath } from '../../ui/page-paths.ts'
import { StatusLabel } from '../../ui/StatusLabel.tsx'
import type { DeploymentReport, ReplicaSetReport } from './use-control-plane.ts'

const nobody: ReadonlySet<string> = new Set()

/** Deployments with their ReplicaSets and pods below them. */
export function ComponentTable({
  label,
  deployments,
  leaders = nobody,
  isShort = false,
}: {
  label: string
  deployments: readonly DeploymentReport[]
  /** Pods that hold a lease. */
  leaders?: ReadonlySet<string>
  /** Shows the parts only of what isn't well. */
  isShort?: boolean
}) {
  return (
    <Table aria-label={label} variant="compact" gridBreakPoint="grid-lg" className="kc-tree">
      <Thead>
        <Tr>
          <Th width={40}>Name</Th>
          <Th width={25}>State</Th>
          <Th modifier="nowrap">Ready</Th>
          <Th width={15}>Node</Th>
          <Th modifier="nowrap">Restarts</Th>
          <Th modifier="nowrap">Age</Th>
        </Tr>
      </Thead>
      {deployments.map((one) => (
        <DeploymentRows
          key={one.deployment.metadata.uid}
          report={isShort && one.health.tone === 'success' ? { ...one, replicaSets: [] } : one}
          leaders={leaders}
        />
      ))}
    </Table>
  )
}

function DeploymentRows({
  report: { deployment, health, replicaSets },
  leaders,
}: {
  report: DeploymentReport
  leaders: ReadonlySet<string>
}) {
  const { name, creationTimestamp } = deployment.metadata
  const does = componentRole(name)?.does
  const { label, tone, reason, cause } = health
  // What is the matter with a pod stands at the pod.
  const status = cause === undefined ? health : { label, tone, ...(reason && { reason }) }
  const shown = replicaSets.filter(({ isCurrent, pods }) => isCurrent || pods.length > 0)
  const empty = replicaSets.filter((set) => !shown.includes(set))
  return (
    <Tbody>
      <Tr>
        <Td dataLabel="Name">
          <Name kind="Deployment" level={0}>
            <strong>{name}</strong>
            {does !== undefined && <span className="kc-muted kc-does">{does}</span>}
          </Name>
        </Td>
        <Td dataLabel="State">
          <StatusLabel status={status} isFull />
        </Td>
        <Td dataLabel="Ready">
          {deployment.status?.readyReplicas ?? 0}/{desiredReplicas(deployment)}
        </Td>
        <Td className="kc-minor" />
        <Td className="kc-minor" />
        <Td dataLabel="Age">
          <Age time={creationTimestamp} />
        </Td>
      </Tr>
      {shown.map((set) => (
        <Fragment key={set.replicaSet.metadata.uid}>
          <ReplicaSetRow report={set} />
          {set.pods.map((pod) => (
            <PodRow key={pod.pod.metadata.uid} report={pod} leaders={leaders} />
          ))}
        </Fragment>
      ))}
      {empty.length > 0 && (
        <Tr>
          <Td colSpan={6}>
            <Name kind="" level={1}>
              <span className="kc-muted">
                {empty.length === 1 ? 'An older ReplicaSet' : `${empty.length} older ReplicaSets`}{' '}
                without pods, kept to go back to:{' '}
                {empty.map(({ replicaSet }) => replicaSet.metadata.name).join(', ')}
              </span>
            </Name>
          </Td>
        </Tr>
      )}
    </Tbody>
  )
}

function ReplicaSetRow({ report: { replicaSet, isCurrent } }: { report: ReplicaSetReport }) {
  const { name, creationTimestamp } = replicaSet.metadata
  return (
    <Tr>
      <Td dataLabel="Name">
        <Name kind="ReplicaSet" level={1}>
          {name}
        </Name>
      </Td>
      <Td dataLabel="State">{isCurrent ? 'Current version' : 'Older version, being replaced'}</Td>
      <Td dataLabel="Ready">
        {replicaSet.status?.readyReplicas ?? 0}/{desiredReplicas(replicaSet)}
      </Td>
      <Td className="kc-minor" />
      <Td className="kc-minor" />
      <Td dataLabel="Age" className="kc-minor">
        <Age time={creationTimestamp} />
      </Td>
    </Tr>
  )
}

function PodRow({ report, leaders }: { report: PodReport; leaders: ReadonlySet<string> }) {
  const { pod, health } = report
  const { name, creationTimestamp } = pod.metadata
  const restarts = restartsOf(pod)
  return (
    <Tr>
      <Td dataLabel="Name">
        <Name kind="Pod" level={2}>
          <PodLink report={report} />
          {leaders.has(name) && (
            <>
              {' '}
              <Label isCompact color="blue" title="Holds the lease: it works, the others wait.">
                Leader
              </Label>
            </>
          )}
        </Name>
      </Td>
      <Td dataLabel="State">
        <StatusLabel status={health} isFull />
      </Td>
      <Td dataLabel="Ready" className="kc-minor">
        {health.tone === 'success' ? 'Yes' : 'No'}
      </Td>
      <Td dataLabel="Node">{pod.spec?.nodeName ?? '–'}</Td>
      <Td dataLabel="Restarts" {...(restarts === 0 && { className: 'kc-minor' })}>
        {restarts}
      </Td>
      <Td dataLabel="Age" className="kc-minor">
        <Age time={creationTimestamp} />
      </Td>
    </Tr>
  )
}

/** A pod's page; of one that doesn't run well also where its reasons are. */
export function PodLink({ report: { pod, health } }: { report: PodReport }) {
  const ref = { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name }
  const isLogged = hasLog(pod)
  return (
    <span>
      <Link to={objectPagePath(podKind, ref)}>{ref.name}</Link>
      {health.tone !== 'success' && (
        <>
          {' · '}
          <Link to={objectPagePath(podKind, ref, isLogged ? 'logs' : 'events')}>
            {isLogged ? 'Log' : 'Events'}
          </Link>
        </>
      )}
    </span>
  )
}

function Name({ kind, level, children }: { kind: string; level: number; children: ReactNode }) {
  return (
    <div className={`kc-level-${level}`}>
      {kind !== '' && <span className="kc-chain-kind">{kind}</span>}
      {children}
    </div>
  )
}

import { DescriptionList } from '@patternfly/react-core'
import { useMemo } from 'react'

import { unreadyNodes } from '../../../kube/control-plane-health.ts'
import {
  cdiKind,
  deploymentKind,
  nodeKind,
  podKind,
  replicaSetKind,
  type Cdi,
} from '../../../kube/kinds.ts'
import { condition } from '../../../kube/vm-facts.ts'
import type { PlainStatus } from '../../../kube/vm-status.ts'
import { deploymentHealth } from '../../../kube/workload-health.ts'
import { useLiveList } from '../../data/live-list.ts'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { Fact, Section } from '../../ui/Section.tsx'
import { StatusLabel } from '../../ui/StatusLabel.tsx'
import { ComponentTable } from './ComponentTable.tsx'
import { Gaps } from './Gaps.tsx'
import { report, reportDeployments } from './use-control-plane.ts'

/** The operator sets the one on all it creates and has the other; CDI's namespace is known by nothing else. */
const cdiLabel = 'cdi.kubevirt.io'
const operatorLabel = 'operator.cdi.kubevirt.io'
const noWarnings = new Map<string, string>()

/** The Containerized Data Importer, if it is installed: it fills the disks of VMs. */
export function CdiSection() {
  const cdis = useLiveList(cdiKind)
  const [cdi] = cdis.items
  const isMissing =
    cdis.status === 'complete' || (cdis.status === 'failed' && cdis.error?.code === 404)
  if (!cdi && isMissing) return null
  return (
    <Section title="Containerized Data Importer (CDI)">
      <Gaps gaps={cdis.status === 'failed' ? [{ kind: cdiKind, list: cdis }] : []} />
      {cdi && (
        <DescriptionList
          isCompact
          columnModifier={{ default: '1Col', md: '3Col' }}
          className="kc-facts-above"
        >
          <Fact term="State">
            <StatusLabel status={cdiStatus(cdi)} isFull />
          </Fact>
          <Fact term="Version">{cdi.status?.observedVersion ?? '–'}</Fact>
          <Fact term="Phase">{cdi.status?.phase ?? '–'}</Fact>
        </DescriptionList>
      )}
      <CdiComponents />
    </Section>
  )
}

function cdiStatus(cdi: Cdi): PlainStatus {
  const { status } = cdi
  const is = (type: string) => condition(cdi, type)
  const words = (type: string) => is(type)?.message || is(type)?.reason
  const withReason = (reason: string | undefined) => ({ ...(reason !== undefined && { reason }) })
  if (is('Available')?.status === 'False')
    return { label: 'Not available', tone: 'danger', ...withReason(words('Available')) }
  if (is('Degraded')?.status === 'True')
    return { label: 'Degraded', tone: 'warning', ...withReason(words('Degraded')) }
  if (status?.phase !== 'Deployed')
    return {
      label: status?.phase ?? 'Unknown',
      tone: 'progress',
      ...withReason(words('Progressing')),
    }
  return { label: 'Available', tone: 'success' }
}

function CdiComponents() {
  const created = useLiveList(deploymentKind, { labelSelector: cdiLabel })
  const operators = useLiveList(deploymentKind, { labelSelector: operatorLabel })
  const deployments = useMemo(
    () => [
      ...operators.items,
      ...created.items.filter(({ metadata }) => metadata.labels?.[operatorLabel] === undefined),
    ],
    [operators.items, created.items],
  )
  const namespace = deployments[0]?.metadata.namespace
  const nodes = useLiveList(nodeKind)
  const isUnwell = deployments.some((one) => deploymentHealth(one, []).tone !== 'success')
  const inNamespace = { namespace, enabled: isUnwell }
  const replicaSets = useLiveList(replicaSetKind, inNamespace)
  const pods = useLiveList(podKind, inNamespace)
  const reports = useMemo(
    () =>
      reportDeployments(
        deployments,
        replicaSets.items,
        pods.items.map((pod) => report(pod, noWarnings, unreadyNodes(nodes.items))),
      ),
    [deployments, replicaSets.items, pods.items, nodes.items],
  )
  const gaps = [
    { kind: deploymentKind, list: created },
    { kind: replicaSetKind, list: replicaSets },
    { kind: podKind, list: pods },
  ].filter(({ list }) => list.status === 'failed')
  return (
    <>
      <Gaps gaps={gaps} />
      {reports.length > 0 ? (
        <ComponentTable label="CDI" deployments={reports} isShort />
      ) : created.status === 'complete' ? (
        <p>Nothing of it was found: no Deployment has the label {cdiLabel}.</p>
      ) : (
        created.status !== 'failed' && <LoadingLines label="Loading CDI" count={3} />
      )}
    </>
  )
}

/** KubeVirt itself: is it well, and if not why; the workloads it is made of, and its nodes. */
import { Alert, Button, DescriptionList, PageSection, Title } from '@patternfly/react-core'
import { useState } from 'react'
import { Link } from 'react-router'

import { controlPlaneHealth, type Finding } from '../../../kube/control-plane-health.ts'
import { kubeVirtKind, type KubeVirt } from '../../../kube/kinds.ts'
import type { StatusTone } from '../../../kube/vm-status.ts'
import { useLiveList, type LiveList } from '../../data/live-list.ts'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { ConnectionBanner } from '../../ui/ListPageShell.tsx'
import { workloadsPath } from '../../ui/page-paths.ts'
import { ErrorState, LoadingLines, LoadingPage, MissingState } from '../../ui/PageStates.tsx'
import { Fact, Section } from '../../ui/Section.tsx'
import { StatusLabel } from '../../ui/StatusLabel.tsx'
import { CdiSection } from './CdiSection.tsx'
import { ComponentTable } from './ComponentTable.tsx'
import { Gaps } from './Gaps.tsx'
import { KubeVirtFacts } from './KubeVirtFacts.tsx'
import { NodeTable } from './NodeTable.tsx'
import { useControlPlane, type ControlPlane } from './use-control-plane.ts'

import './cluster.css'

/** Whether KubeVirt is well, and if not, what is the matter and what is lost. */
export function ClusterPage() {
  useDocumentTitle('Cluster')
  const kubeVirts = useLiveList(kubeVirtKind)
  // KubeVirt refuses a second one.
  const kubeVirt = kubeVirts.items[0]
  if (kubeVirt)
    return (
      <Installation
        key={kubeVirt.metadata.uid}
        kubeVirt={kubeVirt}
        namespace={kubeVirt.metadata.namespace ?? ''}
        live={kubeVirts}
      />
    )
  if (kubeVirts.status === 'failed' && kubeVirts.error?.code !== 404)
    return (
      <ErrorState
        title="KubeVirt’s state can’t be read"
        error={kubeVirts.error}
        onRetry={kubeVirts.retry}
      />
    )
  if (kubeVirts.status !== 'complete' && kubeVirts.status !== 'failed') return <LoadingPage />
  return (
    <MissingState title="KubeVirt is not installed">
      {kubeVirts.status === 'failed'
        ? 'This cluster has no resource KubeVirt.'
        : 'The resource KubeVirt is there, but no object of it, which virt-operator installs KubeVirt by.'}
    </MissingState>
  )
}

function Installation({
  kubeVirt,
  namespace,
  live,
}: {
  kubeVirt: KubeVirt
  namespace: string
  live: LiveList<KubeVirt>
}) {
  const plane = useControlPlane(namespace, { countsVmis: true })
  const { deployments, missing, leaders, gaps } = plane
  const isLeft = (...plurals: string[]) => gaps.filter(({ kind }) => plurals.includes(kind.plural))
  return (
    <PageSection hasBodyWrapper={false} isFilled className="kc-cluster">
      <div className="kc-cluster-title">
        <Title headingLevel="h1">Cluster</Title>
        <Link to={workloadsPath}>How VMs compare to other workloads</Link>
      </div>
      <ConnectionBanner state={plane} />
      {plane.isLoading ? (
        <LoadingLines label="Loading KubeVirt’s components" count={3} />
      ) : (
        <Answer kubeVirt={kubeVirt} plane={plane} />
      )}
      <Section title="KubeVirt">
        <Gaps gaps={live.status === 'failed' ? [{ kind: kubeVirtKind, list: live }] : []} />
        <KubeVirtFacts kubeVirt={kubeVirt} />
      </Section>
      <Section title="Control plane">
        <Gaps gaps={isLeft('deployments', 'replicasets', 'pods', 'leases')} />
        {deployments ? (
          <ComponentTable label="Control plane" deployments={deployments} leaders={leaders} />
        ) : (
          plane.isLoading && <LoadingLines label="Loading Deployments" />
        )}
        {missing.length > 0 && (
          <Alert
            isInline
            isPlain
            component="p"
            variant="danger"
            title={`Not there: ${missing.join(', ')}`}
          />
        )}
      </Section>
      <Section title="Nodes">
        <Gaps gaps={isLeft('daemonsets', 'nodes', 'virtualmachineinstances')} />
        <Handler plane={plane} />
        {plane.nodes && <NodeTable nodes={plane.nodes} vmisByNode={plane.vmisByNode} />}
      </Section>
      <CdiSection />
    </PageSection>
  )
}

const variants: Record<StatusTone, 'success' | 'info' | 'warning' | 'danger'> = {
  success: 'success',
  neutral: 'info',
  progress: 'info',
  warning: 'warning',
  danger: 'danger',
}

const others = 4

/** One line of what is the matter first, then the rest. */
function Answer({ kubeVirt, plane }: { kubeVirt: KubeVirt; plane: ControlPlane }) {
  const [isAllShown, setIsAllShown] = useState(false)
  const isHidden = plane.deployments === undefined
  const { answer, findings } = controlPlaneHealth({
    kubeVirt,
    components: isHidden ? undefined : plane.findings,
    nodes: plane.nodes,
  })
  const [first, ...rest] = findings
  const shown = isAllShown ? rest : rest.slice(0, others)
  const is = `KubeVirt is ${answer.label.toLowerCase()}`
  const title = first ? `${is}: ${findingTitle(first)}` : is
  return (
    <Alert isInline isLiveRegion component="h2" variant={variants[answer.tone]} title={title}>
      <p>
        {answer.reason} {answer.nextStep}
      </p>
      {rest.length > 0 && (
        <ul aria-label="Also" className="kc-findings">
          {shown.map((finding) => (
            <li key={`${finding.about} ${finding.health.label}`}>
              <strong>{findingTitle(finding)}:</strong> {finding.health.reason}
            </li>
          ))}
          {shown.length < rest.length && (
            <li>
              <Button variant="link" isInline onClick={() => setIsAllShown(true)}>
                and {rest.length - shown.length} more
              </Button>
            </li>
          )}
        </ul>
      )}
    </Alert>
  )
}

function findingTitle({ about, health: { label } }: Finding): string {
  return `${about} – ${label}`
}

/** The DaemonSet that gives each node its virt-handler. */
function Handler({ plane: { handler, isLoading, gaps } }: { plane: ControlPlane }) {
  if (!handler) {
    if (isLoading) return <LoadingLines label="Loading nodes" count={3} />
    return gaps.some(({ kind }) => kind.plural === 'daemonsets') ? null : (
      <p>There is no DaemonSet virt-handler in this namespace.</p>
    )
  }
  const { daemonSet, health } = handler
  const { numberReady = 0, desiredNumberScheduled = 0 } = daemonSet.status ?? {}
  return (
    <DescriptionList isCompact isHorizontal termWidth="12ch" className="kc-facts-above">
      <Fact term="DaemonSet">
        {daemonSet.metadata.name}, ready on {numberReady} of {desiredNumberScheduled} nodes. It
        starts, stops and watches the VMs of its node.
      </Fact>
      <Fact term="State">
        <StatusLabel status={health} isFull />
      </Fact>
    </DescriptionList>
  )
}

/** VMs beside the other workloads of Kubernetes, with objects of this cluster as the examples. */
import { Breadcrumb, BreadcrumbItem, PageSection, Title } from '@patternfly/react-core'
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table'
import { Fragment } from 'react'
import { Link } from 'react-router'

import { useDocumentTitle } from '../../ui/document-title.ts'
import { clusterPath } from '../../ui/page-paths.ts'
import { Section } from '../../ui/Section.tsx'
import { Chains } from './Chains.tsx'
import { PrintedExamples } from './PrintedExamples.tsx'
import { useWorkloadExamples } from './use-workload-examples.ts'
import { workloadFacts } from './workload-facts.ts'

import './cluster.css'

/** A long kind may break between its words. */
function breakable(kind: string) {
  return kind.split(/(?=[A-Z])/).map((word) => (
    <Fragment key={word}>
      {word}
      <wbr />
    </Fragment>
  ))
}

const title = 'How VMs compare to other workloads'

/** What VMs have in common with other workloads, by examples of this cluster, and where they differ. */
export function WorkloadsPage() {
  useDocumentTitle(title)
  const examples = useWorkloadExamples()
  return (
    <PageSection hasBodyWrapper={false} isFilled className="kc-cluster">
      <div>
        <Breadcrumb>
          <BreadcrumbItem>
            <Link to={clusterPath}>Cluster</Link>
          </BreadcrumbItem>
          <BreadcrumbItem isActive>{title}</BreadcrumbItem>
        </Breadcrumb>
        <Title headingLevel="h1">{title}</Title>
        <p>
          In each case an object says what should be, and in the end pods do the work. They differ
          in what is made again, and what is kept when it is.
        </p>
      </div>
      <Section title="From the wish to the pod">
        <Chains examples={examples} />
      </Section>
      <Section title="What each does">
        <Table aria-label="Workloads compared" variant="compact" gridBreakPoint="grid-lg">
          <Thead>
            <Tr>
              <Th width={15}>Kind</Th>
              <Th modifier="wrap">What it is</Th>
              <Th modifier="wrap">When a pod or VMI ends</Th>
              <Th modifier="wrap">Keeps</Th>
              <Th modifier="wrap">Scaling</Th>
              <Th modifier="wrap">When a node fails</Th>
            </Tr>
          </Thead>
          <Tbody>
            {workloadFacts.map((facts) => (
              <Tr key={facts.kind}>
                <Td dataLabel="Kind" modifier="breakWord">
                  <strong>{breakable(facts.kind)}</strong>
                </Td>
                <Td dataLabel="What it is">{facts.is}</Td>
                <Td dataLabel="When a pod or VMI ends">{facts.whenItEnds}</Td>
                <Td dataLabel="Keeps">{facts.keeps}</Td>
                <Td dataLabel="Scaling">{facts.scale}</Td>
                <Td dataLabel="When a node fails">{facts.whenNodeFails}</Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      </Section>
      <Section title="As kubectl prints them">
        <PrintedExamples examples={examples} />
      </Section>
    </PageSection>
  )
}

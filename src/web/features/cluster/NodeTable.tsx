/** The nodes as places for VMs: one line each, by its virt-handler. */
import { Button } from '@patternfly/react-core'
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table'
import { useState } from 'react'

import type { NodeReport } from '../../../kube/control-plane-health.ts'
import { isNodeReady, restartsOf, severity } from '../../../kube/workload-health.ts'
import { StatusLabel } from '../../ui/StatusLabel.tsx'
import { PodLink } from './ComponentTable.tsx'

/** Nodes that aren't well are always shown. */
const shownAtFirst = 25

/** The nodes as places for VMs, the worst first. */
export function NodeTable({
  nodes,
  vmisByNode,
}: {
  nodes: readonly NodeReport[]
  vmisByNode: ReadonlyMap<string, number> | undefined
}) {
  const [isAllShown, setIsAllShown] = useState(false)
  const unwell = nodes.filter(({ health }) => severity(health) > 0).length
  const shown = isAllShown ? nodes : nodes.slice(0, Math.max(shownAtFirst, unwell))
  return (
    <>
      <Table aria-label="Nodes" variant="compact" gridBreakPoint="grid-lg">
        <Thead>
          <Tr>
            <Th width={20}>Node</Th>
            <Th width={30}>State</Th>
            <Th width={20}>virt-handler</Th>
            <Th modifier="nowrap">Restarts</Th>
            <Th modifier="nowrap">Node ready</Th>
            <Th modifier="nowrap">Takes VMs</Th>
            <Th modifier="nowrap">VMIs</Th>
          </Tr>
        </Thead>
        <Tbody>
          {shown.map(({ name, node, handler, health }) => (
            <Tr key={name}>
              <Td dataLabel="Node" modifier="breakWord">
                {name}
              </Td>
              <Td dataLabel="State">
                <StatusLabel status={health} isFull />
              </Td>
              <Td dataLabel="virt-handler" modifier="breakWord">
                {handler ? <PodLink report={handler} /> : '–'}
              </Td>
              <Td dataLabel="Restarts">{handler ? restartsOf(handler.pod) : '–'}</Td>
              <Td dataLabel="Node ready">{node ? yesOrNo(isNodeReady(node)) : '–'}</Td>
              <Td dataLabel="Takes VMs">
                {node ? (
                  <span title={`Label kubevirt.io/schedulable: ${schedulable(node) ?? 'none'}`}>
                    {yesOrNo(schedulable(node) === 'true' && !node.spec?.unschedulable)}
                  </span>
                ) : (
                  '–'
                )}
              </Td>
              <Td dataLabel="VMIs">{vmisByNode ? (vmisByNode.get(name) ?? 0) : '–'}</Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      {shown.length < nodes.length && (
        <Button variant="link" onClick={() => setIsAllShown(true)}>
          Show {nodes.length - shown.length} more, all well
        </Button>
      )}
    </>
  )
}

function schedulable(node: NonNullable<NodeReport['node']>): string | undefined {
  return node.metadata.labels?.['kubevirt.io/schedulable']
}

function yesOrNo(is: boolean): string {
  return is ? 'Yes' : 'No'
}

/**
 * How virtual machines look in the console's Topology, and what its side panel says of one. The only
 * module that takes `@patternfly/react-topology` from the console.
 */
import { DescriptionList } from '@patternfly/react-core'
import { VirtualMachineIcon } from '@patternfly/react-icons'
import {
  DefaultNode,
  NodeStatus,
  observer,
  withDragNode,
  withSelection,
  type GraphElement,
  type Node,
  type WithDragNodeProps,
  type WithSelectionProps,
} from '@patternfly/react-topology'
import type { ComponentType, ReactNode } from 'react'

import { virtualMachineKind } from '../../kube/kinds.ts'
import type { StatusTone } from '../../kube/vm-status.ts'
import { ipAddresses } from '../ui/machine-columns.tsx'
import { ObjectLink } from '../ui/ObjectLink.tsx'
import { Fact } from '../ui/Section.tsx'
import { StatusLabel } from '../ui/StatusLabel.tsx'
import { hosted } from './hosted.tsx'
import { vmNodeType, type VmNodeData } from './topology-model.ts'

export { getDataModel, isResourceDepicted } from './topology-model.ts'

const nodeStatus: Record<StatusTone, NodeStatus> = {
  success: NodeStatus.success,
  progress: NodeStatus.info,
  neutral: NodeStatus.default,
  warning: NodeStatus.warning,
  danger: NodeStatus.danger,
}

const iconPx = 40

type VmNodeProps = { element: GraphElement } & Partial<WithSelectionProps & WithDragNodeProps>

const VmNode = observer(function VmNode({ element, ...rest }: VmNodeProps) {
  const { status } = (element.getData() as VmNodeData).data
  const { width, height } = (element as Node).getBounds()
  return (
    <DefaultNode
      {...rest}
      element={element as Node}
      badge="VM"
      // Its own colours are for light pages alone.
      badgeColor="var(--pf-t--global--color--brand--default)"
      badgeBorderColor="var(--pf-t--global--color--brand--default)"
      badgeTextColor="var(--pf-t--global--text--color--on-brand--default)"
      secondaryLabel={status.label}
      nodeStatus={nodeStatus[status.tone]}
      showStatusDecorator={status.tone !== 'neutral'}
      statusDecoratorTooltip={status.reason ?? status.label}
    >
      <g transform={`translate(${(width - iconPx) / 2}, ${(height - iconPx) / 2})`}>
        <VirtualMachineIcon width={iconPx} height={iconPx} />
      </g>
    </DefaultNode>
  )
})

// Made once: another component would be another node, which loses its place.
const ShownVm = withDragNode()(withSelection({ controlled: true })(VmNode)) as ComponentType<{
  element: GraphElement
}>

/** `console.topology/component/factory`. */
export function getFactory(
  _kind: string,
  type: string,
): ComponentType<{ element: GraphElement }> | undefined {
  return type === vmNodeType ? ShownVm : undefined
}

function dataOf(element: GraphElement): VmNodeData | undefined {
  return element.getType() === vmNodeType ? (element.getData() as VmNodeData) : undefined
}

/** `console.topology/details/resource-link`: the head of the side panel. */
export function resourceLink(element: GraphElement): ReactNode {
  const data = dataOf(element)
  return data && <VmLink {...data.resource.metadata} />
}

const VmLink = hosted(function Link({ namespace, name }: { namespace?: string; name: string }) {
  return <ObjectLink kind={virtualMachineKind} namespace={namespace} name={name} />
})

/** `console.topology/details/tab-section`: what the side panel says of the VM. */
export function useVmSection(element: GraphElement): [ReactNode, boolean, undefined] {
  const data = dataOf(element)
  return [data && <VmFacts {...data} />, true, undefined]
}

const VmFacts = hosted(function Facts({ resource, data: { vmi, status } }: VmNodeData) {
  const { namespace, name } = resource.metadata
  const addresses = ipAddresses(vmi)
  return (
    <div className="kc-topology-facts">
      <DescriptionList isCompact>
        <Fact term="Status">
          <StatusLabel status={status} isFull />
        </Fact>
        <Fact term="Node">{vmi?.status?.nodeName ?? '–'}</Fact>
        <Fact term="IP addresses">{addresses.length === 0 ? '–' : addresses.join(', ')}</Fact>
        <Fact term="Console">
          <ObjectLink
            kind={virtualMachineKind}
            namespace={namespace}
            name={name}
            tab="console"
            label={`Open the console of ${name}`}
          />
        </Fact>
      </DescriptionList>
    </div>
  )
})

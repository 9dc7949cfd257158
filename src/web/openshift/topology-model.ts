/** Virtual machines in the console's Topology: which nodes there are, and what each is about. */
import type { Model, NodeModel } from '@patternfly/react-topology'

import {
  virtualMachineKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../kube/kinds.ts'
import { vmStatus, type PlainStatus } from '../../kube/vm-status.ts'

/**
 * The type for which the console itself draws the rows of its list view
 * (topology/src/components/list-view/kubevirtListViewComponentFactory.ts).
 */
export const vmNodeType = 'virtual-machine'

/** The names and sizes of topology/src/const.ts. */
const groupType = 'part-of'
const partOfLabel = 'app.kubernetes.io/part-of'
const nodeSize = { width: 104, height: 104, style: { padding: [0, 20] } }
const groupSize = { width: 300, height: 180, style: { padding: [40, 40, 60, 40] } }

/** What a node carries, as TopologyDataObject has it (sdk/src/extensions/topology-types.ts). */
export interface VmNodeData {
  id: string
  name: string
  type: string
  resource: VirtualMachine
  resources: { obj: VirtualMachine; isMonitorable: false; isOperatorBackedService: false }
  data: { kind: string; vmi: VirtualMachineInstance | undefined; status: PlainStatus }
}

interface Watched<T> {
  data?: T[]
}

/** `console.topology/data/factory`: a node for each VM, in the group of its application. */
export function getDataModel(
  _namespace: string,
  resources: {
    virtualMachines?: Watched<VirtualMachine>
    virtualMachineInstances?: Watched<VirtualMachineInstance>
  },
): Promise<Model> {
  const vmis = new Map(
    (resources.virtualMachineInstances?.data ?? []).map((vmi) => [vmi.metadata.name, vmi]),
  )
  const groups = new Map<string, NodeModel>()
  const nodes = (resources.virtualMachines?.data ?? []).map((vm): NodeModel => {
    const node = vmNode(vm, vmis.get(vm.metadata.name))
    const application = vm.metadata.labels?.[partOfLabel]
    if (application !== undefined) {
      const group = groups.get(application) ?? groupNode(application)
      groups.set(application, { ...group, children: [...(group.children ?? []), node.id] })
    }
    return node
  })
  return Promise.resolve({ nodes: [...nodes, ...groups.values()], edges: [] })
}

/** OdcNodeModel: what the console's side panel and lists read beyond react-topology. */
type ConsoleNode = NodeModel & { resource: VirtualMachine; resourceKind: string }

function vmNode(read: VirtualMachine, vmi: VirtualMachineInstance | undefined): ConsoleNode {
  const { group, version, kind } = virtualMachineKind
  // Objects in a list don't say what they are, and the console asks each.
  const vm = { ...read, apiVersion: `${group}/${version}`, kind }
  const { uid, name, labels } = vm.metadata
  const reference = `${group}~${version}~${kind}`
  const data: VmNodeData = {
    id: uid,
    name,
    type: vmNodeType,
    resource: vm,
    resources: { obj: vm, isMonitorable: false, isOperatorBackedService: false },
    data: { kind: reference, vmi, status: vmStatus(vm, vmi) },
  }
  return {
    ...nodeSize,
    id: uid,
    type: vmNodeType,
    label: labels?.['app.openshift.io/instance'] ?? name,
    group: false,
    visible: true,
    data,
    resource: vm,
    resourceKind: reference,
  }
}

/** The console joins it with its own of the same id (transform-utils.ts mergeGroup). */
function groupNode(application: string): NodeModel {
  return {
    ...groupSize,
    id: `group:${application}`,
    type: groupType,
    label: application,
    group: true,
    visible: true,
    collapsed: false,
    children: [],
    data: {},
  }
}

/** Whether a node of ours stands for the object already. */
export function isResourceDepicted(
  resource: { metadata?: { uid?: string } },
  model: Model | undefined,
): boolean {
  const uid = resource.metadata?.uid
  return model?.nodes?.some(({ id, type }) => type === vmNodeType && id === uid) ?? false
}

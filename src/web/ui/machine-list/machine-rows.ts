/** Rows of the lists of VMs and of VMIs: both kinds joined, and the texts that are searched. */
import { cpuCount, instancetypeName, memoryBytes, osName } from '../../../kube/machine-facts.ts'
import { owningVmName, type VmFacts, type VmiFacts } from '../../../kube/vm-facts.ts'
import { vmiStatus, vmStatus, type PlainStatus } from '../../../kube/vm-status.ts'
import type { FilterFields, Labels } from '../list-filters/row-filter.ts'
import { ipAddresses, type MachineRow } from '../machine-columns.tsx'

/** A VM with its VMI, or a VMI with the VM that owns it. Texts are empty where nothing is known. */
export interface ListedMachine extends MachineRow {
  name: string
  namespace: string
  created: string
  status: PlainStatus
  node: string
  ips: string
  os: string
  instancetype: string
  cpus: number | undefined
  memoryBytes: number | undefined
  /** Those of the object that the list is about. */
  labels: Labels | undefined
  /** A VMI without a VM. */
  isStandalone: boolean
}

function toRow(
  listed: VmFacts | VmiFacts,
  vm: VmFacts | undefined,
  vmi: VmiFacts | undefined,
  status: PlainStatus,
): ListedMachine {
  return {
    ...(vm && { vm }),
    ...(vmi && { vmi }),
    name: listed.metadata.name,
    namespace: listed.metadata.namespace ?? '',
    created: listed.metadata.creationTimestamp,
    status,
    node: vmi?.status?.nodeName ?? '',
    ips: ipAddresses(vmi).join(' '),
    os: osName(vm, vmi) ?? '',
    instancetype: instancetypeName(vm, vmi) ?? '',
    cpus: cpuCount(vm, vmi),
    memoryBytes: memoryBytes(vm, vmi),
    labels: listed.metadata.labels,
    isStandalone: !vm && vmi !== undefined && owningVmName(vmi) === undefined,
  }
}

function vmKey({ metadata }: VmFacts): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}

/** The VMI of a VM has its name; an owner says the same. */
function keyOfItsVm(vmi: VmiFacts): string {
  const { namespace = '', name } = vmi.metadata
  return `${namespace}/${owningVmName(vmi) ?? name}`
}

type Join<L, O> = (listed: readonly L[], others: readonly O[]) => ListedMachine[]

/**
 * Joins two streams. A row whose objects are the same as before is the same row too, so that a
 * table renders only what changed.
 */
function createJoin<L extends object, O>(
  keyOfListed: (listed: L) => string | undefined,
  keyOfOther: (other: O) => string,
  toJoined: (listed: L, other: O | undefined) => ListedMachine,
): Join<L, O> {
  const rows = new WeakMap<L, { other: O | undefined; row: ListedMachine }>()
  return (listed, others) => {
    const otherByKey = new Map(others.map((other) => [keyOfOther(other), other]))
    return listed.map((one) => {
      const key = keyOfListed(one)
      const other = key === undefined ? undefined : otherByKey.get(key)
      const before = rows.get(one)
      if (before && before.other === other) return before.row
      const row = toJoined(one, other)
      rows.set(one, { other, row })
      return row
    })
  }
}

export function createVmJoin(): Join<VmFacts, VmiFacts> {
  return createJoin(vmKey, keyOfItsVm, (vm, vmi) => toRow(vm, vm, vmi, vmStatus(vm, vmi)))
}

export function createVmiJoin(): Join<VmiFacts, VmFacts> {
  return createJoin(
    (vmi) => (owningVmName(vmi) === undefined ? undefined : keyOfItsVm(vmi)),
    vmKey,
    (vmi, vm) => toRow(vmi, vm, vmi, vmiStatus(vmi)),
  )
}

/** What the lists can be filtered by; in one namespace there is none to choose. */
export function machineFields(
  list: 'vms' | 'vmis',
  isAllNamespaces: boolean,
): FilterFields<ListedMachine> {
  return {
    name: (row) => row.name,
    fields: [
      {
        key: 'status',
        title: 'Status',
        example: 'running',
        isFacet: true,
        text: (row) => row.status.label,
      },
      {
        key: 'namespace',
        title: 'Namespace',
        example: 'demo',
        isFacet: isAllNamespaces,
        text: (row) => row.namespace,
      },
      { key: 'node', title: 'Node', example: 'node-a', isFacet: true, text: (row) => row.node },
      { key: 'ip', title: 'IP address', example: '10.0.', text: (row) => row.ips },
      {
        key: 'os',
        title: 'OS',
        example: '"ubuntu 24"',
        isFacet: true,
        text: (row) => row.os,
      },
      {
        key: 'instancetype',
        title: 'Instance type',
        example: 'u1.medium',
        text: (row) => row.instancetype,
      },
      ...(list === 'vmis'
        ? [
            {
              key: 'standalone',
              title: 'No VirtualMachine owns it',
              example: 'yes',
              text: (row: ListedMachine) => (row.isStandalone ? 'yes' : 'no'),
            },
          ]
        : []),
    ],
    labels: (row) => row.labels,
  }
}

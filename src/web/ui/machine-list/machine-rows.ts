/** Rows of the lists of VMs and of VMIs: both kinds joined, and the texts that are searched. */
import { objectKey } from '../../../kube/list-page.ts'
import { cpuCount, instancetypeName, memoryBytes, osName } from '../../../kube/machine-facts.ts'
import { owningVmName, type VmFacts, type VmiFacts } from '../../../kube/vm-facts.ts'
import { vmiStatus, vmStatus, type PlainStatus } from '../../../kube/vm-status.ts'
import type { FilterFields, Labels } from '../list-filters/row-filter.ts'
import { ipAddresses, type MachineRow } from '../machine-columns.tsx'

/** A VM with its VMI, or a VMI with the VM that owns it. Texts are empty where nothing is known. */
export interface ListedMachine extends MachineRow {
  /** `namespace/name`. */
  key: string
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
    key: objectKey(listed),
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

/** The VMI of a VM has its name; an owner says the same. */
function keyOfItsVm(vmi: VmiFacts): string {
  const { namespace, name } = vmi.metadata
  return objectKey({ metadata: { namespace, name: owningVmName(vmi) ?? name } })
}

/** Answers once per object: made anew for each of many thousands, keys are most of a join's work. */
function once<O extends object, T>(answer: (object: O) => T): (object: O) => T {
  const answers = new WeakMap<O, { value: T }>()
  return (object) => {
    let known = answers.get(object)
    if (!known) answers.set(object, (known = { value: answer(object) }))
    return known.value
  }
}

type Join<L, O> = (listed: readonly L[], others: readonly O[]) => ListedMachine[]

/**
 * Joins two streams. A row whose objects are the same as before is the same row too, so that a
 * table renders only what changed.
 */
function createJoin<L extends object, O extends object>(
  keyOfListed: (listed: L) => string | undefined,
  keyOfOther: (other: O) => string,
  toJoined: (listed: L, other: O | undefined) => ListedMachine,
): Join<L, O> {
  const otherKey = once(keyOfOther)
  const joined = once((listed: L) => ({
    otherKey: keyOfListed(listed),
    other: undefined as O | undefined,
    row: undefined as ListedMachine | undefined,
  }))
  return (listed, others) => {
    const otherByKey = new Map<string | undefined, O>()
    for (const other of others) otherByKey.set(otherKey(other), other)
    return listed.map((one) => {
      const known = joined(one)
      const other = otherByKey.get(known.otherKey)
      if (known.row && known.other === other) return known.row
      known.other = other
      return (known.row = toJoined(one, other))
    })
  }
}

export function createVmJoin(): Join<VmFacts, VmiFacts> {
  return createJoin<VmFacts, VmiFacts>(objectKey, keyOfItsVm, (vm, vmi) =>
    toRow(vm, vm, vmi, vmStatus(vm, vmi)),
  )
}

export function createVmiJoin(): Join<VmiFacts, VmFacts> {
  return createJoin<VmiFacts, VmFacts>(
    (vmi) => (owningVmName(vmi) === undefined ? undefined : keyOfItsVm(vmi)),
    objectKey,
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

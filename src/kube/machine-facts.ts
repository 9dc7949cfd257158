/** What a machine is: its processors, memory and operating system, in numbers and in words. */
import { formatQuantity, parseQuantity } from './quantity.ts'
import type { VmFacts, VmiFacts } from './vm-facts.ts'

export interface CpuTopology {
  sockets?: number
  cores?: number
  threads?: number
}

/** What runs is described by the VMI; before that, by the VM's template. */
function domainOf(vm: VmFacts | undefined, vmi: VmiFacts | undefined) {
  return vmi?.spec.domain ?? vm?.spec.template?.spec?.domain
}

/**
 * Sockets, cores and threads. As KubeVirt does it: what CPU doesn't say is 1, and without CPU the
 * limit or request counts as sockets, rounded up.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-launcher/virtwrap/converter/vcpu/vcpu.go GetCPUTopology
 */
function cpuTopology(vm: VmFacts | undefined, vmi: VmiFacts | undefined) {
  const domain = domainOf(vm, vmi)
  const topology = vmi?.status?.currentCPUTopology ?? domain?.cpu
  const { sockets = 0, cores = 0, threads = 0 } = topology ?? {}
  if (sockets || cores || threads)
    return { sockets: sockets || 1, cores: cores || 1, threads: threads || 1 }
  const asked = domain?.resources?.limits?.['cpu'] ?? domain?.resources?.requests?.['cpu']
  const amount = asked === undefined ? undefined : parseQuantity(String(asked))
  if (amount === undefined) return undefined
  return { sockets: Math.ceil(amount), cores: 1, threads: 1 }
}

/** Number of virtual processors; `undefined` where only an instance type knows. */
export function cpuCount(vm: VmFacts | undefined, vmi: VmiFacts | undefined): number | undefined {
  const topology = cpuTopology(vm, vmi)
  return topology && topology.sockets * topology.cores * topology.threads
}

/** `2 vCPU (1 socket, 2 cores, 1 thread)`, or the instance type that decides. */
export function cpuWords(vm: VmFacts | undefined, vmi: VmiFacts | undefined): string | undefined {
  const topology = cpuTopology(vm, vmi)
  if (!topology) return byInstancetype(vm, vmi)
  const { sockets, cores, threads } = topology
  const parts = [plural(sockets, 'socket'), plural(cores, 'core'), plural(threads, 'thread')]
  return `${sockets * cores * threads} vCPU (${parts.join(', ')})`
}

/**
 * The guest's memory as a quantity: what it has now, was given, requests, or is limited to.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-launcher/virtwrap/converter/vcpu/vcpu.go GetVirtualMemory
 */
function memoryQuantity(vm: VmFacts | undefined, vmi: VmiFacts | undefined): string | undefined {
  const domain = domainOf(vm, vmi)
  const amount =
    vmi?.status?.memory?.guestCurrent ??
    domain?.memory?.guest ??
    domain?.resources?.requests?.['memory'] ??
    domain?.resources?.limits?.['memory']
  return amount === undefined ? undefined : String(amount)
}

/** The guest's memory in bytes; `undefined` where only an instance type knows. */
export function memoryBytes(
  vm: VmFacts | undefined,
  vmi: VmiFacts | undefined,
): number | undefined {
  return parseQuantity(memoryQuantity(vm, vmi))
}

/** `2 GiB`, or the instance type that decides. */
export function memoryWords(
  vm: VmFacts | undefined,
  vmi: VmiFacts | undefined,
): string | undefined {
  const quantity = memoryQuantity(vm, vmi)
  return quantity === undefined ? byInstancetype(vm, vmi) : formatQuantity(quantity)
}

function byInstancetype(vm: VmFacts | undefined, vmi: VmiFacts | undefined): string | undefined {
  const name = instancetypeName(vm, vmi)
  return name && `By instance type ${name}`
}

/** Annotations by which a VMI names what its VM was made with. */
export const vmiMatcherAnnotations = {
  instancetype: ['kubevirt.io/instancetype-name', 'kubevirt.io/cluster-instancetype-name'],
  preference: ['kubevirt.io/preference-name', 'kubevirt.io/cluster-preference-name'],
} as const

/** By which templates name the system; the label is the older custom. */
export const osAnnotation = 'vm.kubevirt.io/os'
export const osLabel = 'kubevirt.io/os'

function firstOf(values: Record<string, string> | undefined, keys: readonly string[]) {
  for (const key of keys) if (values?.[key]) return values[key]
  return undefined
}

/** The instance type that decides size: the VM's, else the one its VMI names. */
export function instancetypeName(
  vm: VmFacts | undefined,
  vmi: VmiFacts | undefined,
): string | undefined {
  return (
    vm?.spec.instancetype?.name ??
    firstOf(vmi?.metadata.annotations, vmiMatcherAnnotations.instancetype)
  )
}

/** The guest's system: as its agent says, else as preference, annotation or label let expect. */
export function osName(vm: VmFacts | undefined, vmi: VmiFacts | undefined): string | undefined {
  const guest = vmi?.status?.guestOSInfo
  const template = vm?.spec.template?.metadata
  return (
    guest?.prettyName ||
    guest?.id ||
    vm?.spec.preference?.name ||
    firstOf(vmi?.metadata.annotations, [...vmiMatcherAnnotations.preference, osAnnotation]) ||
    template?.annotations?.[osAnnotation] ||
    vm?.metadata.annotations?.[osAnnotation] ||
    vmi?.metadata.labels?.[osLabel] ||
    template?.labels?.[osLabel] ||
    vm?.metadata.labels?.[osLabel] ||
    undefined
  )
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

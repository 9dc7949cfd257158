/** Numbers of a machine as people say them. */
import type { VirtualMachine, VirtualMachineInstance } from '../../../kube/kinds.ts'

/** What runs is described by the VMI; before that, by the VM's template. */
function domainOf(vm: VirtualMachine | undefined, vmi: VirtualMachineInstance | undefined) {
  return vmi?.spec.domain ?? vm?.spec.template.spec?.domain
}

/** `2 vCPU (1 socket, 2 cores, 1 thread)`, or the instance type that decides. */
export function cpuWords(
  vm: VirtualMachine | undefined,
  vmi: VirtualMachineInstance | undefined,
): string | undefined {
  const domain = domainOf(vm, vmi)
  const topology = vmi?.status?.currentCPUTopology ?? domain?.cpu
  if (topology) {
    const { sockets = 1, cores = 1, threads = 1 } = topology
    const parts = [plural(sockets, 'socket'), plural(cores, 'core'), plural(threads, 'thread')]
    return `${sockets * cores * threads} vCPU (${parts.join(', ')})`
  }
  const asked = domain?.resources?.requests?.['cpu'] ?? domain?.resources?.limits?.['cpu']
  if (asked !== undefined) return `${String(asked)} vCPU`
  return vm?.spec.instancetype?.name && `By instance type ${vm.spec.instancetype.name}`
}

/** As written in the API, which is how people know it: `2Gi`. */
export function memoryWords(
  vm: VirtualMachine | undefined,
  vmi: VirtualMachineInstance | undefined,
): string | undefined {
  const domain = domainOf(vm, vmi)
  const amount =
    vmi?.status?.memory?.guestCurrent ??
    domain?.memory?.guest ??
    domain?.resources?.requests?.['memory']
  if (amount !== undefined) return sizeWords(String(amount))
  return vm?.spec.instancetype?.name && `By instance type ${vm.spec.instancetype.name}`
}

const bytesPerUnit: Record<string, number> = {
  '': 1,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
}

/** A Kubernetes quantity in GiB, or MiB below one; what isn't a quantity stays as it is. */
function sizeWords(quantity: string): string {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(quantity) ?? []
  const factor = bytesPerUnit[unit]
  if (number === '' || factor === undefined) return quantity
  const gib = (Number(number) * factor) / 2 ** 30
  return gib >= 1
    ? `${Number(gib.toFixed(2))} GiB`
    : `${Number(((Number(number) * factor) / 2 ** 20).toFixed(1))} MiB`
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

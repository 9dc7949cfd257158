/** When more or fewer CPUs and other memory reach a running VM. */
import { onMigration, type Effect, type Situation } from './apply-time.ts'
import type { VirtualMachine, VirtualMachineInstance } from './kinds.ts'
import { parseQuantity } from './quantity.ts'

/** What KubeVirt can change while the VM runs, as places below `spec.template.spec.domain`. */
export type LiveSize = 'cpu.sockets' | 'memory.guest'

const gib = 2 ** 30
/** A huge page, which memory is plugged in multiples of; with `1Gi` pages it is one of those. */
const block = 2 * 2 ** 20

function restart(sentence: string): Effect {
  return { when: 'restart', sentence }
}

/** The template's domain, of which the generated types know less than the API. */
interface Domain {
  cpu?: { sockets?: number; maxSockets?: number; realtime?: unknown; numa?: unknown }
  memory?: { guest?: string; maxGuest?: string; hugepages?: { pageSize?: string } }
  launchSecurity?: unknown
}

function domainOf(spec: { domain?: unknown } | undefined): Domain {
  return (spec?.domain ?? {}) as Domain
}

/** Whether the guest has it; the instance's spec has it as soon as it is asked for. */
export function hasSize(vmi: VirtualMachineInstance, size: LiveSize, wanted: unknown): boolean {
  const { cpu, memory } = domainOf(vmi.spec)
  if (size === 'cpu.sockets')
    return (vmi.status?.currentCPUTopology?.sockets ?? cpu?.sockets ?? 1) === wanted
  const current = vmi.status?.memory?.guestCurrent ?? memory?.guest
  return parseQuantity(current) === parseQuantity(String(wanted))
}

/**
 * When the guest gets the CPUs or memory that its VM's template asks for by now. `waitsForRestart`:
 * something else does, and KubeVirt plugs nothing as long as that is so.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go#L3351
 */
export function sizeChangeEffect(
  size: LiveSize,
  vm: VirtualMachine,
  vmi: VirtualMachineInstance,
  situation: Situation,
  waitsForRestart: boolean,
): Effect {
  if (!situation.config.updatesLive)
    return restart(
      'This cluster changes CPUs and memory on restart only (vmRolloutStrategy: Stage).',
    )
  const required = vm.status?.conditions?.find(
    ({ type, status }) => type === 'RestartRequired' && String(status) === 'True',
  )
  if (required && !waitsForRestart)
    return restart(`KubeVirt asks for a restart: ${required.message ?? 'it gives no reason'}.`)
  if (waitsForRestart)
    return restart('Something else waits for a restart, and KubeVirt plugs nothing in before that.')
  return size === 'cpu.sockets'
    ? socketsEffect(vm, vmi, situation)
    : memoryEffect(vm, vmi, situation)
}

/** https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go#L622 */
function socketsEffect(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance,
  situation: Situation,
): Effect {
  const wanted = domainOf(vm.spec.template.spec).cpu?.sockets ?? 1
  const { sockets = 1, maxSockets = 0 } = domainOf(vmi.spec).cpu ?? {}
  const current = vmi.status?.currentCPUTopology?.sockets ?? sockets
  if (wanted < current) return restart('Fewer sockets need a restart.')
  if (wanted > maxSockets)
    return restart(`More than ${maxSockets} sockets (maxSockets) need a restart.`)
  if (vm.spec.template.spec?.architecture === 'arm64')
    return restart('CPUs can’t be plugged into VMs of arm64: it waits for a restart.')
  return onMigration(situation, 'Plugging in CPUs')
}

/**
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go#L3444
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/liveupdate/memory/memory.go#L54
 */
function memoryEffect(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance,
  situation: Situation,
): Effect {
  const { cpu, memory, launchSecurity } = domainOf(vm.spec.template.spec)
  const wanted = parseQuantity(memory?.guest) ?? 0
  const most = parseQuantity(domainOf(vmi.spec).memory?.maxGuest)
  const atBoot = parseQuantity(vmi.status?.memory?.guestAtBoot)
  const multiple = memory?.hugepages?.pageSize === '1Gi' ? gib : block
  const architecture = vm.spec.template.spec?.architecture ?? 'amd64'
  if (
    most === undefined ||
    cpu?.realtime ||
    cpu?.numa ||
    launchSecurity ||
    architecture !== 'amd64'
  )
    return restart('Memory can’t be plugged into a VM like this one: it waits for a restart.')
  if (wanted > most)
    return restart('That is more than can be plugged in (maxGuest): it waits for a restart.')
  if (atBoot !== undefined && wanted < atBoot)
    return restart('Less memory than the VM has started with needs a restart.')
  if (wanted < gib)
    return restart('Memory is plugged into VMs with 1 GiB or more only: it waits for a restart.')
  if (wanted % multiple !== 0)
    return restart(
      'Memory is plugged in by whole huge pages; an amount between waits for a restart.',
    )
  return onMigration(situation, 'Plugging in memory')
}

/**
 * More CPUs and memory for a running VMI: the VM's controller writes them into the VMI, which then
 * needs a migration, whose target has them.
 * Sources: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go (handleCPUChangeRequest, handleMemoryHotplugRequest),
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vmi/lifecycle.go (requireCPUHotplug, requireMemoryHotplug),
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-handler/migration-target.go (hotplugCPU, hotplugMemory)
 */
import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { Store } from '../api/cluster.ts'
import { memoryHotplugProblem } from '../kubevirt/admission/resource-rules.ts'
import {
  findCondition,
  hasCondition,
  withCondition,
  withoutCondition,
} from '../kubevirt/conditions.ts'
import { keys, type VirtualMachineInstance, type VmiSpec } from '../kubevirt/objects.ts'
import { parseQuantity } from '../kubevirt/quantity.ts'
import type { ControllerContext } from './controller-context.ts'
import { isMigrating } from './migration-state.ts'

interface Memory {
  guestAtBoot: string
  guestCurrent: string
  guestRequested: string
}

interface Topology {
  sockets: number
  cores: number
  threads: number
}

/** KubeVirt tries again; until then it is the VM's Failure condition. */
export class ResizeUnderWay extends Error {
  readonly reason: 'HotPlugCPUError' | 'HotPlugMemoryError'

  constructor(reason: ResizeUnderWay['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

/**
 * Has the VMI take over sockets and guest memory of its VM, instance type included. Returns why they
 * wait for a restart instead. Throws {@link ResizeUnderWay}.
 */
export function resizeLive(
  store: Store,
  wanted: VmiSpec,
  vmi: VirtualMachineInstance,
): string | undefined {
  const cpu = cpuObstacle(wanted, vmi)
  if (cpu.why !== undefined) return cpu.why
  const { namespace, name } = vmi.metadata
  if (cpu.sockets !== undefined)
    store.update<VirtualMachineInstance>(keys.vmi, namespace, name, ({ spec }) => {
      spec.domain.cpu = { ...spec.domain.cpu, sockets: cpu.sockets! }
    })
  const memory = memoryObstacle(wanted, vmi)
  if (memory.why !== undefined) return memory.why
  if (memory.guest !== undefined)
    store.update<VirtualMachineInstance>(keys.vmi, namespace, name, ({ spec }) => {
      spec.domain.memory = { ...spec.domain.memory, guest: memory.guest! }
    })
  return undefined
}

function cpuObstacle(
  { domain }: VmiSpec,
  vmi: VirtualMachineInstance,
): { why?: string; sockets?: number } {
  const running = vmi.spec.domain.cpu
  const sockets = domain.cpu?.sockets ?? 1
  const present = running?.sockets ?? 1
  if (!domain.cpu || !running || sockets === present) return {}
  if (hasCondition(vmi.status?.conditions, 'HotVCPUChange'))
    throw cpuError('another CPU hotplug is in progress')
  if (isMigrating(vmi)) throw cpuError('CPU hotplug is not allowed while VMI is migrating')
  if (sockets > (running.maxSockets ?? 0))
    return {
      why: "CPU sockets updated in template spec to a value higher than what's available",
    }
  if (sockets < present) return { why: 'Reduction of CPU socket count requires a restart' }
  return { sockets }
}

function cpuError(words: string): ResizeUnderWay {
  return new ResizeUnderWay(
    'HotPlugCPUError',
    `Error encountered while handling CPU change request: ${words}`,
  )
}

function memoryObstacle(
  wanted: VmiSpec,
  vmi: VirtualMachineInstance,
): { why?: string; guest?: string } {
  const guest = wanted.domain.memory?.guest
  const running = vmi.spec.domain.memory
  const status = vmi.status?.['memory'] as Memory | undefined
  if (guest === undefined || running?.guest === undefined || !status) return {}
  const conditions = vmi.status?.conditions
  const because = (why: string) => ({ why: `memory updated in template spec${why}` })
  if (findCondition(conditions, 'HotMemoryChange')?.status === 'False')
    return because('. Memory-hotplug failed and is not available for this VM configuration')
  const bytes = parseQuantity(guest)
  if (bytes === parseQuantity(running.guest)) return {}
  if (!hasCondition(conditions, 'LiveMigratable'))
    return because('. Memory-hotplug is only available for migratable VMs')
  if (running.maxGuest === undefined)
    return because('. Memory-hotplug is not available for this VM configuration')
  if (hasCondition(conditions, 'HotMemoryChange'))
    throw memoryError('another memory hotplug is in progress')
  if (isMigrating(vmi)) throw memoryError('memory hotplug is not allowed while VMI is migrating')
  const most = parseQuantity(running.maxGuest)
  const problem = memoryHotplugProblem(wanted as V1VirtualMachineInstanceSpec, most)
  if (problem !== undefined) return { why: `memory hotplug not supported, ${problem}` }
  if (bytes < parseQuantity(status.guestAtBoot))
    return because(' to a value lower than what the VM started with')
  if (bytes > most) return because(" to a value higher than what's available")
  return { guest }
}

function memoryError(words: string): ResizeUnderWay {
  return new ResizeUnderWay(
    'HotPlugMemoryError',
    `error encountered while handling memory hotplug requests: ${words}`,
  )
}

const vcpus = ({ sockets = 1, cores = 1, threads = 1 }: Partial<Topology>): number =>
  sockets * cores * threads

/** virt-controller: marks VMIs that have been given more than their guests have. */
export function startResizeMarks(context: ControllerContext): void {
  const { store } = context.cluster
  context.onClose(
    store.subscribe<VirtualMachineInstance>(keys.vmi, ({ type, object, previous }) => {
      if (type !== 'MODIFIED' || object.spec === previous?.spec) return
      if (object.status?.phase !== 'Running') return
      const { namespace, name } = object.metadata
      store.update<VirtualMachineInstance>(keys.vmi, namespace, name, markResize)
    }),
  )
}

function markResize(draft: VirtualMachineInstance): void {
  const { status, spec } = draft
  if (!status) return
  const { cpu, memory } = spec.domain
  const topology = status['currentCPUTopology'] as Topology | undefined
  const mark = (type: string) => {
    status.conditions = withCondition(status.conditions, { type, status: 'True' })
  }
  if (topology && cpu?.maxSockets && vcpus(cpu) !== vcpus(topology)) mark('HotVCPUChange')
  const given = (status['memory'] as Memory | undefined)?.guestRequested
  if (!given || memory?.guest === undefined || memory.maxGuest === undefined) return
  if (parseQuantity(memory.guest) !== parseQuantity(given)) mark('HotMemoryChange')
}

/** After the migration: the guest has what its VMI says. */
export function settleResize({ spec, status }: VirtualMachineInstance): void {
  if (!status) return
  const { cpu, memory } = spec.domain
  if (findCondition(status.conditions, 'HotVCPUChange')) {
    const { sockets = 1, cores = 1, threads = 1 } = cpu ?? {}
    status['currentCPUTopology'] = { cores, sockets, threads }
  }
  if (findCondition(status.conditions, 'HotMemoryChange') && memory?.guest !== undefined) {
    const before = status['memory'] as Memory | undefined
    status['memory'] = { ...before, guestCurrent: memory.guest, guestRequested: memory.guest }
  }
  for (const type of ['HotVCPUChange', 'HotMemoryChange'])
    status.conditions = withoutCondition(status.conditions, type)
}

/**
 * CPU and memory.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go
 */
import type {
  V1CPU,
  V1DomainSpec,
  V1VirtualMachineInstanceSpec,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { StatusCause } from '../../api/cluster.ts'
import { parseQuantity } from '../quantity.ts'
import type { Configuration } from './configuration.ts'
import { invalid, notSupported, required } from './refusal.ts'

interface Amount {
  /** As written, for messages. */
  text: string
  value: number
}

/** Zero when it is missing, as Go's accessors give it. */
export function amount(list: 'requests' | 'limits', name: 'cpu' | 'memory', domain: V1DomainSpec) {
  const amounts = domain.resources?.[list] as Record<string, string | number> | undefined
  const found = amounts?.[name]
  return { text: String(found ?? 0), value: parseQuantity(found) } satisfies Amount
}

/** vCPUs of a topology; a missing number counts as 1, but nothing at all as 0. */
function vcpus(cpu: V1CPU | undefined): number {
  const { cores, sockets, threads } = cpu ?? {}
  if (!cores && !sockets && !threads) return 0
  return (cores || 1) * (sockets || 1) * (threads || 1)
}

/** Memory rules up to huge pages and the guest's size. `path` leads to the VMI spec. */
export function memoryCauses(
  path: string,
  { domain }: V1VirtualMachineInstanceSpec,
  configuration: Configuration,
): StatusCause[] {
  const requests = amount('requests', 'memory', domain)
  const limits = amount('limits', 'memory', domain)
  const requestsField = `${path}.domain.resources.requests.memory`
  const limitsField = `${path}.domain.resources.limits.memory`
  const causes: StatusCause[] = []
  if (requests.value < 0) causes.push(negative(requestsField, requests))
  else if (requests.value > 0 && requests.value < 1e6) {
    causes.push(
      invalid(
        `${requestsField} '${requests.text}': must be greater than or equal to 1M.`,
        requestsField,
      ),
    )
  }
  if (limits.value < 0) causes.push(negative(limitsField, limits))
  if (limits.value > 0 && requests.value > limits.value) {
    causes.push(greater(requestsField, requests, limitsField, limits))
  }
  causes.push(...hugepagesCauses(path, domain))
  const guest = domain.memory?.guest
  if (!configuration.liveUpdate && guest && limits.value !== 0) {
    const field = `${path}.domain.memory.guest`
    if (limits.value < parseQuantity(guest)) {
      causes.push(
        invalid(
          `${field} '${guest}' must be equal to or less than the memory limit ${limitsField} '${limits.text}'`,
          field,
        ),
      )
    }
  }
  return causes
}

function negative(field: string, { text }: Amount): StatusCause {
  return invalid(`${field} '${text}': must be greater than or equal to 0.`, field)
}

function greater(field: string, low: Amount, limitField: string, high: Amount): StatusCause {
  return invalid(`${field} '${low.text}' is greater than ${limitField} '${high.text}'`, field)
}

function hugepagesCauses(path: string, domain: V1DomainSpec): StatusCause[] {
  const { hugepages, guest } = domain.memory ?? {}
  if (!hugepages) return []
  const pageSize = hugepages.pageSize ?? ''
  const sizeField = `${path}.domain.memory.hugepages.pageSize`
  const size = parseQuantity(pageSize)
  if (size === 0) {
    return [
      invalid(
        `${sizeField} '${pageSize}': quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
        sizeField,
      ),
    ]
  }
  const requests = amount('requests', 'memory', domain)
  const memory = requests.value || parseQuantity(guest) || amount('limits', 'memory', domain).value
  const field = `${path}.domain.resources.requests.memory`
  if (memory !== 0 && memory < size) {
    return [
      invalid(
        `${field} '${requests.text}' must be equal to or larger than page size ${sizeField} '${pageSize}'`,
        field,
      ),
    ]
  }
  return memory % size === 0
    ? []
    : [
        invalid(
          `${field} '${requests.text}' is not a multiple of the page size ${sizeField} '${pageSize}'`,
          field,
        ),
      ]
}

/** CPU rules up to hotplug. `path` leads to the VMI spec. */
export function cpuCauses(
  path: string,
  { domain }: V1VirtualMachineInstanceSpec,
  configuration: Configuration,
): StatusCause[] {
  const requests = amount('requests', 'cpu', domain)
  const limits = amount('limits', 'cpu', domain)
  const requestsField = `${path}.domain.resources.requests.cpu`
  const limitsField = `${path}.domain.resources.limits.cpu`
  const causes: StatusCause[] = []
  if (requests.value < 0) causes.push(negative(requestsField, requests))
  if (limits.value < 0) causes.push(negative(limitsField, limits))
  if (limits.value > 0 && requests.value > limits.value) {
    causes.push(greater(requestsField, requests, limitsField, limits))
  }
  const { cpu } = domain
  if (!cpu) return causes
  if (cpu.dedicatedCpuPlacement) causes.push(...pinningCauses(path, domain))
  causes.push(...numaCauses(`${path}.domain`, domain, configuration))
  if (cpu.isolateEmulatorThread && !cpu.dedicatedCpuPlacement) {
    causes.push(
      invalid(
        'IsolateEmulatorThread should be only set in combination with DedicatedCPUPlacement',
        `${path}.domain.cpu.isolateEmulatorThread`,
      ),
    )
  }
  for (const [i, { name, policy }] of (cpu.features ?? []).entries()) {
    if (['', 'force', 'require', 'optional', 'disable', 'forbid'].includes(policy ?? '')) continue
    causes.push(
      notSupported(
        `CPU feature ${name} uses policy ${policy} that is not supported.`,
        `${path}.domain.cpu.features[${i}].policy`,
      ),
    )
  }
  causes.push(...socketCauses(`${path}.domain.cpu.sockets`, cpu))
  return causes
}

/** More sockets than the maximum to plug in. */
export function socketCauses(field: string, { sockets, maxSockets }: V1CPU): StatusCause[] {
  if (!maxSockets || (sockets ?? 0) <= maxSockets) return []
  return [
    invalid('Number of sockets in CPU topology is greater than the maximum sockets allowed', field),
  ]
}

function pinningCauses(path: string, domain: V1DomainSpec): StatusCause[] {
  const at = (member: string) => `${path}.domain.${member}`
  const requests = amount('requests', 'cpu', domain)
  const limits = amount('limits', 'cpu', domain)
  const memoryRequests = amount('requests', 'memory', domain)
  const memoryLimits = amount('limits', 'memory', domain)
  const placement = at('cpu.dedicatedCpuPlacement')
  const [request, limit] = [at('resources.requests.cpu'), at('resources.limits.cpu')]
  const [memoryRequest, memoryLimit] = [
    at('resources.requests.memory'),
    at('resources.limits.memory'),
  ]
  const causes: StatusCause[] = []
  const hasMemory =
    memoryLimits.value !== 0 ||
    memoryRequests.value !== 0 ||
    domain.memory?.hugepages !== undefined ||
    parseQuantity(domain.memory?.guest) !== 0
  if (!hasMemory) {
    causes.push(
      invalid(
        `${memoryRequest}, ${memoryLimit}, ${at('memory.hugepages')} or ${at('memory.guest')} should be provided`,
        memoryLimit,
      ),
    )
  }
  if (!Number.isInteger(requests.value)) {
    causes.push(invalid('provided resources CPU requests must be an interger', request))
  }
  if (!Number.isInteger(limits.value)) {
    causes.push(invalid('provided resources CPU limits must be an interger', limit))
  }
  if (memoryRequests.value > 0 && memoryLimits.value > 0) {
    if (memoryRequests.value !== memoryLimits.value) {
      causes.push(invalid(`${memoryRequest} must be equal to ${memoryLimit}`, memoryRequest))
    }
  }
  const total = vcpus(domain.cpu)
  if (requests.value === 0 && limits.value === 0 && total === 0) {
    causes.push(
      invalid(
        `either ${request} or ${limit} or ${at('cpu.cores')} must be provided when DedicatedCPUPlacement is true `,
        placement,
      ),
    )
  }
  if (requests.value > 0 && limits.value > 0 && requests.value !== limits.value) {
    causes.push(
      invalid(
        `${request} or ${limit} must be equal when DedicatedCPUPlacement is true `,
        placement,
      ),
    )
  }
  const isGiven = requests.value > 0 || limits.value > 0
  if (isGiven && total > 0 && requests.value !== total && limits.value !== total) {
    causes.push(
      invalid(
        `${request} or ${limit} must not be provided at the same time with ${at('cpu.cores')} when DedicatedCPUPlacement is true `,
        placement,
      ),
    )
  }
  const threads = domain.cpu?.threads ?? 0
  if (threads > 2) {
    causes.push(
      invalid(
        `Not more than two threads must be provided at ${at('cpu.threads')} (got ${threads}) when DedicatedCPUPlacement is true`,
        placement,
      ),
    )
  }
  return causes
}

function numaCauses(path: string, domain: V1DomainSpec, configuration: Configuration) {
  if (!domain.cpu?.numa?.guestMappingPassthrough) return []
  const field = `${path}.cpu.numa.guestMappingPassthrough`
  const causes: StatusCause[] = []
  if (!configuration.isEnabled('NUMA')) {
    causes.push(
      invalid(`NUMA feature gate is not enabled in kubevirt-config, invalid entry ${field}`, field),
    )
  }
  if (!domain.cpu.dedicatedCpuPlacement) {
    causes.push(
      invalid(
        `${path}.cpu.dedicatedCpuPlacement must be set to true when NUMA topology strategy is set in ${field}`,
        field,
      ),
    )
  }
  if (!domain.memory?.hugepages) {
    causes.push(
      invalid(
        `${path}.memory.hugepages must be requested when NUMA topology strategy is set in ${field}`,
        field,
      ),
    )
  }
  return causes
}

export function realtimeCauses(path: string, domain: V1DomainSpec): StatusCause[] {
  const { cpu } = domain
  if (!cpu?.realtime) return []
  const field = (member: string) => `${path}.domain.cpu.${member}`
  const causes: StatusCause[] = []
  if (!cpu.dedicatedCpuPlacement) {
    const placement = field('dedicatedCpuPlacement')
    causes.push(
      required(`${placement} must be set to true when ${field('realtime')} is used`, placement),
    )
  }
  if (!cpu.numa?.guestMappingPassthrough) {
    const numa = field('numa.guestMappingPassthrough')
    causes.push(required(`${numa} must be defined when ${field('realtime')} is used`, numa))
  }
  return causes
}

/** For VMIs only: some memory must be asked for. The cause has no field. */
export function missingMemoryCauses(path: string, { domain }: V1VirtualMachineInstanceSpec) {
  if (amount('requests', 'memory', domain).value !== 0) return []
  if (domain.memory?.guest || domain.memory?.hugepages) return []
  return [
    required(
      `no memory requested, at least one of '${path}.domain.memory.guest', '${path}.domain.memory.hugepages.pageSize' or '${path}.domain.resources.requests.memory' must be set`,
      '',
    ),
  ]
}

const mebibyte = 2 ** 20
const gibibyte = 2 ** 30

/**
 * Why memory cannot grow while the guest runs, or undefined.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/liveupdate/memory/memory.go
 */
export function memoryHotplugProblem(
  spec: V1VirtualMachineInstanceSpec,
  maxGuestBytes: number | undefined,
): string | undefined {
  const { cpu, memory, launchSecurity } = spec.domain
  if (cpu?.realtime) return 'Memory hotplug is not compatible with realtime VMs'
  if (cpu?.numa?.guestMappingPassthrough) {
    return 'Memory hotplug is not compatible with guest mapping passthrough'
  }
  if (launchSecurity) return 'Memory hotplug is not compatible with encrypted VMs'
  if (!memory?.guest) return 'Guest memory must be configured when memory hotplug is enabled'
  if (maxGuestBytes === undefined) {
    return 'Max guest memory must be configured when memory hotplug is enabled'
  }
  const guest = parseQuantity(memory.guest)
  if (guest > maxGuestBytes) return 'Guest memory is greater than the configured maxGuest memory'
  const isHuge = memory.hugepages?.pageSize === '1Gi'
  const alignment = isHuge ? gibibyte : 2 * mebibyte
  const alignmentText = isHuge ? '1Gi' : '2Mi'
  if (guest % alignment !== 0) return `Guest memory must be ${alignmentText} aligned`
  if (maxGuestBytes % alignment !== 0) return `MaxGuest must be ${alignmentText} aligned`
  if (spec.architecture !== 'amd64') return 'Memory hotplug is only available for x86_64 VMs'
  if (guest < gibibyte) {
    return 'Memory hotplug is only available for VMs with at least 1Gi of guest memory'
  }
  return undefined
}

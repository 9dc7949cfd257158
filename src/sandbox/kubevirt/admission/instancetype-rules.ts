/**
 * Matchers, conflicts between a VM and its instance type, and what a preference requires.
 * https://github.com/kubevirt/kubevirt/tree/v1.9.0/pkg/instancetype
 */
import { isDeepStrictEqual } from 'node:util'

import type {
  V1beta1VirtualMachineInstancetypeSpec,
  V1beta1VirtualMachinePreferenceSpec,
  V1InstancetypeMatcher,
  V1VirtualMachineInstanceSpec,
  V1VirtualMachineSpec,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { StatusCause } from '../../api/cluster.ts'
import { parseQuantity } from '../quantity.ts'
import { invalid, notFound, notSupported } from './refusal.ts'

type Matchers = Pick<V1VirtualMachineSpec, 'instancetype' | 'preference'>

/**
 * Refusals of the matchers themselves, one matcher after the other. `old` is there on update.
 */
export function matcherCauses(spec: Matchers, old: Matchers | undefined): StatusCause[] {
  const kinds = [
    ['instancetype', 'InstancetypeMatcher'],
    ['preference', 'PreferenceMatcher'],
  ] as const
  for (const [what] of kinds) {
    const [matcher, before] = [spec[what], old?.[what]]
    if (matcher && before && isRenamedOnly(matcher, before)) {
      return [
        invalid(
          'the Matcher Name has been updated without updating the RevisionName',
          `spec.${what}.revisionName`,
        ),
      ]
    }
  }
  for (const [what, type] of kinds) {
    const causes = spec[what] ? presenceCauses(`spec.${what}`, type, spec[what]) : []
    if (causes.length > 0) return causes
  }
  return []
}

function isRenamedOnly(matcher: V1InstancetypeMatcher, before: V1InstancetypeMatcher): boolean {
  if (!matcher.revisionName || isDeepStrictEqual(matcher, before)) return false
  return matcher.name !== before.name && matcher.revisionName === before.revisionName
}

function presenceCauses(path: string, type: string, matcher: V1InstancetypeMatcher) {
  const { name, kind, inferFromVolume, inferFromVolumeFailurePolicy: policy } = matcher
  const causes: StatusCause[] = []
  if (!name && !inferFromVolume) {
    causes.push(
      notFound(`Either Name or InferFromVolume should be provided within the ${type}`, path),
    )
  }
  if (inferFromVolume && name) {
    causes.push(
      notSupported(
        'Name already set, should be cleared before setting inferFromVolume',
        `${path}.name`,
      ),
    )
  }
  if (inferFromVolume && kind) {
    causes.push(
      notSupported(
        'Kind already set, should be cleared before setting inferFromVolume',
        `${path}.kind`,
      ),
    )
  }
  if (policy !== undefined && policy !== 'Ignore' && policy !== 'Reject') {
    causes.push(
      invalid(
        `Invalid value '${policy}' for InferFromVolumeFailurePolicy`,
        `${path}.inferFromVolumeFailurePolicy`,
      ),
    )
  }
  return causes
}

/** What the VM sets although its instance type does. Of memory, only the first is reported. */
export function conflictCauses(
  instancetype: V1beta1VirtualMachineInstancetypeSpec,
  { domain, nodeSelector, schedulerName }: V1VirtualMachineInstanceSpec,
): StatusCause[] {
  const { cpu = {}, memory = {}, devices } = domain
  const requests = (domain.resources?.requests ?? {}) as Record<string, unknown>
  const limits = (domain.resources?.limits ?? {}) as Record<string, unknown>
  const given = instancetype.cpu
  const cpuConflicts: [boolean, string][] = [
    ['cpu' in requests, 'domain.resources.requests.cpu'],
    ['cpu' in limits, 'domain.resources.limits.cpu'],
    [Boolean(cpu.sockets), 'domain.cpu.sockets'],
    [Boolean(cpu.cores), 'domain.cpu.cores'],
    [Boolean(cpu.threads), 'domain.cpu.threads'],
    [Boolean(cpu.model && given.model), 'domain.cpu.model'],
    [
      Boolean(cpu.dedicatedCpuPlacement && given.dedicatedCPUPlacement !== undefined),
      'domain.cpu.dedicatedCPUPlacement',
    ],
    [
      Boolean(cpu.isolateEmulatorThread && given.isolateEmulatorThread !== undefined),
      'domain.cpu.isolateEmulatorThread',
    ],
    [Boolean(cpu.numa && given.numa), 'domain.cpu.numa'],
    [Boolean(cpu.realtime && given.realtime), 'domain.cpu.realtime'],
  ]
  const memoryConflicts: [boolean, string][] = [
    [memory.guest !== undefined, 'domain.memory.guest'],
    [Boolean(memory.hugepages && instancetype.memory.hugepages), 'domain.memory.hugepages'],
    [Boolean(memory.maxGuest && instancetype.memory.maxGuest), 'domain.memory.maxGuest'],
    ['memory' in requests, 'domain.resources.requests.memory'],
    ['memory' in limits, 'domain.resources.limits.memory'],
  ]
  const others: [boolean, string][] = [
    [Boolean(nodeSelector && instancetype.nodeSelector), 'nodeSelector'],
    [Boolean(schedulerName && instancetype.schedulerName), 'schedulerName'],
    [Boolean(devices.gpus?.length && instancetype.gpus?.length), 'domain.devices.gpus'],
    [
      Boolean(devices.hostDevices?.length && instancetype.hostDevices?.length),
      'domain.devices.hostDevices',
    ],
    [Boolean(domain.ioThreadsPolicy && instancetype.ioThreadsPolicy), 'domain.ioThreadsPolicy'],
    [Boolean(domain.launchSecurity && instancetype.launchSecurity), 'domain.launchSecurity'],
  ]
  const found = [
    ...cpuConflicts.filter(([isSet]) => isSet),
    ...memoryConflicts.filter(([isSet]) => isSet).slice(0, 1),
    ...others.filter(([isSet]) => isSet),
  ]
  return found.map(([, member]) => {
    const field = `spec.template.spec.${member}`
    return invalid(`VM field(s) ${field} conflicts with selected instance type`, field)
  })
}

/**
 * The first thing that the preference requires and the VM, complete with defaults, lacks.
 * https://github.com/kubevirt/kubevirt/tree/v1.9.0/pkg/instancetype/preference/requirements
 */
export function requirementCauses(
  instancetype: V1beta1VirtualMachineInstancetypeSpec | undefined,
  preference: V1beta1VirtualMachinePreferenceSpec | undefined,
  spec: V1VirtualMachineInstanceSpec,
): StatusCause[] {
  const requirements = preference?.requirements
  if (!preference || !requirements) return []
  const lacking =
    cpuProblem(instancetype, preference, spec) ??
    memoryProblem(instancetype, requirements.memory?.guest, spec) ??
    architectureProblem(requirements.architecture, spec)
  if (!lacking) return []
  const [message, ...fields] = lacking
  return [notFound(`failure checking preference requirements: ${message}`, fields.join(', '))]
}

type Problem = [message: string, ...fields: string[]] | undefined

const cpuPath = 'spec.template.spec.domain.cpu'

/** By topology: what is counted, and its name in the message. */
const topologies: Record<string, ('cores' | 'sockets' | 'threads')[]> = {
  threads: ['threads'],
  cores: ['cores'],
  sockets: ['sockets'],
  any: ['cores', 'sockets', 'threads'],
}

function cpuProblem(
  instancetype: V1beta1VirtualMachineInstancetypeSpec | undefined,
  preference: V1beta1VirtualMachinePreferenceSpec,
  { domain }: V1VirtualMachineInstanceSpec,
): Problem {
  const needed = preference.requirements?.cpu?.guest
  if (needed === undefined) return undefined
  if (instancetype) {
    const given = instancetype.cpu.guest
    if (given >= needed) return undefined
    return [
      `insufficient CPU resources of ${given} vCPU provided by instance type, preference requires ${needed} vCPU`,
      'spec.instancetype',
    ]
  }
  const preferred = preference.cpu?.preferredCPUTopology ?? 'sockets'
  const topology = preferred.replace(/^prefer/, '').toLowerCase()
  const across = preference.cpu?.spreadOptions?.across ?? 'SocketsCores'
  const counted =
    topology === 'spread' ? spreadMembers(across) : (topologies[topology] ?? ['sockets'])
  const given = counted.reduce((product, name) => product * (domain.cpu?.[name] ?? 0), 1)
  if (given >= needed) return undefined
  const as =
    topology === 'spread' ? across : topology === 'any' ? 'cores, sockets and threads' : topology
  return [
    `insufficient CPU resources of ${given} vCPU provided by VirtualMachine, preference requires ${needed} vCPU provided as ${as}`,
    ...counted.map((name) => `${cpuPath}.${name}`),
  ]
}

function spreadMembers(across: string): ('cores' | 'sockets' | 'threads')[] {
  const all = ['sockets', 'cores', 'threads'] as const
  return all.filter((name) => across.toLowerCase().includes(name))
}

function memoryProblem(
  instancetype: V1beta1VirtualMachineInstancetypeSpec | undefined,
  needed: string | undefined,
  { domain }: V1VirtualMachineInstanceSpec,
): Problem {
  if (needed === undefined) return undefined
  const given = domain.memory?.guest ?? instancetype?.memory.guest ?? '0'
  if (parseQuantity(given) >= parseQuantity(needed)) return undefined
  const [by, field] = instancetype
    ? ['instance type', 'spec.instancetype']
    : ['VirtualMachine', 'spec.template.spec.domain.memory']
  return [
    `insufficient Memory resources of ${given} provided by ${by}, preference requires ${needed}`,
    field,
  ] as [string, string]
}

function architectureProblem(
  needed: string | undefined,
  { architecture }: V1VirtualMachineInstanceSpec,
): Problem {
  if (needed === undefined || needed === architecture) return undefined
  return [
    `preference requires architecture ${needed} but ${architecture} is being requested`,
    'spec.template.spec.architecture',
  ]
}

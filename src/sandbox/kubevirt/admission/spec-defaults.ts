/**
 * What the webhooks fill in.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/defaults/defaults.go
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/staging/src/kubevirt.io/api/core/v1/defaults.go
 */
import { randomUUID } from 'node:crypto'

import type {
  V1VirtualMachineInstanceSpec,
  V1VirtualMachineInstanceStatus,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { ObjectMeta } from '../../api/cluster.ts'
import { formatBytes, parseQuantity } from '../quantity.ts'
import type { Configuration } from './configuration.ts'
import { amount, memoryHotplugProblem } from './resource-rules.ts'

type Spec = V1VirtualMachineInstanceSpec

export const defaultArchitecture = 'amd64'
const topologyAnnotation = 'kubevirt.io/pci-topology-version'
const mostVcpus = 512

/** Defaults that rules count on, for VMIs and, while it is checked, a VM's template. */
export function setSpecDefaults(spec: Spec, configuration: Configuration): void {
  const { domain } = spec
  spec.architecture ||= defaultArchitecture
  domain.machine = { ...domain.machine, type: domain.machine?.type || configuration.machineType }
  setCpuDefaults(spec)
  setGuestMemory(spec)
  for (const { containerDisk } of spec.volumes ?? []) {
    if (!containerDisk || containerDisk.imagePullPolicy) continue
    const { image } = containerDisk
    const isLatest = image.endsWith(':latest') || !/[:@]/.test(image)
    containerDisk.imagePullPolicy = isLatest ? 'Always' : 'IfNotPresent'
  }
  if (configuration.evictionStrategy) spec.evictionStrategy ??= configuration.evictionStrategy
  setDefaultInterface(spec, configuration)
  const { devices } = domain
  const mapped = new Set(
    [...(devices.disks ?? []), ...(devices.filesystems ?? [])].map(({ name }) => name),
  )
  for (const { name } of spec.volumes ?? []) {
    if (!mapped.has(name)) (devices.disks ??= []).push({ name })
  }
}

/** CPU requests of limits, and the vCPUs of either when there is no topology. */
function setCpuDefaults({ domain }: Spec): void {
  const limits = amount('limits', 'cpu', domain)
  if (limits.value !== 0 && amount('requests', 'cpu', domain).value === 0) {
    const resources = (domain.resources ??= {})
    resources.requests = { ...resources.requests, cpu: limits.text } as Record<string, string>
  }
  const { cores, sockets, threads } = domain.cpu ?? {}
  if (cores || sockets || threads) return
  const vcpus = Math.ceil(limits.value || amount('requests', 'cpu', domain).value) || 1
  domain.cpu = { ...domain.cpu, sockets: vcpus, cores: 1, threads: 1 }
}

function setGuestMemory({ domain }: Spec): void {
  const memory = (domain.memory ??= {})
  if (memory.guest) return
  const found = [amount('requests', 'memory', domain), amount('limits', 'memory', domain)].find(
    ({ value }) => value !== 0,
  )
  const guest = found?.text ?? memory.hugepages?.pageSize
  if (guest) memory.guest = guest
}

function setDefaultInterface(spec: Spec, { defaultInterface }: Configuration): void {
  const { devices } = spec.domain
  if (devices.autoattachPodInterface === false) return
  if (spec.networks?.length || devices.interfaces?.length) return
  devices.interfaces = [
    {
      name: 'default',
      ...(defaultInterface === 'masquerade' ? { masquerade: {} } : { bridge: {} }),
    },
  ]
  spec.networks = [{ name: 'default', pod: {} }]
}

/** Everything a new VMI gets beyond {@link setSpecDefaults}. */
export function setVmiDefaults(
  spec: Spec,
  status: Partial<V1VirtualMachineInstanceStatus>,
  configuration: Configuration,
): void {
  setSpecDefaults(spec, configuration)
  const { domain } = spec
  domain.firmware ??= {}
  domain.features ??= {}
  for (const disk of domain.devices.disks ?? []) {
    if (!disk.disk && !disk.cdrom && !disk.lun) disk.disk = {}
    // Defaults of the architecture: amd64 disks sit on SATA unless they say otherwise.
    for (const target of [disk.disk, disk.cdrom, disk.lun]) if (target) target.bus ||= 'sata'
  }
  for (const input of domain.devices.inputs ?? []) {
    input.bus ||= 'usb'
    input.type ||= 'tablet'
  }
  const cpu = (domain.cpu ??= {})
  cpu.model ||= 'host-model'
  const { sockets = 1, cores = 1, threads = 1 } = cpu
  status.currentCPUTopology ??= { sockets, cores, threads }
  const guest = domain.memory?.guest
  if (guest) status.memory = { guestAtBoot: guest, guestCurrent: guest, guestRequested: guest }
  if (configuration.liveUpdate) setHotplugLimits(spec, configuration.maxHotplugRatio)
}

function setHotplugLimits(spec: Spec, ratio: number): void {
  const { cpu = {}, memory = {} } = spec.domain
  const { sockets = 1, cores = 1, threads = 1 } = cpu
  if (!cpu.maxSockets) {
    const wanted = sockets * ratio
    const possible = Math.max(Math.floor(mostVcpus / (cores * threads)), sockets)
    cpu.maxSockets = wanted * cores * threads > mostVcpus ? possible : wanted
  }
  if (memory.maxGuest || !memory.guest) return
  const maxGuest = parseQuantity(memory.guest) * ratio
  if (memoryHotplugProblem(spec, maxGuest) === undefined) memory.maxGuest = formatBytes(maxGuest)
}

/** Identities that a VM gets once, when it is created. */
export function setFirmwareIdentity({ domain }: Spec): void {
  const firmware = (domain.firmware ??= {})
  firmware.uuid ||= randomUUID()
  firmware.serial ||= randomUUID()
}

/** Marks guests whose PCI root ports are laid out for hotplug, as all new ones are. */
export function setTopologyVersion(
  metadata: Pick<Partial<ObjectMeta>, 'annotations'>,
  { architecture, domain }: Spec,
): void {
  const machine = domain.machine?.type
  if (!['amd64', 'arm64', ''].includes(architecture ?? '')) return
  if (machine !== undefined && !machine.includes('q35') && !machine.startsWith('virt')) return
  const annotations = (metadata.annotations ??= {})
  annotations[topologyAnnotation] ??= 'v3'
}

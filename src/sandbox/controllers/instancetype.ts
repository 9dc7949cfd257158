/**
 * Instance types and preferences: finding them, keeping a copy as a ControllerRevision, and
 * applying them to a VMI's spec.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/instancetype
 */
import type { KubeObject, Store } from '../api/cluster.ts'
import {
  controllerReference,
  keys,
  type Matcher,
  type VirtualMachine,
  type VmiSpec,
} from '../kubevirt/objects.ts'

interface Instancetype extends KubeObject {
  spec: {
    cpu: {
      guest: number
      model?: string
      dedicatedCPUPlacement?: boolean
      isolateEmulatorThread?: boolean
      numa?: object
      maxSockets?: number
    }
    memory: { guest: string; maxGuest?: string; hugepages?: { pageSize: string } }
    gpus?: { name: string; deviceName: string }[]
    hostDevices?: { name: string; deviceName: string }[]
    ioThreadsPolicy?: string
    nodeSelector?: Record<string, string>
    annotations?: Record<string, string>
  }
}

interface Preference extends KubeObject {
  spec: {
    cpu?: { preferredCPUTopology?: string }
    devices?: {
      preferredDiskBus?: string
      preferredCdromBus?: string
      preferredInterfaceModel?: string
      preferredTPM?: object
      preferredRng?: object
      preferredInputBus?: string
      preferredInputType?: string
      preferredNetworkInterfaceMultiQueue?: boolean
    }
    features?: { preferredAcpi?: object; preferredSmm?: object; preferredHyperv?: object }
    firmware?: { preferredEfi?: object }
    clock?: { preferredClockOffset?: object; preferredTimer?: object }
    preferredTerminationGracePeriodSeconds?: number
    annotations?: Record<string, string>
  }
}

export interface Profile {
  instancetype: Instancetype | undefined
  preference: Preference | undefined
}

/** What a VM refers to is not there; becomes the VM's Failure condition. */
export class ProfileNotFound extends Error {
  readonly reason: 'FailedFindInstancetype' | 'FailedFindPreference'

  constructor(reason: ProfileNotFound['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

/** Finds what the VM's matchers name. Throws {@link ProfileNotFound}. */
export function findProfile(store: Store, vm: VirtualMachine): Profile {
  return {
    instancetype: find(store, vm, vm.spec.instancetype, 'Instancetype') as Instancetype | undefined,
    preference: find(store, vm, vm.spec.preference, 'Preference') as Preference | undefined,
  }
}

/** The VM with its instance type and preference written out. Throws {@link ProfileNotFound}. */
export function withProfileApplied(store: Store, vm: VirtualMachine): VirtualMachine {
  const profile = findProfile(store, vm)
  const { instancetype: _instancetype, preference: _preference, ...spec } = vm.spec
  const template = { ...vm.spec.template, spec: applyProfile(vm.spec.template.spec, profile) }
  return { ...vm, spec: { ...spec, template } }
}

function find(
  store: Store,
  vm: VirtualMachine,
  matcher: Matcher | undefined,
  what: 'Instancetype' | 'Preference',
): KubeObject | undefined {
  if (!matcher) return undefined
  const namespaced = matcher.kind?.toLowerCase() === `virtualmachine${what.toLowerCase()}`
  const namespace = vm.metadata.namespace
  if (matcher.revisionName) {
    const revision = store.get(keys.controllerRevision, namespace, matcher.revisionName)
    if (revision) return revision['data'] as KubeObject
  }
  const plural = `virtualmachine${namespaced ? '' : 'cluster'}${what.toLowerCase()}s` as const
  const found = store.get(
    `instancetype.kubevirt.io/${plural}`,
    namespaced ? namespace : undefined,
    matcher.name,
  )
  if (found) return found
  throw new ProfileNotFound(
    `FailedFind${what}`,
    `${plural}.instancetype.kubevirt.io "${matcher.name}" not found`,
  )
}

/**
 * Stores a copy of an instance type or preference for the VM and returns the reference for
 * `status.instancetypeRef` or `status.preferenceRef`.
 */
export function keepRevision(
  store: Store,
  vm: VirtualMachine,
  resource: KubeObject,
): { name: string; kind: string; controllerRevisionRef: { name: string } } {
  const { name, uid, generation } = resource.metadata
  const version = resource.apiVersion.slice(resource.apiVersion.indexOf('/') + 1)
  const revision = `${vm.metadata.name}-${name}-${version}-${uid}-${generation ?? 1}`
  const namespace = vm.metadata.namespace
  if (!store.get(keys.controllerRevision, namespace, revision)) {
    store.create(keys.controllerRevision, {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: revision,
        ...(namespace ? { namespace } : {}),
        labels: {
          'instancetype.kubevirt.io/object-generation': String(generation ?? 1),
          'instancetype.kubevirt.io/object-kind': resource.kind,
          'instancetype.kubevirt.io/object-name': name,
          'instancetype.kubevirt.io/object-uid': uid,
          'instancetype.kubevirt.io/object-version': version,
        },
        ownerReferences: [controllerReference(vm)],
      },
      data: resource,
      revision: 0,
    })
  }
  return {
    name,
    kind: resource.kind[0]!.toLowerCase() + resource.kind.slice(1),
    controllerRevisionRef: { name: revision },
  }
}

/** `spec` with instance type and preference applied; what the VM sets itself stays. */
export function applyProfile(spec: VmiSpec, { instancetype, preference }: Profile): VmiSpec {
  if (!instancetype && !preference) return spec
  const result = structuredClone(spec)
  const { domain } = result
  if (instancetype) {
    const { cpu, memory, gpus, hostDevices, ioThreadsPolicy, nodeSelector } = instancetype.spec
    const topology = preference?.spec.cpu?.preferredCPUTopology ?? 'sockets'
    const vcpus = { sockets: 1, cores: 1, threads: 1 }
    if (topology === 'cores' || topology === 'preferCores') vcpus.cores = cpu.guest
    else if (topology === 'threads' || topology === 'preferThreads') vcpus.threads = cpu.guest
    else vcpus.sockets = cpu.guest
    domain.cpu = {
      ...domain.cpu,
      ...vcpus,
      ...(cpu.model ? { model: cpu.model } : {}),
      ...(cpu.maxSockets ? { maxSockets: cpu.maxSockets } : {}),
      ...(cpu.dedicatedCPUPlacement ? { dedicatedCpuPlacement: true } : {}),
      ...(cpu.isolateEmulatorThread ? { isolateEmulatorThread: true } : {}),
      ...(cpu.numa ? { numa: cpu.numa } : {}),
    }
    domain.memory = { ...domain.memory, ...memory }
    if (gpus) domain.devices.gpus = gpus
    if (hostDevices) domain.devices.hostDevices = hostDevices
    if (ioThreadsPolicy) domain['ioThreadsPolicy'] ??= ioThreadsPolicy
    if (nodeSelector) result.nodeSelector ??= nodeSelector
  }
  if (preference) applyPreference(result, preference)
  return result
}

function applyPreference(spec: VmiSpec, preference: Preference): void {
  const { devices, features, firmware, clock } = preference.spec
  const { domain } = spec
  for (const disk of domain.devices.disks ?? []) {
    if (disk.cdrom) {
      if (devices?.preferredCdromBus) disk.cdrom.bus ??= devices.preferredCdromBus
    } else if (devices?.preferredDiskBus && !disk.lun) {
      disk.disk = { bus: devices.preferredDiskBus, ...disk.disk }
    }
  }
  for (const nic of domain.devices.interfaces ?? []) {
    if (devices?.preferredInterfaceModel && !nic.sriov)
      nic.model ??= devices.preferredInterfaceModel
  }
  if (devices?.preferredTPM) domain.devices['tpm'] ??= devices.preferredTPM
  if (devices?.preferredRng) domain.devices['rng'] ??= devices.preferredRng
  if (devices?.preferredNetworkInterfaceMultiQueue) {
    domain.devices['networkInterfaceMultiqueue'] ??= true
  }
  if (features?.preferredAcpi) (domain.features ??= {}).acpi ??= features.preferredAcpi
  if (features?.preferredHyperv) (domain.features ??= {}).hyperv ??= features.preferredHyperv
  if (features?.preferredSmm) (domain.features ??= {})['smm'] ??= features.preferredSmm
  if (firmware?.preferredEfi) {
    ;((domain.firmware ??= {}) as Record<string, unknown>)['bootloader'] ??= {
      efi: firmware.preferredEfi,
    }
  }
  if (clock) {
    domain['clock'] ??= { ...clock.preferredClockOffset, timer: clock.preferredTimer ?? {} }
  }
  const grace = preference.spec.preferredTerminationGracePeriodSeconds
  if (grace !== undefined) spec.terminationGracePeriodSeconds ??= grace
}

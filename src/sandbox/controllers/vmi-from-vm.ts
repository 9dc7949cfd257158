/**
 * The VMI that a VM starts, with the defaults KubeVirt's mutating webhook sets on every VMI.
 * Sources: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go (SetupVMIFromVM),
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/defaults/defaults.go
 */
import { createHash } from 'node:crypto'

import type { NewObject } from '../api/cluster.ts'
import { copyOf } from '../api/json-values.ts'
import {
  controllerReference,
  VM_FINALIZER,
  VM_GENERATION,
  VMI_FINALIZER,
  type VirtualMachine,
  type VmiSpec,
} from '../kubevirt/objects.ts'
import { applyProfile, type Profile } from './instancetype.ts'

export function vmiFromVm(vm: VirtualMachine, profile: Profile, paused: boolean): NewObject {
  const { template } = vm.spec
  const spec = withVmiDefaults(applyProfile(template.spec, profile), vm.metadata.uid)
  if (paused) spec.startStrategy = 'Paused'
  const annotations: Record<string, string> = {
    ...template.metadata?.annotations,
    ...profile.preference?.spec.annotations,
    [VM_GENERATION]: String(vm.metadata.generation ?? 1),
    'kubevirt.io/latest-observed-api-version': 'v1',
    'kubevirt.io/storage-observed-api-version': 'v1',
  }
  for (const [what, matcher] of [
    ['instancetype', vm.spec.instancetype],
    ['preference', vm.spec.preference],
  ] as const) {
    if (!matcher) continue
    const cluster = !matcher.kind || matcher.kind.toLowerCase().startsWith('virtualmachinecluster')
    annotations[`kubevirt.io/${cluster ? 'cluster-' : ''}${what}-name`] = matcher.name
  }
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: {
      name: vm.metadata.name,
      ...(vm.metadata.namespace ? { namespace: vm.metadata.namespace } : {}),
      labels: { ...template.metadata?.labels, 'kubevirt.io/vm': vm.metadata.name },
      annotations,
      finalizers: [VM_FINALIZER, VMI_FINALIZER],
      ownerReferences: [controllerReference(vm)],
    },
    spec,
  }
}

/** A stable id, formatted as a UUID; KubeVirt too derives a VM's firmware UUID from its name. */
export function stableUuid(seed: string): string {
  const hex = createHash('sha1').update(seed).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

/** A copy of `spec` with everything filled in that the webhook fills in. */
export function withVmiDefaults(spec: VmiSpec, firmwareSeed: string): VmiSpec {
  const result = copyOf(spec)
  const { domain } = result
  result.architecture ??= 'amd64'
  result.evictionStrategy ??= 'None'
  result.terminationGracePeriodSeconds ??= 30
  domain.machine = { type: 'q35', ...domain.machine }
  domain.features = { ...domain.features, acpi: { enabled: true, ...domain.features?.acpi } }
  domain.firmware = { uuid: stableUuid(firmwareSeed), ...domain.firmware }
  domain.cpu = { cores: 1, sockets: 1, threads: 1, model: 'host-model', ...domain.cpu }
  domain.cpu.maxSockets ??= (domain.cpu.sockets ?? 1) * 4
  const guest = domain.memory?.guest ?? domain.resources?.requests?.['memory']
  if (guest && !domain.memory?.guest) domain.memory = { ...domain.memory, guest }
  domain.resources = {
    ...domain.resources,
    requests: {
      ...(guest ? { memory: guest } : {}),
      ...domain.resources?.requests,
    },
  }
  const { devices } = domain
  if (
    !devices.interfaces?.length &&
    !result.networks?.length &&
    devices.autoattachPodInterface !== false
  ) {
    devices.interfaces = [{ name: 'default', bridge: {} }]
    result.networks = [{ name: 'default', pod: {} }]
  }
  for (const nic of devices.interfaces ?? []) {
    if (!nic.sriov) nic.model ??= 'virtio'
  }
  devices.disks ??= []
  for (const volume of result.volumes ?? []) {
    if (!devices.disks.some(({ name }) => name === volume.name)) {
      devices.disks.push({ name: volume.name, disk: { bus: 'virtio' } })
    }
  }
  for (const disk of devices.disks) {
    if (!disk.disk && !disk.lun && !disk.cdrom) disk.disk = { bus: 'virtio' }
  }
  return result
}

/**
 * The VMI that a VM starts, with the defaults KubeVirt's mutating webhook sets on every VMI.
 * Sources: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go (SetupVMIFromVM),
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/defaults/defaults.go
 */
import { createHash } from 'node:crypto'

import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { NewObject, Store } from '../api/cluster.ts'
import { copyOf } from '../api/json-values.ts'
import { readConfiguration } from '../kubevirt/admission/configuration.ts'
import { setVmiDefaults } from '../kubevirt/admission/spec-defaults.ts'
import {
  controllerReference,
  VM_FINALIZER,
  VM_GENERATION,
  VMI_FINALIZER,
  type VirtualMachine,
  type VmiSpec,
} from '../kubevirt/objects.ts'
import { applyProfile, type Profile } from './instancetype.ts'

export function vmiFromVm(
  store: Store,
  vm: VirtualMachine,
  profile: Profile,
  paused: boolean,
): NewObject {
  const { template } = vm.spec
  const spec = withVmiDefaults(store, applyProfile(template.spec, profile), vm.metadata.uid)
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
export function withVmiDefaults(store: Store, spec: VmiSpec, firmwareSeed: string): VmiSpec {
  const result = copyOf(spec)
  const { domain } = result
  domain.firmware = { uuid: stableUuid(firmwareSeed), ...domain.firmware }
  domain.features = { ...domain.features, acpi: { enabled: true, ...domain.features?.acpi } }
  setVmiDefaults(result as V1VirtualMachineInstanceSpec, {}, readConfiguration(store))
  return result
}

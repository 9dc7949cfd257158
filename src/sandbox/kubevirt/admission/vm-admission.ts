/**
 * VirtualMachines: `virtualmachines-mutator` and `virtualmachine-validator`.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/mutating-webhook/mutators/vm-mutator.go
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/validating-webhook/admitters/vms-admitter.go
 */
import type {
  V1VirtualMachineInstanceSpec,
  V1VirtualMachineSpec,
  V1VirtualMachineStatus,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { AdmissionHook, AdmissionRequest, KubeObject, Store } from '../../api/cluster.ts'
import { applyProfile, findProfile, ProfileNotFound } from '../../controllers/instancetype.ts'
import { customSchema } from '../../kinds/schemas.ts'
import type { VirtualMachine, VmiSpec } from '../objects.ts'
import { readConfiguration } from './configuration.ts'
import { inferMatchers } from './infer-matchers.ts'
import { conflictCauses, matcherCauses, requirementCauses } from './instancetype-rules.ts'
import { discontinuedBindingCauses } from './network-rules.ts'
import { denyFor, refuse } from './refusal.ts'
import {
  defaultArchitecture,
  setFirmwareIdentity,
  setSpecDefaults,
  setTopologyVersion,
} from './spec-defaults.ts'
import { schemaCauses } from './spec-schema.ts'
import { storageStatusCauses, templateNamespaceCauses, vmSpecCauses } from './vm-rules.ts'

const mutator = 'virtualmachines-mutator.kubevirt.io'
const validator = 'virtualmachine-validator.kubevirt.io'

interface Vm extends KubeObject {
  spec: V1VirtualMachineSpec & { template: { spec: V1VirtualMachineInstanceSpec } }
  status?: V1VirtualMachineStatus
}

export function vmAdmission(store: Store): AdmissionHook {
  return {
    mutate(request) {
      if (request.operation !== 'DELETE' && !request.subresource) mutate(store, request)
    },
    validate(request) {
      if (request.operation === 'DELETE') return
      if (!request.subresource) validate(store, request)
    },
  }
}

function mutate(store: Store, request: AdmissionRequest): void {
  const { operation } = request
  denyFor(mutator, schemaCauses(request.object, customSchema('kubevirt.V1VirtualMachine')))
  const vm = request.object as Vm
  if (vm.metadata.deletionTimestamp) return
  denyFor(mutator, matcherCauses(vm.spec, (request.old as Vm | undefined)?.spec))
  const problem = inferMatchers(store, request.namespace ?? '', vm.spec)
  if (problem) refuse(mutator, problem)

  const { spec, metadata } = vm.spec.template
  applyEarlyPreferences(store, vm)
  if (operation === 'CREATE') setFirmwareIdentity(spec)
  spec.architecture ||= architectureOfSource(store, vm, request.namespace) ?? defaultArchitecture
  const machine = (spec.domain.machine ??= {})
  machine.type ||= readConfiguration(store).machineType
  if (operation === 'CREATE') {
    const annotated = metadata ?? {}
    setTopologyVersion(annotated as { annotations?: Record<string, string> }, spec)
    if (annotated.annotations) vm.spec.template.metadata = annotated
  }
}

/** The preferences that must be stored, since they come too late when the VMI is made. */
function applyEarlyPreferences(store: Store, vm: Vm): void {
  const preference = profileOf(store, vm).preference?.spec as
    | {
        preferredArchitecture?: string
        machine?: { preferredMachineType?: string }
        volumes?: { preferredStorageClassName?: string }
      }
    | undefined
  const { spec } = vm.spec.template
  if (preference?.preferredArchitecture) spec.architecture ||= preference.preferredArchitecture
  const machineType = preference?.machine?.preferredMachineType
  if (machineType) {
    const machine = (spec.domain.machine ??= {})
    machine.type ||= machineType
  }
  const storageClass = preference?.volumes?.preferredStorageClassName
  if (!storageClass) return
  for (const { spec: dataVolume } of vm.spec.dataVolumeTemplates ?? []) {
    if (dataVolume.pvc) dataVolume.pvc.storageClassName ??= storageClass
    if (dataVolume.storage) dataVolume.storage.storageClassName ??= storageClass
  }
}

/** The architecture that a DataSource's label names, of the first template that has one. */
function architectureOfSource(store: Store, vm: Vm, namespace: string | undefined) {
  for (const { spec } of vm.spec.dataVolumeTemplates ?? []) {
    const { sourceRef } = spec
    if (sourceRef?.kind.toLowerCase() !== 'datasource') continue
    const source = store.get(
      'cdi.kubevirt.io/datasources',
      sourceRef.namespace || namespace,
      sourceRef.name,
    )
    const architecture = source?.metadata.labels?.['template.kubevirt.io/architecture']
    if (architecture && ['amd64', 'arm64', 's390x'].includes(architecture)) return architecture
  }
  return undefined
}

function validate(store: Store, request: AdmissionRequest): void {
  const vm = request.object as Vm
  const old = request.old as Vm | undefined
  if (vm.metadata.deletionTimestamp) return
  const configuration = readConfiguration(store)

  // Checked is what would run: with instance type, preference and defaults, which are not stored.
  const { instancetype, preference } = profileOf(store, vm)
  if (instancetype) {
    denyFor(validator, conflictCauses(instancetype.spec as never, vm.spec.template.spec))
  }
  const template = applyProfile(structuredClone(vm.spec.template.spec) as unknown as VmiSpec, {
    instancetype,
    preference,
  }) as unknown as V1VirtualMachineInstanceSpec
  setSpecDefaults(template, configuration)
  const complete: V1VirtualMachineSpec = {
    ...vm.spec,
    template: { ...vm.spec.template, spec: template },
  }
  denyFor(
    validator,
    requirementCauses(instancetype?.spec as never, preference?.spec as never, template),
  )
  if (request.operation === 'CREATE') {
    denyFor(validator, discontinuedBindingCauses('spec', template))
  }
  denyFor(validator, vmSpecCauses('spec', complete, configuration))
  denyFor(validator, templateNamespaceCauses(vm.spec, old?.spec, request.namespace ?? ''))
  if (old) {
    denyFor(
      validator,
      storageStatusCauses({ ...vm, ...(old.status && { status: old.status }) }, old),
    )
  }
  if (vm.spec.running !== undefined) {
    request.warn('spec.running is deprecated, please use spec.runStrategy instead.')
  }
}

/** What the matchers name; a name that is not there is no reason to refuse the VM. */
function profileOf(store: Store, vm: Vm): ReturnType<typeof findProfile> {
  const one = (matchers: Partial<Pick<V1VirtualMachineSpec, 'instancetype' | 'preference'>>) => {
    const { instancetype: _, preference: __, ...rest } = vm.spec
    const object = { ...vm, spec: { ...rest, ...matchers } }
    try {
      return findProfile(store, object as unknown as VirtualMachine)
    } catch (error) {
      if (error instanceof ProfileNotFound) return undefined
      throw error
    }
  }
  const { instancetype, preference } = vm.spec
  return {
    instancetype: instancetype?.name ? one({ instancetype })?.instancetype : undefined,
    preference: preference?.name ? one({ preference })?.preference : undefined,
  }
}

/**
 * What is a VM's own, beyond its template's VMI spec.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/validating-webhook/admitters/vms-admitter.go
 * https://github.com/kubevirt/kubevirt/tree/v1.9.0/pkg/storage/admitters
 */
import { isDeepStrictEqual } from 'node:util'

import type {
  V1DataVolumeTemplateSpec,
  V1VirtualMachineInstanceSpec,
  V1VirtualMachineSpec,
  V1VirtualMachineStatus,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { StatusCause } from '../../api/cluster.ts'
import { parseQuantity } from '../quantity.ts'
import type { Configuration } from './configuration.ts'
import { invalid, notSupported, required } from './refusal.ts'
import { memoryHotplugProblem, socketCauses } from './resource-rules.ts'
import { metadataCauses, vmiSpecCauses } from './vmi-spec-rules.ts'

const runStrategies = ['Halted', 'Manual', 'Always', 'RerunOnFailure', 'Once']

/**
 * `spec` is complete with instance type and defaults, as it is checked, not stored. `path` leads to
 * it: `spec`, but for the template of a pool.
 */
export function vmSpecCauses(
  path: string,
  spec: V1VirtualMachineSpec,
  configuration: Configuration,
): StatusCause[] {
  const template = spec.template.spec as V1VirtualMachineInstanceSpec
  return [
    ...metadataCauses(`${path}.template.metadata`, spec.template.metadata ?? {}, configuration),
    ...vmiSpecCauses(`${path}.template.spec`, template, configuration),
    ...dataVolumeTemplateCauses(path, spec),
    ...runStrategyCauses(path, spec, configuration),
    ...liveUpdateCauses(path, template, configuration),
  ]
}

function runStrategyCauses(
  path: string,
  { running, runStrategy }: V1VirtualMachineSpec,
  configuration: Configuration,
) {
  const causes: StatusCause[] = []
  if (running !== undefined && runStrategy !== undefined) {
    causes.push(
      invalid(
        'Running and RunStrategy are mutually exclusive. Note that Running is deprecated, please use RunStrategy instead',
        `${path}.running`,
      ),
    )
  }
  if (running === undefined && runStrategy === undefined) {
    causes.push(invalid('RunStrategy must be specified', `${path}.running`))
  }
  if (runStrategy === undefined || runStrategies.includes(runStrategy)) return causes
  if (runStrategy !== 'WaitAsReceiver') {
    causes.push(invalid(`Invalid RunStrategy (${runStrategy})`, `${path}.runStrategy`))
  } else if (!configuration.isEnabled('DecentralizedLiveMigration')) {
    causes.push(
      invalid(
        `Invalid RunStrategy (${runStrategy}), DecentralizedLiveMigration feature gate is not enabled in kubevirt resource`,
        `${path}.runStrategy`,
      ),
    )
  }
  return causes
}

function liveUpdateCauses(
  path: string,
  template: V1VirtualMachineInstanceSpec,
  { liveUpdate }: Configuration,
) {
  if (!liveUpdate) return []
  const { cpu, memory } = template.domain
  const causes = cpu?.sockets ? socketCauses(`${path}.template.spec.domain.cpu.sockets`, cpu) : []
  if (memory?.maxGuest) {
    const problem = memoryHotplugProblem(template, parseQuantity(memory.maxGuest))
    if (problem) causes.push(invalid(problem, `${path}.template.spec.domain.memory.guest`))
  }
  return causes
}

/** The field lacks the plural's s; so it does in KubeVirt. */
function dataVolumeTemplateCauses(
  path: string,
  { dataVolumeTemplates = [], template }: V1VirtualMachineSpec,
) {
  return dataVolumeTemplates.flatMap((entry, i) => {
    const at = `${path}.dataVolumeTemplate[${i}]`
    const causes = templateCauses(at, entry)
    if (causes.length > 0) return causes
    const name = entry.metadata?.name
    const isUsed = template.spec?.volumes?.some(
      ({ persistentVolumeClaim, dataVolume }) =>
        persistentVolumeClaim?.claimName === name || dataVolume?.name === name,
    )
    if (isUsed) return []
    return [
      required(
        `DataVolumeTemplate entry ${at} must be referenced in the VMI template's 'volumes' list`,
        at,
      ),
    ]
  })
}

function templateCauses(at: string, { metadata, spec }: V1DataVolumeTemplateSpec): StatusCause[] {
  if (!metadata?.name) {
    return [
      required(
        `'name' field must not be empty for DataVolumeTemplate entry ${at}.name.`,
        `${at}.name`,
      ),
    ]
  }
  const { pvc, storage, source, sourceRef } = spec
  if (!pvc && !storage) {
    return [invalid('Missing Data volume PVC or Storage', `${at}.PVC.Storage`)]
  }
  if (pvc && storage) {
    return [
      invalid(
        'Duplicate storage definition, both target storage and target pvc defined',
        `${at}.PVC.Storage`,
      ),
    ]
  }
  const target = pvc ?? storage
  const isExternal = Boolean(target?.dataSourceRef ?? target?.dataSource)
  if (isExternal && (source || sourceRef)) {
    return [
      invalid('External population is incompatible with Source and SourceRef', `${at}.source`),
    ]
  }
  if (!isExternal && !source && !sourceRef) {
    return [
      invalid(
        'Data volume should have either Source, SourceRef, or be externally populated',
        `${at}.source.sourceRef`,
      ),
    ]
  }
  const count = source ? Object.keys(source).length : 1
  if (count === 1) return []
  const message = count === 0 ? 'Missing dataVolume valid source' : 'Multiple dataVolume sources'
  return [invalid(message, `${at}.source`)]
}

/** DataVolumes are made in the VM's namespace; templates may only name that one. */
export function templateNamespaceCauses(
  spec: V1VirtualMachineSpec,
  old: V1VirtualMachineSpec | undefined,
  namespace: string,
): StatusCause[] {
  if (old && isDeepStrictEqual(old.dataVolumeTemplates, spec.dataVolumeTemplates)) return []
  return (spec.dataVolumeTemplates ?? []).flatMap(({ metadata }, i) => {
    if (!metadata?.namespace || metadata.namespace === namespace) return []
    return [
      invalid(
        `Embedded DataVolume namespace ${metadata.namespace} differs from VM namespace ${namespace}`,
        `spec.dataVolumeTemplates[${i}]`,
      ),
    ]
  })
}

interface StoredVm {
  spec: V1VirtualMachineSpec
  status?: V1VirtualMachineStatus
}

/** While a snapshot is taken or restored, parts of a VM must not change. */
export function storageStatusCauses(vm: StoredVm, old: StoredVm): StatusCause[] {
  const { snapshotInProgress, restoreInProgress } = vm.status ?? {}
  if (snapshotInProgress) {
    const until = `until snapshot "${snapshotInProgress}" completes`
    const [volumes, before] = [vm, old].map(({ spec }) => spec.template.spec?.volumes ?? [])
    if (!isDeepStrictEqual(volumes, before)) {
      return [notSupported(`Cannot update vm disks or volumes ${until}`, 'spec')]
    }
    if (!hasSameRunning(vm.spec, old.spec)) {
      return [notSupported(`Cannot update vm running state ${until}`, 'spec')]
    }
  }
  if (restoreInProgress && strategy(vm.spec) !== strategy(old.spec)) {
    return [
      notSupported(
        `Cannot update VM runStrategy until restore "${restoreInProgress}" completes`,
        'spec',
      ),
    ]
  }
  return []
}

function hasSameRunning(spec: V1VirtualMachineSpec, old: V1VirtualMachineSpec): boolean {
  if (spec.running !== undefined && old.running !== undefined) return spec.running === old.running
  return spec.runStrategy !== undefined && spec.runStrategy === old.runStrategy
}

function strategy({ running, runStrategy }: V1VirtualMachineSpec): string | undefined {
  return runStrategy ?? (running ? 'Always' : 'Halted')
}

/**
 * Snapshots, restores, exports and clones.
 * https://github.com/kubevirt/kubevirt/tree/v1.9.0/pkg/storage/admitters
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/validating-webhook/admitters/vmclone-admitter.go
 */
import { isDeepStrictEqual } from 'node:util'

import type {
  AdmissionHook,
  AdmissionRequest,
  KubeObject,
  StatusCause,
  Store,
} from '../../api/cluster.ts'
import { nameSuffix } from '../../controllers/controller-context.ts'
import { keys } from '../objects.ts'
import { readConfiguration } from './configuration.ts'
import { macProblem } from './network-rules.ts'
import { denyFor, invalid, notFound, refuse, required } from './refusal.ts'

interface Reference {
  apiGroup?: string
  kind: string
  name: string
}

interface Restore extends KubeObject {
  spec: {
    target: Reference
    patches?: string[]
    volumeRestorePolicy?: string
    volumeOwnershipPolicy?: string
    volumeRestoreOverrides?: {
      volumeName?: string
      restoreName?: string
      annotations?: object
      labels?: object
    }[]
  }
  status?: { complete?: boolean }
}

/** Checks on create; afterwards the spec must stay as it is. */
function immutableSpec(
  webhook: string,
  causesOf: (request: AdmissionRequest) => StatusCause[],
): AdmissionHook {
  return {
    validate(request) {
      if (request.subresource) return
      if (request.operation === 'CREATE') denyFor(webhook, causesOf(request))
      if (request.operation !== 'UPDATE') return
      if (isDeepStrictEqual(request.object['spec'], request.old?.['spec'])) return
      denyFor(webhook, [invalid('spec in immutable after creation', 'spec')])
    },
  }
}

/** Only VirtualMachines can be snapshotted and restored. */
function vmReferenceCauses(path: string, { apiGroup, kind }: Reference): StatusCause[] {
  if (apiGroup === undefined) return [notFound('missing apiGroup', `${path}.apiGroup`)]
  if (apiGroup !== 'kubevirt.io') return [invalid('invalid apiGroup', `${path}.apiGroup`)]
  return kind === 'VirtualMachine' ? [] : [invalid('invalid kind', `${path}.kind`)]
}

const snapshotValidator = 'virtualmachinesnapshot-validator.snapshot.kubevirt.io'

export function snapshotAdmission(store: Store): AdmissionHook {
  return immutableSpec(snapshotValidator, ({ object }) => {
    if (!readConfiguration(store).isEnabled('Snapshot')) {
      refuse(snapshotValidator, 'snapshot feature gate not enabled')
    }
    return vmReferenceCauses('spec.source', (object['spec'] as { source: Reference }).source)
  })
}

const restoreValidator = 'virtualmachinerestore-validator.snapshot.kubevirt.io'

export function restoreAdmission(store: Store): AdmissionHook {
  return immutableSpec(restoreValidator, ({ object, namespace }) => {
    if (!readConfiguration(store).isEnabled('Snapshot')) {
      refuse(restoreValidator, 'Snapshot/Restore feature gate not enabled')
    }
    const { spec } = object as Restore
    const referenceCauses = vmReferenceCauses('spec.target', spec.target)
    const causes = referenceCauses.length > 0 ? referenceCauses : restoreCauses(spec)
    const running = store
      .list<Restore>(keys.restore, namespace)
      .filter(({ spec: other, status }) => {
        return isDeepStrictEqual(other.target, spec.target) && !status?.complete
      })
    return [
      ...causes,
      ...running.map(({ metadata }) =>
        invalid(`VirtualMachineRestore "${metadata.name}" in progress`, 'spec.target'),
      ),
    ]
  })
}

const restorePolicies = ['InPlace', 'RandomizeNames', 'PrefixTargetName']
const ownershipPolicies = ['Vm', 'None']

function restoreCauses(spec: Restore['spec']): StatusCause[] {
  const { volumeRestorePolicy, volumeOwnershipPolicy } = spec
  const causes = (spec.patches ?? []).flatMap(patchCauses)
  for (const [i, override] of (spec.volumeRestoreOverrides ?? []).entries()) {
    const at = `spec.volumeRestoreOverrides[${i}]`
    if (!override.volumeName) {
      causes.push(required('must provide a volume name', `${at}.volumeName`))
    }
    if (!override.restoreName && !override.annotations && !override.labels) {
      causes.push(required('must provide at least one overriden field', at))
    }
  }
  if (volumeRestorePolicy !== undefined && !restorePolicies.includes(volumeRestorePolicy)) {
    causes.push(
      invalid(
        `volume restore policy "${volumeRestorePolicy}" doesn't exist`,
        'spec.volumeRestorePolicy',
      ),
    )
  }
  if (volumeOwnershipPolicy !== undefined && !ownershipPolicies.includes(volumeOwnershipPolicy)) {
    causes.push(
      invalid(
        `volume ownership policy "${volumeOwnershipPolicy}" doesn't exist`,
        'spec.volumeOwnershipPolicy',
      ),
    )
  }
  return causes
}

/** Takes a patch apart at commas and colons, as KubeVirt does, not as JSON. */
function patchCauses(patch: string): StatusCause[] {
  const field = 'spec.patches'
  const pairs = patch.replaceAll(/^[{}]+|[{}]+$/g, '').split(',')
  return pairs.flatMap((pair) => {
    const parts = pair.split(':')
    if (parts.length !== 2) {
      return [
        invalid(
          `patch format is not valid - one ":" expected in a single key-value json patch: ${pair}`,
          field,
        ),
      ]
    }
    const [key = '', value = ''] = parts.map((part) => part.trim())
    const isAllowed = /^"\/(metadata\/labels|metadata\/annotations|spec)\//.test(value)
    if (key !== '"path"' || isAllowed) return []
    return [invalid(`patching is valid only for elements under /spec/ only: ${pair}`, field)]
  })
}

const exportValidator = 'virtualmachineexport-validator.export.kubevirt.io'

/** By kind: the name in one message, the name in the other, and the API group. */
const exportSources: Record<string, [named: string, grouped: string, apiGroup: string]> = {
  PersistentVolumeClaim: ['PVC', 'PVC', ''],
  VirtualMachineSnapshot: ['VMSnapshot', 'VMSnapshot', 'snapshot.kubevirt.io'],
  VirtualMachine: ['Virtual Machine', 'VM', 'kubevirt.io'],
  VirtualMachineBackup: ['VirtualMachineBackup', 'VirtualMachineBackup', 'backup.kubevirt.io'],
  VirtualMachineTemplate: [
    'VirtualMachineTemplate',
    'VirtualMachineTemplate',
    'template.kubevirt.io',
  ],
}

export function exportAdmission(store: Store): AdmissionHook {
  return immutableSpec(exportValidator, ({ object }) => {
    const { source } = object['spec'] as { source: Reference }
    const known = exportSources[source.kind]
    if (!known) return [invalid('invalid kind', 'spec.source.kind')]
    if (
      source.kind === 'VirtualMachineTemplate' &&
      !readConfiguration(store).isEnabled('OCIExport')
    ) {
      return [
        invalid(
          'VirtualMachineTemplate source requires the OCIExport feature gate and virt-template deployment to be enabled',
          'spec.source.kind',
        ),
      ]
    }
    const [named, grouped, apiGroup] = known
    const causes: StatusCause[] = []
    if (!source.name) causes.push(invalid(`${named} name must not be empty`, 'spec.source.name'))
    if ((source.apiGroup ?? '') !== apiGroup) {
      const wanted = apiGroup ? `be ${apiGroup}` : 'be missing or blank'
      causes.push(invalid(`${grouped} API group must ${wanted}`, 'spec.source.APIGroup'))
    }
    return causes
  })
}

const cloneValidator = 'vm-clone-validator.kubevirt.io'

interface CloneSpec {
  source?: Reference
  target?: Reference
  annotationFilters?: string[]
  labelFilters?: string[]
  template?: { annotationFilters?: string[]; labelFilters?: string[] }
  newMacAddresses?: Record<string, string>
  patches?: string[]
}

export function cloneAdmission(store: Store): AdmissionHook {
  return {
    // https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/mutating-webhook/mutators/clone-create-mutator.go
    mutate(request) {
      const spec = request.object['spec'] as CloneSpec | undefined
      if (request.operation !== 'CREATE' || request.subresource || !spec?.source) return
      const name = spec.target?.name || `clone-${spec.source.name}-${nameSuffix()}`
      spec.target = { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', ...spec.target, name }
    },
    validate(request) {
      if (request.operation === 'DELETE' || request.subresource) return
      if (!readConfiguration(store).isEnabled('Snapshot')) {
        refuse(cloneValidator, 'snapshot feature gate is not enabled')
      }
      denyFor(cloneValidator, cloneCauses(request.object['spec'] as CloneSpec))
    },
  }
}

function cloneCauses(spec: CloneSpec): StatusCause[] {
  const { source, target } = spec
  const causes = [
    ...filterCauses(spec.annotationFilters, 'spec.annotations'),
    ...filterCauses(spec.labelFilters, 'spec.labels'),
    ...filterCauses(spec.template?.annotationFilters, 'spec.template.annotations'),
    ...filterCauses(spec.template?.labelFilters, 'spec.template.labels'),
  ]
  if (!source) return [...causes, invalid('Source cannot be nil', 'spec.Source')]
  if (source.kind !== 'VirtualMachine' && source.kind !== 'VirtualMachineSnapshot') {
    causes.push(invalid('Source kind is not supported', 'spec.Source.Kind'))
  }
  if (target && target.kind !== 'VirtualMachine') {
    causes.push(invalid('Target kind is not supported', 'spec.Target.Kind'))
  }
  if (!source.apiGroup) {
    causes.push(invalid("Source's APIGroup cannot be empty", 'spec.Source.APIGroup'))
  }
  if (!source.kind) causes.push(invalid("Source's Kind cannot be empty", 'spec.Source'))
  if (!source.name) causes.push(invalid("Source's name cannot be empty", 'spec.Source.Name'))
  const areVms = source.kind === 'VirtualMachine' && target?.kind === 'VirtualMachine'
  if (areVms && target?.name === source.name) {
    causes.push(
      invalid(
        'Target name cannot be equal to source name when both are VirtualMachines',
        'spec.target.name',
      ),
    )
  }
  for (const [name, mac] of Object.entries(spec.newMacAddresses ?? {})) {
    if (!macProblem(mac)) continue
    causes.push(
      invalid(
        `interface ${name} has malformed MAC address (${mac}).`,
        `spec.newMacAddresses.${name}`,
      ),
    )
  }
  for (const [i, patch] of (spec.patches ?? []).entries()) {
    if (isJson(patch)) continue
    causes.push(invalid(`patch is not valid JSON (${patch})`, `spec.patches[${i}]`))
  }
  return causes
}

function filterCauses(filters: string[] = [], field: string): StatusCause[] {
  return filters.flatMap((filter) => {
    if (filter === '!') return [invalid('a negation character is not a valid filter', field)]
    if (filter.length === 1) return []
    const causes: StatusCause[] = []
    if (filter.slice(1).includes('!')) {
      causes.push(
        invalid(
          `${field} filter ${filter} is invalid: cannot contain a negation character (!); FilterRules: NegationChar can be only used at the beginning of the filter`,
          field,
        ),
      )
    }
    if (filter.slice(0, -1).includes('*')) {
      causes.push(
        invalid(
          `${field} filter ${filter} is invalid: cannot contain a wildcard character (*); FilterRules: WildcardChar can be only at the end of the filter`,
          field,
        ),
      )
    }
    return causes
  })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

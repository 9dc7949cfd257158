/**
 * VirtualMachineInstances and their migrations.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/mutating-webhook/mutators/vmi-mutator.go
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-update-admitter.go
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/validating-webhook/admitters/migration-create-admitter.go
 */
import { isDeepStrictEqual } from 'node:util'

import type {
  V1VirtualMachineInstanceMigrationSpec,
  V1VirtualMachineInstanceSpec,
  V1VirtualMachineInstanceStatus,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import {
  type AdmissionHook,
  type AdmissionRequest,
  ApiError,
  type KubeObject,
  type NewObject,
  type Store,
  type User,
} from '../../api/cluster.ts'
import { customSchema } from '../../kinds/schemas.ts'
import { timestamp } from '../conditions.ts'
import { VMI_FINALIZER } from '../objects.ts'
import { readConfiguration } from './configuration.ts'
import { cause, denyFor, notSupported, refuse, required } from './refusal.ts'
import { setTopologyVersion, setVmiDefaults } from './spec-defaults.ts'
import { schemaCauses } from './spec-schema.ts'
import { reservedLabelsOf, vmiCauses } from './vmi-spec-rules.ts'

interface Vmi extends KubeObject {
  spec: V1VirtualMachineInstanceSpec
  status?: Partial<V1VirtualMachineInstanceStatus>
}

interface Migration extends KubeObject {
  spec: V1VirtualMachineInstanceMigrationSpec
  status?: { phase?: string }
}

const vmiMutator = 'virtualmachineinstances-mutator.kubevirt.io'
const vmiCreate = 'virtualmachineinstances-create-validator.kubevirt.io'
const vmiUpdate = 'virtualmachineinstances-update-validator.kubevirt.io'

function isKubeVirt({ name }: User): boolean {
  return name.startsWith('system:serviceaccount:kubevirt:kubevirt-')
}

export function vmiAdmission(store: Store): AdmissionHook {
  return {
    mutate(request) {
      if (request.operation === 'DELETE') return
      const schema = customSchema('kubevirt.V1VirtualMachineInstance')
      denyFor(vmiMutator, schemaCauses(request.object, schema))
      const vmi = request.object as Vmi
      if (request.operation === 'CREATE') completeVmi(store, vmi)
      else if (!isKubeVirt(request.user)) restoreStatus(vmi, request.old as Vmi)
    },
    validate(request) {
      const vmi = request.object as Vmi
      if (request.operation === 'CREATE') {
        denyFor(vmiCreate, vmiCauses(vmi.spec, vmi.metadata, readConfiguration(store)))
      } else if (request.operation === 'UPDATE' && !isKubeVirt(request.user)) {
        validateUpdate(vmi, request.old as Vmi)
      }
    },
  }
}

/** Why a complete VMI would be refused, in the webhook's words. */
export function vmiRefusal(store: Store, vmi: NewObject): string | undefined {
  try {
    const { spec, metadata } = vmi as Vmi
    denyFor(vmiCreate, vmiCauses(spec, metadata, readConfiguration(store)))
    return undefined
  } catch (error) {
    if (error instanceof ApiError) return error.message
    throw error
  }
}

function completeVmi(store: Store, vmi: Vmi): void {
  const status = (vmi.status ??= {})
  setVmiDefaults(vmi.spec, status, readConfiguration(store))
  setTopologyVersion(vmi.metadata, vmi.spec)
  const finalizers = (vmi.metadata.finalizers ??= [])
  if (!finalizers.includes(VMI_FINALIZER)) finalizers.push(VMI_FINALIZER)
  status.runtimeUser = 107
  status.phase = 'Pending'
  const transition = { phase: 'Pending', phaseTransitionTimestamp: timestamp() }
  status.phaseTransitionTimestamps = [...(status.phaseTransitionTimestamps ?? []), transition]
}

/** A user's change of the status is not refused: it just does not happen. */
function restoreStatus(vmi: Vmi, old: Vmi): void {
  if (old.status) vmi.status = old.status
  else delete vmi.status
}

function validateUpdate(vmi: Vmi, old: Vmi): void {
  if (!isDeepStrictEqual(vmi.spec, old.spec)) {
    denyFor(vmiUpdate, [notSupported('update of VMI object is restricted', '')])
  }
  const [labels, before] = [vmi, old].map(({ metadata }) => reservedLabelsOf(metadata.labels))
  if (!isDeepStrictEqual(labels, before)) {
    denyFor(vmiUpdate, [
      notSupported(
        'modification of the following reserved kubevirt.io/ labels on a VMI object is prohibited',
        '',
      ),
    ])
  }
}

const migrationMutator = 'migrations-mutator.kubevirt.io'
const migrationCreate = 'migration-create-validator.kubevirt.io'
const migrationUpdate = 'migration-update-validator.kubevirt.io'
const migrationFinalizer = 'kubevirt.io/migrationJobFinalize'
const vmiNameLabel = 'kubevirt.io/vmi-name'

export function migrationAdmission(store: Store): AdmissionHook {
  return {
    mutate(request) {
      if (request.operation !== 'CREATE') return
      const schema = customSchema('kubevirt.V1VirtualMachineInstanceMigration')
      denyFor(migrationMutator, schemaCauses(request.object, schema))
      const { metadata, spec } = request.object as Migration
      metadata.labels = { ...metadata.labels, [vmiNameLabel]: spec.vmiName ?? '' }
      metadata.finalizers = [...(metadata.finalizers ?? []), migrationFinalizer]
    },
    validate(request) {
      if (request.subresource) return
      if (request.operation === 'CREATE') validateMigration(store, request)
      else if (request.operation === 'UPDATE') {
        validateMigrationUpdate(request.object as Migration, request.old as Migration)
      }
    },
  }
}

function validateMigration(store: Store, { object, namespace, user }: AdmissionRequest): void {
  const { spec } = object as Migration & {
    spec: { priority?: string; sendTo?: object; receive?: object }
  }
  if (!spec.vmiName) denyFor(migrationCreate, [required('vmiName is missing', 'spec.vmiName')])
  if (spec.priority !== undefined && !user.name.endsWith('kubevirt-controller')) {
    denyFor(migrationCreate, [
      cause(
        'FieldValueForbidden',
        'Migration priority queue, only virt-controller is allowed to set priority field',
        'spec.migrationPriority',
      ),
    ])
  }
  const vmi = store.get<Vmi>('kubevirt.io/virtualmachineinstances', namespace, spec.vmiName ?? '')
  if (!vmi) refuse(migrationCreate, `the VMI "${namespace}/${spec.vmiName}" does not exist`)
  const { phase, conditions = [] } = vmi.status ?? {}
  if (phase === 'Succeeded' || phase === 'Failed') {
    refuse(migrationCreate, 'Cannot migrate VMI in finalized state.')
  }
  const obstacle = conditions.find(
    ({ type, status }) => type === 'LiveMigratable' && status === 'False',
  )
  if (obstacle) {
    refuse(
      migrationCreate,
      `Cannot migrate VMI, Reason: ${obstacle.reason ?? ''}, Message: ${obstacle.message ?? ''}`,
    )
  }
  const active = store
    .list<Migration>('kubevirt.io/virtualmachineinstancemigrations', namespace)
    .find((other) => other.metadata.labels?.[vmiNameLabel] === spec.vmiName && !isFinished(other))
  if (active) {
    refuse(
      migrationCreate,
      `in-flight migration detected. Active migration job (${active.metadata.uid}) is currently already in progress for VMI ${active.spec.vmiName}.`,
    )
  }
  if (
    (spec.sendTo || spec.receive) &&
    !readConfiguration(store).isEnabled('DecentralizedLiveMigration')
  ) {
    denyFor(migrationCreate, [
      notSupported(
        'DecentralizedLiveMigration feature gate is not enabled in kubevirt resource',
        '',
      ),
    ])
  }
}

function isFinished({ status }: Migration): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

function validateMigrationUpdate(migration: Migration, old: Migration): void {
  if (!isDeepStrictEqual(migration.spec, old.spec)) {
    denyFor(migrationUpdate, [notSupported("update of Migration object's spec is restricted", '')])
  }
  const before = old.metadata.labels?.[vmiNameLabel]
  if (isFinished(migration) || before === undefined) return
  const { labels } = migration.metadata
  if (labels?.[vmiNameLabel] === before) return
  const what = labels ? 'modified on' : 'removed from'
  denyFor(migrationUpdate, [
    notSupported(`selector label can't be ${what} an in-flight migration`, ''),
  ])
}

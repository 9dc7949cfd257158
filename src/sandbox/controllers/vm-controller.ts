/**
 * VirtualMachines: keeps the VMI that the run strategy asks for, and the VM's status.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go
 */
import type { KubeObject } from '../api/cluster.ts'
import { readConfiguration } from '../kubevirt/admission/configuration.ts'
import { vmiRefusal } from '../kubevirt/admission/vmi-admission.ts'
import { findCondition, hasCondition } from '../kubevirt/conditions.ts'
import {
  annotation,
  controllerOf,
  controllerReference,
  isFinal,
  keys,
  VM_FINALIZER,
  VM_GENERATION,
  type DataVolume,
  type PersistentVolumeClaim,
  type StorageClass,
  type VirtualMachine,
  type VirtualMachineInstance,
  type VmiSpec,
  type VmStatus,
  type VolumeSnapshotClass,
} from '../kubevirt/objects.ts'
import { createWorkQueue, type ControllerContext, type WorkQueue } from './controller-context.ts'
import {
  applyProfile,
  findProfile,
  keepRevision,
  ProfileNotFound,
  type Profile,
} from './instancetype.ts'
import { resizeLive, ResizeUnderWay } from './live-resize.ts'
import { syncTemplateToVmi } from './live-update.ts'
import { needsRestart } from './restart-required.ts'
import { nextRunAction, runStrategyOf, startFailureAfter } from './run-strategy.ts'
import { createDataVolumes, DataVolumeRefused } from './vm-data-volumes.ts'
import { printableStatus, remainingRequests, vmConditions } from './vm-status.ts'
import { vmiFromVm } from './vmi-from-vm.ts'
import {
  keepVolumeUpdateState,
  syncMigratedVolumes,
  withPresentClaims,
} from './volume-migration.ts'

interface Failure {
  reason: string
  message: string
}

/** Starts the controller. The queue is returned so that the start-up can pick what to look at. */
export function startVmController(context: ControllerContext): WorkQueue {
  const { cluster } = context
  const { store } = cluster
  const queue = createWorkQueue(context, 'virtualmachine', sync)
  /** Claim or DataVolume name → VMs that use it, as `namespace/name`. */
  const users = new Map<string, Set<string>>()

  context.onClose(
    store.subscribe<VirtualMachine>(keys.vm, ({ type, object }) => {
      if (type !== 'DELETED') rememberVolumes(object)
      queue.addObject(object)
    }),
  )
  context.onClose(
    store.subscribe(keys.vmi, ({ object }) => queue.addOwner(object, 'VirtualMachine')),
  )
  for (const key of [keys.dataVolume, keys.pvc]) {
    context.onClose(
      store.subscribe(key, ({ object }) => {
        const name = `${object.metadata.namespace ?? ''}/${object.metadata.name}`
        for (const vm of users.get(name) ?? []) queue.add(vm)
      }),
    )
  }
  return queue

  function rememberVolumes(vm: VirtualMachine): void {
    const namespace = vm.metadata.namespace ?? ''
    for (const name of claimsOf(vm.spec.template.spec)) {
      const key = `${namespace}/${name}`
      const known = users.get(key) ?? new Set()
      users.set(key, known.add(`${namespace}/${vm.metadata.name}`))
    }
  }

  function sync(namespace: string, name: string): void {
    const vm = store.get<VirtualMachine>(keys.vm, namespace, name)
    if (!vm) return
    rememberVolumes(vm)
    const vmi = ownVmi(vm)
    if (vm.metadata.deletionTimestamp) {
      finalize(vm, vmi)
      return
    }
    if (!vm.metadata.finalizers?.includes(VM_FINALIZER)) {
      store.update(keys.vm, namespace, name, (draft) => {
        draft.metadata.finalizers = [...(draft.metadata.finalizers ?? []), VM_FINALIZER]
      })
      return
    }
    let failure: Failure | undefined
    /** Why a change of the volumes waits for a restart. */
    let waits: string | undefined
    try {
      const profile = findProfile(store, vm)
      const ready = createDataVolumes(cluster, vm)
      failure = act(vm, vmi, profile, ready)
      const current = vmi && ownVmi(vm)
      if (current) waits = syncVmi(vm, current)
    } catch (error) {
      if (
        !(
          error instanceof ProfileNotFound ||
          error instanceof DataVolumeRefused ||
          error instanceof ResizeUnderWay
        )
      )
        throw error
      failure = { reason: error.reason, message: error.message }
    }
    updateStatus(namespace, name, failure, waits)
  }

  function syncVmi(vm: VirtualMachine, vmi: VirtualMachineInstance): string | undefined {
    syncTemplateToVmi(context, vm, vmi)
    if (isFinal(vmi) || vmi.metadata.deletionTimestamp) return undefined
    const { liveUpdate } = readConfiguration(store)
    if (liveUpdate && !waitsForRestart(vm, vmi)) {
      const wanted = expandedTemplate(vm, vm.spec)
      followPlacement(wanted, vmi)
      const why = resizeLive(store, wanted, vmi)
      if (why !== undefined) return why
    }
    return syncMigratedVolumes(context, vm, ownVmi(vm) ?? vmi)
  }

  /** Whether the VM differs from what its VMI was started from in what only a restart changes. */
  function waitsForRestart(vm: VirtualMachine, vmi: VirtualMachineInstance): boolean {
    const started = startedSpec(vm, vmi)
    if (!started) return false
    try {
      return needsRestart(
        expandedTemplate(vm, withPresentClaims(started, vmi)),
        expandedTemplate(vm, vm.spec),
        {
          liveUpdate: readConfiguration(store).liveUpdate,
          migratable: hasCondition(vmi.status?.conditions, 'LiveMigratable'),
        },
      )
    } catch (error) {
      if (error instanceof ProfileNotFound) return false
      throw error
    }
  }

  /** The template with instance type and preference. Throws {@link ProfileNotFound}. */
  function expandedTemplate(vm: VirtualMachine, spec: VirtualMachine['spec']): VmiSpec {
    return applyProfile(spec.template.spec, findProfile(store, { ...vm, spec }))
  }

  /** Where it may run is the next migration's to heed (handleAffinityChangeRequest and its like). */
  function followPlacement(wanted: VmiSpec, vmi: VirtualMachineInstance): void {
    const { namespace, name } = vmi.metadata
    store.update<VirtualMachineInstance>(keys.vmi, namespace, name, ({ spec }) => {
      for (const field of ['nodeSelector', 'affinity', 'tolerations'] as const) {
        if (wanted[field] === undefined) delete spec[field]
        else Object.assign(spec, { [field]: wanted[field] })
      }
    })
  }

  function ownVmi(vm: VirtualMachine): VirtualMachineInstance | undefined {
    const vmi = store.get<VirtualMachineInstance>(keys.vmi, vm.metadata.namespace, vm.metadata.name)
    return vmi && controllerOf(vmi)?.uid === vm.metadata.uid ? vmi : undefined
  }

  function finalize(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): void {
    const { namespace, name } = vm.metadata
    if (vmi && !vm.metadata.finalizers?.includes('orphan')) {
      if (!vmi.metadata.deletionTimestamp) {
        store.delete(keys.vmi, namespace, name)
        cluster.event(vm, 'Normal', 'SuccessfulDelete', deletedText(vmi))
      }
      updateStatus(namespace ?? '', name, undefined)
      return
    }
    store.update(keys.vm, namespace, name, removeFinalizer)
  }

  function act(
    vm: VirtualMachine,
    vmi: VirtualMachineInstance | undefined,
    profile: Profile,
    volumesReady: boolean,
  ): Failure | undefined {
    const { namespace, name } = vm.metadata
    const action = nextRunAction(vm, vmi, Date.now())
    switch (action.do) {
      case 'nothing':
        return undefined
      case 'fail':
        return { reason: 'FailedCreate', message: action.message }
      case 'wait':
        queue.addAfter(`${namespace ?? ''}/${name}`, action.ms)
        return undefined
      case 'setAlways':
        store.update<VirtualMachine>(keys.vm, namespace, name, ({ spec }) => {
          if (spec.runStrategy === undefined) spec.running = true
          else spec.runStrategy = 'Always'
        })
        return undefined
      case 'start':
        return volumesReady ? start(vm, profile) : undefined
      case 'stop':
        if (vmi) stop(vm, vmi, action.queueStart)
        return undefined
    }
  }

  function start(vm: VirtualMachine, profile: Profile): Failure | undefined {
    const request = vm.status?.stateChangeRequests?.[0]
    const paused = request?.action === 'Start' && request.data?.['paused'] === 'true'
    const vmi = vmiFromVm(store, vm, profile, paused)
    const existing = store.get(keys.vmi, vm.metadata.namespace, vm.metadata.name)
    const refusal = existing
      ? `virtualmachineinstances.kubevirt.io "${vm.metadata.name}" already exists`
      : vmiRefusal(store, vmi)
    if (refusal) {
      const message = `failure while starting VMI: ${refusal}`
      if (findCondition(vm.status?.conditions, 'Failure')?.message !== message) {
        cluster.event(
          vm,
          'Warning',
          'FailedCreate',
          `Error creating virtual machine instance: ${refusal}`,
        )
      }
      return { reason: 'FailedCreate', message }
    }
    recordStart(vm)
    store.create(keys.vmi, vmi)
    cluster.event(
      vm,
      'Normal',
      'SuccessfulCreate',
      `Started the virtual machine by creating the new virtual machine instance ${vm.metadata.name}`,
    )
    return undefined
  }

  /** Keeps the spec a VMI was started from, to know later what differs from it. */
  function recordStart(vm: VirtualMachine): void {
    const { namespace } = vm.metadata
    const prefix = `revision-start-vm-${vm.metadata.uid}-`
    const name = `${prefix}${vm.metadata.generation ?? 1}`
    for (const revision of store.list(keys.controllerRevision, namespace)) {
      if (revision.metadata.name.startsWith(prefix) && revision.metadata.name !== name) {
        store.delete(keys.controllerRevision, namespace, revision.metadata.name)
      }
    }
    if (store.get(keys.controllerRevision, namespace, name)) return
    store.create(keys.controllerRevision, {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name,
        ...(namespace ? { namespace } : {}),
        ownerReferences: [controllerReference(vm)],
      },
      data: { spec: vm.spec },
      revision: vm.metadata.generation ?? 1,
    })
  }

  function stop(vm: VirtualMachine, vmi: VirtualMachineInstance, queueStart: boolean): void {
    const { namespace, name } = vm.metadata
    if (!vmi.metadata.deletionTimestamp) {
      store.delete(keys.vmi, namespace, vmi.metadata.name)
      cluster.event(vm, 'Normal', 'SuccessfulDelete', deletedText(vmi))
    }
    if (!queueStart) return
    store.update<VirtualMachine>(keys.vm, namespace, name, (draft) => {
      ;(draft.status ??= {}).stateChangeRequests = [{ action: 'Start' }]
    })
  }

  function updateStatus(
    namespace: string,
    name: string,
    failure: Failure | undefined,
    waits?: string,
  ): void {
    const vm = store.get<VirtualMachine>(keys.vm, namespace, name)
    if (!vm) return
    const vmi = ownVmi(vm)
    const restartRequired = waits ?? (vmi !== undefined && waitsForRestart(vm, vmi))
    const observed = vmi && Number(annotation(vmi, VM_GENERATION) ?? vm.metadata.generation)
    const volumes = volumeFacts(vm)

    store.update<VirtualMachine>(keys.vm, namespace, name, (draft) => {
      const status: VmStatus = { ...draft.status }
      draft.status = status
      status.created = vmi !== undefined
      status.ready = findCondition(vmi?.status?.conditions, 'Ready')?.status === 'True'
      if (status.runStrategy || vmi) status.runStrategy = runStrategyOf(vm)
      if (observed !== undefined) {
        const current = vm.metadata.generation ?? 1
        status.observedGeneration = restartRequired === false ? current : observed
        status.desiredGeneration = current
      }
      assign(status, 'stateChangeRequests', nonEmpty(remainingRequests(draft, vmi)))
      assign(status, 'startFailure', startFailureAfter(vm, vmi, Date.now()))
      keepProfile(status, vm)
      keepVolumeUpdateState(draft, vmi)
      status.conditions = vmConditions(draft, vmi, failure, restartRequired)
      status.printableStatus = printableStatus(draft, vmi, volumes)
      assign(status, 'volumeSnapshotStatuses', nonEmpty(snapshotStatuses(vm)))
    })
    if (vmi && (isFinal(vmi) || vmi.metadata.deletionTimestamp)) {
      if (isFinal(vmi)) store.update(keys.vmi, namespace, name, removeFinalizer)
    }
  }

  function startedSpec(
    vm: VirtualMachine,
    vmi: VirtualMachineInstance | undefined,
  ): VirtualMachine['spec'] | undefined {
    const generation = vmi && annotation(vmi, VM_GENERATION)
    if (!generation || generation === String(vm.metadata.generation)) return undefined
    const name = `revision-start-vm-${vm.metadata.uid}-${generation}`
    const revision = store.get(keys.controllerRevision, vm.metadata.namespace, name)
    return (revision?.['data'] as { spec: VirtualMachine['spec'] } | undefined)?.spec
  }

  function keepProfile(status: VmStatus, vm: VirtualMachine): void {
    if (!vm.spec.instancetype && !vm.spec.preference) return
    try {
      const { instancetype, preference } = findProfile(store, vm)
      if (instancetype && !status.instancetypeRef) {
        status.instancetypeRef = keepRevision(store, vm, instancetype)
      }
      if (preference && !status.preferenceRef) {
        status.preferenceRef = keepRevision(store, vm, preference)
      }
    } catch (error) {
      if (!(error instanceof ProfileNotFound)) throw error
    }
  }

  function volumeFacts(vm: VirtualMachine): {
    dataVolumeFailed: boolean
    dataVolumeProvisioning: boolean
    unboundClaim: boolean
  } {
    const facts = { dataVolumeFailed: false, dataVolumeProvisioning: false, unboundClaim: false }
    for (const name of claimsOf(vm.spec.template.spec)) {
      const dataVolume = store.get<DataVolume>(keys.dataVolume, vm.metadata.namespace, name)
      const phase = dataVolume?.status?.phase
      const running = findCondition(dataVolume?.status?.conditions, 'Running')
      if (phase === 'Failed' || (running?.status === 'False' && running.reason === 'Error')) {
        facts.dataVolumeFailed = true
      } else if (
        dataVolume &&
        !['Succeeded', 'WaitForFirstConsumer', 'PendingPopulation', 'Pending', ''].includes(
          phase ?? '',
        )
      ) {
        facts.dataVolumeProvisioning = true
      }
      const claim = store.get<PersistentVolumeClaim>(keys.pvc, vm.metadata.namespace, name)
      if (claim && claim.status?.phase !== 'Bound') facts.unboundClaim = true
    }
    return facts
  }

  /** Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/storage/snapshot/snapshot_base.go */
  function snapshotStatuses(
    vm: VirtualMachine,
  ): { name: string; enabled: boolean; reason?: string }[] {
    const snapshotClasses = store.list<VolumeSnapshotClass>(keys.volumeSnapshotClass)
    return (vm.spec.template.spec.volumes ?? []).map((volume) => {
      const claim = volume.persistentVolumeClaim?.claimName ?? volume.dataVolume?.name
      if (!claim) {
        return {
          name: volume.name,
          enabled: false,
          reason: `Snapshot is not supported for this volumeSource type [${volume.name}]`,
        }
      }
      const pvc = store.get<PersistentVolumeClaim>(keys.pvc, vm.metadata.namespace, claim)
      if (!pvc) return { name: volume.name, enabled: false, reason: 'PVC not found' }
      const className = pvc.spec.storageClassName ?? ''
      const storageClass = store.get<StorageClass>(keys.storageClass, undefined, className)
      const driver = storageClass?.provisioner
      if (!snapshotClasses.some((one) => one.driver === driver)) {
        return {
          name: volume.name,
          enabled: false,
          reason: `No VolumeSnapshotClass: Volume snapshots are not configured for this StorageClass [${className}] [${volume.name}]`,
        }
      }
      return { name: volume.name, enabled: true }
    })
  }
}

function deletedText(vmi: KubeObject): string {
  return `Stopped the virtual machine by deleting the virtual machine instance ${vmi.metadata.uid}`
}

function removeFinalizer(draft: KubeObject): void {
  draft.metadata.finalizers =
    draft.metadata.finalizers?.filter((name) => name !== VM_FINALIZER) ?? []
}

/** Names of the claims and DataVolumes a spec mounts. */
export function claimsOf(spec: VmiSpec): string[] {
  return (spec.volumes ?? []).flatMap(
    ({ persistentVolumeClaim, dataVolume }) =>
      persistentVolumeClaim?.claimName ?? dataVolume?.name ?? [],
  )
}

function nonEmpty<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined
}

function assign<K extends keyof VmStatus>(status: VmStatus, field: K, value: VmStatus[K]): void {
  if (value === undefined) delete status[field]
  else status[field] = value
}

/**
 * PUT subresources of VirtualMachines. Each returns after the change is stored; controllers act.
 * Sources: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/rest/lifecycle.go,
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/rest/volumes.go
 */
import type { Store } from '../api/cluster.ts'
import { badRequest } from '../api/failures.ts'
import { nameSuffix } from '../controllers/controller-context.ts'
import { isHotpluggable } from '../controllers/restart-required.ts'
import { runStrategyOf } from '../controllers/run-strategy.ts'
import { readConfiguration } from './admission/configuration.ts'
import { findCondition, hasCondition } from './conditions.ts'
import {
  controllerOf,
  isFinal,
  keys,
  type Disk,
  type PersistentVolumeClaim,
  type StateChangeRequest,
  type VirtualMachine,
  type VirtualMachineInstance,
  type VmiSpec,
  type Volume,
} from './objects.ts'
import { parseQuantity } from './quantity.ts'
import {
  getVm,
  getVmi,
  internalError,
  isDryRun,
  vmConflict,
  vmiConflict,
} from './virt-api-errors.ts'

const MANUAL_RECOVERY =
  'VM recovery required: Volume migration failed, leaving some volumes pointing to non-consistent targets; manual intervention is needed to reassign them to their original volumes.'

interface DryRun {
  dryRun?: string[]
}

function findVmi(store: Store, vm: VirtualMachine): VirtualMachineInstance | undefined {
  return store.get<VirtualMachineInstance>(keys.vmi, vm.metadata.namespace, vm.metadata.name)
}

export function startVm(
  store: Store,
  namespace: string,
  name: string,
  options: DryRun & { paused?: boolean },
): void {
  const vm = getVm(store, namespace, name)
  const vmi = findVmi(store, vm)
  const phase = vmi?.status?.phase
  if (vmi && !isFinal(vmi) && phase !== 'Unknown' && phase !== undefined) {
    throw vmConflict(name, 'VM is already running')
  }
  if (hasCondition(vm.status?.conditions, 'ManualRecoveryRequired')) {
    throw vmConflict(name, MANUAL_RECOVERY)
  }
  const strategy = runStrategyOf(vm)
  const start: StateChangeRequest = {
    action: 'Start',
    ...(options.paused ? { data: { paused: 'true' } } : {}),
  }
  switch (strategy) {
    case 'Halted':
      if (options.paused) queueChanges(store, vm, [start], options)
      else setRunning(store, vm, true, options)
      break
    case 'Manual':
    case 'RerunOnFailure':
      if (strategy === 'RerunOnFailure' && phase === 'Failed') {
        throw vmConflict(name, `${strategy} does not support starting VM from failed state`)
      }
      queueChanges(
        store,
        vm,
        vmi && isFinal(vmi) ? [{ action: 'Stop', uid: vmi.metadata.uid }, start] : [start],
        options,
      )
      break
    default:
      throw vmConflict(name, `${strategy} does not support manual start requests`)
  }
}

export function stopVm(
  store: Store,
  namespace: string,
  name: string,
  options: DryRun & { gracePeriod?: number },
): void {
  const vm = getVm(store, namespace, name)
  const vmi = findVmi(store, vm)
  const alive = vmi && !isFinal(vmi) ? vmi : undefined
  const before = alive?.spec.terminationGracePeriodSeconds
  const strategy = runStrategyOf(vm)
  if (strategy !== 'Always' && strategy !== 'Once') {
    if (!alive) throw vmConflict(name, 'VM is not running')
    const longer =
      options.gracePeriod === undefined || (before !== undefined && options.gracePeriod >= before)
    if (strategy === 'Halted' && longer) {
      throw vmConflict(
        name,
        `${strategy} only supports manual stop requests with a shorter graceperiod`,
      )
    }
  }
  if (alive && options.gracePeriod !== undefined) {
    setGracePeriod(store, alive, options.gracePeriod, options)
  }
  if (strategy === 'Always' || strategy === 'Once') setRunning(store, vm, false, options)
  else if (alive) queueChanges(store, vm, [{ action: 'Stop', uid: alive.metadata.uid }], options)
}

export function restartVm(
  store: Store,
  namespace: string,
  name: string,
  options: DryRun & { gracePeriodSeconds?: number },
): void {
  const grace = options.gracePeriodSeconds
  if (grace !== undefined && grace > 0) {
    throw badRequest('For force restart, only gracePeriod=0 is supported for now')
  }
  if (grace !== undefined && grace < 0) {
    throw badRequest('gracePeriod has to be greater or equal to 0')
  }
  const vm = getVm(store, namespace, name)
  if (hasCondition(vm.status?.conditions, 'VolumesChange')) throw vmConflict(name, MANUAL_RECOVERY)
  const strategy = runStrategyOf(vm)
  if (strategy === 'Halted' || strategy === 'Once') {
    throw vmConflict(name, `RunStategy ${strategy} does not support manual restart requests`)
  }
  const vmi = findVmi(store, vm)
  if (!vmi) throw vmConflict(name, 'VM is not running: Halted')
  queueChanges(
    store,
    vm,
    [{ action: 'Stop', uid: vmi.metadata.uid }, { action: 'Start' }],
    options,
    () => {
      if (grace === 0) setGracePeriod(store, vmi, 1, options)
    },
  )
}

function setGracePeriod(
  store: Store,
  vmi: VirtualMachineInstance,
  seconds: number,
  options: DryRun,
): void {
  if (isDryRun(options)) return
  const { namespace, name } = vmi.metadata
  store.update<VirtualMachineInstance>(keys.vmi, namespace, name, ({ spec }) => {
    spec.terminationGracePeriodSeconds = seconds
  })
}

function setRunning(store: Store, vm: VirtualMachine, running: boolean, options: DryRun): void {
  if (isDryRun(options)) return
  const { namespace, name } = vm.metadata
  store.update<VirtualMachine>(keys.vm, namespace, name, ({ spec }) => {
    if (spec.runStrategy === undefined) spec.running = running
    else spec.runStrategy = running ? 'Always' : 'Halted'
  })
}

function queueChanges(
  store: Store,
  vm: VirtualMachine,
  changes: StateChangeRequest[],
  options: DryRun,
  before?: () => void,
): void {
  const queued = vm.status?.stateChangeRequests?.length ?? 0
  const replaces = changes.length === 1 && changes[0]?.action === 'Stop'
  if (queued > 0 && !replaces) {
    throw internalError('unable to complete request: stop/start already underway')
  }
  if (isDryRun(options)) return
  before?.()
  const { namespace, name } = vm.metadata
  store.update<VirtualMachine>(keys.vm, namespace, name, (draft) => {
    const status = (draft.status ??= {})
    status.stateChangeRequests = changes
    delete status.startFailure
  })
}

export function migrateVm(
  store: Store,
  namespace: string,
  name: string,
  options: DryRun & { addedNodeSelector?: Record<string, string> },
): void {
  getVm(store, namespace, name)
  const vmi = getVmi(store, namespace, name)
  if (vmi.status?.phase !== 'Running') throw vmConflict(name, 'VM is not running')
  const refusal = migrationRefusal(store, vmi)
  if (refusal) {
    throw internalError(
      `admission webhook "migration-create-validator.kubevirt.io" denied the request: ${refusal}`,
    )
  }
  if (isDryRun(options)) return
  store.create(keys.vmim, {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstanceMigration',
    metadata: {
      name: `kubevirt-migrate-vm-${nameSuffix()}`,
      generateName: 'kubevirt-migrate-vm-',
      namespace,
      finalizers: ['kubevirt.io/migrationJobFinalize'],
      labels: { 'kubevirt.io/vmi-name': name },
    },
    spec: {
      vmiName: name,
      ...(options.addedNodeSelector ? { addedNodeSelector: options.addedNodeSelector } : {}),
    },
  })
}

/** Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/validating-webhook/admitters/migration-create-admitter.go */
function migrationRefusal(store: Store, vmi: VirtualMachineInstance): string | undefined {
  const blocked = findCondition(vmi.status?.conditions, 'LiveMigratable')
  if (blocked?.status === 'False') {
    return `Cannot migrate VMI, Reason: ${blocked.reason}, Message: ${blocked.message}`
  }
  const inFlight = store.list(keys.vmim, vmi.metadata.namespace).find((migration) => {
    const { vmiName } = migration['spec'] as { vmiName: string }
    const { phase } = (migration['status'] ?? {}) as { phase?: string }
    return vmiName === vmi.metadata.name && phase !== 'Succeeded' && phase !== 'Failed'
  })
  return (
    inFlight &&
    `in-flight migration detected. Active migration job (${inFlight.metadata.uid}) is currently already in progress for VMI ${vmi.metadata.name}.`
  )
}

interface AddVolumeOptions extends DryRun {
  name?: string
  disk?: Omit<Disk, 'name'>
  volumeSource?: Pick<Volume, 'persistentVolumeClaim' | 'dataVolume'>
}

export function addVolume(
  store: Store,
  target: 'vm' | 'vmi',
  namespace: string,
  name: string,
  options: AddVolumeOptions,
): void {
  if (!options.name) throw badRequest('AddVolumeOptions requires name to be set')
  if (!options.disk) throw badRequest('AddVolumeOptions requires disk to not be nil')
  if (!options.volumeSource)
    throw badRequest('AddVolumeOptions requires VolumeSource to not be nil')
  const { persistentVolumeClaim, dataVolume } = options.volumeSource
  const disk: Disk = { ...options.disk, name: options.name }
  const volume: Volume = {
    name: options.name,
    ...(dataVolume ? { dataVolume: { ...dataVolume, hotpluggable: true } } : {}),
    ...(persistentVolumeClaim && !dataVolume
      ? { persistentVolumeClaim: { ...persistentVolumeClaim, hotpluggable: true } }
      : {}),
  }
  const source = sourceName(volume)
  changeVolumes(store, target, namespace, name, options, (spec) => {
    for (const other of spec.volumes ?? []) {
      if (other.name === volume.name) {
        return `Unable to add volume [${volume.name}] because volume with that name already exists`
      }
      if (source && sourceName(other) === source) {
        return `Unable to add volume source [${source}] because it already exists`
      }
    }
    spec.volumes = [...(spec.volumes ?? []), volume]
    spec.domain.devices.disks = [...(spec.domain.devices.disks ?? []), disk]
    return undefined
  })
}

export function removeVolume(
  store: Store,
  target: 'vm' | 'vmi',
  namespace: string,
  name: string,
  options: DryRun & { name?: string },
): void {
  if (!options.name) throw badRequest('RemoveVolumeOptions requires name to be set')
  changeVolumes(store, target, namespace, name, options, (spec) => {
    const volume = spec.volumes?.find(
      (other) => other.name === options.name || sourceName(other) === options.name,
    )
    if (!volume) return `Unable to remove volume [${options.name}] because it does not exist`
    if (!isHotpluggable(volume)) {
      return `Unable to remove volume [${volume.name}] because it is not hotpluggable`
    }
    spec.volumes = spec.volumes!.filter((other) => other !== volume)
    spec.domain.devices.disks =
      spec.domain.devices.disks?.filter((disk) => disk.name !== volume.name) ?? []
    return undefined
  })
}

function sourceName({ persistentVolumeClaim, dataVolume }: Volume): string | undefined {
  return dataVolume?.name ?? persistentVolumeClaim?.claimName
}

/** `change` edits the spec or returns why it can't. */
function changeVolumes(
  store: Store,
  target: 'vm' | 'vmi',
  namespace: string,
  name: string,
  options: DryRun,
  change: (spec: VmiSpec) => string | undefined,
): void {
  const kubevirt = readConfiguration(store)
  /** The deprecated gate, under which a VMI may have volumes that its VM doesn't know. */
  const isImperative = kubevirt.isEnabled('HotplugVolumes')
  if (!isImperative && !kubevirt.isEnabled('DeclarativeHotplugVolumes'))
    throw badRequest(
      'Enable DeclarativeHotplugVolumes or HotplugVolumes feature gate to use this API.',
    )
  if (target === 'vm') {
    const vm = getVm(store, namespace, name)
    const refusal = change(structuredClone(vm.spec.template.spec))
    if (refusal) throw vmConflict(name, refusal)
    if (isDryRun(options)) return
    store.update<VirtualMachine>(keys.vm, namespace, name, ({ spec }) => {
      change(spec.template.spec)
    })
    const vmi = isImperative && store.get<VirtualMachineInstance>(keys.vmi, namespace, name)
    if (vmi && vmi.status?.phase === 'Running')
      store.update<VirtualMachineInstance>(keys.vmi, namespace, name, ({ spec }) => {
        change(spec)
      })
    return
  }
  const vmi = getVmi(store, namespace, name)
  if (!isImperative && controllerOf(vmi)?.kind === 'VirtualMachine') {
    throw badRequest(`VMI ${namespace}/${name} is owned by a VM`)
  }
  if (vmi.status?.phase !== 'Running') throw vmiConflict(name, 'VMI is not running')
  const refusal = change(structuredClone(vmi.spec))
  if (refusal) throw vmiConflict(name, refusal)
  if (isDryRun(options)) return
  store.update<VirtualMachineInstance>(keys.vmi, namespace, name, ({ spec }) => {
    change(spec)
  })
}

/** Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/rest/memorydump.go */
export function memoryDump(
  store: Store,
  namespace: string,
  name: string,
  options: { claimName?: string },
): void {
  const vm = getVm(store, namespace, name)
  const before = vm.status?.memoryDumpRequest
  const claimName = options.claimName ?? before?.claimName
  if (!claimName) {
    throw badRequest('Memory dump requires claim name to be set')
  }
  if (before && before.claimName !== claimName) {
    throw vmConflict(
      name,
      `can't request memory dump for claim ${claimName}, there is already a memory dump request for claim ${before.claimName}`,
    )
  }
  const vmi = getVmi(store, namespace, name)
  if (vmi.status?.phase !== 'Running') throw vmConflict(name, 'VM is not running')
  const pvc = store.get<PersistentVolumeClaim>(keys.pvc, namespace, claimName)
  if (!pvc) throw vmConflict(name, `PVC ${claimName} does not exist`)
  if (pvc.spec.volumeMode === 'Block') {
    throw vmConflict(name, 'pvc volume mode must be filesystem for memory dump')
  }
  const needed = parseQuantity(vmi.spec.domain.memory?.guest) + 100 * 2 ** 20
  if (parseQuantity(pvc.spec.resources.requests.storage) < needed) {
    throw vmConflict(name, `pvc size should be bigger then vm memory:${Math.ceil(needed)}`)
  }
  store.update<VirtualMachine>(keys.vm, namespace, name, (draft) => {
    ;(draft.status ??= {}).memoryDumpRequest = { claimName, phase: 'Associating' }
  })
}

export function removeMemoryDump(store: Store, namespace: string, name: string): void {
  const vm = getVm(store, namespace, name)
  const before = vm.status?.memoryDumpRequest
  if (!before) throw vmConflict(name, "can't find memory dump association for vm")
  store.update<VirtualMachine>(keys.vm, namespace, name, (draft) => {
    delete draft.status!.memoryDumpRequest
  })
}

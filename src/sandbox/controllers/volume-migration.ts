/**
 * Moving the volumes of a running VM to other claims: `updateVolumesStrategy: Migration`. The VM names
 * other claims, its VMI takes them over, and a live migration copies what the old ones hold.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/volume-migration/volume-migration.go
 */
import { hasCondition, findCondition, withCondition } from '../kubevirt/conditions.ts'
import {
  keys,
  type PersistentVolumeClaim,
  type VirtualMachine,
  type VirtualMachineInstance,
  type VmSpec,
  type Volume,
} from '../kubevirt/objects.ts'
import { claimInfoOf } from './claim-info.ts'
import type { ControllerContext } from './controller-context.ts'
import { migratability } from './guest-status.ts'

interface ClaimInfo {
  claimName: string
  accessModes?: string[]
}

export interface MigratedVolume {
  volumeName: string
  sourcePVCInfo: ClaimInfo
  destinationPVCInfo: ClaimInfo
}

export function migratedVolumes(vmi: VirtualMachineInstance): MigratedVolume[] {
  return (vmi.status?.['migratedVolumes'] as MigratedVolume[] | undefined) ?? []
}

export function isMigrationStrategy({ spec }: VirtualMachine): boolean {
  return spec['updateVolumesStrategy'] === 'Migration'
}

const claimOf = ({ persistentVolumeClaim, dataVolume }: Volume): string | undefined =>
  persistentVolumeClaim?.claimName ?? dataVolume?.name

/**
 * Has the VMI follow the claims its VM names. Returns why the change waits for a restart instead.
 * Throws when a migration under way is changed otherwise than back.
 */
export function syncMigratedVolumes(
  { cluster: { store } }: ControllerContext,
  vm: VirtualMachine,
  vmi: VirtualMachineInstance,
): string | undefined {
  const changed = changedVolumes(vm, vmi)
  if (changed.length === 0) return undefined
  const under = migratedVolumes(vmi)
  const update = (change: (draft: VirtualMachineInstance) => void) =>
    store.update<VirtualMachineInstance>(
      keys.vmi,
      vmi.metadata.namespace,
      vmi.metadata.name,
      (draft) => {
        for (const volume of changed)
          draft.spec.volumes = draft.spec.volumes!.map((one) =>
            one.name === volume.name ? structuredClone(volume) : one,
          )
        change(draft)
      },
    )
  if (hasCondition(vmi.status?.conditions, 'VolumesChange')) {
    if (!isRevert(changed, under))
      throw new Error('The volume can only be reverted to the previous version during the update')
    update((draft) => {
      draft.status!.conditions = withCondition(draft.status!.conditions, {
        type: 'VolumesChange',
        status: 'False',
        reason: 'VolumesChangeCancellation',
      })
      delete draft.status!['migratedVolumes']
      refreshMigratability(draft)
    })
    return undefined
  }
  if (!isMigrationStrategy(vm)) return undefined
  const migrated = changed.map((volume): MigratedVolume => {
    const info = (name: string) =>
      claimInfoOf(
        name,
        store.get<PersistentVolumeClaim>(keys.pvc, vmi.metadata.namespace, name),
      ) as ClaimInfo
    const before = vmi.spec.volumes!.find(({ name }) => name === volume.name)!
    return {
      volumeName: volume.name,
      sourcePVCInfo: info(claimOf(before)!),
      destinationPVCInfo: info(claimOf(volume)!),
    }
  })
  const problem = invalidVolumes(changed, vmi) ?? obstacle(migrated, vmi)
  if (problem !== undefined) return problem
  update((draft) => {
    draft.status!['migratedVolumes'] = migrated
    draft.status!.conditions = withCondition(draft.status!.conditions, {
      type: 'VolumesChange',
      status: 'True',
      message: 'migrate volumes',
    })
    refreshMigratability(draft)
  })
  store.update<VirtualMachine>(keys.vm, vm.metadata.namespace, vm.metadata.name, (draft) => {
    ;(draft.status ??= {})['volumeUpdateState'] = {
      volumeMigrationState: { migratedVolumes: migrated },
    }
  })
  return undefined

  function refreshMigratability(draft: VirtualMachineInstance): void {
    for (const condition of migratability(store, draft))
      draft.status!.conditions = withCondition(draft.status!.conditions, condition)
  }
}

/** Volumes of the VM whose VMI has another claim for them. */
function changedVolumes(vm: VirtualMachine, vmi: VirtualMachineInstance): Volume[] {
  return (vm.spec.template.spec.volumes ?? []).filter((volume) => {
    const claim = claimOf(volume)
    const before = vmi.spec.volumes?.find(({ name }) => name === volume.name)
    const old = before && claimOf(before)
    return claim !== undefined && old !== undefined && claim !== old
  })
}

/** All that migrates goes back, and nothing else changes. */
function isRevert(changed: readonly Volume[], migrated: readonly MigratedVolume[]): boolean {
  return (
    changed.length === migrated.length &&
    migrated.every(({ volumeName, sourcePVCInfo }) =>
      changed.some(
        (volume) => volume.name === volumeName && claimOf(volume) === sourcePVCInfo.claimName,
      ),
    )
  )
}

function invalidVolumes(
  changed: readonly Volume[],
  vmi: VirtualMachineInstance,
): string | undefined {
  const { devices } = vmi.spec.domain
  const filesystems = (devices['filesystems'] as { name: string }[] | undefined) ?? []
  const names = (test: (name: string) => boolean): string[] =>
    changed.map(({ name }) => name).filter(test)
  const diskOf = (name: string) => devices.disks?.find((disk) => disk.name === name)
  const kinds = {
    filesystems: names((name) => filesystems.some((one) => one.name === name)),
    shareable: names((name) => diskOf(name)?.['shareable'] === true),
    luns: names((name) => diskOf(name)?.lun !== undefined),
  }
  const words = Object.entries(kinds)
    .filter(([, list]) => list.length > 0)
    .map(([kind, list]) => ` ${kind}: [${list.join(' ')}]`)
  return words.length === 0
    ? undefined
    : `invalid volumes to update with migration:${words.join('')}`
}

/** What else keeps the VMI from migrating with these volumes. */
function obstacle(
  migrated: readonly MigratedVolume[],
  { status }: VirtualMachineInstance,
): string | undefined {
  const storage = findCondition(status?.conditions, 'StorageLiveMigratable')
  if (storage?.status === 'False')
    return `cannot migrate the volumes as the VMI isn't migratable: ${storage.message ?? ''}`
  const left = status?.volumeStatus?.find(
    ({ name, persistentVolumeClaimInfo }) =>
      (persistentVolumeClaimInfo as ClaimInfo | undefined)?.accessModes?.includes(
        'ReadWriteOnce',
      ) && !migrated.some(({ volumeName }) => volumeName === name),
  )
  return (
    left &&
    `cannot migrate the VM. The volume ${left.name} is RWO and not included in the migration volumes`
  )
}

/** The VM's own record of it, dropped once the claims are the old ones or the strategy is another. */
export function keepVolumeUpdateState(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
): void {
  const state = vm.status?.['volumeUpdateState'] as
    | { volumeMigrationState?: { migratedVolumes?: MigratedVolume[] } }
    | undefined
  const migrated = state?.volumeMigrationState?.migratedVolumes
  if (!migrated) return
  const isBack = migrated.every(({ volumeName, sourcePVCInfo }) => {
    const volume = vm.spec.template.spec.volumes?.find(({ name }) => name === volumeName)
    return !volume || claimOf(volume) === sourcePVCInfo.claimName
  })
  const cancelled = findCondition(vmi?.status?.conditions, 'VolumesChange')?.status === 'False'
  if (isBack || cancelled || !isMigrationStrategy(vm)) vm.status!['volumeUpdateState'] = {}
}

/**
 * The spec a VMI was started from with the claims it has now: where a volume migration brought them
 * they need no restart.
 */
export function withPresentClaims(started: VmSpec, vmi: VirtualMachineInstance): VmSpec {
  const { template } = started
  const volumes = template.spec.volumes?.map((volume) => {
    const present = vmi.spec.volumes?.find(({ name }) => name === volume.name)
    return present && claimOf(present) && claimOf(volume) ? present : volume
  })
  if (!volumes) return started
  return { ...started, template: { ...template, spec: { ...template.spec, volumes } } }
}

/**
 * Moving a running VM's volumes to other claims: `updateVolumesStrategy: Migration`.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/volume-migration/volume-migration.go
 */
import type { JsonPatchOperation } from './client.ts'
import type {
  VirtualMachine,
  VirtualMachineInstance,
  VirtualMachineInstanceMigration,
} from './kinds.ts'
import { diskTypeOf, isHotpluggable, templateSpec, type DiskEntry } from './vm-devices.ts'
import { guards, removeDataVolumeTemplate, templatePath } from './vm-patch.ts'

const strategyPath = '/spec/updateVolumesStrategy'
const volumesPath = '/volumes'

/** Gives a volume another claim, to which KubeVirt copies what the old one holds. */
export function moveVolumePatch(
  vm: VirtualMachine,
  name: string,
  claimName: string,
): JsonPatchOperation[] {
  const { volumes } = templateSpec(vm)
  const index = volumes?.findIndex((volume) => volume.name === name) ?? -1
  const volume = volumes?.[index]
  if (!volume) return []
  const hot = isHotpluggable(volume) && { hotpluggable: true }
  return [
    ...guards(vm, { [volumesPath]: volumes }),
    { op: 'add', path: strategyPath, value: 'Migration' },
    {
      op: 'replace',
      path: `${templatePath}${volumesPath}/${index}`,
      value: { name, persistentVolumeClaim: { claimName, ...hot } },
    },
    ...removeDataVolumeTemplate(vm, volume),
  ]
}

/** Ends the strategy, which keeps disks from being hotplugged. */
export function endStrategyPatch(): JsonPatchOperation[] {
  return [
    { op: 'test', path: strategyPath, value: 'Migration' },
    { op: 'remove', path: strategyPath },
  ]
}

/** Why KubeVirt wouldn't move this disk's content (ValidateVolumes), as far as is known before. */
export function whyNotMovable({ disk, volume }: DiskEntry): string | undefined {
  if (!volume?.persistentVolumeClaim && !volume?.dataVolume)
    return 'Only disks on a PersistentVolumeClaim can be moved.'
  if (!disk) return 'File systems can’t be moved while the VM runs.'
  if (diskTypeOf(disk) === 'lun') return 'LUNs can’t be moved: their content isn’t KubeVirt’s.'
  if (diskTypeOf(disk) === 'cdrom') return 'A medium isn’t moved: eject it and insert another.'
  return disk.shareable === true ? 'Shareable disks can’t be moved while others write.' : undefined
}

export interface VolumeMove {
  volumeName: string
  from: string
  to: string
}

export interface VolumeMigration {
  moves: VolumeMove[]
  /** `waiting`: nobody has started the live migration that copies. */
  state: 'waiting' | 'migrating'
  /** The live migration under way. */
  migration: VirtualMachineInstanceMigration | undefined
  /** How the one before failed. */
  failure: string | undefined
  /** When the live migration began to copy, RFC 3339. */
  since: string | undefined
}

interface MigratedVolume {
  volumeName: string
  sourcePVCInfo?: { claimName?: string }
  destinationPVCInfo?: { claimName?: string }
}

function isFinished({ status }: VirtualMachineInstanceMigration): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

/** The volume migration under way; undefined when there is none. `migrations` are the instance's. */
export function volumeMigrationOf(
  vmi: VirtualMachineInstance | undefined,
  migrations: readonly VirtualMachineInstanceMigration[],
): VolumeMigration | undefined {
  const isChanging = vmi?.status?.conditions?.some(
    ({ type, status }) => String(type) === 'VolumesChange' && String(status) === 'True',
  )
  const migrated = (vmi?.status as { migratedVolumes?: MigratedVolume[] } | undefined)
    ?.migratedVolumes
  if (!isChanging || !migrated) return undefined
  const migration = migrations.find((one) => !isFinished(one))
  const state = vmi?.status?.migrationState
  return {
    moves: migrated.map(({ volumeName, sourcePVCInfo, destinationPVCInfo }) => ({
      volumeName,
      from: sourcePVCInfo?.claimName ?? '',
      to: destinationPVCInfo?.claimName ?? '',
    })),
    state: migration ? 'migrating' : 'waiting',
    migration,
    failure: state?.failed === true && !migration ? (state.failureReason ?? '') : undefined,
    since: state && migration && !state.endTimestamp ? state.startTimestamp : undefined,
  }
}

/** Names the old claims again, which cancels the migration; the copies stay as claims. */
export function cancelMovePatch(
  vm: VirtualMachine,
  moves: readonly VolumeMove[],
): JsonPatchOperation[] {
  const { volumes = [] } = templateSpec(vm)
  return [
    ...guards(vm, { [volumesPath]: volumes }),
    ...volumes.flatMap((volume, index): JsonPatchOperation[] => {
      const move = moves.find(({ volumeName }) => volumeName === volume.name)
      if (!move) return []
      const hot = isHotpluggable(volume) && { hotpluggable: true }
      return [
        {
          op: 'replace',
          path: `${templatePath}${volumesPath}/${index}`,
          value: { name: volume.name, persistentVolumeClaim: { claimName: move.from, ...hot } },
        },
      ]
    }),
  ]
}

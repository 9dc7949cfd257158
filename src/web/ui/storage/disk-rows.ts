/** The table of a VM's disks: what the template wants, what runs, and the claims behind them. */
import { diskChangeEffect, situationOf, type Situation } from '../../../kube/apply-time.ts'
import type {
  DataVolume,
  PersistentVolumeClaim,
  VirtualMachine,
  VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import type { KubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import { formatBytes, formatQuantity, parseQuantity } from '../../../kube/quantity.ts'
import {
  busOf,
  claimNameOf,
  disksOf,
  diskTypeOf,
  templateSpec,
  type DiskEntry,
} from '../../../kube/vm-devices.ts'
import { sourceOf } from '../../../kube/volume-source.ts'

export interface DiskRow {
  name: string
  entry: DiskEntry
  /** Kind of the volume's source, in words. */
  sourceType: string
  /** Name of the object or image behind it. */
  sourceName: string
  claim?: PersistentVolumeClaim
  size: string
  bus: string
  type: string
  storageClass: string
  status: string
  /** What the cluster says about the status, when it isn't well. */
  message?: string
  bootOrder: string
  isReadOnly: boolean
  /** No longer in the template. */
  isLeaving: boolean
  pending?: string
}

const typeWords = { disk: 'Disk', cdrom: 'CD-ROM', lun: 'LUN' }

type VolumeStatus = NonNullable<
  NonNullable<VirtualMachineInstance['status']>['volumeStatus']
>[number]

/** v1.9.0 staging/src/kubevirt.io/api/core/v1/types.go, VolumePhase. */
const volumePhaseWords: Record<string, string> = {
  Pending: 'Waiting to be attached',
  Bound: 'Bound, not attached yet',
  AttachedToNode: 'Attached to the node',
  MountedToPod: 'Mounted, not plugged yet',
  Ready: 'Ready',
  Detaching: 'Detaching',
  UnMountedFromPod: 'Unmounted, being detached',
  MemoryDumpInProgress: 'Memory dump in progress',
  MemoryDumpCompleted: 'Memory dump completed',
  MemoryDumpFailed: 'Memory dump failed',
}

const claimPhaseWords: Record<string, string> = {
  Pending: 'PVC waits to be bound',
  Bound: 'PVC bound',
  Lost: 'PVC lost its volume',
}

/** `37.25%` or `N/A` as CDI writes it. */
function dataVolumeWords({ status }: DataVolume): string | undefined {
  const phase = status?.phase
  if (phase === undefined || phase === 'Succeeded') return undefined
  const words = phase.replace(/([a-z])([A-Z])/g, '$1 $2')
  const progress = status?.progress
  return `DataVolume: ${words}${progress && progress !== 'N/A' ? `, ${progress}` : ''}`
}

/** Growing in words, from the claim's conditions; undefined when it isn't. */
export function growthOf(claim: PersistentVolumeClaim | undefined): string | undefined {
  const wanted = parseQuantity(claim?.spec?.resources?.requests?.storage)
  const has = parseQuantity(claim?.status?.capacity?.storage)
  const conditions = (claim?.status?.conditions ?? []).filter(
    ({ status }) => String(status) === 'True',
  )
  const failed = conditions.find(({ type }) => String(type).endsWith('ResizeError'))
  if (failed) return `Growing failed: ${failed.message ?? failed.reason ?? failed.type}`
  if (conditions.some(({ type }) => String(type) === 'FileSystemResizePending'))
    return 'Growing: waits for the file system to be mounted'
  const isGrowing = conditions.some(({ type }) => String(type) === 'Resizing')
  if (isGrowing || (wanted !== undefined && has !== undefined && wanted > has))
    return `Growing to ${formatQuantity(claim?.spec?.resources?.requests?.storage)}`
  return undefined
}

function sizeOf(
  { volume }: DiskEntry,
  claim: PersistentVolumeClaim | undefined,
  status: VolumeStatus | undefined,
): string {
  const capacity =
    claim?.status?.capacity?.storage ??
    status?.persistentVolumeClaimInfo?.capacity?.['storage'] ??
    claim?.spec?.resources?.requests?.storage ??
    (volume?.emptyDisk?.capacity as string | undefined)
  if (capacity !== undefined) return formatQuantity(capacity)
  return status?.size ? formatBytes(status.size) : '–'
}

function pendingMark(
  desired: DiskEntry | undefined,
  running: DiskEntry | undefined,
  situation: Situation,
): string | undefined {
  if (situation.state === 'stopped') return undefined
  const { when } = diskChangeEffect(desired, running, situation)
  if (when === 'none') return undefined
  if (when === 'now') return !desired ? 'Unplugging' : !running ? 'Hotplugging' : 'Changing'
  return !desired ? 'Removed on restart' : !running ? 'Added on restart' : 'Changes on restart'
}

export interface DiskSources {
  claims: readonly PersistentVolumeClaim[]
  /** None of the namespace's claims is left out of {@link claims}. */
  areClaimsKnown?: boolean
  dataVolumes: readonly DataVolume[]
  config: KubeVirtConfig
}

/** Rows in the order of the template, then what else runs. A standalone VMI has no template. */
export function diskRows(
  vm: VirtualMachine | undefined,
  vmi: VirtualMachineInstance | undefined,
  { claims, areClaimsKnown = false, dataVolumes, config }: DiskSources,
): DiskRow[] {
  const situation = situationOf(vm, vmi, config)
  const isGone = situation.state === 'stopped'
  const running = isGone ? [] : disksOf(vmi?.spec)
  const statuses = isGone ? [] : (vmi?.status?.volumeStatus ?? [])
  const desired = vm ? disksOf(templateSpec(vm)) : running
  const nameOf = ({ disk, volume }: DiskEntry) => disk?.name ?? volume?.name ?? ''

  const row = (entry: DiskEntry, isLeaving: boolean): DiskRow => {
    const { disk, volume } = entry
    const name = nameOf(entry)
    const status = statuses.find((one) => one.name === name)
    const claimName = claimNameOf(volume)
    const claim = claims.find(({ metadata }) => metadata.name === claimName)
    const dataVolume = dataVolumes.find(({ metadata }) => metadata.name === claimName)
    const source = sourceOf(volume)
    const counterpart = running.find((one) => nameOf(one) === name)
    const pending = pendingMark(isLeaving ? undefined : entry, counterpart, situation)
    const claimPhase = claim?.status?.phase
    const message = status?.message
    return {
      name,
      entry,
      sourceType: source.type,
      sourceName: source.name,
      ...(claim && { claim }),
      size: sizeOf(entry, claim, status),
      bus: (disk && busOf(disk)) ?? '',
      type: disk ? typeWords[diskTypeOf(disk)] : 'No disk',
      storageClass: claim?.spec?.storageClassName ?? '',
      status:
        growthOf(claim) ??
        (dataVolume && dataVolumeWords(dataVolume)) ??
        (status?.phase === undefined || status.phase === ''
          ? undefined
          : (volumePhaseWords[status.phase] ?? status.phase)) ??
        (claimPhase === undefined ? undefined : (claimPhaseWords[claimPhase] ?? claimPhase)) ??
        // What a DataVolume is to fill needn't be there yet.
        (volume?.persistentVolumeClaim && areClaimsKnown ? 'PVC not found' : ''),
      ...(message !== undefined && message !== '' && status?.phase !== 'Ready' && { message }),
      bootOrder: disk?.bootOrder === undefined ? '' : String(disk.bootOrder),
      isReadOnly:
        (disk?.disk ?? disk?.lun)?.readonly === true ||
        volume?.persistentVolumeClaim?.readOnly === true,
      isLeaving,
      ...(pending !== undefined && { pending }),
    }
  }

  const names = new Set(desired.map(nameOf))
  return [
    ...desired.map((entry) => row(entry, false)),
    ...running.filter((entry) => !names.has(nameOf(entry))).map((entry) => row(entry, true)),
  ]
}

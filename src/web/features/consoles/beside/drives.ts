/** A VM's CD-ROM drives: what is in them, what is to be, and what could be. */
import { diskChangeEffect, situationOf, type Situation } from '../../../../kube/apply-time.ts'
import type {
  DataVolume,
  PersistentVolumeClaim,
  VirtualMachine,
  VirtualMachineInstance,
} from '../../../../kube/kinds.ts'
import type { KubeVirtConfig } from '../../../../kube/kubevirt-config.ts'
import { formatQuantity } from '../../../../kube/quantity.ts'
import {
  claimNameOf,
  disksOf,
  templateSpec,
  type DiskEntry,
  type Volume,
} from '../../../../kube/vm-devices.ts'

export interface Drive {
  name: string
  entry: DiskEntry
  /** The same drive as the instance has it; absent while the VM is off, and in a new drive. */
  running: DiskEntry | undefined
  /** What the VM says is in it; undefined when it is empty. */
  content: string | undefined
  /** What is under way, or waits; undefined when all is as the VM says. */
  pending: string | undefined
}

/** Claims by name; other media by what they are made of. */
function contentOf(volume: Volume | undefined): string | undefined {
  if (!volume) return undefined
  const { name: _, ...source } = volume
  return (
    claimNameOf(volume) ??
    volume.containerDisk?.image ??
    (volume.cloudInitNoCloud || volume.cloudInitConfigDrive ? 'cloud-init' : undefined) ??
    volume.sysprep?.configMap?.name ??
    volume.sysprep?.secret?.name ??
    // Whatever else there is, by its API name.
    Object.keys(source)[0]
  )
}

function pendingOf(
  entry: DiskEntry,
  running: DiskEntry | undefined,
  vmi: VirtualMachineInstance | undefined,
  situation: Situation,
): string | undefined {
  if (situation.state === 'stopped') return undefined
  const name = entry.disk?.name
  const status = vmi?.status?.volumeStatus?.find((one) => one.name === name)
  const { when, sentence } = diskChangeEffect(entry, running, situation)
  if (when === 'restart' || when === 'migration') return sentence
  if (!entry.volume && (running?.volume || status?.hotplugVolume))
    return 'Being ejected. If it stays so, the guest has it mounted: unmount it there.'
  const isThere = status?.phase === undefined || status.phase === '' || status.phase === 'Ready'
  if (entry.volume && (when === 'now' || !isThere))
    return `Being inserted.${status?.message ? ` ${status.message}` : ''}`
  return undefined
}

/** In the order of the template. */
export function drivesOf(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
  config: KubeVirtConfig,
): Drive[] {
  const situation = situationOf(vm, vmi, config)
  const inGuest = situation.state === 'stopped' ? [] : disksOf(vmi?.spec)
  return disksOf(templateSpec(vm)).flatMap((entry) => {
    if (!entry.disk?.cdrom) return []
    const { name } = entry.disk
    const running = inGuest.find(({ disk }) => disk?.name === name)
    return [
      {
        name,
        entry,
        running,
        content: contentOf(entry.volume),
        pending: pendingOf(entry, running, vmi, situation),
      },
    ]
  })
}

export interface Medium {
  claimName: string
  /** Its DataVolume bears the same name. */
  isDataVolume: boolean
  description: string
}

const endpoint = 'cdi.kubevirt.io/storage.import.endpoint'

/** By its name or where it was imported from; nothing in the cluster says it for certain. */
function looksLikeIso(claim: PersistentVolumeClaim, dataVolume: DataVolume | undefined): boolean {
  const { http, s3, gcs } = dataVolume?.spec?.source ?? {}
  const urls = [http?.url, s3?.url, gcs?.url, claim.metadata.annotations?.[endpoint]]
  return (
    urls.some((url) => url !== undefined && /\.iso(\.\w+)?$/i.test(url)) ||
    /(^|[^a-z])iso([^a-z]|$)/i.test(claim.metadata.name)
  )
}

/** What can be put into a drive: filled claims that this VM doesn't use, likely ISO images first. */
export function mediaOf(
  claims: readonly PersistentVolumeClaim[],
  dataVolumes: readonly DataVolume[],
  /** VMs by claim; what they say of this VM may be older than it is. */
  users: ReadonlyMap<string, string[]>,
  vm: VirtualMachine,
): Medium[] {
  const own = new Set(templateSpec(vm).volumes?.map(claimNameOf))
  const media = claims.flatMap((claim) => {
    const { name, deletionTimestamp } = claim.metadata
    const dataVolume = dataVolumes.find((one) => one.metadata.name === name)
    const isFilled = !dataVolume || dataVolume.status?.phase === 'Succeeded'
    if (deletionTimestamp !== undefined || !isFilled || own.has(name)) return []
    const usedBy = (users.get(name) ?? []).filter((user) => user !== vm.metadata.name)
    const isIso = looksLikeIso(claim, dataVolume)
    const facts = [
      isIso ? 'ISO image' : 'not known as an ISO image',
      formatQuantity(claim.status?.capacity?.storage ?? claim.spec?.resources?.requests?.storage),
      usedBy.length > 0 ? `used by ${usedBy.join(', ')}` : '',
    ]
    return [
      {
        claimName: name,
        isDataVolume: dataVolume !== undefined,
        description: facts.filter(Boolean).join(' · '),
        isIso,
      },
    ]
  })
  return media
    .toSorted((a, b) => Number(b.isIso) - Number(a.isIso) || a.claimName.localeCompare(b.claimName))
    .map(({ claimName, isDataVolume, description }) => ({ claimName, isDataVolume, description }))
}

/**
 * A DataSource with what it stands on: whether a VM can start from it now, and how fresh it is. CDI's
 * Ready condition alone doesn't say: it is about what was, where nobody keeps it, or where a claim is
 * filled by something other than a DataVolume.
 */
import { claimSize } from './claim-status.ts'
import {
  dataVolumeCondition,
  dataVolumeStatus,
  lastFailure,
  progressPercent,
} from './data-volume-status.ts'
import type {
  DataImportCron,
  DataSource,
  DataVolume,
  PersistentVolumeClaim,
  VolumeSnapshot,
} from './kinds.ts'
import { formatQuantity } from './quantity.ts'
import { recommendations, type Recommendations } from './recommendations.ts'
import type { PlainStatus } from './vm-status.ts'

/** What is known around DataSources, by `namespace/name`; undefined where it can't be read (yet). */
export interface ImageSurroundings {
  /** The one they are of; absent where they are of all. */
  namespace?: string | undefined
  dataSources: ReadonlyMap<string, DataSource> | undefined
  crons: ReadonlyMap<string, DataImportCron> | undefined
  dataVolumes: ReadonlyMap<string, DataVolume> | undefined
  claims: ReadonlyMap<string, PersistentVolumeClaim> | undefined
  snapshots: ReadonlyMap<string, VolumeSnapshot> | undefined
}

export interface ImageOrigin {
  kind: 'PersistentVolumeClaim' | 'VolumeSnapshot' | 'DataSource'
  namespace: string
  name: string
}

export interface BootableVolume extends Recommendations {
  dataSource: DataSource
  /** Absent where it names nothing. */
  origin: ImageOrigin | undefined
  /** What keeps it up to date. */
  cron: DataImportCron | undefined
  /** What fills the claim it names. */
  dataVolume: DataVolume | undefined
  /** A newer image that is on its way. */
  newer: DataVolume | undefined
  status: PlainStatus
  /** RFC 3339; undefined where it isn't known. */
  importedAt: string | undefined
  size: string
  architecture: string
}

const cronLabel = 'cdi.kubevirt.io/dataImportCron'
export const architectureLabel = 'template.kubevirt.io/architecture'

const keyOf = ({ namespace, name }: { namespace: string; name: string }) => `${namespace}/${name}`

/** What a DataSource names. */
export function imageOrigin({ metadata, spec }: DataSource): ImageOrigin | undefined {
  const { pvc, snapshot, dataSource } = spec?.source ?? {}
  const named = (kind: ImageOrigin['kind'], ref: typeof pvc): ImageOrigin | undefined =>
    ref?.name === undefined
      ? undefined
      : { kind, namespace: ref.namespace ?? metadata.namespace ?? '', name: ref.name }
  return (
    named('PersistentVolumeClaim', pvc) ??
    named('VolumeSnapshot', snapshot) ??
    named('DataSource', dataSource)
  )
}

/** References from one DataSource to another are followed so far, as CDI does. */
const mostSteps = 4

function lastOrigin(dataSource: DataSource, around: ImageSurroundings): ImageOrigin | undefined {
  let origin = imageOrigin(dataSource)
  for (let step = 0; step < mostSteps && origin?.kind === 'DataSource'; step += 1) {
    const next = around.dataSources?.get(keyOf(origin))
    if (!next) return origin
    origin = imageOrigin(next)
  }
  return origin
}

export function bootableVolume(dataSource: DataSource, around: ImageSurroundings): BootableVolume {
  const { namespace = '', labels = {} } = dataSource.metadata
  const origin = lastOrigin(dataSource, around)
  const isClaim = origin?.kind === 'PersistentVolumeClaim'
  const key = origin ? keyOf(origin) : ''
  const dataVolume = isClaim ? around.dataVolumes?.get(key) : undefined
  const claim = isClaim ? around.claims?.get(key) : undefined
  const snapshot = origin?.kind === 'VolumeSnapshot' ? around.snapshots?.get(key) : undefined
  const cronName = labels[cronLabel]
  const cron = cronName === undefined ? undefined : around.crons?.get(`${namespace}/${cronName}`)
  const importing = cron?.status?.currentImports?.[0]?.DataVolumeName
  const current =
    importing === undefined ? undefined : around.dataVolumes?.get(`${namespace}/${importing}`)
  const newer = current && current !== dataVolume && !isFilled(current) ? current : undefined
  const size = claim
    ? claimSize(claim)
    : snapshot?.status?.restoreSize === undefined
      ? ''
      : formatQuantity(snapshot.status.restoreSize)
  return {
    dataSource,
    origin,
    cron,
    dataVolume,
    newer,
    status: statusOf(dataSource, { origin, dataVolume, claim, snapshot, cron, newer }, around),
    importedAt:
      cron?.status?.lastImportTimestamp ??
      (dataVolume ? filledAt(dataVolume) : (claim ?? snapshot)?.metadata.creationTimestamp),
    size,
    architecture:
      labels[architectureLabel] ??
      claim?.metadata.labels?.[architectureLabel] ??
      cron?.spec.template?.spec?.source?.registry?.platform?.architecture ??
      '',
    ...inferred(dataSource, claim ?? snapshot),
  }
}

/** Its own labels come before those of the volume, each for itself, as KubeVirt infers them. */
function inferred(
  dataSource: DataSource,
  volume: PersistentVolumeClaim | VolumeSnapshot | undefined,
): Recommendations {
  const own = recommendations(dataSource)
  const ofVolume = volume && recommendations(volume)
  return {
    instancetype: own.instancetype || (ofVolume?.instancetype ?? ''),
    preference: own.preference || (ofVolume?.preference ?? ''),
  }
}

function isFilled({ status }: DataVolume): boolean {
  return String(status?.phase) === 'Succeeded'
}

/** When its import ended; undefined while it lasts. */
function filledAt(dataVolume: DataVolume): string | undefined {
  if (!isFilled(dataVolume)) return undefined
  const ready = dataVolumeCondition(dataVolume, 'Ready') as { lastTransitionTime?: string }
  return ready?.lastTransitionTime ?? dataVolume.metadata.creationTimestamp
}

interface Parts {
  origin: ImageOrigin | undefined
  dataVolume: DataVolume | undefined
  claim: PersistentVolumeClaim | undefined
  snapshot: VolumeSnapshot | undefined
  cron: DataImportCron | undefined
  newer: DataVolume | undefined
}

function statusOf(dataSource: DataSource, parts: Parts, around: ImageSurroundings): PlainStatus {
  const { metadata, status } = dataSource
  if (metadata.deletionTimestamp !== undefined)
    return { label: 'Terminating', tone: 'progress', reason: 'It is being deleted.' }
  const { origin, dataVolume, newer } = parts
  if (!origin) return newer ? importStatus(newer) : nothingNamed(parts)
  if (dataVolume && !isFilled(dataVolume)) return importStatus(dataVolume)
  const missing = whyMissing(parts, around)
  if (missing !== undefined) return { label: 'Image missing', tone: 'danger', ...missing }
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')
  const isKnown = parts.claim !== undefined || parts.snapshot?.status?.readyToUse === true
  if (ready?.status === 'False' && !isKnown)
    return { label: 'Not ready', tone: 'warning', reason: ready.message ?? 'CDI says so.' }
  if (!ready && !isKnown)
    return { label: 'Unknown', tone: 'neutral', reason: 'CDI hasn’t looked at it yet.' }
  if (newer) return updating(newer)
  return outdated(parts) ?? { label: 'Ready', tone: 'success' }
}

function importStatus(dataVolume: DataVolume): PlainStatus {
  const failure = lastFailure(dataVolume)
  const { reason, nextStep } = dataVolumeStatus(dataVolume)
  const phase = String(dataVolume.status?.phase ?? '')
  if (failure !== undefined)
    return {
      label: 'Import failing',
      tone: 'danger',
      ...(reason !== undefined && { reason }),
      nextStep: `See DataVolume ${dataVolume.metadata.name} for why and how to retry.`,
    }
  const isUpload = phase === 'UploadReady'
  return {
    label: isUpload ? 'Waits for upload' : 'Importing',
    tone: 'progress',
    ...(reason !== undefined && { reason }),
    ...(nextStep !== undefined && { nextStep }),
  }
}

function updating(newer: DataVolume): PlainStatus {
  const failure = lastFailure(newer)
  if (failure !== undefined)
    return {
      label: 'Update failing',
      tone: 'warning',
      reason: `VMs start from the image of before; importing the newer one fails: ${failure}`,
    }
  const percent = progressPercent(newer)
  return {
    label: 'Ready, updating',
    tone: 'success',
    reason: `VMs start from the image of before while a newer one is imported${percent === undefined ? '' : `: ${percent.toFixed(0)} %`}.`,
  }
}

/**
 * The registry has a newer image, which nobody is importing.
 * https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/controller/dataimportcron-controller.go
 */
function outdated({ cron }: Parts): PlainStatus | undefined {
  const upToDate = cron?.status?.conditions?.find(({ type }) => type === 'UpToDate')
  if (upToDate?.status !== 'False' || upToDate.reason !== 'Outdated') return undefined
  return {
    label: 'Outdated',
    tone: 'warning',
    reason: `VMs start from the image of before: ${upToDate.message ?? 'the registry has a newer one'}.`,
    nextStep: 'It is imported when nothing keeps it from that: see its events.',
  }
}

function nothingNamed({ cron }: Parts): PlainStatus {
  if (cron)
    return {
      label: 'Not imported yet',
      tone: 'progress',
      reason: 'The registry hasn’t been asked yet, or the first import hasn’t begun.',
    }
  return {
    label: 'No image',
    tone: 'danger',
    reason: 'It names no claim, snapshot or other DataSource.',
    nextStep: 'Name one in its YAML, or delete it.',
  }
}

function whyMissing(
  { origin, claim, snapshot, dataVolume }: Parts,
  around: ImageSurroundings,
): { reason: string; nextStep: string } | undefined {
  const isElsewhere = around.namespace !== undefined && origin?.namespace !== around.namespace
  if (!origin || isElsewhere) return undefined
  const { kind, namespace, name } = origin
  const nextStep = 'VMs made from it wait until there is one of this name.'
  const is = (what: string) => ({ reason: `${what} ${namespace}/${name} doesn’t exist.`, nextStep })
  if (kind === 'PersistentVolumeClaim')
    return around.claims && around.dataVolumes && !claim && !dataVolume ? is('Claim') : undefined
  if (kind === 'VolumeSnapshot')
    return around.snapshots && !snapshot ? is('VolumeSnapshot') : undefined
  return around.dataSources ? is('DataSource') : undefined
}

/** The state of a DataVolume in plain words, and where it is filled from. */
import type { DataVolume } from './kinds.ts'
import type { PlainStatus, StatusTone } from './vm-status.ts'

/**
 * Phases are an open set.
 * https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/staging/src/kubevirt.io/containerized-data-importer-api/pkg/apis/core/v1beta1/types.go
 */
const phases: Record<string, [tone: StatusTone, words?: string]> = {
  Pending: ['progress', 'Its claim isn’t bound yet.'],
  PVCBound: ['progress', 'Its claim is bound; filling it comes next.'],
  WaitForFirstConsumer: [
    'progress',
    'Waits for a VM or pod that uses it: its storage class makes the volume only then.',
  ],
  PendingPopulation: [
    'progress',
    'Waits for a VM or pod that uses it: its storage class makes the volume only then, and then it is filled.',
  ],
  ImportScheduled: ['progress', 'The importer’s pod is being started.'],
  ImportInProgress: ['progress', 'The image is being imported.'],
  CloneScheduled: ['progress', 'The copy is about to begin.'],
  CloneInProgress: ['progress', 'The source is being copied.'],
  CSICloneInProgress: ['progress', 'The storage is cloning the source.'],
  CloneFromSnapshotSourceInProgress: ['progress', 'The storage is making it from a snapshot.'],
  SnapshotForSmartCloneInProgress: ['progress', 'A snapshot of the source is being taken.'],
  SmartClonePVCInProgress: ['progress', 'The storage is making it from a snapshot of the source.'],
  PrepClaimInProgress: ['progress', 'The claim of the copy is being prepared.'],
  RebindInProgress: ['progress', 'The volume is being handed over to its claim.'],
  ExpansionInProgress: ['progress', 'The copy is growing to the size that is asked for.'],
  NamespaceTransferInProgress: ['progress', 'The volume is moving into this namespace.'],
  UploadScheduled: ['progress', 'The pod that takes the upload is being started.'],
  UploadReady: ['progress', 'Ready: it waits for somebody to upload into it.'],
  Succeeded: ['success'],
  Paused: ['warning', 'Paused between the stages of an import in several steps.'],
  Failed: ['danger', 'Filling it has failed for good.'],
  Unknown: ['warning', 'CDI can’t tell how it is.'],
}

type Condition = { type?: string; status?: string; reason?: string; message?: string }

/** A condition of a DataVolume; the generated types leave its fields untyped. */
export function dataVolumeCondition(
  { status }: DataVolume,
  type: 'Bound' | 'Running' | 'Ready',
): Condition | undefined {
  return ((status?.conditions ?? []) as Condition[]).find((one) => one.type === type)
}

/** How far it has come in percent; undefined where it can't be told. */
export function progressPercent({ status }: DataVolume): number | undefined {
  const text = status?.progress
  if (typeof text !== 'string' || !text.endsWith('%')) return undefined
  const percent = Number(text.slice(0, -1))
  return Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : undefined
}

/** What the importer or uploader last failed with; undefined while it runs or hasn't failed. */
export function lastFailure(dataVolume: DataVolume): string | undefined {
  const running = dataVolumeCondition(dataVolume, 'Running')
  if (running?.status !== 'False' || !running.message) return undefined
  return ['Error', 'CrashLoopBackOff', 'OOMKilled', 'ImagePullFailed'].includes(
    running.reason ?? '',
  ) || dataVolume.status?.phase === 'Failed'
    ? running.message
    : undefined
}

export function dataVolumeStatus(dataVolume: DataVolume): PlainStatus {
  const { metadata, status } = dataVolume
  const phase = String(status?.phase ?? '')
  if (metadata.deletionTimestamp !== undefined)
    return { label: 'Terminating', tone: 'progress', reason: 'It is being deleted.' }
  const restarts = status?.restartCount ?? 0
  const failure = lastFailure(dataVolume)
  if (failure !== undefined)
    return {
      label: phase === '' ? 'Pending' : phase,
      tone: phase === 'Failed' ? 'danger' : 'warning',
      reason:
        phase === 'Failed'
          ? failure
          : `It fails and is tried again${restarts > 0 ? `, ${restarts} ${restarts === 1 ? 'time' : 'times'} so far` : ''}: ${failure}`,
    }
  if (phase === '') return { label: 'Pending', ...withoutPhase(dataVolume) }
  const [tone, words] = phases[phase] ?? ['warning']
  const percent = progressPercent(dataVolume)
  const isMoving = tone === 'progress' && percent !== undefined && percent > 0
  return {
    label: phase,
    tone,
    ...(words !== undefined && {
      reason: isMoving ? `${words.replace(/\.$/, '')}: ${percent.toFixed(0)} %.` : words,
    }),
  }
}

function withoutPhase(dataVolume: DataVolume): Omit<PlainStatus, 'label'> {
  const bound = dataVolumeCondition(dataVolume, 'Bound')
  if (bound?.reason === 'ErrClaimNotValid' || bound?.message?.includes('no storageClass'))
    return {
      tone: 'danger',
      reason: `No claim can be made of it: ${bound.message ?? ''}`,
      nextStep: 'Mark a storage class as the default, or create it anew with a class.',
    }
  return { tone: 'progress', reason: bound?.message || 'CDI hasn’t looked at it yet.' }
}

export interface DataVolumeSource {
  /** `HTTP`, `Registry`, … */
  kind: string
  /** A URL, or what it is copied from. */
  from: string
  /** The object that is copied, where it has a page. */
  ref?: { kind: 'PersistentVolumeClaim' | 'VolumeSnapshot'; namespace: string; name: string }
}

/** Where it is filled from. */
export function dataVolumeSource({ metadata, spec }: DataVolume): DataVolumeSource {
  const home = metadata.namespace ?? ''
  const { source, sourceRef } = spec
  if (sourceRef)
    return {
      kind: sourceRef.kind,
      from: `${sourceRef.namespace ?? home}/${sourceRef.name}`,
    }
  const copied = (
    kind: 'PersistentVolumeClaim' | 'VolumeSnapshot',
    words: string,
    { namespace, name }: { namespace: string; name: string },
  ): DataVolumeSource => ({
    kind: words,
    from: namespace === home ? name : `${namespace}/${name}`,
    ref: { kind, namespace, name },
  })
  if (!source) return { kind: 'None', from: '' }
  if (source.pvc) return copied('PersistentVolumeClaim', 'Clone of a claim', source.pvc)
  if (source.snapshot) return copied('VolumeSnapshot', 'Snapshot', source.snapshot)
  if (source.blank) return { kind: 'Empty', from: '' }
  if (source.upload) return { kind: 'Upload', from: '' }
  const [key = '', value] =
    Object.entries(source).find(([, one]) => one !== undefined && one !== null) ?? []
  const names: Record<string, string> = { http: 'URL', registry: 'Registry', s3: 'S3', gcs: 'GCS' }
  const { url, imageStream } = (value ?? {}) as { url?: string; imageStream?: string }
  return { kind: names[key] ?? key, from: url ?? imageStream ?? '' }
}

/** How far a volume is that is to be filled by an upload: CDI tells it of DataVolumes and of bare claims. */
import type { DataVolume, PersistentVolumeClaim } from './kinds.ts'

export interface UploadState {
  is: 'waiting' | 'ready' | 'filled' | 'failed'
  /** What it waits for or how it failed, in words. */
  message?: string
  /** How often CDI's upload pod has begun anew. */
  restarts: number
  /** Why the last attempt failed; its pod may wait for the bytes once more. */
  error?: string
}

const failureWords = 'CDI says that the upload failed.'

const phaseWords: Record<string, string> = {
  Pending: 'Waiting for the volume',
  PendingPopulation: 'Waiting for a VM that uses the volume',
  WaitForFirstConsumer: 'Waiting for a VM that uses the volume',
  UploadScheduled: 'Waiting for CDI’s upload pod',
}

export function dataVolumeUpload({ status }: DataVolume): UploadState {
  const phase = String(status?.phase ?? '')
  const condition = (name: string) => status?.conditions?.find(({ type }) => type === name)
  const running = condition('Running')
  const restarts = status?.restartCount ?? 0
  const error = running?.reason === 'Error' ? (running.message ?? failureWords) : undefined
  const shared = { restarts, ...(error !== undefined && { error }) }
  if (phase === 'UploadReady') return { is: 'ready', ...shared }
  if (phase === 'Succeeded') return { is: 'filled', ...shared }
  if (phase === 'Failed')
    return { is: 'failed', message: running?.message || failureWords, ...shared }
  const words = phaseWords[phase] ?? 'Preparing the volume'
  const why = condition('Bound')?.message
  const message = phase === 'Pending' && why ? `${words}: ${why}` : words
  return { is: 'waiting', message, ...shared }
}

/** https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/controller/common/util.go */
const storage = 'cdi.kubevirt.io/storage'

/** Whether the claim is there to be filled by an upload, with or without a DataVolume. */
export function isUploadTarget({ metadata }: PersistentVolumeClaim): boolean {
  return metadata.annotations?.[`${storage}.upload.target`] !== undefined
}

export function claimUpload({ metadata }: PersistentVolumeClaim): UploadState {
  const annotation = (name: string) => metadata.annotations?.[`${storage}.${name}`]
  const restarts = Number(annotation('pod.restarts') ?? 0)
  const error =
    annotation('condition.running.reason') === 'Error'
      ? (annotation('condition.running.message') ?? failureWords)
      : undefined
  const shared = { restarts, ...(error !== undefined && { error }) }
  const phase = annotation('pod.phase')
  if (phase === 'Succeeded') return { is: 'filled', ...shared }
  if (phase === 'Failed') return { is: 'failed', message: error ?? failureWords, ...shared }
  return phase === 'Running' && annotation('pod.ready') === 'true'
    ? { is: 'ready', ...shared }
    : { is: 'waiting', message: 'Waiting for CDI’s upload pod', ...shared }
}

/** Why nothing can be uploaded into the volume now; undefined where it waits for that. */
export function whyNoUpload({ is }: UploadState): string | undefined {
  if (is === 'ready') return undefined
  return is === 'filled'
    ? 'It has been filled already; it takes no other upload.'
    : 'It doesn’t wait for an upload now.'
}

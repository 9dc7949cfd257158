/** One upload, from a DataVolume that waits for it to a filled volume, or cleaned up after. */
import type { KubeClient } from '../../../kube/client.ts'
import { dataVolumeKind, type DataVolume } from '../../../kube/kinds.ts'
import { KubeError } from '../../../kube/kube-error.ts'
import type { UploadWay } from '../../data/upload-way.ts'

export interface UploadTarget {
  namespace: string
  /** Of the DataVolume and of its claim. */
  name: string
  uid: string
  /** Whether it was made for this upload, and goes away with it if it fails. */
  isMade: boolean
}

export type UploadPhase =
  | 'queued'
  | 'preparing'
  | 'sending'
  | 'processing'
  | 'done'
  | 'failed'
  | 'cancelled'

export interface UploadReport {
  phase: UploadPhase
  sentBytes?: number
  /** What is going on or went wrong, in words. */
  message?: string
  /** What stands although the upload did not succeed. */
  left?: string
}

interface UploadJob {
  client: KubeClient
  way: UploadWay
  target: UploadTarget
  file: Blob
  signal: AbortSignal
  report: (report: UploadReport) => void
}

const pollMs = 1000

/** Ends with a report of `done`, `failed` or `cancelled`; never rejects. */
export async function runUpload(job: UploadJob): Promise<void> {
  const { signal, report } = job
  try {
    report({ phase: 'preparing', message: 'Preparing the volume' })
    await waitFor(job, isReady)
    await send(job)
    report({ phase: 'processing', message: 'CDI converts the image' })
    await waitFor(job, isFilled)
    report({ phase: 'done' })
  } catch (cause) {
    const isCancelled = signal.aborted
    const message = cause instanceof Error ? cause.message : String(cause)
    report({ phase: isCancelled ? 'cancelled' : 'failed', message: 'Cleaning up' })
    const left = await cleanUp(job)
    report({
      phase: isCancelled ? 'cancelled' : 'failed',
      ...(!isCancelled && { message }),
      ...(left !== undefined && { left }),
    })
  }
}

async function send({ way, target, file, signal, report }: UploadJob): Promise<void> {
  report({ phase: 'sending', sentBytes: 0 })
  await way.send(target, file, {
    signal,
    onProgress: (sentBytes) => report({ phase: 'sending', sentBytes }),
  })
}

type Verdict = { isThere: boolean; message?: string }

function runningCondition({ status }: DataVolume) {
  return status?.conditions?.find(({ type }) => type === 'Running')
}

function isReady(dataVolume: DataVolume): Verdict {
  const phase = String(dataVolume.status?.phase ?? '')
  if (phase === 'UploadReady') return { isThere: true }
  if (phase === 'Succeeded')
    throw new Error('The volume has been filled already; it takes no other upload.')
  if (phase === 'Failed') throw new Error(failureWords(dataVolume))
  const message = waitingWords[phase] ?? 'Preparing the volume'
  const why = dataVolume.status?.conditions?.find(({ type }) => type === 'Bound')?.message
  return { isThere: false, message: phase === 'Pending' && why ? `${message}: ${why}` : message }
}

const waitingWords: Record<string, string> = {
  Pending: 'Waiting for the volume',
  PendingPopulation: 'Waiting for a VM that uses the volume',
  WaitForFirstConsumer: 'Waiting for a VM that uses the volume',
  UploadScheduled: 'Waiting for CDI’s upload pod',
}

function failureWords(dataVolume: DataVolume): string {
  return runningCondition(dataVolume)?.message || 'CDI says that the upload failed.'
}

function isFilled(dataVolume: DataVolume): Verdict {
  const phase = String(dataVolume.status?.phase ?? '')
  if (phase === 'Succeeded') return { isThere: true }
  const condition = runningCondition(dataVolume)
  // Its pod starts anew and waits for the bytes once more, which nobody will send.
  const hasCrashed = condition?.reason === 'Error' && (dataVolume.status?.restartCount ?? 0) > 0
  if (phase === 'Failed' || hasCrashed) throw new Error(failureWords(dataVolume))
  return { isThere: false }
}

/** Looks at the DataVolume until it is as `judge` says; a lost connection is waited out. */
async function waitFor(job: UploadJob, judge: (dataVolume: DataVolume) => Verdict): Promise<void> {
  const { client, target, signal, report } = job
  let shown: string | undefined
  for (;;) {
    signal.throwIfAborted()
    const dataVolume = await look(client, target, signal)
    if (dataVolume && dataVolume.metadata.uid !== target.uid)
      throw new Error('The DataVolume was replaced by another one of its name.')
    const verdict = dataVolume && judge(dataVolume)
    if (verdict?.isThere) return
    if (verdict?.message !== undefined && verdict.message !== shown) {
      shown = verdict.message
      report({ phase: 'preparing', message: shown })
    }
    await pause(signal)
  }
}

async function look(
  client: KubeClient,
  target: UploadTarget,
  signal: AbortSignal,
): Promise<DataVolume | undefined> {
  try {
    return await client.get(dataVolumeKind, target, signal)
  } catch (cause) {
    if (cause instanceof KubeError && cause.isUnreachable) return undefined
    if (cause instanceof KubeError && cause.isNotFound)
      throw new Error('Somebody deleted the DataVolume.', { cause })
    throw cause
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const stop = () => {
      clearTimeout(timer)
      reject(new DOMException('Cancelled', 'AbortError'))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, pollMs)
    signal.addEventListener('abort', stop, { once: true })
  })
}

/** Takes away what was made; answers what stands all the same. */
async function cleanUp({ client, target }: UploadJob): Promise<string | undefined> {
  const { name, namespace, uid, isMade } = target
  if (!isMade) return `DataVolume ${name} stands and waits for an upload.`
  try {
    await client.delete(dataVolumeKind, { name, namespace }, { uid })
    return undefined
  } catch (cause) {
    if (cause instanceof KubeError && (cause.isNotFound || cause.isConflict)) return undefined
    const why = cause instanceof Error ? cause.message : String(cause)
    return `DataVolume ${name} still stands and could not be deleted: ${why}`
  }
}

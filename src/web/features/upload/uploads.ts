/**
 * The uploads of this window. They live outside React, so that pages may come and go; a few run at
 * once and the rest wait for their turn.
 */
import type { KubeClient } from '../../../kube/client.ts'
import { dataVolumeKind, type DataVolume } from '../../../kube/kinds.ts'
import type { UploadWay } from '../../data/upload-way.ts'
import { whenUserEnds } from '../../data/user-end.ts'
import { setUnsavedWork } from '../../ui/unsaved-work.ts'
import { setUploadCount } from '../../ui/upload-request.ts'
import { createRateMeter, type RateMeter } from './upload-rate.ts'
import { runUpload, type UploadPhase, type UploadReport, type UploadTarget } from './upload-run.ts'

/** A browser keeps six connections to a host, and the console's other requests need some. */
const atOnce = 2
/** How often progress is told to who looks. */
const tellMs = 250

export interface Upload extends UploadReport {
  id: number
  fileName: string
  fileBytes: number
  target: UploadTarget
  sentBytes: number
  /** Bytes a second. */
  rate?: number
}

interface NewUpload {
  client: KubeClient
  way: UploadWay
  target: UploadTarget
  /** What makes the target anew when it was deleted after a failure. */
  manifest?: object
  file: File
}

interface Entry extends NewUpload {
  upload: Upload
  meter: RateMeter
  cancelling: AbortController
  /** Its target was deleted after a failure, and is wanted again. */
  isToBeMade: boolean
}

const ended: readonly UploadPhase[] = ['done', 'failed', 'cancelled']
export const isEnded = ({ phase }: Pick<Upload, 'phase'>) => ended.includes(phase)

let entries: readonly Entry[] = []
let shown: readonly Upload[] = []
let timer: ReturnType<typeof setTimeout> | undefined
let lastId = 0
const listeners = new Set<() => void>()

/** Begins an upload as soon as it is its turn. */
export function startUpload(given: NewUpload): void {
  lastId += 1
  const { file, target } = given
  const upload: Upload = {
    id: lastId,
    fileName: file.name,
    fileBytes: file.size,
    target,
    phase: 'queued',
    sentBytes: 0,
  }
  const entry = {
    ...given,
    upload,
    meter: createRateMeter(),
    cancelling: new AbortController(),
    isToBeMade: false,
  }
  entries = [...entries, entry]
  tell()
  next()
}

/** Ends it and takes away what was made for it. */
export function cancelUpload(id: number): void {
  const entry = entries.find(({ upload }) => upload.id === id)
  if (!entry || isEnded(entry.upload)) return
  entry.cancelling.abort()
  // One that waits for its turn has something to clean up too.
  if (entry.upload.phase === 'queued') void run(entry)
}

/** What was made for an upload that didn't succeed has been deleted again. */
export function isGone({ phase, target, left }: Upload): boolean {
  return target.isMade && left === undefined && (phase === 'failed' || phase === 'cancelled')
}

/** Uploads the file once more: into what still stands, else into a volume that is made anew. */
export function retryUpload(id: number): void {
  const entry = entries.find(({ upload }) => upload.id === id)
  if (!entry || !isEnded(entry.upload) || entry.upload.phase === 'done') return
  entry.isToBeMade = isGone(entry.upload)
  entry.cancelling = new AbortController()
  entry.meter = createRateMeter()
  update(entry, { phase: 'queued', sentBytes: 0 })
  next()
}

/** Takes ended uploads out of the list; all of them, or one. */
export function forgetUploads(id?: number): void {
  entries = entries.filter(
    ({ upload }) => !isEnded(upload) || (id !== undefined && upload.id !== id),
  )
  tell()
}

// What was begun with one user's rights is not gone on with by another's.
whenUserEnds(() => {
  for (const { upload } of entries) cancelUpload(upload.id)
})

function next(): void {
  const isBusy = ({ upload }: Entry) => upload.phase !== 'queued' && !isEnded(upload)
  const free = atOnce - entries.filter(isBusy).length
  const waiting = entries.filter(({ upload }) => upload.phase === 'queued')
  for (const entry of waiting.slice(0, Math.max(0, free))) void run(entry)
}

async function run(entry: Entry): Promise<void> {
  const { client, way, file, cancelling } = entry
  if (entry.isToBeMade && !cancelling.signal.aborted && !(await remake(entry))) return next()
  const { target } = entry.upload
  await runUpload({
    client,
    way,
    target,
    file,
    signal: cancelling.signal,
    report: (report) => update(entry, report),
  })
  next()
}

/** Makes the target once more, under its old name. */
async function remake(entry: Entry): Promise<boolean> {
  const { client, manifest = {}, upload } = entry
  update(entry, { phase: 'preparing', message: 'Creating the volume anew' })
  try {
    const { namespace } = upload.target
    const volume = await client.create<DataVolume>(dataVolumeKind, namespace, manifest)
    entry.upload = { ...entry.upload, target: { ...upload.target, uid: volume.metadata.uid ?? '' } }
    entry.isToBeMade = false
    return true
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    update(entry, { phase: 'failed', message })
    return false
  }
}

function update(entry: Entry, report: UploadReport): void {
  const { upload, meter } = entry
  const now = performance.now()
  const sentBytes = Math.min(report.sentBytes ?? upload.sentBytes, upload.fileBytes)
  if (report.sentBytes !== undefined) meter.add(sentBytes, now)
  const rate = report.phase === 'sending' ? meter.rate(now) : undefined
  const { message: _message, left: _left, rate: _rate, ...lasting } = upload
  const isOnlyProgress = report.phase === upload.phase && report.sentBytes !== undefined
  entry.upload = { ...lasting, ...report, sentBytes, ...(rate !== undefined && { rate }) }
  if (isOnlyProgress) timer ??= setTimeout(tell, tellMs)
  else tell()
}

function tell(): void {
  clearTimeout(timer)
  timer = undefined
  shown = entries.map(({ upload }) => upload)
  setUploadCount(shown.length)
  guardWindow(shown.some((upload) => !isEnded(upload)))
  for (const listener of listeners) listener()
}

const work = Symbol('uploads')

/** A window that closes takes its uploads with it, so it asks first. */
function guardWindow(isNeeded: boolean): void {
  setUnsavedWork(work, isNeeded ? { what: 'Uploads that are under way.' } : undefined)
}

export function subscribeToUploads(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** In the order in which they were begun. */
export function currentUploads(): readonly Upload[] {
  return shown
}

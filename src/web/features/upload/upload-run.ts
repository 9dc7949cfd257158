/** One upload, from a volume that waits for it to a filled volume, or cleaned up after. */
import { projectVmClaims, projectVmiClaims } from '../../../kube/claim-use.ts'
import type { KubeClient } from '../../../kube/client.ts'
import {
  dataVolumeKind,
  persistentVolumeClaimKind,
  virtualMachineInstanceKind,
  virtualMachineKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import { KubeError } from '../../../kube/kube-error.ts'
import { collectionPath } from '../../../kube/paths.ts'
import { claimUpload, dataVolumeUpload, type UploadState } from '../../../kube/upload-state.ts'
import type { UploadWay } from '../../data/upload-way.ts'

export interface UploadTarget {
  /** A DataVolume, or a claim that was made for an upload without one. */
  kind: 'DataVolume' | 'PersistentVolumeClaim'
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
    const { restarts } = await waitFor(job, isReady)
    await send(job)
    report({ phase: 'processing', message: 'CDI converts the image' })
    await waitFor(job, (state) => isFilled(state, restarts))
    report({ phase: 'done' })
  } catch (cause) {
    const isCancelled = signal.aborted
    const message = wordsOf(cause)
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

function isReady({ is, message }: UploadState): boolean {
  if (is === 'filled')
    throw new Error('The volume has been filled already; it takes no other upload.')
  if (is === 'failed') throw new Error(message)
  return is === 'ready'
}

/** `restarts` there were before: a pod that begins anew waits for bytes which nobody will send. */
function isFilled({ is, message, ...state }: UploadState, restarts: number): boolean {
  if (is === 'failed') throw new Error(message)
  if (state.error !== undefined && state.restarts > restarts) throw new Error(state.error)
  return is === 'filled'
}

/** Looks at the volume until it is as `judge` says; a lost connection is waited out. */
async function waitFor(
  job: UploadJob,
  judge: (state: UploadState) => boolean,
): Promise<UploadState> {
  const { client, target, signal, report } = job
  let shown: string | undefined
  for (;;) {
    signal.throwIfAborted()
    const seen = await look(client, target, signal)
    if (seen && seen.uid !== target.uid)
      throw new Error(`The ${target.kind} was replaced by another one of its name.`)
    if (seen && judge(seen.state)) return seen.state
    const message = seen?.state.is === 'waiting' ? seen.state.message : undefined
    if (message !== undefined && message !== shown) {
      shown = message
      report({ phase: 'preparing', message })
    }
    await pause(signal)
  }
}

async function look(
  client: KubeClient,
  target: UploadTarget,
  signal: AbortSignal,
): Promise<{ uid: string | undefined; state: UploadState } | undefined> {
  try {
    if (target.kind === 'DataVolume') {
      const volume = await client.get(dataVolumeKind, target, signal)
      return { uid: volume.metadata.uid, state: dataVolumeUpload(volume) }
    }
    const claim = await client.get(persistentVolumeClaimKind, target, signal)
    return { uid: claim.metadata.uid, state: claimUpload(claim) }
  } catch (cause) {
    if (cause instanceof KubeError && cause.isUnreachable) return undefined
    if (cause instanceof KubeError && cause.isNotFound)
      throw new Error(`Somebody deleted the ${target.kind}.`, { cause })
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

/** Takes away what was made unless a VM has it by now; answers what stands all the same. */
async function cleanUp({ client, target }: UploadJob): Promise<string | undefined> {
  const { kind, name, namespace, uid, isMade } = target
  if (!isMade) return `${kind} ${name} stands and waits for an upload.`
  const kept = await whyKept(client, target)
  if (kept !== undefined) return `${kind} ${name} is kept, still without its image: ${kept}`
  try {
    await client.delete(dataVolumeKind, { name, namespace }, { uid })
    return undefined
  } catch (cause) {
    if (cause instanceof KubeError && (cause.isNotFound || cause.isConflict)) return undefined
    return `${kind} ${name} still stands and could not be deleted: ${wordsOf(cause)}`
  }
}

/** Why a volume that was made for an upload isn't deleted: a VM would miss it. */
async function whyKept(
  client: KubeClient,
  { namespace, name }: UploadTarget,
): Promise<string | undefined> {
  try {
    const [vms, vmis] = await Promise.all([
      client.read<{ items: VirtualMachine[] }>(collectionPath(virtualMachineKind, namespace)),
      client.read<{ items: VirtualMachineInstance[] }>(
        collectionPath(virtualMachineInstanceKind, namespace),
      ),
    ])
    const uses = [...vms.items.map(projectVmClaims), ...vmis.items.map(projectVmiClaims)]
    const users = uses.filter(({ claims }) => claims.includes(name)).map((use) => use.name)
    const names = [...new Set(users)].toSorted().join(', ')
    return names === '' ? undefined : `VM ${names} uses it.`
  } catch (cause) {
    return `whether a VM uses it can’t be read (${wordsOf(cause)}).`
  }
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

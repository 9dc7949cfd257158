/**
 * Reads one container's log and follows it. Outside React: the page subscribes, and says whether it
 * is being looked at. Following takes one of the six connections a browser allows to a host, so it is
 * given up whenever nobody looks, and taken up again where it stopped.
 */
import type { KubeClient } from '../../../kube/client.ts'
import { KubeError } from '../../../kube/kube-error.ts'
import { podLogPath } from '../../../kube/pod-log.ts'
import { createLogBuffer, type LogContent } from './log-buffer.ts'

export interface PodLogState extends LogContent {
  /**
   * `waiting`: the container has not started, so there is no log yet. `ended`: there will be no more.
   * `read`: all there was, not followed.
   */
  status:
    | 'loading'
    | 'following'
    | 'read'
    | 'ended'
    | 'waiting'
    | 'reconnecting'
    | 'paused'
    | 'failed'
  /** Of `waiting`, `reconnecting` and `failed`. */
  error?: KubeError
}

export interface PodLog {
  subscribe: (listener: () => void) => () => void
  getSnapshot: () => PodLogState
  /** Reads on from where it is. A log read before is not shown again. */
  start(options: { isFollowed: boolean; isRunning: boolean }): void
  /** Gives the connection up; what was read stays. */
  stop(): void
}

/** A burst is read in slices (of characters), and the page comes in between when they have taken long. */
const sliceLength = 65_536
const longestTaskMs = 20
/** A burst is shown in steps of this length. */
const publishIntervalMs = 100
const retryDelaysMs = [1_000, 2_000, 5_000, 10_000]

/** Reads nothing before it is started. `tailLines` is how many of the lines there are it begins with. */
export function createPodLog(
  client: KubeClient,
  ref: { namespace: string; name: string },
  source: { container: string; previous: boolean; tailLines: number },
): PodLog {
  const buffer = createLogBuffer()
  const listeners = new Set<() => void>()
  let state: PodLogState = { ...buffer.content(), status: 'loading' }
  let timer: ReturnType<typeof setTimeout> | undefined
  let abort: AbortController | undefined

  function publish(status = state.status, error?: KubeError): void {
    clearTimeout(timer)
    timer = undefined
    state = { ...buffer.content(), status, ...(error && { error }) }
    for (const listener of listeners) listener()
  }

  async function readOnce(isFollowed: boolean, signal: AbortSignal): Promise<void> {
    const since = buffer.lastTime()
    const stream = await client.readStream(
      podLogPath(ref, {
        container: source.container,
        previous: source.previous,
        follow: isFollowed,
        timestamps: true,
        ...(since === undefined ? { tailLines: source.tailLines } : { sinceTime: since }),
      }),
      signal,
    )
    if (signal.aborted) return
    buffer.resume()
    if (isFollowed) publish('following')
    let restedAt = performance.now()
    const reader = stream?.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      // One piece after the other, as they come.
      // oxlint-disable-next-line no-await-in-loop
      const piece = await reader?.read()
      if (!piece || piece.done || signal.aborted) return
      for (let at = 0; at < piece.value.length; at += sliceLength) {
        buffer.append(piece.value.slice(at, at + sliceLength))
        timer ??= setTimeout(publish, publishIntervalMs)
        if (performance.now() - restedAt < longestTaskMs) continue
        // oxlint-disable-next-line no-await-in-loop
        await delay(0)
        restedAt = performance.now()
        if (signal.aborted) return
      }
    }
  }

  async function run(
    { isFollowed, isRunning }: { isFollowed: boolean; isRunning: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    const isKept = isFollowed && isRunning
    for (let failures = 0; ; failures += 1) {
      let error: KubeError | undefined
      try {
        // Each attempt goes on from the one before.
        // oxlint-disable-next-line no-await-in-loop
        await readOnce(isKept, signal)
        failures = 0
      } catch (cause) {
        if (signal.aborted) return
        error = cause instanceof KubeError ? cause : new KubeError(0, String(cause))
      }
      if (signal.aborted) return
      if (error && !error.isUnreachable && !isInterruption(error)) {
        publish(isNotStarted(error) ? 'waiting' : 'failed', error)
        return
      }
      if (!error && !isKept) {
        publish(isRunning ? 'read' : 'ended')
        return
      }
      // The connection was cut, or the container ended and the page will soon be told.
      publish('reconnecting', error)
      // oxlint-disable-next-line no-await-in-loop
      await delay(retryDelaysMs[Math.min(failures, retryDelaysMs.length - 1)] ?? 0)
      if (signal.aborted) return
    }
  }

  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    getSnapshot: () => state,
    start(options) {
      abort?.abort()
      abort = new AbortController()
      void run(options, abort.signal)
    },
    stop() {
      abort?.abort()
      abort = undefined
      if (state.status === 'following' || state.status === 'reconnecting') publish('paused')
    },
  }
}

/** `container "compute" in pod "…" is waiting to start: ContainerCreating`, a 400 of the kubelet. */
function isNotStarted({ code, message }: KubeError): boolean {
  return code === 400 && message.includes('is waiting to start')
}

/** A stream that breaks in the middle rejects with the browser's own error. */
function isInterruption({ code }: KubeError): boolean {
  return code === 0
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

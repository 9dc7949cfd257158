import { joined } from '../joined-bytes.ts'
/**
 * Joins what a guest printed before a stream was opened to what the stream brings. The log is read
 * before the stream is opened, so nothing of that can be in the stream, and once more when it is
 * open: of what is new then, the part that the stream has brought too is left out.
 */
import type { GuestLog, ReadGuestLog } from './guest-log.ts'
import {
  comparable,
  findContinuation,
  firstOutput,
  overlapStart,
  pastOutput,
  positionAt,
  type LogPosition,
  type PastOutput,
} from './log-merge.ts'
import type { Piece } from './write-queue.ts'

export interface StreamJoinerOptions {
  readLog: ReadGuestLog
  /** Each byte the guest printed, once and in order. */
  emit: (piece: Piece) => void
  /** The end of what has been emitted, so long if there is as much. */
  tail: (length: number) => Uint8Array
  /** Something the reader of the output should know, at this place in it. */
  onRemark: (remark: JoinRemark) => void
}

export type JoinRemark =
  /** All so far was printed before; `hasPrompt` if a line that isn't finished follows. */
  | { kind: 'before'; hasPrompt: boolean }
  /** What follows was missed while there was no stream. */
  | { kind: 'missed' }
  /** Lines may be missing here, or be shown twice. */
  | { kind: 'uncertain' }
  /** The guest has been started anew. */
  | { kind: 'newRun' }
  | { kind: 'noLog'; reason: string }

export interface StreamJoiner {
  /** Emits what the log has, before a stream is opened. Never rejects, and ends within a second. */
  prepare(): Promise<void>
  /**
   * A stream is open. What it brings is held back for a moment, until it is known what came before.
   * Without {@link prepare}, it begins with what its sender has of the past, or goes on exactly where
   * the one before ended.
   */
  opened(): void
  receive(bytes: Uint8Array): void
  /** The stream has ended, or is given up. */
  closed(): void
}

/** A log that takes longer is joined to the stream when it comes, which waits for it. */
const prepareMs = 1000
const readTimeoutMs = 6000
/** Output is held back no longer than this. */
const holdMs = 4000
/** The log is behind the stream by about this much. */
const settleMs = 250
/** What the log has by then, the stream has too. */
const streamDelayMs = 100
const retryMs = 300
/** The log of a busy guest may lag: virt-tail gets little CPU. No one waits longer for it. */
const patienceMs = 2500
/** A guest that prints so soon was probably printing when the stream was opened. */
const soonMs = 200
const heldLimitBytes = 8 * 1024 * 1024
const tailLength = 8192

const lineFeed = 10

function countLines(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) count += 1
  return count
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

export function createStreamJoiner({
  readLog,
  emit,
  tail,
  onRemark,
}: StreamJoinerOptions): StreamJoiner {
  let run: string | undefined
  let position: LogPosition = { anchor: undefined, linesSince: 0 }
  /** Bytes of this run so far. */
  let runBytes = 0
  let isLogKnown = false
  let isPrepared = false
  /** Of {@link prepare}, if it takes longer than that. */
  let reading: Promise<GuestLog | undefined> | undefined
  let toldReason: string | undefined
  let streams = 0
  /** What the stream has brought and nobody has seen. Undefined when nothing is held back. */
  let held: Uint8Array[] | undefined
  let heldBytes = 0
  let heldSoon = false
  let openedAt = 0
  /** Counts streams and attempts: what an older one still awaits is void. */
  let attempt = 0
  let abort = new AbortController()

  function put(bytes: Uint8Array, time: number, isPast: boolean) {
    runBytes += bytes.length
    position.linesSince += countLines(bytes)
    emit({ bytes, time, isPast })
  }

  function putPast(output: readonly PastOutput[]) {
    for (const { bytes, time } of output) put(bytes, time, true)
  }

  function release() {
    const chunks = held ?? []
    held = undefined
    heldBytes = 0
    for (const bytes of chunks) put(bytes, Date.now(), false)
  }

  /** Undefined if it can't be read now. */
  async function read(): Promise<GuestLog | undefined> {
    const own = new AbortController()
    const end = () => own.abort()
    abort.signal.addEventListener('abort', end)
    const timer = setTimeout(end, readTimeoutMs)
    try {
      return await readLog(position.anchor?.time, own.signal)
    } catch {
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }

  /** What of the log has not been shown. */
  function news({ lines }: GuestLog) {
    const shown = comparable(tail(Math.min(tailLength, runBytes)))
    const found = findContinuation(lines, position, shown)
    if (found) return { ...found, output: pastOutput(lines, found), isCertain: true }
    const since = position.anchor?.time
    const index = since === undefined ? 0 : lines.findIndex(({ time }) => time > since)
    const continuation = { index: index < 0 ? lines.length : index, skip: 0 }
    return { ...continuation, output: pastOutput(lines, continuation), isCertain: false }
  }

  function begin() {
    attempt += 1
    abort.abort()
    abort = new AbortController()
    reading = undefined
    return attempt
  }

  function enterRun(next: string) {
    if (run === next) return
    if (run !== undefined) onRemark({ kind: 'newRun' })
    run = next
    runBytes = 0
    position = { anchor: undefined, linesSince: 0 }
  }

  function showLog(log: GuestLog) {
    const { output, isCertain } = news(log)
    if (output.length > 0) {
      if (!isCertain) onRemark({ kind: 'uncertain' })
      else if (streams > 0) onRemark({ kind: 'missed' })
      const isOpenEnded = log.lines.at(-1)?.isWhole === false
      putPast(isOpenEnded ? output.slice(0, -1) : output)
      if (streams === 0) onRemark({ kind: 'before', hasPrompt: isOpenEnded })
      if (isOpenEnded) putPast(output.slice(-1))
    }
    const lastWhole = log.lines.findLastIndex(({ isWhole }) => isWhole)
    if (lastWhole >= 0 && output.length > 0) position = positionAt(log.lines, lastWhole)
  }

  /** Whether there is a log to be joined. */
  function accept(log: GuestLog | undefined): log is GuestLog {
    if (log) enterRun(log.run)
    const reason = log ? log.reason : 'its log could not be read in time'
    if (reason !== undefined && reason !== toldReason) onRemark({ kind: 'noLog', reason })
    toldReason = reason
    return reason === undefined
  }

  async function prepare() {
    const own = begin()
    isPrepared = true
    isLogKnown = true
    const first = read()
    reading = first
    const log = await Promise.race([first, delay(prepareMs).then(() => 'late' as const)])
    if (own !== attempt || log === 'late') return
    reading = undefined
    isLogKnown = accept(log)
    if (log && isLogKnown) showLog(log)
  }

  /** Whether it is known now what came before the stream; it has been emitted then. */
  function settle(log: GuestLog, isLast: boolean): boolean {
    const isFirst = runBytes === 0
    const { index, output, isCertain } = news(log)
    const live = comparable(joined(held ?? []))
    const text = output.map(({ bytes }) => comparable(bytes)).join('')
    const start = overlapStart(text, live)
    // The log lacks what the stream has: it may lack what came before as well.
    if (!isLast && live !== '' && heldSoon && (text === '' || start === undefined)) return false
    if (!isLast && start === undefined && text !== '') return false

    const gap = firstOutput(output, start ?? text.length)
    const isUncertain = !isCertain || (start === undefined && text !== '')
    if (gap.length > 0 && isUncertain) onRemark({ kind: 'uncertain' })
    const before = position.linesSince
    putPast(gap)
    if (isFirst && gap.length > 0) onRemark({ kind: 'before', hasPrompt: live !== '' })
    release()
    if (isUncertain) {
      position = { anchor: undefined, linesSince: 0 }
      return true
    }
    const shownLines = index + position.linesSince - before
    const wholeLines = log.lines.filter(({ isWhole }) => isWhole).length
    const anchor = Math.min(shownLines, wholeLines) - 1
    if (anchor >= 0)
      position = { ...positionAt(log.lines, anchor), linesSince: shownLines - 1 - anchor }
    return true
  }

  async function join() {
    const own = attempt
    const isVoid = () => own !== attempt || held === undefined
    await delay(settleMs)
    while (!isVoid()) {
      // Each reading waits for what the one before lacked.
      // oxlint-disable-next-line no-await-in-loop
      const log = await (reading ?? read())
      reading = undefined
      // oxlint-disable-next-line no-await-in-loop
      await delay(streamDelayMs)
      if (isVoid()) return
      const isLast = Date.now() - openedAt > patienceMs
      if (!accept(log)) {
        release()
        return
      }
      if (settle(log, isLast)) return
      // oxlint-disable-next-line no-await-in-loop
      await delay(retryMs)
    }
  }

  function giveUp(own: number) {
    if (own !== attempt || held === undefined) return
    accept(undefined)
    release()
  }

  return {
    prepare,

    opened() {
      streams += 1
      openedAt = Date.now()
      heldSoon = false
      const mayHold = isPrepared ? isLogKnown : runBytes === 0
      isPrepared = false
      if (!mayHold) return
      held = []
      const own = attempt
      void join()
      setTimeout(() => giveUp(own), holdMs)
    },

    receive(bytes) {
      if (!held) {
        put(bytes, Date.now(), false)
        return
      }
      if (Date.now() - openedAt < soonMs) heldSoon ||= bytes.includes(lineFeed)
      held.push(bytes)
      heldBytes += bytes.length
      if (heldBytes > heldLimitBytes) release()
    },

    closed() {
      begin()
      release()
    },
  }
}

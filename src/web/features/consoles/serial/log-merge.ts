/**
 * Puts a guest's log and its live stream together, so that each byte is shown once. Both carry what
 * the guest printed; the log has times and no line that isn't finished, the stream begins anywhere.
 * Carriage returns are left out of comparisons: not every way of a log keeps them.
 */
import type { GuestLogLine } from './guest-log.ts'

/** How far the log has been shown: a line of it, and how many more lines have come since. */
export interface LogPosition {
  anchor: { time: string; /** Among the lines of this time, from 1. */ ordinal: number } | undefined
  linesSince: number
}

/** Where the log goes on after what has been shown. */
export interface Continuation {
  /** Of the line; the number of lines if there is nothing new. */
  index: number
  /** Characters of that line, without carriage returns, that have been shown. */
  skip: number
}

const latin1 = new TextDecoder('latin1')

/** The bytes as text of one character a byte, without carriage returns. */
export function comparable(bytes: Uint8Array): string {
  return latin1.decode(bytes).replaceAll('\r', '')
}

export function positionAt(lines: readonly GuestLogLine[], index: number): LogPosition {
  const time = lines[index]?.time
  if (time === undefined) return { anchor: undefined, linesSince: 0 }
  const ordinal = lines.slice(0, index + 1).filter((line) => line.time === time).length
  return { anchor: { time, ordinal }, linesSince: 0 }
}

function anchorIndex(lines: readonly GuestLogLine[], { anchor }: LogPosition): number {
  if (!anchor) return -1
  let ordinal = 0
  return lines.findIndex(({ time }) => {
    if (time === anchor.time) ordinal += 1
    return time === anchor.time && ordinal === anchor.ordinal
  })
}

/**
 * Lines compared to find a place again by what they say. Fewer if need be: QEMU logs a byte a second
 * time if the stream could not take it at once, see qemu_chr_write_buffer in
 * https://gitlab.com/qemu-project/qemu/-/blob/v9.0.0/chardev/char.c
 */
const searchedLines = [8, 2, 1]

/**
 * Finds where `lines` go on after what was shown, of which `tail` is the end (of at least some
 * lines, if there were so many). Undefined if that can't be told: the log has been rotated, or the
 * stream said something else.
 */
export function findContinuation(
  lines: readonly GuestLogLine[],
  position: LogPosition,
  tail: string,
): Continuation | undefined {
  const shown = tail.split('\n')
  const partial = shown.pop() ?? ''

  /** Whether the line at `index` may be what the unfinished line on the screen becomes. */
  function goesOn(index: number): boolean {
    const line = lines[index]
    if (!line) return true
    const text = comparable(line.bytes)
    return text.startsWith(partial) || (!line.isWhole && partial.startsWith(text))
  }
  const at = (index: number): Continuation => ({
    index,
    skip: index < lines.length ? partial.length : 0,
  })

  const anchored = anchorIndex(lines, position)
  if (anchored >= 0) {
    const index = anchored + 1 + position.linesSince
    if (index > lines.length) return at(lines.length)
    const last = lines[index - 1]
    const isSame = last && (shown.length === 0 || comparable(last.bytes) === shown.at(-1))
    if (isSame && goesOn(index)) return at(index)
  }

  if (shown.length === 0) return goesOn(0) ? at(0) : undefined
  for (const count of searchedLines) {
    const wanted = shown.slice(-count)
    for (let index = lines.length; index >= wanted.length; index -= 1) {
      const isFound = wanted.every((text, offset) => {
        const line = comparable(lines[index - wanted.length + offset]?.bytes ?? new Uint8Array(0))
        // The first may be the rest of a line.
        return offset === 0 ? line.endsWith(text) : line === text
      })
      if (isFound && goesOn(index)) return at(index)
    }
  }
  return undefined
}

/** A match inside the log counts from this length on: shorter ones happen by chance. */
const sureLength = 64
/** More of a log is not compared; the rest counts as printed before the stream began. */
const comparedLength = 256 * 1024

/**
 * How much of `log` (what is new in the log) the guest printed before the stream began, which has
 * brought `live` so far. Undefined if they have nothing in common.
 */
export function overlapStart(log: string, live: string): number | undefined {
  if (live === '') return log.length
  const from = Math.max(0, log.length - Math.min(comparedLength, live.length))
  for (let at = from; at < log.length; at += 1) {
    if (log[at] === live[0] && live.startsWith(log.slice(at))) return at
  }
  if (live.length < sureLength) return undefined
  // The stream is late, for example on a slow link: the log knows what is still to come.
  for (let at = log.indexOf(live.slice(0, sureLength)); at >= 0;) {
    if (log.startsWith(live, at)) return at
    at = log.indexOf(live.slice(0, sureLength), at + 1)
  }
  return undefined
}

/** A part of the log, with when the guest printed it. */
export interface PastOutput {
  time: number
  bytes: Uint8Array
}

/** The lines from `continuation` on, as the guest printed them. */
export function pastOutput(
  lines: readonly GuestLogLine[],
  { index, skip }: Continuation,
): PastOutput[] {
  const carriageReturn = 13
  const hasReturns = lines.some(({ bytes }) => bytes.at(-1) === carriageReturn)
  return lines.slice(index).map(({ time, bytes, isWhole }, offset) => {
    const rest = offset === 0 ? withoutStart(bytes, skip) : bytes
    const end = isWhole ? (hasReturns ? '\n' : '\r\n') : ''
    const output = new Uint8Array(rest.length + end.length)
    output.set(rest)
    output.set(new TextEncoder().encode(end), rest.length)
    return { time: Date.parse(time), bytes: output }
  })
}

/** The first `length` characters of the output, carriage returns not counted. */
export function firstOutput(output: readonly PastOutput[], length: number): PastOutput[] {
  const result: PastOutput[] = []
  let missing = length
  for (const { time, bytes } of output) {
    if (missing <= 0) break
    const text = comparable(bytes)
    const end =
      text.length <= missing ? bytes.length : bytes.length - withoutStart(bytes, missing).length
    result.push({ time, bytes: bytes.subarray(0, end) })
    missing -= text.length
  }
  return result
}

/** Bytes after the first `length` that aren't carriage returns. */
function withoutStart(bytes: Uint8Array, length: number): Uint8Array {
  let at = 0
  for (let counted = 0; at < bytes.length && counted < length; at += 1) {
    if (bytes[at] !== 13) counted += 1
  }
  return bytes.subarray(at)
}

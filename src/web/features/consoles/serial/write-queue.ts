/**
 * Feeds a terminal no faster than it draws: a browser's WebSocket can't be slowed down, and a
 * guest can print faster than xterm parses. Pieces wait here; one at a time is in the terminal.
 */
import { joined } from '../joined-bytes.ts'

/** Output that came at once, or from one line of a log. */
export interface Piece {
  bytes: Uint8Array
  /** When the guest printed it, as far as is known; epoch milliseconds. */
  time: number
  /** Read from a log, long after the guest printed it. */
  isPast: boolean
  /** Words of ours between the guest's. Such a piece has no bytes. */
  remark?: string
}

export interface WriteQueue {
  push(piece: Piece): void
  /** Bytes that wait. */
  readonly waitingBytes: number
}

export interface WriteQueueOptions {
  /** Calls `done` when the piece is on the screen. */
  write: (piece: Piece, done: () => void) => void
  /** Bytes that may wait. Beyond, the oldest are dropped: they would scroll away unseen. */
  limitBytes: number
  /** Told before the next piece is written. */
  onDropped: (bytes: number) => void
}

/** A terminal parses what it is given in one go: so much takes a few milliseconds. */
const largestWriteBytes = 32 * 1024
/** Pieces that came within this time are written as one, with the time of the first. */
const sameTimeMs = 100

export function createWriteQueue({ write, limitBytes, onDropped }: WriteQueueOptions): WriteQueue {
  let waiting: Piece[] = []
  /** Taken from the front since the array was last cut. */
  let taken = 0
  let waitingBytes = 0
  let droppedBytes = 0
  let isWriting = false

  function shift(): Piece | undefined {
    const piece = waiting[taken]
    if (!piece) return undefined
    taken += 1
    if (taken > 1000) {
      waiting = waiting.slice(taken)
      taken = 0
    }
    waitingBytes -= piece.bytes.length
    return piece
  }

  /** Together: a terminal is quicker with one large piece than with thousands of small ones. */
  function next(): Piece | undefined {
    const first = shift()
    if (!first) return undefined
    const parts = [first.bytes]
    let length = first.bytes.length
    for (;;) {
      const following = waiting[taken]
      if (!following || following.isPast !== first.isPast) break
      if (first.remark !== undefined || following.remark !== undefined) break
      if (Math.abs(following.time - first.time) > sameTimeMs) break
      if (length + following.bytes.length > largestWriteBytes) break
      parts.push(following.bytes)
      length += following.bytes.length
      shift()
    }
    return parts.length === 1 ? first : { ...first, bytes: joined(parts) }
  }

  function writeNext() {
    const piece = next()
    isWriting = piece !== undefined
    if (!piece) return
    if (droppedBytes > 0) {
      const bytes = droppedBytes
      droppedBytes = 0
      onDropped(bytes)
    }
    write(piece, writeNext)
  }

  return {
    push(piece) {
      if (piece.bytes.length === 0) waiting.push(piece)
      for (let at = 0; at < piece.bytes.length; at += largestWriteBytes)
        waiting.push({ ...piece, bytes: piece.bytes.subarray(at, at + largestWriteBytes) })
      waitingBytes += piece.bytes.length
      while (waitingBytes > limitBytes) droppedBytes += shift()?.bytes.length ?? 0
      if (!isWriting) writeNext()
    },
    get waitingBytes() {
      return waitingBytes
    },
  }
}

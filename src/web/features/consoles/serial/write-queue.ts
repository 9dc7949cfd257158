/**
 * Feeds a terminal no faster than it draws: a browser's WebSocket can't be slowed down, and a
 * guest can print faster than xterm parses. Chunks wait here; one at a time is in the terminal.
 */
export interface WriteQueue {
  push(chunk: Uint8Array): void
}

export interface WriteQueueOptions {
  /** Calls `done` when the chunk is on the screen. */
  write: (chunk: Uint8Array, done: () => void) => void
  /** Bytes that may wait. Beyond, the oldest are dropped: they would scroll away unseen. */
  limitBytes: number
  /** Told before the next chunk is written. */
  onDropped: (bytes: number) => void
}

export function createWriteQueue({ write, limitBytes, onDropped }: WriteQueueOptions): WriteQueue {
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  let droppedBytes = 0
  let isWriting = false

  function writeNext() {
    if (waiting.length === 0) {
      isWriting = false
      return
    }
    isWriting = true
    if (droppedBytes > 0) {
      onDropped(droppedBytes)
      droppedBytes = 0
    }
    // Together: a terminal is quicker with one large chunk than with thousands of small ones.
    const chunk = joined(waiting.splice(0, chunksAtOnce))
    waitingBytes -= chunk.length
    write(chunk, writeNext)
  }

  return {
    push(chunk) {
      waiting.push(chunk)
      waitingBytes += chunk.length
      if (waitingBytes > limitBytes) {
        let count = 0
        while (waitingBytes > limitBytes && count < waiting.length) {
          const bytes = waiting[count]?.length ?? 0
          waitingBytes -= bytes
          droppedBytes += bytes
          count += 1
        }
        waiting = waiting.slice(count)
      }
      if (!isWriting) writeNext()
    },
  }
}

const chunksAtOnce = 64

function joined(chunks: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((bytes, { length }) => bytes + length, 0))
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}

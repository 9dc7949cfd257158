/**
 * What a guest has printed since its session began, byte for byte, in memory of bounded size. The
 * terminal keeps lines, and fewer of them.
 */
import { joined } from '../joined-bytes.ts'

export interface Transcript {
  append(bytes: Uint8Array): void
  /** All that is kept, in order. The arrays are not to be changed. */
  blocks(): Uint8Array<ArrayBuffer>[]
  /** The last bytes, `length` of them if there are as many. */
  tail(length: number): Uint8Array
  /** Bytes at the beginning that have been let go of. */
  readonly droppedBytes: number
}

const blockBytes = 256 * 1024

/** `limitBytes` is rounded up to whole blocks. */
export function createTranscript(limitBytes: number): Transcript {
  let full: Uint8Array<ArrayBuffer>[] = []
  let filling = new Uint8Array(blockBytes)
  let filled = 0
  let droppedBytes = 0

  function blocks(): Uint8Array<ArrayBuffer>[] {
    return [...full, filling.subarray(0, filled)]
  }

  return {
    append(bytes) {
      for (let at = 0; at < bytes.length;) {
        const part = bytes.subarray(at, at + blockBytes - filled)
        filling.set(part, filled)
        filled += part.length
        at += part.length
        if (filled < blockBytes) return
        full.push(filling)
        filling = new Uint8Array(blockBytes)
        filled = 0
        if (full.length * blockBytes <= limitBytes) continue
        full = full.slice(1)
        droppedBytes += blockBytes
      }
    },
    blocks,
    tail(length) {
      const parts: Uint8Array[] = []
      let missing = length
      for (const block of blocks().toReversed()) {
        if (missing <= 0) break
        const part = block.subarray(Math.max(0, block.length - missing))
        parts.unshift(part)
        missing -= part.length
      }
      return joined(parts)
    },
    get droppedBytes() {
      return droppedBytes
    },
  }
}

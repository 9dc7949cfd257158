/**
 * Long texts gathered as bytes, in memory that is used again. As one string, or in a new buffer
 * each time, pages of megabytes would make the garbage collector look through the whole heap.
 */

export interface TextBytes {
  append(text: string): void
  /** What has been appended, until it is freed. */
  bytes(): Buffer
  /** Lets the memory be used again; to be called once, when nobody reads it any more. */
  free(): void
}

const SIZE_BYTES = 4 * 1024 * 1024
const KEPT = 4
const spare: Buffer[] = []

export function gatherText(): TextBytes {
  let memory = spare.pop() ?? Buffer.allocUnsafeSlow(SIZE_BYTES)
  let length = 0
  return {
    append(text) {
      const size = Buffer.byteLength(text)
      if (length + size > memory.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(memory.length * 2, length + size))
        memory.copy(larger, 0, 0, length)
        memory = larger
      }
      // ASCII is by far the most, and quicker to write as what it also is.
      memory.write(text, length, size === text.length ? 'latin1' : 'utf8')
      length += size
    },
    bytes: () => memory.subarray(0, length),
    free() {
      if (memory.length === SIZE_BYTES && spare.length < KEPT) spare.push(memory)
    },
  }
}

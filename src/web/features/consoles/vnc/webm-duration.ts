/**
 * MediaRecorder writes a WebM as it goes: how long it is stands nowhere, so players show no time and
 * can't seek. The length belongs near the start, so it can be put there without reading the rest.
 * Of the libraries that do this, those looked at read the whole file into memory and write sizes
 * that a file of unknown length must not have.
 * Element IDs and sizes: RFC 8794 (EBML) and RFC 9559 (Matroska, which WebM is).
 */
import { joined } from '../joined-bytes.ts'

const ids = {
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  duration: 0x4489,
} as const

interface Element {
  id: number
  /** Where its content begins. */
  start: number
  /** Undefined for one of unknown size. */
  size: number | undefined
  /** Where its size is written, and in how many bytes. */
  sizeAt: number
  sizeBytes: number
}

/** How many bytes a variable-size number takes, by its first. */
function lengthAt(bytes: Uint8Array, at: number): number {
  return Math.clz32(bytes[at] ?? 0) - 23
}

function numberAt(bytes: Uint8Array, at: number, length: number): number {
  let value = 0
  for (const byte of bytes.subarray(at, at + length)) value = value * 256 + byte
  return value
}

function elementAt(bytes: Uint8Array, at: number): Element | undefined {
  const idBytes = lengthAt(bytes, at)
  const sizeAt = at + idBytes
  const sizeBytes = lengthAt(bytes, sizeAt)
  const start = sizeAt + sizeBytes
  if (idBytes > 4 || sizeBytes > 8 || start > bytes.length) return undefined
  // The marker bit is not part of a size; all other bits set mean that it isn't known.
  const size = numberAt(bytes, sizeAt, sizeBytes) - 2 ** (7 * sizeBytes)
  const isUnknown = size >= 2 ** (7 * sizeBytes) - 1
  return {
    id: numberAt(bytes, at, idBytes),
    start,
    size: isUnknown ? undefined : size,
    sizeAt,
    sizeBytes,
  }
}

function findElement(bytes: Uint8Array, id: number, from: number, to: number): Element | undefined {
  for (let at = from; at < to;) {
    const element = elementAt(bytes, at)
    if (!element || element.id === id) return element
    if (element.size === undefined) return undefined
    at = element.start + element.size
  }
  return undefined
}

/**
 * The start of a WebM with its length in it. A file that has one, or that isn't written as it goes,
 * stays as it is.
 */
export function withDuration(
  head: Uint8Array<ArrayBuffer>,
  durationMs: number,
): Uint8Array<ArrayBuffer> {
  const segment = findElement(head, ids.segment, 0, head.length)
  if (segment?.id !== ids.segment || segment.size !== undefined) return head
  const info = findElement(head, ids.info, segment.start, head.length)
  if (info?.id !== ids.info || info.size === undefined) return head
  const end = info.start + info.size
  if (end > head.length || findElement(head, ids.duration, info.start, end)) return head
  const scale = findElement(head, ids.timestampScale, info.start, end)
  const scaleNs = scale?.size === undefined ? 1_000_000 : numberAt(head, scale.start, scale.size)

  const duration = new DataView(new ArrayBuffer(11))
  duration.setUint16(0, ids.duration)
  duration.setUint8(2, 0x88)
  duration.setFloat64(3, (durationMs * 1_000_000) / scaleNs)
  const size = new DataView(new ArrayBuffer(8))
  size.setBigUint64(0, 2n ** 56n + BigInt(info.size + duration.byteLength))
  return joined([
    head.subarray(0, info.sizeAt),
    new Uint8Array(size.buffer),
    head.subarray(info.start, end),
    new Uint8Array(duration.buffer),
    head.subarray(end),
  ])
}

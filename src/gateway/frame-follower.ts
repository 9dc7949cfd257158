/**
 * Follows the frames of one direction of a WebSocket without looking into them, so that a frame of
 * the gateway's own can be put in where one ends (RFC 6455 §5.2).
 */
export interface FrameFollower {
  push(bytes: Buffer): void
  /** Nothing of a frame is still to come. */
  readonly isBetweenFrames: boolean
  /** A Close frame has begun: nothing may follow it. */
  readonly hasClosed: boolean
}

const closeOpcode = 0x8
/** Two bytes, eight of length, four of the mask. */
const longestHeader = 14

export function createFrameFollower(): FrameFollower {
  const header = Buffer.alloc(longestHeader)
  let headerLength = 0
  /** Bytes of the current frame's payload that are still to come. */
  let left = 0
  let hasClosed = false

  return {
    push(bytes) {
      let at = 0
      while (at < bytes.length) {
        if (left > 0) {
          const skipped = Math.min(left, bytes.length - at)
          left -= skipped
          at += skipped
          continue
        }
        header[headerLength++] = bytes[at++] ?? 0
        if (headerLength < 2 || headerLength < lengthOfHeader(header)) continue
        if (((header[0] ?? 0) & 0x0f) === closeOpcode) hasClosed = true
        left = lengthOfPayload(header)
        headerLength = 0
      }
    },
    get isBetweenFrames() {
      return left === 0 && headerLength === 0
    },
    get hasClosed() {
      return hasClosed
    },
  }
}

/** Once its first two bytes are known. */
function lengthOfHeader(header: Buffer) {
  const second = header[1] ?? 0
  const short = second & 0x7f
  return 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (second & 0x80 ? 4 : 0)
}

function lengthOfPayload(header: Buffer) {
  const short = (header[1] ?? 0) & 0x7f
  if (short === 126) return header.readUInt16BE(2)
  // No frame is as long as a number may be that is no longer exact.
  if (short === 127) return header.readUInt32BE(2) * 2 ** 32 + header.readUInt32BE(6)
  return short
}

/** A server's Close frame. @param reason at most 123 bytes */
export function closeFrame(code: number, reason: string) {
  const words = Buffer.from(reason)
  const head = Buffer.from([0x80 | closeOpcode, 2 + words.length, code >> 8, code & 0xff])
  return Buffer.concat([head, words])
}

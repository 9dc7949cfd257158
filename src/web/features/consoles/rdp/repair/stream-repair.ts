/**
 * Finds the bitmap updates in what an RDP server sends, and passes everything on with padded
 * bitmaps cut (`bitmap-update.ts` says why). Removed together with that.
 */
import { joined } from '../../joined-bytes.ts'
import { cutPaddedBitmaps } from './bitmap-update.ts'

/** A fast-path update's head: its code, and which part of an update it is. */
const updateCodeBitmap = 1
const fragment = { single: 0, last: 1, first: 2, next: 3 }
const compressionUsed = 2
/** The client asks for no encryption and no checksum beyond TLS: such output is not ours to read. */
const securedFlags = 0xc0
/** Length of a fast-path PDU is 15 bits; some room for its head. */
const maxFragment = 16_000

/** Channel of the session itself, the first a server numbers. */
const ioChannel = 1003
const slowPathHeadLength = 15
const shareHeadLength = 18

export interface StreamRepair {
  /** What may be passed on now that these bytes have come: whole PDUs. */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer>
}

/**
 * Of the bytes from the server, from the RDCleanPath response on.
 * @param onPdu told of every PDU that doesn't come by the fast path
 */
export function createStreamRepair(
  onPdu: (pdu: Uint8Array) => void = () => undefined,
): StreamRepair {
  let rest: Uint8Array = new Uint8Array(0)
  /** What can't be framed can't be repaired: everything goes through as it is from then on. */
  let isLost = false
  /** Of an update that comes in several fast-path PDUs. */
  let fragments: Uint8Array[] | undefined

  function repairFastPath(pdu: Uint8Array): Uint8Array[] {
    const head = pdu[0] ?? 0
    if ((head & securedFlags) !== 0) return [pdu]
    const updates = readUpdates(pdu)
    if (!updates?.some(({ code }) => code === updateCodeBitmap)) return [pdu]
    let isChanged = false
    const result = updates.flatMap(({ code, part, isCompressed, data, bytes }) => {
      if (code !== updateCodeBitmap || isCompressed) return [fastPath(head, [bytes])]
      if (part === fragment.first) fragments = [data]
      else if (part !== fragment.single) fragments?.push(data)
      if (part === fragment.first || part === fragment.next) {
        isChanged = true
        return []
      }
      const whole = part === fragment.single ? data : joined(fragments ?? [])
      fragments = undefined
      const repaired = cutPaddedBitmaps(whole)
      isChanged ||= repaired !== undefined || part === fragment.last
      return writeBitmapUpdate(head, repaired ?? whole)
    })
    return isChanged ? result : [pdu]
  }

  return {
    push(bytes) {
      if (isLost) return Uint8Array.from(bytes)
      let buffer = rest.length === 0 ? bytes : joined([rest, bytes])
      const passed: Uint8Array[] = []
      for (;;) {
        const length = pduLength(buffer)
        if (length === undefined || length > buffer.length) break
        if (length === 0) {
          isLost = true
          passed.push(buffer)
          buffer = new Uint8Array(0)
          break
        }
        const pdu = buffer.subarray(0, length)
        const isFastPath = ((pdu[0] ?? 0) & 0x3f) === 0 && length > 4
        if (isFastPath) passed.push(...repairFastPath(pdu))
        else {
          onPdu(pdu)
          passed.push(...repairSlowPath(pdu))
        }
        buffer = buffer.subarray(length)
      }
      // A copy: what is left must not keep the whole of what came alive.
      rest = buffer.slice()
      return joined(passed)
    },
  }
}

/**
 * Length of the PDU that begins here: undefined when more bytes are needed to tell, 0 when it is
 * none. TPKT (set-up and slow path), fast-path output, a DER sequence (RDCleanPath, CredSSP), or the four bytes
 * that end CredSSP with HYBRID_EX (MS-RDPBCGR 2.2.10.2), of which success is 0.
 */
function pduLength(bytes: Uint8Array): number | undefined {
  const [first, second, third, fourth] = bytes
  if (first === undefined || second === undefined) return undefined
  if (first === 0x03) {
    if (third === undefined || fourth === undefined) return undefined
    return (third << 8) | fourth
  }
  if (first === 0x30) return derLength(bytes)
  if (first === 0 && second === 0) return 4
  if ((first & 0x3f) !== 0) return 0
  if ((second & 0x80) === 0) return second
  return third === undefined ? undefined : ((second & 0x7f) << 8) | third
}

function derLength(bytes: Uint8Array): number | undefined {
  const second = bytes[1] ?? 0
  if (second < 0x80) return 2 + second
  const lengthBytes = second & 0x7f
  if (lengthBytes === 0 || lengthBytes > 3) return 0
  if (bytes.length < 2 + lengthBytes) return undefined
  let length = 0
  for (let index = 0; index < lengthBytes; index += 1)
    length = length * 256 + (bytes[2 + index] ?? 0)
  return 2 + lengthBytes + length
}

interface Update {
  code: number
  part: number
  isCompressed: boolean
  data: Uint8Array
  bytes: Uint8Array
}

function readUpdates(pdu: Uint8Array): Update[] | undefined {
  const updates: Update[] = []
  let offset = (pdu[1] ?? 0) & 0x80 ? 3 : 2
  while (offset < pdu.length) {
    const head = pdu[offset] ?? 0
    const isCompressed = head >> 6 === compressionUsed
    const lengthAt = offset + (isCompressed ? 2 : 1)
    const low = pdu[lengthAt]
    const high = pdu[lengthAt + 1]
    if (low === undefined || high === undefined) return undefined
    const end = lengthAt + 2 + (low | (high << 8))
    if (end > pdu.length) return undefined
    updates.push({
      code: head & 0x0f,
      part: (head >> 4) & 0x03,
      isCompressed,
      data: pdu.subarray(lengthAt + 2, end),
      bytes: pdu.subarray(offset, end),
    })
    offset = end
  }
  return updates
}

function fastPath(head: number, parts: Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, { length: partLength }) => sum + partLength, 3)
  return joined([Uint8Array.of(head, 0x80 | (length >> 8), length & 0xff), ...parts])
}

/** An update as one fast-path PDU, or as several when it is too long. */
function writeBitmapUpdate(head: number, update: Uint8Array): Uint8Array[] {
  const pdus: Uint8Array[] = []
  for (let offset = 0; offset < update.length; offset += maxFragment) {
    const data = update.subarray(offset, offset + maxFragment)
    const isFirst = offset === 0
    const isLast = offset + maxFragment >= update.length
    const part = isFirst
      ? isLast
        ? fragment.single
        : fragment.first
      : isLast
        ? fragment.last
        : fragment.next
    const updateHead = updateCodeBitmap | (part << 4)
    pdus.push(
      fastPath(head, [Uint8Array.of(updateHead, data.length & 0xff, data.length >> 8), data]),
    )
  }
  return pdus
}

/**
 * A graphics update in a TPKT: X.224 data, MCS Send Data Indication, Share Control and Share Data
 * heads (MS-RDPBCGR 2.2.9.1.1.3). A padded one is passed on by the fast path, which holds the same.
 */
function repairSlowPath(pdu: Uint8Array): Uint8Array[] {
  const update = slowPathUpdate(pdu)
  const repaired = update && cutPaddedBitmaps(update)
  return repaired ? writeBitmapUpdate(0, repaired) : [pdu]
}

function slowPathUpdate(pdu: Uint8Array): Uint8Array | undefined {
  const isSendDataIndication = pdu[0] === 0x03 && pdu[5] === 0xf0 && pdu[7] === 0x68
  if (!isSendDataIndication || (((pdu[10] ?? 0) << 8) | (pdu[11] ?? 0)) !== ioChannel)
    return undefined
  const isLong = ((pdu[13] ?? 0) & 0x80) !== 0
  const share = pdu.subarray(isLong ? slowPathHeadLength : slowPathHeadLength - 1)
  if (share.length < shareHeadLength) return undefined
  const isWhole = ((share[0] ?? 0) | ((share[1] ?? 0) << 8)) === share.length
  const isDataPdu = ((share[2] ?? 0) & 0x0f) === 7
  const isGraphicsUpdate = share[14] === 2
  const isCompressed = ((share[15] ?? 0) & 0x20) !== 0
  if (!isWhole || !isDataPdu || !isGraphicsUpdate || isCompressed) return undefined
  return share.subarray(shareHeadLength)
}

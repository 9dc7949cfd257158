/**
 * What a server says of a clipboard that it was offered. IronRDP's web client keeps that to itself,
 * and keys that paste must not overtake it: clipboard and keys go on channels of their own.
 */

/** `taken`: it knows that there is something to paste; `asks`: it wants to have it now. */
export type ClipboardAnswer = 'taken' | 'asks'

/** Channel of the session itself, the first a server numbers. */
const ioChannel = 1003
/** TPKT, X.224 data, MCS Send Data Indication with its length in one or two bytes. */
const headLengths = { short: 14, long: 15 }
/** Heads of the channel's PDU (MS-RDPBCGR 2.2.6.1.1) and of the clipboard's (MS-RDPECLIP 2.2.1). */
const ownLength = 16
const firstAndLast = 3

/** Of a whole PDU from the server: its Format List Response, or its Format Data Request. */
export function clipboardAnswer(pdu: Uint8Array): ClipboardAnswer | undefined {
  const isSendDataIndication = pdu[0] === 0x03 && pdu[5] === 0xf0 && pdu[7] === 0x68
  const channel = ((pdu[10] ?? 0) << 8) | (pdu[11] ?? 0)
  if (!isSendDataIndication || channel === ioChannel) return undefined
  const head = ((pdu[13] ?? 0) & 0x80) !== 0 ? headLengths.long : headLengths.short
  if (pdu.length < head + ownLength) return undefined
  const view = new DataView(pdu.buffer, pdu.byteOffset + head, pdu.length - head)
  const isWhole = view.getUint32(0, true) === view.byteLength
  if (!isWhole || (view.getUint32(4, true) & firstAndLast) !== firstAndLast) return undefined
  const type = view.getUint16(8, true)
  const dataLength = view.getUint32(12, true)
  if (type === 3 && dataLength === 0) return 'taken'
  if (type === 4 && dataLength === 4) return 'asks'
  return undefined
}

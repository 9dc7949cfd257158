/**
 * The two messages that open an RDP connection: the client says which kinds of security it can do,
 * the guest which it takes. [MS-RDPBCGR] 2.2.1.1 and 2.2.1.2, in TPKT (RFC 1006) packets.
 * https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-rdpbcgr/18a27ef9-6f9a-4501-b000-94b1fe3c2c10
 */

const tpktVersion = 3
const tpktHeader = 4
const connectionRequest = 0xe0
const connectionConfirm = 0xd0
const negotiationResponse = 2
const negotiationFailure = 3
/** Both messages take tens of bytes; a routing token or cookie may add a name. */
const maxSize = 512

/** [MS-RDPBCGR] 2.2.1.2.1; of these the web client can do all but the first. */
const protocols = new Map([
  [1, 'TLS'],
  [2, 'CredSSP'],
  [8, 'CredSSP with early user authorization'],
])

export type Confirm =
  | { protocol: string }
  /** What to hand the client: a Connection Confirm with a negotiation failure. */
  | { refusal: Buffer; reason: string }

/**
 * The size of the packet at the start of `bytes`; undefined while too few of them are there to tell.
 * @throws Error if it is no TPKT packet of a size that an opening has
 */
export function tpktSize(bytes: Buffer): number | undefined {
  if (bytes.length > 0 && bytes[0] !== tpktVersion) throw new Error('no TPKT packet')
  if (bytes.length < tpktHeader) return undefined
  const size = bytes.readUInt16BE(2)
  if (size < 11 || size > maxSize) throw new Error(`a TPKT packet of ${size} bytes`)
  return size
}

/** Whether these bytes are one X.224 Connection Request and nothing else. */
export function isConnectionRequest(bytes: Buffer): boolean {
  try {
    return tpktSize(bytes) === bytes.length && hasType(bytes, connectionRequest)
  } catch {
    return false
  }
}

/**
 * What the guest has chosen. A guest that takes only RDP's own old encryption says so by the lack
 * of an answer or by choosing protocol 0, for which clients have no words; the failure code for just that
 * is put into its place.
 * @throws Error if it is no Connection Confirm
 */
export function readConnectionConfirm(packet: Buffer): Confirm {
  if (!hasType(packet, connectionConfirm)) throw new Error('no X.224 Connection Confirm')
  const negotiation = packet.subarray(11)
  const isWhole = negotiation.length >= 8 && negotiation.readUInt16LE(2) === 8
  const value = isWhole ? negotiation.readUInt32LE(4) : 0
  if (isWhole && negotiation[0] === negotiationFailure) {
    return { refusal: packet, reason: `the guest refuses to negotiate (failure ${value})` }
  }
  const protocol = negotiation[0] === negotiationResponse ? protocols.get(value) : undefined
  if (protocol !== undefined) return { protocol }
  return { refusal: sslNotAllowed, reason: 'the guest takes standard RDP security only' }
}

/** SSL_NOT_ALLOWED_BY_SERVER: “configured to only use Standard RDP Security mechanisms”. */
const sslNotAllowed = Buffer.from('030000130ed0000000000003000800' + '02000000', 'hex')

/** Whether the packet's length indicator fits it, and its type is this. */
function hasType(packet: Buffer, type: number) {
  return packet[4] === packet.length - tpktHeader - 1 && packet[5] === type
}

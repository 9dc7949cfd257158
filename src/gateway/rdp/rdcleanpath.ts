/**
 * RDCleanPath: how a browser asks a gateway to do the beginning of an RDP connection for it, up to
 * and including TLS, and learns how that went. A SEQUENCE of fields with explicit tags:
 *
 *     0 version INTEGER      3 proxy_auth UTF8String          6 x224_connection_pdu OCTET STRING
 *     1 error SEQUENCE       4 server_auth UTF8String         7 server_cert_chain SEQUENCE OF OCTET STRING
 *     2 destination          5 preconnection_blob UTF8String  9 server_addr UTF8String
 *
 * https://github.com/Devolutions/IronRDP/blob/18e259cd108b1debe6598b93f760af5d527ad194/crates/ironrdp-rdcleanpath/src/lib.rs
 */
import { readDer, writeDer, writeDerInteger } from './der.ts'

/** Why there is no RDP, in the codes that RDCleanPath has for it; what each means is in `rdp-leg.ts`. */
export type CleanPathError =
  | { http: number }
  /** A Windows socket error. */
  | { wsa: number }
  /** A TLS alert. */
  | { tls: number }
  /** The guest's X.224 Connection Confirm, whose negotiation failure says why. */
  | { negotiation: Buffer }

const version = writeDerInteger(3390)
const sequence = 0x30
const octetString = 0x04
const utf8String = 0x0c
const general = 1
const negotiation = 2

const field = (number: number, value: Buffer) => writeDer(0xa0 + number, value)

/**
 * The X.224 Connection Request in a client's first message. Destination and authorization are not
 * even looked at: where to connect to and as whom has been decided by the request's URL and cookie.
 * @throws Error in plain words if it is no request, or one for something other than plain RDP
 */
export function readCleanPathRequest(message: Buffer): Buffer {
  const [pdu, ...more] = readDer(message)
  if (pdu?.tag !== sequence || more.length) throw new Error('no RDCleanPath message')
  let x224: Buffer | undefined
  let last = -1
  for (const { tag, content } of readDer(pdu.content)) {
    const number = tag - 0xa0
    if (number <= last || number > 9) throw new Error('fields out of order')
    if (last < 0 && !(number === 0 && content.equals(version))) throw new Error('another version')
    last = number
    const [value, ...others] = readDer(content)
    if (!value || others.length) throw new Error(`no single value in field ${number}`)
    if (number === 0) continue
    if (number === 6 && value.tag === octetString) x224 = value.content
    // A preconnection blob (5) chooses a VM behind a Hyper-V host; the rest is for answers.
    else if (![2, 3, 4].includes(number) || value.tag !== utf8String) {
      throw new Error(`field ${number} is not one of a request for RDP`)
    }
  }
  if (!x224) throw new Error('no X.224 Connection Request')
  return x224
}

/** Tells the client that TLS stands, and with what certificates (DER, the guest's own first). */
export function cleanPathResponse(confirm: Buffer, certificates: Buffer[], address: string) {
  const chain = certificates.map((certificate) => writeDer(octetString, certificate))
  return writeDer(
    sequence,
    field(0, version),
    field(6, writeDer(octetString, confirm)),
    field(7, writeDer(sequence, ...chain)),
    field(9, writeDer(utf8String, Buffer.from(address))),
  )
}

export function cleanPathError(error: CleanPathError) {
  const code = field(0, writeDerInteger('negotiation' in error ? negotiation : general))
  const detail =
    'http' in error
      ? [field(1, writeDerInteger(error.http))]
      : 'wsa' in error
        ? [field(2, writeDerInteger(error.wsa))]
        : 'tls' in error
          ? [field(3, writeDerInteger(error.tls))]
          : []
  const confirm = 'negotiation' in error ? [field(6, writeDer(octetString, error.negotiation))] : []
  const fields = [field(0, version), field(1, writeDer(sequence, code, ...detail)), ...confirm]
  return writeDer(sequence, ...fields)
}

import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { connect } from 'node:tls'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'

import { RdpFailure } from './rdp-failure.ts'
import { readConnectionConfirm, tpktSize } from './x224.ts'
import type { Confirm } from './x224.ts'

const maxCertificates = 8
/** All that a chain may take, so that the answer with it stays within DER's limit here. */
const maxChainBytes = 48 * 1024

/**
 * Sends the client's Connection Request and reads what the guest has chosen.
 * @throws RdpFailure with `negotiation` if that is nothing the web client can do
 */
export async function negotiate(stream: Duplex, request: Buffer, signal: AbortSignal) {
  stream.write(request)
  const packet = await readPacket(stream, signal)
  let confirm: Confirm
  try {
    confirm = readConnectionConfirm(packet)
  } catch (error) {
    throw notRdp(error)
  }
  if ('refusal' in confirm) throw new RdpFailure(confirm.reason, { negotiation: confirm.refusal })
  return { protocol: confirm.protocol, packet }
}

/** The guest speaks only when it is spoken to, so nothing may follow the packet. */
async function readPacket(stream: Duplex, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0)
    const finish = (settle: () => void) => {
      stream.pause()
      stream.off('data', onData).off('end', onEnd).off('close', onEnd)
      signal.removeEventListener('abort', onAbort)
      settle()
    }
    const onData = (chunk: Buffer) => {
      try {
        bytes = Buffer.concat([bytes, chunk])
        const size = tpktSize(bytes)
        if (size === undefined || bytes.length < size) return
        if (bytes.length > size) throw new Error('bytes after the Connection Confirm')
        finish(() => resolve(bytes))
      } catch (error) {
        finish(() => reject(notRdp(error)))
      }
    }
    const onEnd = () => finish(() => reject(hungUp()))
    const onAbort = () => finish(() => reject(signal.reason as Error))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort)
    stream.on('data', onData).on('end', onEnd).on('close', onEnd)
    stream.resume()
  })
}

/**
 * TLS with the guest. Guests sign their certificates themselves, so nothing is verified here: with
 * CredSSP it is the client that notices a stranger in between, by the key of the certificate; with
 * TLS alone nobody does. No session is resumed, which CredSSP would not survive.
 */
export async function secure(stream: Duplex, signal: AbortSignal): Promise<TLSSocket> {
  const socket = connect({
    socket: stream,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
  })
  try {
    await Promise.race([once(socket, 'secureConnect', { signal }), closed(socket)])
    return socket
  } catch (error) {
    socket.on('error', () => undefined)
    socket.destroy()
    throw signal.aborted ? signal.reason : asTlsFailure(error)
  }
}

async function closed(socket: TLSSocket): Promise<never> {
  await once(socket, 'close')
  throw hungUp()
}

/** The guest's certificate and what it sent along, in that order, each DER. */
export function certificateChain(socket: TLSSocket): Buffer[] {
  const chain: Buffer[] = []
  let size = 0
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  while (next?.raw && chain.length < maxCertificates) {
    size += next.raw.length
    if (size > maxChainBytes) break
    chain.push(next.raw)
    // A certificate that signed itself is its own issuer.
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate
  }
  return chain
}

/** RFC 8446 §6, by the names that OpenSSL has for an alert it received. */
const alerts: [RegExp, number][] = [
  [/alert.*unexpected.message/i, 10],
  [/alert.*bad.record.mac/i, 20],
  [/alert.*bad.certificate/i, 42],
  [/alert.*illegal.parameter/i, 47],
  [/alert.*access.denied/i, 49],
  [/alert.*protocol.version/i, 70],
  [/alert.*insufficient.security/i, 71],
  [/alert.*internal.error/i, 80],
  [/alert.*certificate.required/i, 116],
  // What our own side finds is told by the alert that it sends for it.
  [/unsupported.protocol|wrong.(ssl.)?version/i, 70],
  [/too.small|too.weak|insufficient/i, 71],
  [/decode|length|packet/i, 50],
]
const handshakeFailure = 40

function asTlsFailure(error: unknown): RdpFailure {
  if (error instanceof RdpFailure) return error
  const { code, message } = error as NodeJS.ErrnoException
  const words = `${code} ${message}`
  // Only OpenSSL's errors are about TLS; all others are about the connection under it.
  const isOpenSsl = code === 'EPROTO' || code?.startsWith('ERR_SSL_') === true
  if (!isOpenSsl || /unexpected.eof/i.test(words)) return hungUp()
  const tls = alerts.find(([pattern]) => pattern.test(words))?.[1] ?? handshakeFailure
  return new RdpFailure(`no TLS with the guest (alert ${tls}): ${code}`, { tls })
}

function hungUp() {
  return new RdpFailure('the guest hung up', { wsa: 10054 })
}

function notRdp(error: unknown) {
  return new RdpFailure(`the guest does not speak RDP: ${(error as Error).message}`, { http: 502 })
}

/** What listens inside a simulated guest. */
import type { Duplex } from 'node:stream'

import type { GuestConfig } from '../guest.ts'
import { createStreamPair } from './stream-pair.ts'

/**
 * X.224 Connection Confirm with an RDP negotiation response that selects standard RDP security
 * ([MS-RDPBCGR] 2.2.1.2). Nothing follows it: no desktop stands behind the listener.
 */
const rdpConnectionConfirm = Buffer.from('030000130ed0000012340002000800000000' + '00', 'hex')

/** Connects to `port` of a simulated guest, or throws an Error with code ECONNREFUSED. */
export function dialSimulated(config: GuestConfig, reason: string, port: number): Duplex {
  const answer =
    port === 80
      ? httpAnswer(`${config.hostname}: simulated guest, ${reason}\n`)
      : port === 3389 && config.os === 'windows'
        ? rdpConnectionConfirm
        : undefined
  if (!answer) {
    throw Object.assign(new Error(`connect ECONNREFUSED ${port} (simulated guest)`), {
      code: 'ECONNREFUSED',
    })
  }
  const [client, server] = createStreamPair()
  // An abrupt end of the client is its way to hang up.
  server.on('error', () => {})
  server.once('data', () => server.end(answer))
  server.on('end', () => server.end())
  return client
}

function httpAnswer(body: string): Buffer {
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

import { STATUS_CODES } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

import { toStatus } from './status.ts'
import type { Refusal } from './status.ts'

/**
 * Joins two sockets after the cluster has agreed to an upgrade. Nothing is decoded: frames, close
 * codes, subprotocols and extensions are between the client and the cluster.
 */
export function splice(ends: {
  answer: IncomingMessage
  client: Duplex
  clientHead: Buffer
  cluster: Duplex
  clusterHead: Buffer
}) {
  const { answer, client, cluster } = ends
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`]
  for (let i = 0; i + 1 < answer.rawHeaders.length; i += 2) {
    if (answer.rawHeaders[i]?.toLowerCase() === 'set-cookie') continue
    lines.push(`${answer.rawHeaders[i]}: ${answer.rawHeaders[i + 1]}`)
  }
  client.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  if (ends.clusterHead.length) client.write(ends.clusterHead)
  if (ends.clientHead.length) cluster.write(ends.clientHead)

  for (const [one, other] of [
    [client, cluster],
    [cluster, client],
  ] as const) {
    if (one instanceof Socket) {
      one.setTimeout(0)
      one.setNoDelay(true)
      // A peer that vanished without a word is noticed, though a console may be silent for hours.
      one.setKeepAlive(true, 30_000)
    }
    one.on('error', () => other.destroy())
    // An end is passed on by pipe; the rest of what was said before it still arrives.
    one.on('close', () => (other instanceof Socket ? other.destroySoon() : other.end()))
    one.pipe(other)
  }
}

/** Hands the cluster's own refusal to the client, body included, and closes. */
export function relayRefusal(
  answer: IncomingMessage,
  client: Duplex,
  headers: OutgoingHttpHeaders,
) {
  const lines = [
    `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`,
    'connection: close',
    ...Object.entries(headers).flatMap(([name, value]) =>
      [value].flat().map((one) => `${name}: ${one}`),
    ),
  ]
  client.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  answer.on('error', () => client.destroy())
  answer.pipe(client)
  // Read to the client's own end, or the socket would never close.
  client.resume()
}

/** Refuses an upgrade in the gateway's own words. */
export function refuseUpgrade(client: Duplex, refusal: Refusal) {
  const body = `${JSON.stringify(toStatus(refusal))}\n`
  client.resume()
  client.end(
    `HTTP/1.1 ${refusal.code} ${STATUS_CODES[refusal.code] ?? refusal.reason}\r\n` +
      'connection: close\r\ncontent-type: application/json\r\n' +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

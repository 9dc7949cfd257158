import { STATUS_CODES } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

import { endedByCluster, serviceRestart } from '../kube/close-codes.ts'
import { closeFrame, createFrameFollower } from './frame-follower.ts'
import { isForClient } from './proxy-headers.ts'
import { toStatus } from './status.ts'
import type { Refusal } from './status.ts'

/** Two sockets that have been joined. */
export interface Splice {
  /** Parts them: a WebSocket's client is told to come back, as soon as that breaks no frame. */
  leave(this: void): void
}

/** Code and reason of a Close frame of the gateway's own. */
const closing = {
  restart: [serviceRestart, 'the gateway is being restarted'],
  byCluster: [endedByCluster, 'ended by the cluster'],
} as const

/** How long a client may take to leave once it has been told. */
const leaveGraceMs = 1000

/** Calls back with the status an upgrade is answered with, 101 for one that the cluster agreed to. */
export function onUpgradeAnswer(client: Duplex, listener: (status: number) => void) {
  client.once(answered, listener)
}
const answered = Symbol('answered')

/** Says with which status an upgrade is answered. */
export function tellUpgradeAnswer(client: Duplex, status: number) {
  client.emit(answered, status)
}

/**
 * Joins two sockets after the cluster has agreed to an upgrade. Nothing is decoded: frames, close
 * codes, subprotocols and extensions are between the client and the cluster. Only where the cluster
 * ends a WebSocket without a word, or the gateway leaves, is a Close frame put behind the last one.
 */
export function splice(ends: {
  answer: IncomingMessage
  client: Duplex
  clientHead: Buffer
  cluster: Duplex
  clusterHead: Buffer
}): Splice {
  const { answer, client, cluster } = ends
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`]
  for (let i = 0; i + 1 < answer.rawHeaders.length; i += 2) {
    const [name = '', value = ''] = answer.rawHeaders.slice(i, i + 2)
    const isHandshake = /^(connection|upgrade)$/i.test(name)
    if (isHandshake || isForClient(name.toLowerCase(), value)) lines.push(`${name}: ${value}`)
  }
  client.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  tellUpgradeAnswer(client, answer.statusCode ?? 502)
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
    // An end is passed on below, or by pipe; the rest of what was said before it still arrives.
    one.on('close', () => (other instanceof Socket ? other.destroySoon() : other.end()))
  }
  client.on('error', () => cluster.destroy())
  client.pipe(cluster)
  cluster.pipe(client, { end: false })

  const frames = createFrameFollower()
  const isWebSocket = answer.headers.upgrade?.toLowerCase() === 'websocket'
  if (isWebSocket) {
    frames.push(ends.clusterHead)
    cluster.on('data', (bytes: Buffer) => frames.push(bytes))
  }
  /** @returns whether that was possible: it isn't within a frame. */
  function finish([code, reason]: readonly [number, string]) {
    if (!isWebSocket || frames.hasClosed || client.writableEnded) client.end()
    else if (frames.isBetweenFrames) client.end(closeFrame(code, reason))
    else return false
    return true
  }
  cluster.on('end', () => {
    if (!finish(closing.byCluster)) client.end()
  })
  cluster.on('error', (error: NodeJS.ErrnoException) => {
    // Who hangs up with something unread resets the connection: an end as well.
    const isEnd = error.code === 'ECONNRESET' && finish(closing.byCluster)
    if (!isEnd) client.destroy()
  })

  return {
    leave() {
      const go = () => {
        if (!finish(closing.restart)) return
        cluster.off('data', go)
        cluster.unpipe(client)
        cluster.destroy()
      }
      // Within a frame: after the bytes that end it.
      cluster.on('data', go)
      go()
      setTimeout(() => client.destroy(), leaveGraceMs).unref()
    },
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
  tellUpgradeAnswer(client, answer.statusCode ?? 502)
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
  tellUpgradeAnswer(client, refusal.code)
}

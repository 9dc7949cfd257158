import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'

import { isRefusal } from '../access.ts'
import type { Admission } from '../admission.ts'
import { messageOf } from '../cluster-connection.ts'
import { refuseUpgrade, tellUpgradeAnswer } from '../upgrade.ts'
import { derSize } from './der.ts'
import { certificateChain, negotiate, secure } from './guest-opening.ts'
import { openPortForward } from './port-forward.ts'
import type { Guest } from './port-forward.ts'
import { cleanPathError, cleanPathResponse, readCleanPathRequest } from './rdcleanpath.ts'
import { asFailure, RdpFailure } from './rdp-failure.ts'
import { relay } from './relay.ts'
import { isConnectionRequest } from './x224.ts'

export interface RdpLimits {
  /** From the upgrade until the guest's desktop may be spoken to. */
  setUpMs: number
  /** How often an idle browser is asked whether it is still there; twice unanswered, it is not. */
  pingMs: number
  /** Legs of one person at a time, and of all. */
  perUser: number
  total: number
}

const defaultLimits: RdpLimits = { setUpMs: 15_000, pingMs: 20_000, perUser: 24, total: 200 }

/** How a leg began or failed; nothing of what went through it, and nobody's name. */
export type RdpReport =
  | { event: 'open'; security: string; certificate: string }
  | { event: 'failed'; error: string }

export interface RdpLeg {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Ends every leg at once. */
  close(): void
}

/** A client's first message has a name, a token and tens of bytes of X.224. */
const maxRequestBytes = 8 * 1024
/** A paste may be large and comes as one message. */
const maxMessageBytes = 8 * 1024 * 1024

const label = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?'
const path = new RegExp(
  `^/api/rdp/namespaces/(${label})/virtualmachineinstances/(${label}(?:\\.${label})*)$`,
)
/** RFC 1123, as Kubernetes limits names. */
const maxNameLength = 253

export function isRdpPath(target: string) {
  return target === '/api/rdp' || target.startsWith('/api/rdp/')
}

/** The guest that a request target names, to the letter: no query, no escapes, no other port. */
export function guestOf(target: string): Guest | undefined {
  const [, namespace, name] = path.exec(target) ?? []
  if (namespace === undefined || name === undefined || name.length > maxNameLength) return undefined
  return { namespace, name }
}

/**
 * `GET /api/rdp/namespaces/NS/virtualmachineinstances/NAME`, upgraded to a WebSocket: a browser's
 * way to the RDP server of a guest. Both sides send binary messages; the first each way are an
 * RDCleanPath request and its answer, everything after them is RDP as it is inside TLS, which the
 * gateway speaks with the guest in the browser's stead. So it could read what goes through it, the
 * password included; it keeps and logs none of it.
 *
 * The guest is reached by KubeVirt's port-forward with the asking person's credentials. Where it
 * goes is told by the URL alone: what the request says as destination is not read.
 *
 * A path that names no guest is answered 400 instead of the upgrade, and a foreign web page 403.
 * Everything else that goes wrong is an RDCleanPath error, after which the WebSocket is closed:
 *
 * | code               | what it means                                                              |
 * | ------------------ | -------------------------------------------------------------------------- |
 * | http 400           | the request is malformed, or: the VMI isn't running, or has no network     |
 * | http 401           | nobody is signed in, or the token has expired                              |
 * | http 403           | no right to `get` `virtualmachineinstances/portforward` there              |
 * | http 404           | there is no such VMI                                                       |
 * | http 409           | the VMI is paused, or not running                                          |
 * | http 429           | too many RDP sessions of this person, or of all, at this gateway           |
 * | http 500           | KubeVirt failed in another way                                             |
 * | http 502           | something on port 3389 answered, and it isn't RDP; or the cluster's own credentials can't be had |
 * | http 503           | the cluster can't be reached                                               |
 * | http 504           | the guest took the connection and said nothing, for 15 s in all            |
 * | wsa 10061          | nothing listens on the port                                                |
 * | wsa 10060, 10065, 10051 | the guest can't be reached from virt-api: time-out, no route, no network |
 * | wsa 10054          | the guest hung up before TLS stood                                         |
 * | tls N              | the alert that ended the TLS handshake: 70 for a guest with nothing newer than TLS 1.1 |
 * | negotiation        | with the Connection Confirm: failure 5 if the guest demands CredSSP, 2 if it takes only RDP's own encryption, others as in [MS-RDPBCGR] 2.2.1.2.2 |
 *
 * Once RDP flows, the WebSocket is closed with 1000 when the guest's end ends, which is also what a
 * shutdown or a migration looks like from here; 1001 when it breaks, or the gateway stops; 1003 at a
 * text message; 1009 at a message of more than 8 MiB.
 */
export function createRdpLeg(
  admit: Admission,
  report: (request: IncomingMessage, report: RdpReport) => void,
  limits: Partial<RdpLimits> = {},
): RdpLeg {
  const { setUpMs, pingMs, perUser, total } = { ...defaultLimits, ...limits }
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
  })
  const users = new Map<string, number>()
  /** What to cut at the end: sockets of clients, streams to guests. */
  const open = new Set<Duplex>()

  function track(stream: Duplex) {
    open.add(stream)
    stream.once('close', () => open.delete(stream))
  }

  /**
   * Counts a leg until its socket is closed.
   * @throws RdpFailure if it is one too many
   */
  function take(user: string, socket: Duplex) {
    const count = users.get(user) ?? 0
    if (count >= perUser) throw tooMany()
    users.set(user, count + 1)
    socket.once('close', () => {
      const left = (users.get(user) ?? 1) - 1
      if (left > 0) users.set(user, left)
      else users.delete(user)
    })
  }

  /** From the client's request up to TLS with the guest. */
  async function setUp(
    request: IncomingMessage,
    guest: Guest,
    connectionRequest: Buffer,
    signal: AbortSignal,
  ) {
    const admitted = await admit(request)
    signal.throwIfAborted()
    if (isRefusal(admitted)) {
      throw new RdpFailure(`not admitted (${admitted.code})`, { http: admitted.code })
    }
    // Two who send the same credentials are one. The credentials themselves are not kept.
    take(sha256(String(admitted.headers.authorization ?? '')), request.socket)
    const stream = await openPortForward(admitted, guest, signal)
    track(stream)
    stream.on('error', () => stream.destroy())
    signal.addEventListener('abort', () => stream.destroy())
    const { protocol, packet } = await negotiate(stream, connectionRequest, signal)
    const desktop = await secure(stream, signal)
    desktop.once('close', () => stream.destroy())
    stream.once('close', () => desktop.destroy())
    return { protocol, packet, desktop }
  }

  async function serve(client: WebSocket, request: IncomingMessage, guest: Guest) {
    const failing = new AbortController()
    const { signal } = failing
    const fail = (message: string, http: number) => failing.abort(new RdpFailure(message, { http }))
    const timer = setTimeout(() => fail(`not set up within ${setUpMs / 1000} s`, 504), setUpMs)
    const leave = () => fail('the client left', 400)
    client.once('close', leave)
    const opening = openingOf(client, signal, () => fail('the client spoke out of turn', 400))
    try {
      const connectionRequest = await opening.request
      if (server.clients.size > total) throw tooMany()
      const leg = await setUp(request, guest, connectionRequest, signal)
      const chain = certificateChain(leg.desktop)
      opening.end()
      client.send(cleanPathResponse(leg.packet, chain, `${guest.name}.${guest.namespace}`))
      relay(client, leg.desktop)
      const certificate = sha256(chain[0] ?? '')
      report(request, { event: 'open', security: leg.protocol, certificate })
      tellUpgradeAnswer(request.socket, 101)
    } catch (error) {
      const failure = asFailure(error)
      failing.abort()
      report(request, { event: 'failed', error: failure.message })
      tellUpgradeAnswer(request.socket, 'http' in failure.code ? failure.code.http : 502)
      if (client.readyState !== client.OPEN) return
      client.send(cleanPathError(failure.code))
      client.close(1000)
    } finally {
      clearTimeout(timer)
      client.off('close', leave)
    }
  }

  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy())
      const guest = guestOf(request.url ?? '')
      if (!guest) {
        return refuseUpgrade(socket, {
          code: 400,
          reason: 'BadRequest',
          message:
            'The path names no guest, as /api/rdp/namespaces/NS/virtualmachineinstances/NAME does',
        })
      }
      track(socket)
      server.handleUpgrade(request, socket, head, (client) => {
        client.on('error', () => client.terminate())
        keepAlive(client, pingMs)
        void serve(client, request, guest)
      })
    },
    close() {
      for (const client of server.clients) client.close(1001, 'the gateway stops')
      // What has been written to a client still arrives.
      for (const stream of open) {
        if (stream instanceof Socket) stream.destroySoon()
        else stream.destroy()
      }
    },
  }
}

/**
 * The client's Connection Request, once all of its first message has come. Until `end` the client
 * has nothing to say after that.
 */
function openingOf(client: WebSocket, signal: AbortSignal, outOfTurn: () => void) {
  let bytes = Buffer.alloc(0)
  let listener: (data: Buffer, isBinary: boolean) => void = () => undefined
  const request = new Promise<Buffer>((resolve, reject) => {
    let isComplete = false
    listener = (data, isBinary) => {
      if (isComplete) return outOfTurn()
      try {
        if (!isBinary) throw new Error('a text message')
        if (bytes.length + data.length > maxRequestBytes) throw new Error('it is too large')
        bytes = Buffer.concat([bytes, data])
        const size = derSize(bytes)
        if (size === undefined || (bytes.length < size && size <= maxRequestBytes)) return
        const x224 = readCleanPathRequest(bytes)
        if (!isConnectionRequest(x224)) throw new Error('no X.224 Connection Request in it')
        isComplete = true
        resolve(x224)
      } catch (error) {
        isComplete = true
        reject(new RdpFailure(`a malformed request: ${messageOf(error)}`, { http: 400 }))
      }
    }
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })
  client.on('message', listener)
  return { request, end: () => void client.off('message', listener) }
}

/** Ends a client that answers no ping; the pings also keep what is between from ending an idle leg. */
function keepAlive(client: WebSocket, pingMs: number) {
  let unanswered = 0
  client.on('pong', () => (unanswered = 0))
  const timer = setInterval(() => {
    if (unanswered >= 2) return client.terminate()
    unanswered += 1
    client.ping()
  }, pingMs)
  client.once('close', () => clearInterval(timer))
}

function tooMany() {
  return new RdpFailure('too many RDP sessions at once', { http: 429 })
}

function sha256(data: string | Buffer) {
  return createHash('sha256').update(data).digest('hex')
}

import { request as httpRequest } from 'node:http'
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { RequestOptions } from 'node:https'
import type { Duplex } from 'node:stream'

import { isRefusal } from './access.ts'
import type { Access } from './access.ts'
import { createAdmission } from './admission.ts'
import type { Admitted } from './admission.ts'
import { messageOf } from './cluster-connection.ts'
import type { ClusterConnection } from './cluster-connection.ts'
import { responseHeaders } from './proxy-headers.ts'
import { hasBody } from './request-guard.ts'
import { clusterPath, isLongLived } from './request-path.ts'
import { sendStatus } from './status.ts'
import type { Refusal } from './status.ts'
import { refuseUpgrade, relayRefusal, splice } from './upgrade.ts'

export interface ClusterProxy {
  /** Answers a request under `/api/kubernetes`, streaming both ways. */
  request(request: IncomingMessage, response: ServerResponse): void
  /** Connects an upgrade request's socket with the cluster's. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /**
   * Ends what would not end by itself: watches and followed logs at once, upgraded connections within
   * a second, the clients of WebSockets being told.
   */
  endLongLived(): void
}

interface AdmittedRequest extends Admitted {
  options: RequestOptions
}

/** A cluster that does not accept a connection in this time is reported as out of reach. */
const connectTimeoutMs = 10_000

/**
 * The way from the console to the cluster API. Bytes are passed on as they come, in both
 * directions and with back-pressure; there is no time limit on an answer, for a watch has none; and
 * when one side goes away the other is told by closing it.
 */
export function createClusterProxy(
  connection: ClusterConnection,
  access: Access,
  onError: (error: unknown, request: IncomingMessage) => void,
): ClusterProxy {
  /** What would not end by itself, and how it is ended. */
  const longLived = new Map<Duplex | ServerResponse, () => void>()
  function track(stream: Duplex | ServerResponse) {
    longLived.set(stream, () => stream.destroy())
    stream.on('close', () => longLived.delete(stream))
  }

  const admitted = createAdmission(connection, access, onError)

  /** What to ask the cluster for, or why not to. */
  async function admit(request: IncomingMessage): Promise<AdmittedRequest | Refusal> {
    const path = clusterPath(request.url ?? '')
    if (path === undefined) {
      return { code: 400, reason: 'BadRequest', message: 'The path is not one of a cluster API' }
    }
    const result = await admitted(request)
    if (isRefusal(result)) return result
    const { server } = result.route
    const options: RequestOptions = {
      protocol: server.protocol,
      hostname: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port,
      path: `${server.pathname.replace(/\/$/, '')}${path}`,
      method: request.method ?? 'GET',
    }
    return { ...result, options }
  }

  function fail(request: IncomingMessage, stream: { destroy(): unknown }) {
    return (error: unknown) => {
      onError(error, request)
      stream.destroy()
    }
  }

  function unreachable(error: unknown): Refusal {
    return {
      code: 503,
      reason: 'ServiceUnavailable',
      message: `The gateway can't reach the cluster at ${connection.server}: ${messageOf(error)}`,
    }
  }

  async function relay(request: IncomingMessage, response: ServerResponse, isRetry = false) {
    const admitted = await admit(request)
    if (response.destroyed) return
    if (isRefusal(admitted)) return sendStatus(response, admitted)
    const { route, options, headers } = admitted
    const isWithBody = hasBody(request)
    // Node sends a body in chunks by itself for some methods only; a DELETE may have one too.
    if (request.headers['transfer-encoding'] !== undefined) headers['transfer-encoding'] = 'chunked'

    const outgoing = send({ ...options, headers, agent: route.agent })
    limitConnectTime(outgoing)
    const onGone = () => outgoing.destroy()
    response.once('close', onGone)
    const refuse = (error: unknown) => {
      response.off('close', onGone)
      onError(error, request)
      sendStatus(response, unreachable(error))
    }
    outgoing.once('response', (answer) => {
      response.sendDate = false
      try {
        // Throws at what a parser lets pass: a status of 099, a control character beside it.
        response.writeHead(answer.statusCode ?? 502, answer.statusMessage, responseHeaders(answer))
      } catch (error) {
        outgoing.destroy()
        response.statusMessage = ''
        return refuse(error)
      }
      response.flushHeaders()
      // A broken answer must not look like a complete one.
      answer.on('error', () => response.destroy())
      answer.pipe(response)
    })
    outgoing.once('upgrade', (_answer, clusterSocket) => {
      clusterSocket.destroy()
      refuse(new Error('it changed the protocol without being asked to'))
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // Once there is an answer it is the answer that breaks or not: a cluster may refuse a body
      // it has not read to the end.
      if (response.destroyed || response.headersSent) return
      if (isStale(outgoing, error) && !isRetry && !isWithBody && isRepeatable(request)) {
        response.off('close', onGone)
        relay(request, response, true).catch(fail(request, response))
        return
      }
      refuse(error)
    })
    if (isWithBody) {
      request.once('error', onGone)
      request.pipe(outgoing)
      // A rest that nobody wants is read, or the next request on this connection would never be.
      outgoing.once('close', () => {
        request.unpipe(outgoing)
        request.resume()
      })
    } else {
      outgoing.end()
    }
  }

  async function connect(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    isRetry = false,
  ): Promise<void> {
    // Until the cluster has answered, a client that leaves must not bring down the process.
    const ignore = () => undefined
    socket.on('error', ignore)
    const protocol = request.headers.upgrade ?? ''
    if (!/^(websocket|spdy\/3\.1)$/i.test(protocol)) {
      return refuseUpgrade(socket, {
        code: 400,
        reason: 'BadRequest',
        message: `The gateway can't upgrade to ${JSON.stringify(protocol)}`,
      })
    }
    const admitted = await admit(request)
    if (socket.destroyed) return
    if (isRefusal(admitted)) return refuseUpgrade(socket, admitted)
    const { route, options, headers } = admitted
    // One that is idle spares the handshakes of TCP and TLS. The agent gives it away for good: what is
    // spoken on it from now on is not HTTP.
    const mayReuse = isRepeatable(request) && !isRetry
    const outgoing = send({
      ...options,
      ...(mayReuse ? { agent: route.agent } : { ...route.tls, agent: false }),
      headers: { ...headers, connection: 'Upgrade', upgrade: protocol },
    })
    limitConnectTime(outgoing)
    const onGone = () => outgoing.destroy()
    socket.once('close', onGone)
    outgoing.once('upgrade', (answer, clusterSocket, clusterHead) => {
      socket.off('close', onGone)
      const ends = { answer, client: socket, clientHead: head, cluster: clusterSocket, clusterHead }
      const { leave } = splice(ends)
      if (longLived.has(socket)) longLived.set(socket, leave)
    })
    let isAnswered = false
    outgoing.once('response', (answer) => {
      isAnswered = true
      // Who has refused may have gone over to the other protocol all the same.
      answer.once('end', () => outgoing.destroy())
      relayRefusal(answer, socket, responseHeaders(answer))
    })
    outgoing.on('error', (error) => {
      // A broken answer is cut short; words of ours would be taken for a part of it.
      if (isAnswered) socket.destroy()
      if (socket.destroyed || socket.writableEnded) return
      if (isStale(outgoing, error) && mayReuse) {
        socket.off('close', onGone)
        connect(request, socket, head, true).catch(fail(request, socket))
        return
      }
      onError(error, request)
      refuseUpgrade(socket, unreachable(error))
    })
    outgoing.end()
  }

  return {
    request(request, response) {
      if (isLongLived(request.url ?? '')) track(response)
      relay(request, response).catch(fail(request, response))
    },
    upgrade(request, socket, head) {
      track(socket)
      connect(request, socket, head).catch(fail(request, socket))
    },
    endLongLived() {
      for (const end of longLived.values()) end()
    },
  }
}

function send(options: RequestOptions) {
  return options.protocol === 'https:' ? httpsRequest(options) : httpRequest(options)
}

/** The cluster may close an idle connection just as it is used again; that is no failure. */
function isStale(outgoing: ClientRequest, error: NodeJS.ErrnoException) {
  return outgoing.reusedSocket && error.code === 'ECONNRESET'
}

function isRepeatable(request: IncomingMessage) {
  return request.method === 'GET' || request.method === 'HEAD'
}

/** Limits how long a connection may take to be made, and not how long it may be silent. */
function limitConnectTime(outgoing: ClientRequest) {
  outgoing.once('socket', (socket) => {
    if (!socket.connecting) return
    const timer = setTimeout(
      () => outgoing.destroy(new Error(`no connection within ${connectTimeoutMs / 1000} s`)),
      connectTimeoutMs,
    )
    const done = () => clearTimeout(timer)
    socket.once('connect', done)
    socket.once('close', done)
  })
}

import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

import fastify, { LogController } from 'fastify'
import type { FastifyInstance } from 'fastify'

import type { Access } from './access.ts'
import { createAdmission } from './admission.ts'
import { messageOf } from './cluster-connection.ts'
import type { ClusterConnection } from './cluster-connection.ts'
import { createClusterProxy } from './cluster-proxy.ts'
import { describeRequest, loggerOptions } from './logging.ts'
import type { LogFormat, LogLevel } from './logging.ts'
import { registerPageFiles } from './page-files.ts'
import { createRdpLeg, isRdpPath } from './rdp/rdp-leg.ts'
import type { RdpLimits, RdpReport } from './rdp/rdp-leg.ts'
import { refuseForeign } from './request-guard.ts'
import { isClusterPath } from './request-path.ts'
import { registerSessionRoutes } from './session-routes.ts'
import { sendStatus } from './status.ts'
import { refuseUpgrade } from './upgrade.ts'
import { createUploadLeg, isUploadPath } from './upload/upload-leg.ts'

export interface GatewayConfig {
  /** Address to listen on. */
  host: string
  /** 0 takes a free one. */
  port: number
  /** Directory of the built page. */
  pageDirectory: string
  connection: ClusterConnection
  /** Given the port once it is known, because cookies are named after it. */
  access: (port: () => number) => Access
  /** Names besides those of loopback by which the gateway may be addressed. */
  hostNames?: string[]
  /** The defaults are in `rdp/rdp-leg.ts`. */
  rdpLimits?: Partial<RdpLimits>
  logLevel?: LogLevel
  logFormat?: LogFormat
}

export interface Gateway {
  url: string
  port: number
  access: Access
  /** Stops accepting, lets short requests end, cuts watches and upgrades; within two seconds. */
  close(): Promise<void>
}

const shutdownGraceMs = 1500

/**
 * Serves the page and the way to the cluster API.
 * @throws the system's error, e.g. code EADDRINUSE, if it can't listen
 */
export async function createGateway(config: GatewayConfig): Promise<Gateway> {
  let port = config.port
  const access = config.access(() => port)

  const app: FastifyInstance = fastify({
    logger: loggerOptions(config.logLevel ?? 'info', config.logFormat ?? 'json'),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 16 * 1024,
    forceCloseConnections: 'idle',
    serverFactory: serve,
  })

  const onError = (error: unknown, request: IncomingMessage) =>
    app.log.warn({ ...describeRequest(request), error: messageOf(error) }, 'cluster out of reach')
  const proxy = createClusterProxy(config.connection, access, onError)
  const admit = createAdmission(config.connection, access, onError)
  const rdp = createRdpLeg(admit, logRdp, config.rdpLimits)
  const uploads = createUploadLeg(admit, (message, request) =>
    app.log.warn({ ...describeRequest(request), error: message }, 'upload refused'),
  )

  function serve(handler: (request: IncomingMessage, response: ServerResponse) => void) {
    // No limit on how long a request may take to arrive: it may be a stream.
    const created = createServer({ requestTimeout: 0 }, (request, response) => {
      logWhenDone(request, response)
      const refusal = refuseForeign(request, config.hostNames ?? [])
      if (refusal) sendStatus(response, refusal)
      else if (isClusterPath(request.url ?? '')) proxy.request(request, response)
      else if (isUploadPath(request.url ?? '')) uploads.request(request, response)
      else handler(request, response)
    })
    created.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const start = performance.now()
      socket.on('close', () => log(request, 'upgrade', start))
      const refusal = refuseForeign(request, config.hostNames ?? [])
      if (refusal) {
        socket.on('error', () => undefined)
        refuseUpgrade(socket, refusal)
      } else if (isRdpPath(request.url ?? '')) {
        rdp.upgrade(request, socket, head)
      } else {
        proxy.upgrade(request, socket, head)
      }
    })
    return created
  }

  function logWhenDone(request: IncomingMessage, response: ServerResponse) {
    const start = performance.now()
    response.on('close', () => {
      const isWhole = response.writableFinished
      log(request, isWhole ? response.statusCode : `${response.statusCode} (aborted)`, start)
    })
  }

  function log(request: IncomingMessage, status: number | string, start: number) {
    const level = typeof status === 'number' && status >= 500 ? 'warn' : 'info'
    const durationMs = Math.round(performance.now() - start)
    app.log[level]({ ...describeRequest(request), status, durationMs })
  }

  function logRdp(request: IncomingMessage, { event, ...facts }: RdpReport) {
    app.log.info({ ...describeRequest(request), ...facts }, `RDP ${event}`)
  }

  app.get('/healthz', (_request, reply) => reply.type('text/plain').send('ok\n'))
  await registerPageFiles(app, config.pageDirectory)
  registerSessionRoutes(app, access)

  await app.listen({
    host: config.host,
    port: config.port,
    listenTextResolver: (address) => `listening on ${address}`,
  })
  port = (app.server.address() as AddressInfo).port
  const shownHost = config.host.includes(':') ? `[${config.host}]` : config.host

  let closing: Promise<void> | undefined
  async function close() {
    proxy.endLongLived()
    rdp.close()
    uploads.close()
    const timer = setTimeout(() => app.server.closeAllConnections(), shutdownGraceMs)
    await app.close()
    clearTimeout(timer)
    config.connection.close()
  }
  return {
    url: `http://${shownHost}:${port}`,
    port,
    access,
    close: () => (closing ??= close()),
  }
}

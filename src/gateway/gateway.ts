import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

import fastify, { LogController } from 'fastify'
import type { FastifyInstance } from 'fastify'

import { messageOf } from './cluster-connection.ts'
import { createClusterLegs } from './cluster-legs.ts'
import type { Cluster } from './cluster-legs.ts'
import { isOfOneCluster, pageRedirect, placeOf } from './cluster-prefix.ts'
import { createDefences } from './defences.ts'
import type { DefenceConfig } from './defences.ts'
import { serverOptions } from './limits/header-limits.ts'
import { defaultLimits } from './limits/limits.ts'
import type { Limits } from './limits/limits.ts'
import { describeRequest, loggerOptions } from './logging.ts'
import type { LogFormat, LogLevel } from './logging.ts'
import { bridgeOrigin } from './openshift-access.ts'
import { registerPageFiles } from './page-files.ts'
import { registerPluginFiles } from './plugin-files.ts'
import type { RdpLimits } from './rdp/rdp-leg.ts'
import { refuseForeign, refuseMalformed } from './request-guard.ts'
import { createListener } from './server.ts'
import type { TlsFiles } from './server.ts'
import { registerSessionRoutes } from './session-routes.ts'
import type { SignInReport } from './session-routes.ts'
import { sendStatus } from './status.ts'
import type { Refusal } from './status.ts'
import { refuseUpgrade } from './upgrade.ts'

export interface GatewayConfig extends Omit<DefenceConfig, 'limits'> {
  /** Address to listen on. */
  host: string
  /** 0 takes a free one. */
  port: number
  /** Plain HTTP without them. */
  tls?: TlsFiles
  /** Directory of the built page, or of the plugin. */
  pageDirectory: string
  /** Serves the OpenShift Console's server instead of browsers. */
  isOpenshiftPlugin?: boolean
  /** Whom the gateway serves, made once it can log. */
  assemble: (context: GatewayContext) => Assembly
  /** By which browsers reach the console, if it is known. */
  publicUrl?: URL
  /** Further names, besides those of loopback, by which the gateway may be addressed. */
  hostNames?: string[]
  /** How long the gateway serves on when it is to end, so that nobody is sent to it any more. */
  drainMs?: number
  /** The defaults are in `rdp/rdp-leg.ts`. */
  rdpLimits?: Partial<RdpLimits>
  /** The defaults are in `limits/limits.ts`. */
  limits?: Partial<Limits>
  logLevel?: LogLevel
  logFormat?: LogFormat
}

export interface GatewayContext {
  /** Known once the gateway listens: local modes name their cookies after it. */
  port: () => number
  warn: (message: string) => void
  /** For the audit log and the metrics: what routes of the assembly have seen. */
  reportSignIn: (request: IncomingMessage, what: SignInReport) => void
}

export interface Assembly {
  /** At least one. Where there are several, each has its own prefix. */
  clusters: readonly Cluster[]
  /** What the gateway serves for all clusters, such as an identity provider's way back. */
  registerRoutes?(app: FastifyInstance): void
  close?(): void
}

export interface Gateway {
  url: string
  port: number
  /** Undefined where there is none. */
  metricsPort: number | undefined
  /**
   * Isn't ready any more, and after `drainMs` stops accepting, lets short requests end, cuts watches
   * and tells the clients of WebSockets to come back; all that within two seconds.
   */
  close(): Promise<void>
}

const shutdownGraceMs = 1500

/** Asked every few seconds, and worth no line in a log. */
const probes = new Set(['/healthz', '/readyz'])

/**
 * Serves the page and the ways to the clusters.
 * @throws the system's error, e.g. code EADDRINUSE, if it can't listen
 */
export async function createGateway(config: GatewayConfig): Promise<Gateway> {
  let port = config.port
  let closing: Promise<void> | undefined
  const limits = { ...defaultLimits, ...config.limits }
  const names = {
    publicUrl: config.publicUrl,
    hostNames: config.hostNames ?? [],
    upgradeOrigin: config.isOpenshiftPlugin ? bridgeOrigin : undefined,
  }
  const app: FastifyInstance = fastify({
    logger: loggerOptions(config.logLevel ?? 'info', config.logFormat ?? 'json'),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 24 * 1024,
    forceCloseConnections: 'idle',
    serverFactory: serve,
  })
  const { clusters, ...assembly } = config.assemble({
    port: () => port,
    warn: (message) => app.log.warn(message),
    reportSignIn: (request, what) =>
      defences.signIn(defences.arrival(request, request.url ?? '', undefined), what),
  })
  const defences = createDefences({ ...config, limits }, clusters, app.log)
  const legs = new Map(
    clusters.map((cluster) => [
      cluster,
      createClusterLegs(
        cluster,
        clusters.length > 1 ? app.log.child({ cluster: cluster.name }) : app.log,
        () => defences.clusterError(cluster.name),
        config.rdpLimits,
      ),
    ]),
  )

  function serve(handler: RequestListener) {
    const onTlsError = (error: unknown) =>
      app.log.warn({ error: messageOf(error) }, 'the certificate was not renewed')
    const server = createListener(config.tls, serverOptions(limits), onRequest, onTlsError)
    server.on('upgrade', onUpgrade)
    return server

    function onRequest(request: IncomingMessage, response: ServerResponse) {
      // Log, audit, metrics, limits and the way to the cluster each wait for its end.
      response.setMaxListeners(20)
      if (!probes.has(request.url ?? '')) logWhenDone(request, response)
      // A client that keeps its connection would stay with a gateway that is about to end.
      if (closing) response.setHeader('connection', 'close')
      const target = request.url ?? '/'
      const { cluster, rest } = placeOf(target, clusters)
      const refusal = defences.request(
        defences.arrival(request, rest, cluster),
        response,
        () =>
          refuse(request, rest) ??
          (cluster || !isOfOneCluster(rest) ? undefined : unknownCluster()),
      )
      if (refusal) return sendStatus(response, refusal)
      request.url = rest
      if (cluster && legs.get(cluster)?.request(request, response)) return
      // Routes of the console's own have the prefix in their paths.
      request.url = target
      handler(request, response)
    }
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    const report = reporter(request)
    socket.on('close', () => report('upgrade'))
    // Until something listens, a client that leaves must not bring down the process.
    socket.on('error', () => undefined)
    const { cluster, rest } = placeOf(request.url ?? '/', clusters)
    const leg = cluster && legs.get(cluster)
    const judge = () => refuse(request, rest) ?? (leg ? undefined : unknownCluster())
    const admitted = defences.upgrade(defences.arrival(request, rest, cluster), socket, judge)
    admitted.then(
      (refusal) => {
        if (refusal) return refuseUpgrade(socket, refusal)
        request.url = rest
        leg?.upgrade(request, socket, head)
      },
      (error: unknown) => {
        app.log.error({ ...describeRequest(request), error: messageOf(error) }, 'upgrade failed')
        socket.destroy()
      },
    )
  }

  function refuse(request: IncomingMessage, target: string) {
    return refuseMalformed(request) ?? refuseForeign(request, target, names)
  }

  function logWhenDone(request: IncomingMessage, response: ServerResponse) {
    const report = reporter(request)
    response.on('close', () => {
      const isWhole = response.writableFinished
      report(isWhole ? response.statusCode : `${response.statusCode} (aborted)`)
    })
  }

  /** Logs a request as it came. */
  function reporter(request: IncomingMessage) {
    const start = performance.now()
    const facts = describeRequest(request)
    return (status: number | string) => {
      const level = typeof status === 'number' && status >= 500 ? 'warn' : 'info'
      app.log[level]({ ...facts, status, durationMs: Math.round(performance.now() - start) })
    }
  }

  function unknownCluster(): Refusal {
    const known = clusters.map(({ name }) => `/c/${name}`).join(', ')
    return {
      code: 404,
      reason: 'NotFound',
      message: `The address names no cluster of this console; each has its own: ${known}`,
    }
  }

  app.get('/healthz', (_request, reply) => reply.type('text/plain').send('ok\n'))
  app.get('/readyz', (_request, reply) =>
    reply
      .code(closing ? 503 : 200)
      .type('text/plain')
      .send(closing ? 'ending\n' : 'ok\n'),
  )
  if (config.isOpenshiftPlugin) await registerPluginFiles(app, config.pageDirectory)
  else
    await registerPageFiles(app, config.pageDirectory, (target) => pageRedirect(target, clusters))
  for (const cluster of clusters) {
    registerSessionRoutes(app, cluster, clusters, (request, what) =>
      defences.signIn(defences.arrival(request, request.url ?? '', cluster), what),
    )
  }
  assembly.registerRoutes?.(app)

  await app.listen({
    host: config.host,
    port: config.port,
    listenTextResolver: (address) => `listening on ${address}`,
  })
  port = (app.server.address() as AddressInfo).port
  defences.guard(app.server)
  const metricsServer = await defences.start()
  const shownHost = config.host.includes(':') ? `[${config.host}]` : config.host

  async function close() {
    defences.stop()
    if (config.drainMs) await sleep(config.drainMs)
    for (const leg of legs.values()) leg.close()
    const timer = setTimeout(() => app.server.closeAllConnections(), shutdownGraceMs)
    await app.close()
    clearTimeout(timer)
    for (const { connection } of clusters) connection.close()
    assembly.close?.()
    await defences.close()
  }
  return {
    url: `${config.tls ? 'https' : 'http'}://${shownHost}:${port}`,
    port,
    metricsPort: metricsServer?.port,
    close: () => (closing ??= close()),
  }
}

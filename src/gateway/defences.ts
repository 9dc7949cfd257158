import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { hostname } from 'node:os'
import type { Duplex } from 'node:stream'

import type { FastifyBaseLogger } from 'fastify'

import { createAuditLog } from './audit/audit-log.ts'
import { addressMatcher, clientAddress } from './client-address.ts'
import { messageOf } from './cluster-connection.ts'
import type { Cluster } from './cluster-legs.ts'
import { createGate } from './gate.ts'
import { identityOf } from './identity.ts'
import { limitHeaders } from './limits/header-limits.ts'
import type { Limits } from './limits/limits.ts'
import { startMetricsServer } from './metrics/metrics-server.ts'
import type { MetricsServer } from './metrics/metrics-server.ts'
import { createMetrics } from './metrics/metrics.ts'
import { createObservation } from './observation.ts'
import type { Arrival, Observation } from './observation.ts'
import type { Refusal } from './status.ts'

export interface DefenceConfig {
  limits: Limits
  /** Proxies before the gateway, whose X-Forwarded-For is believed: addresses and networks. */
  trustedProxies?: readonly string[]
  /** A port of its own for `metrics/metrics-server.ts`; none without it. */
  metrics?: { host: string; port: number }
  /** Where `audit/audit-log.ts` writes; standard output without a file. Nothing is written without it. */
  audit?: { file?: string | undefined }
}

/** Stands before all else: limits what comes in, and tells what has passed. */
export interface Defences {
  /** Watches over what doesn't get as far as being a request. */
  guard(server: Server): void
  /** @param target without the prefix of the cluster, if it is for one */
  arrival(request: IncomingMessage, target: string, cluster: Cluster | undefined): Arrival
  /**
   * Follows a request to its end.
   * @param judge asked only within the limits
   * @returns why it may not go on
   */
  request(
    arrival: Arrival,
    response: ServerResponse,
    judge: () => Refusal | undefined,
  ): Refusal | undefined
  upgrade(
    arrival: Arrival,
    socket: Duplex,
    judge: () => Refusal | undefined,
  ): Promise<Refusal | undefined>
  signIn: Observation['signIn']
  clusterError(cluster: string): void
  /** @throws the system's error if there is to be a port for metrics, and it can't listen */
  start(): Promise<MetricsServer | undefined>
  /** Says from now on that no requests are welcome. */
  stop(): void
  close(): Promise<void>
}

export function createDefences(
  config: DefenceConfig,
  clusters: readonly { name: string }[],
  log: Pick<FastifyBaseLogger, 'error'>,
): Defences {
  const names = clusters.map(({ name }) => name)
  const metrics = createMetrics(names, config.metrics !== undefined)
  const audit =
    config.audit &&
    createAuditLog(hostname(), config.audit.file, (error) =>
      log.error({ error: messageOf(error) }, 'the audit log can’t be written'),
    )
  const observation = createObservation(audit, metrics, (error) =>
    log.error({ error: messageOf(error) }, 'it can’t be said who it was: an audit line is missing'),
  )
  const gate = createGate(config.limits, ({ cause }) => metrics.refused(cause))
  const isTrusted = addressMatcher(config.trustedProxies ?? [])
  let isReady = false
  let server: MetricsServer | undefined

  function counted(refusal: Refusal | undefined) {
    metrics.refused(refusal?.cause)
    return refusal
  }

  return {
    guard: (guarded) => limitHeaders(guarded, (cause) => metrics.refused(cause)),
    arrival: (request, target, cluster) => ({
      request,
      target,
      cluster: cluster?.name ?? '',
      client: clientAddress(request, isTrusted),
      who: async () => identityOf(request, await cluster?.access.sessionUser?.(request)),
    }),
    request(arrival, response, judge) {
      observation.request(arrival, response)
      return counted(gate.request(arrival, response) ?? judge())
    },
    async upgrade(arrival, socket, judge) {
      observation.upgrade(arrival, socket)
      return counted(judge() ?? (await gate.upgrade(arrival, socket)))
    },
    signIn: observation.signIn,
    clusterError: (cluster) => metrics.clusterError(cluster),
    async start() {
      if (config.metrics) server = await startMetricsServer(config.metrics, metrics, () => isReady)
      isReady = true
      return server
    },
    stop() {
      isReady = false
    },
    async close() {
      await server?.close()
      await audit?.close()
    },
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

import type { FastifyBaseLogger } from 'fastify'

import type { Access } from './access.ts'
import { createAdmission } from './admission.ts'
import { messageOf } from './cluster-connection.ts'
import type { ClusterConnection } from './cluster-connection.ts'
import { createClusterProxy } from './cluster-proxy.ts'
import { describeRequest } from './logging.ts'
import { createRdpLeg, isRdpPath } from './rdp/rdp-leg.ts'
import type { RdpLimits } from './rdp/rdp-leg.ts'
import { isClusterPath } from './request-path.ts'
import { createUploadLeg, isUploadPath } from './upload/upload-leg.ts'

/** A cluster that the console shows. */
export interface Cluster {
  /** As in addresses; see `cluster-prefix.ts`. */
  name: string
  displayName: string
  connection: ClusterConnection
  access: Access
}

/** All ways that lead to one cluster. Requests come without the cluster's prefix. */
export interface ClusterLegs {
  /** Whether it is a request for the cluster, which is then answered. */
  request(request: IncomingMessage, response: ServerResponse): boolean
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Cuts what would not end by itself. */
  close(): void
}

/** @param onOutOfReach told when the cluster, or credentials for it, can't be had */
export function createClusterLegs(
  { connection, access }: Cluster,
  log: Pick<FastifyBaseLogger, 'info' | 'warn'>,
  onOutOfReach: () => void,
  rdpLimits?: Partial<RdpLimits>,
): ClusterLegs {
  const onError = (error: unknown, request: IncomingMessage) => {
    onOutOfReach()
    log.warn({ ...describeRequest(request), error: messageOf(error) }, 'cluster out of reach')
  }
  const admit = createAdmission(connection, access, onError)
  const proxy = createClusterProxy(connection, access, onError)
  const rdp = createRdpLeg(
    admit,
    (request, { event, ...facts }) =>
      log.info({ ...describeRequest(request), ...facts }, `RDP ${event}`),
    rdpLimits,
  )
  const uploads = createUploadLeg(admit, (message, request) =>
    log.warn({ ...describeRequest(request), error: message }, 'upload refused'),
  )
  return {
    request(request, response) {
      const target = request.url ?? ''
      if (isClusterPath(target)) proxy.request(request, response)
      else if (isUploadPath(target)) uploads.request(request, response)
      else return false
      return true
    },
    upgrade(request, socket, head) {
      if (isRdpPath(request.url ?? '')) rdp.upgrade(request, socket, head)
      else proxy.upgrade(request, socket, head)
    },
    close() {
      proxy.endLongLived()
      rdp.close()
      uploads.close()
    },
  }
}

import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'

import { isRefusal } from './access.ts'
import type { Access } from './access.ts'
import { messageOf } from './cluster-connection.ts'
import type { ClusterConnection, ClusterRoute } from './cluster-connection.ts'
import { impersonates, impersonatesTwice, requestHeaders } from './proxy-headers.ts'
import type { Refusal } from './status.ts'

export interface Admitted {
  route: ClusterRoute
  /** To send to the cluster: the request's own, with the asking person's credentials. */
  headers: OutgoingHttpHeaders
}

/** Decides as whom the cluster is asked for what a request wants, or why it is not. */
export type Admission = (request: IncomingMessage) => Promise<Admitted | Refusal>

/** @param onError told when the cluster's credentials can't be had */
export function createAdmission(
  connection: ClusterConnection,
  access: Access,
  onError: (error: unknown, request: IncomingMessage) => void,
): Admission {
  return async (request) => {
    const credentials = await access.credentials(request)
    if (isRefusal(credentials)) return credentials
    if (access.refusesImpersonation && impersonates(request)) {
      // Left out it would do as oneself what somebody wanted to do with another one's lesser rights.
      return {
        code: 403,
        reason: 'Forbidden',
        message: 'The console passes on no impersonation (Impersonate-User and its like)',
      }
    }
    let route
    try {
      route = await connection.route()
    } catch (error) {
      onError(error, request)
      return {
        code: 502,
        reason: 'ServiceUnavailable',
        message: `The gateway has no credentials for the cluster at ${connection.server}: ${messageOf(error)}`,
      }
    }
    if (impersonatesTwice(request, route)) {
      return {
        code: 403,
        reason: 'Forbidden',
        message:
          'The kubeconfig already acts as another user; the request can’t choose one as well',
      }
    }
    return {
      route,
      headers: requestHeaders(request, route, credentials, access.tokenHeader),
    }
  }
}

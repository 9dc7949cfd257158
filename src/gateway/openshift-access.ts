import type { IncomingMessage } from 'node:http'

import { isRefusal, unauthorized } from './access.ts'
import type { Access } from './access.ts'
import { bearerOf } from './sign-in/bearer-token.ts'

/** What the console's server sends in place of the browser's Origin, which it takes out (proxy.go). */
export const bridgeOrigin = 'http://localhost'

/**
 * Behind the server of the OpenShift Console: it signs people in, and sends each request with its
 * user's token and the impersonation that they have chosen, which the cluster judges. There are no
 * cookies, so nothing is done for who can't show a token.
 */
export function openshiftAccess(cluster: string): Access {
  const check = (request: IncomingMessage) => {
    const token = bearerOf(request.headers.authorization)
    return token === undefined
      ? unauthorized(
          'The OpenShift Console has sent no token of its user: its proxy to the gateway, in spec.proxy of the ConsolePlugin, needs authorization: UserToken',
        )
      : { authorization: `Bearer ${token}` }
  }
  return {
    credentials: async (request) => check(request),
    async session(request) {
      const checked = check(request)
      return isRefusal(checked) ? checked : { mode: 'cluster', cluster, user: '' }
    },
    ways: [],
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

import {
  idleBody,
  isDeclaredTooLarge,
  limitBodySize,
  limitIdleBody,
  tooLarge,
} from './limits/body-limits.ts'
import type { Limits } from './limits/limits.ts'
import { createQuota } from './limits/quota.ts'
import type { Arrival } from './observation.ts'
import { hasBody } from './request-guard.ts'
import { isClusterPath } from './request-path.ts'
import type { Refusal } from './status.ts'
import { refuseUpgrade } from './upgrade.ts'

/** How much may come in; what is refused is counted. */
export interface Gate {
  /** Why a request may not go on. One that may is cut later if its body breaks a limit. */
  request(arrival: Arrival, response: ServerResponse): Refusal | undefined
  upgrade(arrival: Arrival, socket: Duplex): Promise<Refusal | undefined>
}

/** How long a client that is still sending may read why it is refused. */
const lingerMs = 2000

/** @param onCut told of a refusal that came in the middle of a body */
export function createGate(limits: Limits, onCut: (refusal: Refusal) => void): Gate {
  const requests = createQuota(limits.requestsPerAddress)
  const upgrades = createQuota(limits.upgradesPerPerson)
  const allUpgrades = createQuota(limits.upgrades)

  function cut(request: IncomingMessage, response: ServerResponse, refusal: Refusal) {
    onCut(refusal)
    // Whoever is answering the request must not find that somebody else has: the connection ends.
    if (response.headersSent) return void request.destroy()
    response.statusCode = refusal.code
    request.unpipe()
    refuseUpgrade(request.socket, refusal)
    request.resume()
    setTimeout(() => request.destroy(), lingerMs).unref()
  }

  return {
    request({ request, target, client }, response) {
      if (!requests.take(client, response)) return tooMany('requests', 'requests-per-address')
      if (!hasBody(request)) return undefined
      const isForCluster = isClusterPath(target)
      if (isForCluster && isDeclaredTooLarge(request, limits.bodyBytes)) {
        response.setHeader('connection', 'close')
        return tooLarge(limits.bodyBytes)
      }
      limitIdleBody(request, limits.idleBodyMs, () => cut(request, response, idleBody))
      if (isForCluster) {
        limitBodySize(request, limits.bodyBytes, () =>
          cut(request, response, tooLarge(limits.bodyBytes)),
        )
      }
      return undefined
    },

    async upgrade({ who }, socket) {
      if (!allUpgrades.take('all', socket)) return tooMany('open connections', 'upgrades')
      const { key } = await who()
      if (upgrades.take(key, socket)) return undefined
      return tooMany('open consoles and watches of one person', 'upgrades-per-person')
    },
  }
}

function tooMany(what: string, cause: NonNullable<Refusal['cause']>): Refusal {
  return {
    code: 429,
    reason: 'TooManyRequests',
    message: `There are too many ${what} at this gateway at once`,
    retryAfterSeconds: 1,
    cause,
  }
}

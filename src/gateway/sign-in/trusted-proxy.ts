import type { IncomingMessage } from 'node:http'

import { addressMatcher, peerAddress } from '../client-address.ts'
import type { ProxySettings } from '../settings/configuration-schema.ts'
import { bearerOf, isTokenText } from './bearer-token.ts'

/** A proxy before the console that has signed people in, and brings their tokens. */
export interface TrustedProxy {
  /** The header that it brings them in, in lower case; nobody else's is read, or passed on. */
  header: string
  tokenOf(request: IncomingMessage): string | undefined
}

/** Its connections are known by their own address: nothing that a request says proves who sends it. */
export function createTrustedProxy(settings: ProxySettings): TrustedProxy {
  const isProxy = addressMatcher(settings.trustedAddresses)
  const header = settings.tokenHeader.toLowerCase()
  return {
    header,
    tokenOf(request) {
      if (!isProxy(peerAddress(request))) return undefined
      const [value, ...others] = request.headersDistinct[header] ?? []
      if (value === undefined || others.length) return undefined
      return bearerOf(value) ?? (isTokenText(value) ? value : undefined)
    },
  }
}

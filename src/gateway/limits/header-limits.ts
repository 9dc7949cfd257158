import type { Server, ServerOptions } from 'node:http'

import type { refusalCauses } from '../status.ts'
import type { Limits } from './limits.ts'

/** Options of a server whose clients may be slow with bodies, which are streams, and not with headers. */
export function serverOptions({ headersMs, headerBytes }: Limits): ServerOptions {
  return {
    requestTimeout: 0,
    // Without this it would be none either: Node takes the smaller of the two.
    headersTimeout: headersMs,
    connectionsCheckingInterval: Math.max(50, Math.min(5000, headersMs / 4)),
    maxHeaderSize: headerBytes,
  }
}

const causes: Record<string, (typeof refusalCauses)[number]> = {
  HPE_HEADER_OVERFLOW: 'header-size',
  ERR_HTTP_REQUEST_TIMEOUT: 'header-time',
}

/**
 * All headers are looked at, for Node leaves out those beyond a number: an Origin among them would
 * not be judged.
 * @param onRefused told why a connection was closed before it had a request
 */
export function limitHeaders(
  server: Server,
  onRefused: (cause: (typeof refusalCauses)[number]) => void,
) {
  server.maxHeadersCount = 0
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException) => {
    if (code in causes || code.startsWith('HPE_')) onRefused(causes[code] ?? 'malformed')
  })
}

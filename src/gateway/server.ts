import { createServer as createHttpServer } from 'node:http'
import type { RequestListener, Server, ServerOptions } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createSecureContext } from 'node:tls'

import { messageOf } from './cluster-connection.ts'
import { watchFiles } from './watched-files.ts'

export interface TlsFiles {
  certFile: string
  keyFile: string
}

/**
 * An HTTP server, or an HTTPS one whose certificate is read anew when its files change: connections
 * that stand keep the one they have.
 * @throws the system's or OpenSSL's error if the files can't be read or don't fit
 */
export function createListener(
  tls: TlsFiles | undefined,
  options: ServerOptions,
  onRequest: RequestListener,
  onError: (error: unknown) => void,
): Server {
  if (!tls) return createHttpServer(options, onRequest)
  const server = createHttpsServer({ ...options, minVersion: 'TLSv1.2' }, onRequest)
  const stop = watchFiles(
    [tls.certFile, tls.keyFile],
    ([cert, key]) => {
      // Judged first: a pair that doesn't fit would leave the server with none.
      try {
        createSecureContext({ cert, key })
      } catch (error) {
        throw new Error(
          `${tls.certFile} and ${tls.keyFile} are no certificate with its key: ${messageOf(error)}`,
          { cause: error },
        )
      }
      server.setSecureContext({ cert, key, minVersion: 'TLSv1.2' })
    },
    onError,
  )
  server.once('close', stop)
  return server
}

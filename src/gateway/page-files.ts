import helmet from '@fastify/helmet'
import type { FastifyInstance, FastifyRequest } from 'fastify'

import { registerBuiltFiles } from './built-files.ts'
import { withoutPrefix } from './cluster-prefix.ts'
import { isApiPath } from './request-path.ts'

/**
 * Serves the built page, its files compressed at build time, under a strict policy.
 * @param redirect where a page's address leads instead, if anywhere else
 */
export async function registerPageFiles(
  app: FastifyInstance,
  directory: string,
  redirect: (target: string) => string | undefined,
) {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        // RDP is decoded by WebAssembly, which the policy takes for evaluated code; this allows
        // compiling it and nothing else: no eval, no inline script, and it is fetched from here.
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        // CodeMirror and xterm create style elements with computed rules and take no nonce that a
        // cached page could carry; style alone reads nothing and sends nothing beyond img-src.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        // In a current browser this covers WebSockets to the same host as well.
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        manifestSrc: ["'self'"],
        mediaSrc: ["'self'", 'blob:'],
        formAction: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    // Whether the console is served by TLS is for what ends the TLS to say.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  })
  await registerBuiltFiles(app, directory)
  app.addHook('onRequest', async (request, reply) => {
    const place = isPage(request) ? redirect(request.url) : undefined
    return place === undefined ? undefined : reply.redirect(place)
  })
  // The page's own router knows its URLs; a missing file or API must not look like a page.
  app.setNotFoundHandler((request, reply) => {
    if (isPage(request)) return reply.sendFile('index.html')
    const path = request.url.split('?', 1)[0] ?? ''
    return reply.code(404).type('text/plain').send(`Nothing is served at ${path}\n`)
  })
}

function isPage({ method, url, headers }: FastifyRequest) {
  return (
    (method === 'GET' || method === 'HEAD') &&
    !isApiPath(withoutPrefix(url)) &&
    !/^\/(assets|healthz)(\/|\?|$)/.test(url) &&
    (headers.accept ?? '').includes('text/html')
  )
}

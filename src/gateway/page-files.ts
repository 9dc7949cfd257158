import { sep } from 'node:path'

import helmet from '@fastify/helmet'
import staticFiles from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Serves the built page, its files compressed at build time, under a strict policy. */
export async function registerPageFiles(app: FastifyInstance, directory: string) {
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
  await app.register(staticFiles, {
    root: directory,
    preCompressed: true,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders(response, path) {
      // Names under assets/ carry a hash of their content.
      const isHashed = path.includes(`${sep}assets${sep}`)
      response.setHeader(
        'cache-control',
        isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
  })
  // The page's own router knows its URLs; a missing file or API must not look like a page.
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    const isPage =
      (request.method === 'GET' || request.method === 'HEAD') &&
      !/^\/(api|assets)(\/|$)/.test(path) &&
      (request.headers.accept ?? '').includes('text/html')
    if (isPage) return reply.sendFile('index.html')
    return reply.code(404).type('text/plain').send(`Nothing is served at ${path}\n`)
  })
}

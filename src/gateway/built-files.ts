import { sep } from 'node:path'

import staticFiles from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Serves what the build has made, compressed already; names under `assets/` carry a hash of their content. */
export async function registerBuiltFiles(app: FastifyInstance, directory: string) {
  await app.register(staticFiles, {
    root: directory,
    preCompressed: true,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders(response, path) {
      const isHashed = path.includes(`${sep}assets${sep}`)
      response.setHeader(
        'cache-control',
        isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
      response.setHeader('x-content-type-options', 'nosniff')
    },
  })
}

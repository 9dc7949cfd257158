import type { FastifyInstance } from 'fastify'

import { registerBuiltFiles } from './built-files.ts'

/** The console asks for every language it knows; where we have no words in one, ours in English stay. */
const localePath = /^\/locales\/[\w-]+\/plugin__[\w-]+\.json$/

/**
 * Serves the plugin to the server of the OpenShift Console, which passes the files on to browsers as
 * its own: policy and origin are the console's, so no header here has a say in them.
 */
export async function registerPluginFiles(app: FastifyInstance, directory: string) {
  await registerBuiltFiles(app, directory)
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    if (request.method === 'GET' && localePath.test(path)) {
      return reply.header('cache-control', 'no-cache').send({})
    }
    return reply.code(404).type('text/plain').send(`Nothing is served at ${path}\n`)
  })
}

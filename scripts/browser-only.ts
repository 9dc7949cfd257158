import { relative, sep } from 'node:path'

import type { Plugin } from 'vite'

/**
 * Fails the web build when a module of the gateway or the sandbox, or one of Node's own, would be
 * part of it. Lint forbids such imports; this proves it for what is really emitted, however a
 * module got there.
 */
export function browserOnly(): Plugin {
  return {
    name: 'browser-only',
    apply: (_config, { command, isSsrBuild }) => command === 'build' && isSsrBuild !== true,
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue
        const foreign = output.moduleIds.find(
          (id) => /[\\/]src[\\/](sandbox|gateway)[\\/]/.test(id) || id.startsWith('node:'),
        )
        if (foreign) {
          const shown = relative(process.cwd(), foreign).split(sep).join('/')
          this.error(`${shown} must not be in the browser's bundle (it is in ${output.fileName})`)
        }
      }
    },
  }
}

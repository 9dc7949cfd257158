import { join } from 'node:path'

import type { Plugin } from 'vite'

const glueFile = /@devolutions[\\/]iron-remote-desktop-rdp[\\/]iron-remote-desktop-rdp\.js$/

const socketModule = join(
  import.meta.dirname,
  '../src/web/features/consoles/rdp/repair/repairing-socket.ts',
)

/** The package's only constant of that kind: the WASM, inlined by the package's own build. */
const inlinedWasm = /"data:application\/wasm;base64,([A-Za-z0-9+/=]+)"/

/**
 * Adapts @devolutions/iron-remote-desktop-rdp as published:
 *
 * - The WASM becomes a file of its own, loaded beside the code, compressed and cached as it is: a
 *   third smaller than as text within a script, and compiled while it arrives.
 * - `WebSocket` in its glue is ours, which repairs what the server sends; the file named here says
 *   why and until when. Nothing outside that module changes.
 */
export function ironRdp(): Plugin {
  let isBuild = false
  return {
    name: 'iron-rdp',
    enforce: 'pre',
    // Bundled beforehand for the dev server, the glue would not come by here.
    config: () => ({ optimizeDeps: { exclude: ['@devolutions/iron-remote-desktop-rdp'] } }),
    configResolved({ command }) {
      isBuild = command === 'build'
    },
    transform(code, id) {
      if (!glueFile.test(id.split('?', 1)[0] ?? '')) return undefined
      if (code.match(/\bnew WebSocket\(/g)?.length !== 1)
        this.error('The glue opens its WebSocket in another way: see what is to be repaired now')
      const withSocket = `import { RepairingSocket as WebSocket } from ${JSON.stringify(socketModule)}\n${code}`
      if (!isBuild) return { code: withSocket, map: null }
      const wasm = inlinedWasm.exec(withSocket)
      if (!wasm?.[1]) this.error('The glue no longer has its WASM inlined: this is not needed then')
      const reference = this.emitFile({
        type: 'asset',
        name: 'rdp.wasm',
        source: Buffer.from(wasm[1], 'base64'),
      })
      const url = `import.meta.ROLLUP_FILE_URL_${reference}`
      return { code: withSocket.replace(inlinedWasm, () => url), map: null }
    },
  }
}

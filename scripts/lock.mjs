/** One start, test or build at a time installs or builds in this checkout. Needs only Node itself. */
import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const retryMs = 300

/**
 * Waits until nobody else holds the lock. It is a socket in Linux's abstract namespace, which the
 * kernel drops with its holder, however that ends; elsewhere nothing is locked.
 * @returns {Promise<{ release: () => void, handle: number | 'ignore' }>}
 *   `handle`, passed on as a child's stdio, makes the child a holder too
 */
export async function lockCheckout() {
  if (process.platform !== 'linux') return { release: () => undefined, handle: 'ignore' }
  const root = realpathSync(fileURLToPath(new URL('..', import.meta.url)))
  const name = `\0kubevirt-console-build-${createHash('sha256').update(root).digest('hex')}`
  for (let isFirst = true; ; isFirst = false) {
    const server = createServer()
    const error = await new Promise((resolve) => {
      server.once('error', resolve).listen(name, () => resolve(undefined))
    })
    if (!error) return { release: () => server.close(), handle: server.unref()._handle.fd }
    if (error.code !== 'EADDRINUSE') throw error
    if (isFirst) console.log('Waiting for another process that installs or builds here …')
    await sleep(retryMs)
  }
}

import { randomBytes } from 'node:crypto'

import { readConfiguration, usage } from './configuration.ts'
import { createGateway } from './gateway.ts'

/** What the process that started this one is told once the port is open. */
interface Ready {
  type: 'ready'
  url: string
  /** Kubeconfig mode: where a browser finds the page, if it is not at `url`. */
  pageUrl?: string
  /** Kubeconfig mode: what a browser or kubectl must show. Never on the command line or in a log. */
  secret?: string
}

/**
 * Cookies know no ports: the page of another user of this machine, on another port of 127.0.0.1, would
 * be sent ours. It is not sent those of a name that it can't guess; browsers take all such names for
 * this machine (RFC 6761 §6.3).
 */
function ownName() {
  return `console-${randomBytes(8).toString('hex')}.localhost`
}

if (process.argv.includes('--help')) {
  process.stdout.write(`${usage}\n`)
  process.exit(0)
}

try {
  const invocation = readConfiguration(process.argv.slice(2), process.env)
  const gateway = await createGateway(invocation.gateway)
  const { secret } = invocation
  const { url } = gateway
  const pageUrl = url.replace('//127.0.0.1:', `//${ownName()}:`)
  const ready: Ready = { type: 'ready', url, ...(secret !== undefined && { pageUrl, secret }) }
  if (process.send) process.send(ready)
  else if (secret !== undefined) process.stdout.write(`${pageUrl}/#secret=${secret}\n`)

  let isStopping = false
  const stop = () => {
    // Asked twice, one does not want to wait.
    if (isStopping) process.exit(130)
    isStopping = true
    void gateway.close().then(() => process.exit(0))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  // Whoever started this one is gone, and with it the reason to serve.
  process.on('disconnect', stop)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

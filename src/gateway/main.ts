import { readConfiguration, usage } from './configuration.ts'
import { createGateway } from './gateway.ts'

/** What the process that started this one is told once the port is open. */
interface Ready {
  type: 'ready'
  url: string
  /** Kubeconfig mode: what a browser or kubectl must show. Never on the command line or in a log. */
  secret?: string
}

if (process.argv.includes('--help')) {
  process.stdout.write(`${usage}\n`)
  process.exit(0)
}

try {
  const invocation = readConfiguration(process.argv.slice(2), process.env)
  const gateway = await createGateway(invocation.gateway)
  const { secret } = invocation
  const ready: Ready = { type: 'ready', url: gateway.url, ...(secret !== undefined && { secret }) }
  if (process.send) process.send(ready)
  else if (secret !== undefined) process.stdout.write(`${gateway.url}/#secret=${secret}\n`)

  const stop = () => {
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

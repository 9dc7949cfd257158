/** Gateways as a Deployment has them: processes of one configuration that share the session keys. */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const gatewayMain = fileURLToPath(new URL('../../dist/gateway/main.js', import.meta.url))

export interface Replica {
  url: string
  port: number
  /** Resolves with the exit code, null after a signal that ends at once. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>
}

export interface Replicas {
  start(): Promise<Replica>
  /** Ends those that run. */
  close(): Promise<void>
}

/** @param clusterUrl of the API server @param drainSeconds as in the configuration's `listen` */
export async function prepareReplicas(clusterUrl: string, drainSeconds: number): Promise<Replicas> {
  const directory = await mkdtemp(join(tmpdir(), 'replicas-'))
  const sessionKeysFile = join(directory, 'keys')
  const config = join(directory, 'console.json')
  await writeFile(sessionKeysFile, randomBytes(32).toString('base64'))
  await writeFile(
    config,
    JSON.stringify({
      listen: { host: '127.0.0.1', port: 0, drainSeconds },
      clusters: [{ name: 'sandbox', server: clusterUrl }],
      signIn: { token: true },
      sessionKeysFile,
      log: { level: 'error' },
      audit: { enabled: false },
    }),
  )
  const running = new Set<Replica>()

  async function start(): Promise<Replica> {
    const child = fork(gatewayMain, ['--config', config], {
      execArgv: ['--enable-source-maps'],
    })
    const exited = once(child, 'exit') as Promise<[number | null]>
    const [message] = await Promise.race([
      once(child, 'message'),
      exited.then(([code]) => Promise.reject(new Error(`A gateway ended with ${code}`))),
    ])
    const { url } = message as { url: string }
    const replica: Replica = {
      url,
      port: Number(new URL(url).port),
      async end(signal) {
        running.delete(replica)
        child.kill(signal)
        const [code] = await exited
        return code
      },
    }
    running.add(replica)
    return replica
  }

  return {
    start,
    async close() {
      await Promise.all([...running].map((replica) => replica.end('SIGKILL')))
      await rm(directory, { recursive: true })
    },
  }
}

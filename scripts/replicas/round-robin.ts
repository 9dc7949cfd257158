/** What a Service does before the replicas: each new connection goes to the next that takes it. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface RoundRobin {
  /** `http://127.0.0.1:PORT` */
  url: string
  /** Sends new connections there as well. */
  add(port: number): void
  /** No new connection goes there; those there are stay. */
  remove(port: number): void
  close(): void
}

export async function startRoundRobin(ports: readonly number[]): Promise<RoundRobin> {
  let targets = [...ports]
  let turn = 0
  const open = new Set<Socket>()

  function dial(client: Socket, attempts: number) {
    const target = targets[turn++ % targets.length]
    if (target === undefined || attempts === 0) return client.destroy()
    const upstream = connect(target, '127.0.0.1')
    const tryNext = () => dial(client, attempts - 1)
    upstream.once('error', tryNext)
    upstream.once('connect', () => {
      upstream.off('error', tryNext)
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        one.setNoDelay(true)
        one.on('error', () => other.destroy())
        one.on('close', () => other.destroySoon())
        one.pipe(other)
      }
    })
    return client
  }

  const server = createServer((client) => {
    open.add(client)
    client.on('close', () => open.delete(client))
    client.on('error', () => undefined)
    dial(client, targets.length)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (port) => targets.push(port),
    remove(port) {
      targets = targets.filter((target) => target !== port)
    },
    close() {
      for (const client of open) client.destroy()
      server.close()
    },
  }
}

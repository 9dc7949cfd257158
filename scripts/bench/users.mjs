/**
 * How many people one gateway process carries: 500 of them, each with a token of their own and two
 * watches, and 50 of them with a VNC console besides. Cluster and people are a process each; the way
 * to the cluster is TLS, as it is in a cluster.
 */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { cpuTimeMs } from './cpu-time.mjs'
import { median, percentile, sum } from './statistics.mjs'
import { certificate } from './users-certificate.mjs'

const file = (name) => fileURLToPath(new URL(name, import.meta.url))

const users = 500
const watchesEach = 2
const consoles = 50
/** People who sign in at the same moment. */
const signInsAtOnce = 20
const holdMs = 20_000
/** Until memory is what it stays at. */
const settleMs = 3000

/**
 * Bytes are compared by count and hash at both ends of each stream, up and down.
 * @returns {Promise<Record<string, number>>} memory in bytes, CPU as a share of one core
 */
export async function measureUsers() {
  const directory = await mkdtemp(join(tmpdir(), 'bench-users-'))
  const children = []
  const start = (path, args = [], env = {}) => {
    const child = fork(path, args, { env: { ...process.env, ...env } })
    children.push(child)
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`${path} ended with ${code}`)
    })
    ended.catch(() => undefined)
    const told = () => Promise.race([once(child, 'message').then(([message]) => message), ended])
    const ask = (message) => {
      const answer = told()
      child.send(message)
      return answer
    }
    return { pid: child.pid, told, ask }
  }
  try {
    const cluster = start(file('users-cluster.mjs'))
    const { port } = await cluster.told()
    const config = await writeConfiguration(directory, port)
    const gateway = start(file('../../dist/gateway/main.js'), ['--config', config], {
      NODE_ENV: 'production',
    })
    const { url } = await gateway.told()
    const clients = start(file('users-clients.mjs'))
    const memory = () => residentBytes(gateway.pid)
    /** @returns the CPU time in ms that the gateway needs meanwhile */
    const costOf = async (act) => {
      const before = cpuTimeMs(gateway.pid)
      const result = await act()
      return { result, cpuMs: cpuTimeMs(gateway.pid) - before }
    }
    /** What goes on meanwhile, and what it takes of a core. */
    const hold = async () => {
      const before = await clients.ask({ order: 'count' })
      const start = performance.now()
      const { cpuMs } = await costOf(() => sleep(holdMs))
      const after = await clients.ask({ order: 'count' })
      const ms = performance.now() - start
      return {
        share: cpuMs / holdMs,
        eventsPerSecond: ((after.events - before.events) * 1000) / ms,
        bytesPerSecond: ((after.bytes - before.bytes) * 1000) / ms,
      }
    }

    await sleep(settleMs)
    const idleBytes = await memory()
    const signedIn = await costOf(() =>
      clients.ask({ order: 'signIn', url, users, atOnce: signInsAtOnce }),
    )
    await sleep(settleMs)
    const usersBytes = await memory()
    const watching = await costOf(() => clients.ask({ order: 'watch', each: watchesEach }))
    await sleep(settleMs)
    const watchBytes = await memory()
    const watched = await hold()
    await clients.ask({ order: 'vnc', count: consoles })
    await sleep(settleMs)
    const vncBytes = await memory()
    const all = await hold()
    const heldBytes = await memory()
    const ends = await clients.ask({ order: 'finish' })
    const there = await cluster.ask('report')

    const watches = users * watchesEach
    const { timesMs, ms } = signedIn.result
    return {
      signInsPerSecond: (users * 1000) / ms,
      signInMs: median(timesMs),
      signInP95Ms: percentile(timesMs, 0.95),
      signInCpuMs: signedIn.cpuMs / users,
      idleBytes,
      usersBytes,
      heldBytes,
      peakBytes: await residentBytes(gateway.pid, 'VmHWM'),
      bytesPerWatch: (watchBytes - usersBytes) / watches,
      bytesPerConsole: (vncBytes - watchBytes) / consoles,
      openCpuMs: watching.cpuMs / watches,
      eventsPerSecond: watched.eventsPerSecond,
      watchShare: watched.share,
      watchShareEach: watched.share / watches,
      bytesPerSecond: all.bytesPerSecond,
      allShare: all.share,
      consoleShareEach: (all.share - watched.share) / consoles,
      eventDelayP95Ms: percentile(ends.delaysMs, 0.95),
      ...compare(ends.report, there.report),
    }
  } finally {
    for (const child of children) child.kill()
    await rm(directory, { recursive: true })
  }
}

async function writeConfiguration(directory, port) {
  const caFile = join(directory, 'ca.crt')
  const sessionKeysFile = join(directory, 'keys')
  const config = join(directory, 'console.json')
  await writeFile(caFile, certificate)
  await writeFile(sessionKeysFile, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 })
  await writeFile(
    config,
    JSON.stringify({
      listen: { host: '127.0.0.1', port: 0 },
      clusters: [{ name: 'bench', server: `https://localhost:${port}`, caFile }],
      signIn: { token: true },
      sessionKeysFile,
      trustedProxies: ['127.0.0.0/8'],
      log: { level: 'warn', format: 'json' },
      audit: { file: join(directory, 'audit.log') },
    }),
  )
  return config
}

/** @param near what the people report of each stream @param far the same streams, from the cluster */
function compare(near, far) {
  const byId = new Map(far.map((stream) => [stream.id, stream]))
  const pairs = near.map((one) => ({ one, other: byId.get(one.id) }))
  const lost = pairs.map(
    ({ one, other }) =>
      Math.abs(other.sentBytes - one.gotBytes) + Math.abs(one.sentBytes - other.gotBytes),
  )
  const isSame = ({ one, other }) => one.isWhole && other.sent === one.got && one.sent === other.got
  return {
    streams: near.length,
    bytesMoved: sum(near.map(({ gotBytes, sentBytes }) => gotBytes + sentBytes)),
    lostBytes: sum(lost),
    changedStreams: pairs.filter((pair) => !isSame(pair)).length,
  }
}

async function residentBytes(pid, field = 'VmRSS') {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024
}

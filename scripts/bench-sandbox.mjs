/**
 * `npm run bench:sandbox [-- --vms 20000 --churn 100]`: what a large sandbox cluster costs. Starts
 * the built sandbox with that many VMs and prints how long that takes, how long lists take, read as
 * the console reads them and otherwise, and what the process needs while nothing, and while so many
 * changes a second, happen, the latter with two watches as the console has.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { WebSocket } from 'ws'

import { build } from './build.mjs'

const { values } = parseArgs({
  options: {
    vms: { type: 'string', default: '20000' },
    churn: { type: 'string', default: '100' },
  },
})
const main = fileURLToPath(new URL('../dist/sandbox/main.js', import.meta.url))
const vms = '/apis/kubevirt.io/v1/virtualmachines'
const vmis = '/apis/kubevirt.io/v1/virtualmachineinstances'

await build(['sandbox'])
const cache = await mkdtemp(join(tmpdir(), 'kubevirt-console-bench-'))
try {
  await measure('0', lists)
  await measure(values.churn, watches)
} finally {
  await rm(cache, { recursive: true, force: true })
}

/** Starts a sandbox, prints what it costs, and ends it. */
async function measure(churn, more) {
  const started = performance.now()
  const sandbox = fork(
    main,
    ['--guests', 'simulated', '--cache', cache, '--vms', values.vms, '--churn', churn],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  )
  try {
    const url = await readyUrl(sandbox)
    const cpu = cpuSeconds(sandbox.pid) * 1000
    print(
      `Start with ${values.vms} VMs`,
      `${seconds(performance.now() - started)}, ${seconds(cpu)} of CPU`,
    )
    // What the controllers still do at the start is neither the lists' nor the churn's.
    await new Promise((resolve) => setTimeout(resolve, 5000))
    await more(url, sandbox.pid)
    const before = cpuSeconds(sandbox.pid)
    await new Promise((resolve) => setTimeout(resolve, 10_000))
    const share = (cpuSeconds(sandbox.pid) - before) * 10
    print(`CPU with ${churn} changes a second`, `${share.toFixed(0)} % of a core`)
    print('Memory', `${memoryMiB(sandbox.pid)} MiB`)
  } finally {
    const ended = new Promise((resolve) => sandbox.once('exit', resolve))
    sandbox.kill('SIGTERM')
    await ended
  }
}

async function lists(url, pid) {
  await bothKinds('VMs and VMIs, read for the first time', url, pid)
  await bothKinds('The same again', url, pid)
  const whole = await get(`${url}${vms}`)
  print(`All VMs in one answer, ${mebibytes(whole.bytes)}`, seconds(whole.ms))
}

/** The pages of both kinds, a chain each at once, as the console's list of VMs asks for them. */
async function bothKinds(what, url, pid) {
  const cpu = cpuSeconds(pid)
  const start = performance.now()
  const pages = (await Promise.all([vms, vmis].map((path) => pagesOf(`${url}${path}`)))).flat()
  const ms = performance.now() - start
  const used = (cpuSeconds(pid) - cpu) * 1000
  const bytes = pages.reduce((sum, page) => sum + page.bytes, 0)
  print(what, `${seconds(ms)}, ${seconds(used)} of CPU`)
  const first = Math.max(...pages.filter(({ isFirst }) => isFirst).map((page) => page.ms))
  const rest = pages.filter(({ isFirst }) => !isFirst).map((page) => page.ms)
  rest.sort((a, b) => a - b)
  print('  slower of the first pages of 200', milliseconds(first))
  if (rest.length === 0) return
  print(
    `  ${rest.length} pages of 500, ${mebibytes(bytes)}`,
    `${milliseconds(rest[rest.length >> 1])} in the median, ${milliseconds(rest.at(-1))} at most`,
  )
}

async function pagesOf(url) {
  const pages = []
  let token = ''
  do {
    const limit = token ? 500 : 200
    const query = `pretty=false&limit=${limit}&continue=${encodeURIComponent(token)}`
    // One page after the other, as clients ask.
    const page = await get(`${url}?${query}`)
    pages.push({ ...page, isFirst: token === '' })
    token = page.token
  } while (token)
  return pages
}

/** Two watches of all namespaces over WebSocket, which end with the sandbox. */
async function watches(url) {
  for (const path of [vms, vmis]) {
    const { version } = await get(`${url}${path}?limit=1`)
    const address = `${url.replace('http', 'ws')}${path}?watch=1&resourceVersion=${version}`
    const socket = new WebSocket(address, {
      headers: { origin: url, authorization: 'Bearer sandbox-admin' },
    })
    await once(socket, 'open')
  }
}

/** An answer's size, how long its bytes took, and what a list's metadata say. */
async function get(url) {
  const start = performance.now()
  const bytes = Buffer.from(await (await fetch(url)).arrayBuffer())
  const ms = performance.now() - start
  // They come first; parsing megabytes would slow down the other chain.
  const head = bytes.toString('latin1', 0, 1000)
  const metadata = (name) => new RegExp(`"${name}":"([^"]*)"`).exec(head)?.[1] ?? ''
  return {
    ms,
    bytes: bytes.length,
    token: metadata('continue'),
    version: metadata('resourceVersion'),
  }
}

function readyUrl(sandbox) {
  return new Promise((resolve, reject) => {
    sandbox.on('message', (message) => {
      if (message.type === 'ready') resolve(message.url)
    })
    sandbox.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}`)))
  })
}

/** From Linux' process files; the clock ticks 100 times a second there. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function memoryMiB(pid) {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kib) / 1024)
}

function mebibytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`
}

function milliseconds(ms) {
  return `${ms.toFixed(0)} ms`
}

function print(what, value) {
  console.log(`${what.padEnd(40)}${value}`)
}

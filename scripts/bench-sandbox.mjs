/**
 * `npm run bench:sandbox [-- --vms 20000 --churn 100]`: what a large sandbox cluster costs. Starts
 * the built sandbox with that many VMs and prints how long that takes, how long lists take, and
 * what the process needs while nothing, and while so many changes a second, happen.
 */
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { build } from './build.mjs'

const { values } = parseArgs({
  options: {
    vms: { type: 'string', default: '20000' },
    churn: { type: 'string', default: '100' },
  },
})
const main = fileURLToPath(new URL('../dist/sandbox/main.js', import.meta.url))
const vms = '/apis/kubevirt.io/v1/virtualmachines'

await build(['sandbox'])
const cache = await mkdtemp(join(tmpdir(), 'kubevirt-console-bench-'))
try {
  await measure('0', lists)
  await measure(values.churn, () => undefined)
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
    await more(url)
    // What the controllers of the demo VMs still do at the start is not the churn's.
    await new Promise((resolve) => setTimeout(resolve, 5000))
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

async function lists(url) {
  const first = await get(`${url}${vms}?limit=500`)
  print('First page of 500', milliseconds(first.ms))
  print('The same again', milliseconds((await get(`${url}${vms}?limit=500`)).ms))
  const pages = []
  let token = ''
  do {
    // One page after the other, as clients ask.
    const page = await get(`${url}${vms}?limit=500&continue=${encodeURIComponent(token)}`)
    pages.push(page.ms)
    token = page.list.metadata.continue
  } while (token)
  pages.sort((a, b) => a - b)
  print(
    `${pages.length} pages, median and slowest`,
    pages.length ? `${milliseconds(pages[pages.length >> 1])}, ${milliseconds(pages.at(-1))}` : '',
  )
  const whole = await get(`${url}${vms}`)
  print(`Whole list, ${(whole.bytes / 2 ** 20).toFixed(0)} MiB`, seconds(whole.ms))
}

/** A list, and how long its bytes took; parsing is not counted. */
async function get(url) {
  const start = performance.now()
  const bytes = Buffer.from(await (await fetch(url)).arrayBuffer())
  const ms = performance.now() - start
  return { ms, bytes: bytes.length, list: JSON.parse(bytes) }
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

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`
}

function milliseconds(ms) {
  return `${ms.toFixed(0)} ms`
}

function print(what, value) {
  console.log(`${what.padEnd(40)}${value}`)
}

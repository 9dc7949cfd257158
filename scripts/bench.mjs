/**
 * `npm run bench [-- options]`: how fast the console is, in Chromium against the sandbox. Prints a
 * table with what is to be reached, then the same as JSON. It fails only if it can't measure.
 *
 *   --sizes 1000,5000,20000   numbers of VMs
 *   --only list,scroll,churn,load,wizard,consoles,serial,vnc,rdp,upload,splice,users   some stages, all by default
 *   --repeat 3                runs of which the median counts
 *   --json FILE               where the JSON goes instead of the end of the output
 *
 * docs/performance.md says what each figure means.
 */
import { writeFile } from 'node:fs/promises'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { parseArgs } from 'node:util'

import { launchBrowser } from './bench/browser.mjs'
import { measureChurn } from './bench/churn.mjs'
import { measureConsoles } from './bench/consoles.mjs'
import { measureList, measureScroll } from './bench/list.mjs'
import { measureLoad } from './bench/load.mjs'
import { measureRdp } from './bench/rdp.mjs'
import { measures, summarize, table } from './bench/report.mjs'
import { measureSerial } from './bench/serial.mjs'
import { measureSplice } from './bench/splice.mjs'
import { measureUpload } from './bench/upload.mjs'
import { measureUsers } from './bench/users.mjs'
import { measureVnc } from './bench/vnc.mjs'
import { measureWizard } from './bench/wizard.mjs'
import { build } from './build.mjs'
import { startRdpServers, whyNoRdpServers } from './rdp-servers.mjs'
import { startStack } from './stack.mjs'

const stages = Object.keys(measures)

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,5000,20000' },
    only: { type: 'string', default: stages.join(',') },
    repeat: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
})

const eventsPerSecond = 100

/** Stacks and browsers that are up, to end with the benchmark however it ends. */
const running = new Set()

const sizes = values.sizes.split(',').map(wholeNumber)
const repeat = wholeNumber(values.repeat)
const only = values.only.split(',')
const unknown = only.find((stage) => !stages.includes(stage))
if (unknown !== undefined)
  throw new Error(`There is no stage ${unknown}; known: ${stages.join(', ')}`)

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    for (const { kill } of running) kill()
    process.exit(130)
  })
}

await build(['web', 'gateway', 'sandbox'])
const machine = {
  date: new Date().toISOString(),
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 1e9),
  kernel: release(),
  node: process.version,
  chromium: await withBrowser(async ({ version }) => version),
  loadBefore: loadavg()[0],
  repeat,
}
const measured = []
for (const size of sizes) {
  await measureAt(size, 0, { list: measureList, scroll: measureScroll })
  await measureAt(size, eventsPerSecond, { churn: measureChurn })
}
if (only.includes('load')) {
  await withStack({ guests: 'simulated' }, ({ url }) =>
    withBrowser((browser) => repeated('load', () => measureLoad(browser, url))),
  )
}
if (only.includes('wizard')) {
  await withStack({ guests: 'simulated' }, ({ url }) =>
    repeated('wizard', () => measureWizard(url)),
  )
}
if (only.includes('consoles')) {
  await withGuests(({ url }) => repeated('consoles', () => measureConsoles(url)))
}
if (only.includes('serial')) {
  // The log of a guest that has been through one burst would show its end before the next begins.
  await repeated('serial', () =>
    withStack({ guests: 'simulated' }, ({ url }) => measureSerial(url)),
  )
}
if (only.includes('vnc')) {
  await withGuests((stack) =>
    withBrowser((browser) => repeated('vnc', () => measureVnc(browser, stack))),
  )
}
if (only.includes('rdp')) await withRdpServer(({ url }) => repeated('rdp', () => measureRdp(url)))
if (only.includes('upload')) {
  await withStack({ guests: 'simulated' }, (stack) =>
    repeated('upload', () => measureUpload(stack)),
  )
}
if (only.includes('splice')) {
  await withBrowser((browser) => repeated('splice', () => measureSplice(browser)))
}
if (only.includes('users')) await repeated('users', measureUsers)

const figures = summarize(measured)
console.log(`\n${describe(machine)}\n\n${table(figures)}\n`)
const json = JSON.stringify({ machine, figures, measured }, undefined, 2)
if (values.json === undefined) console.log(json)
else await writeFile(values.json, `${json}\n`)

/** Runs the stages that are wanted against one sandbox with `size` VMs. */
async function measureAt(size, churn, functions) {
  const wanted = Object.entries(functions).filter(([stage]) => only.includes(stage))
  if (wanted.length === 0) return
  await withStack({ guests: 'simulated', vms: size, churn }, async (stack) => {
    for (const [stage, measure] of wanted) {
      await withBrowser((browser) => repeated(stage, () => measure(browser, stack, size), size))
    }
  })
}

/**
 * The first run is not counted: browser, gateway and sandbox have just started. A run that fails is
 * told and ends its stage only: what else has been measured took long.
 */
async function repeated(stage, measure, size) {
  const runs = []
  const what = size === undefined ? stage : `${stage} of ${size} VMs`
  try {
    for (let run = 0; run <= repeat; run++) {
      console.log(`${what}, ${run ? `run ${run} of ${repeat}` : 'to warm up'} …`)
      const result = await measure()
      if (run > 0) runs.push(result)
    }
  } catch (error) {
    console.error(`${what} can't be measured:`, error)
    process.exitCode = 1
  }
  if (runs.length) measured.push({ stage, ...(size !== undefined && { size }), runs })
}

/** A sandbox with real guests where they can be had. */
async function withGuests(measure) {
  let onReady
  const ready = new Promise((resolve) => (onReady = resolve))
  const onGuests = (guests) => {
    if (guests.state !== 'preparing') onReady(guests.message)
  }
  await withStack({ guests: 'auto', onGuests }, async (stack) => {
    machine.guests = await ready
    await measure(stack)
  })
}

/** A real RDP server in place of the port of `win-1`, where there can be one. */
async function withRdpServer(measure) {
  const why = whyNoRdpServers()
  if (why !== undefined) {
    console.error(`rdp can't be measured: ${why}`)
    process.exitCode = 1
    return
  }
  const servers = await startRdpServers()
  try {
    const rdpServer = `win-1=127.0.0.1:${servers.nla.port}`
    await withStack({ guests: 'simulated', rdpServer }, measure)
  } finally {
    await servers.stop()
  }
}

async function withStack(options, measure) {
  const stack = await startStack({ quiet: true, ...options })
  running.add(stack)
  try {
    return await measure(stack)
  } finally {
    await stack.stop()
    running.delete(stack)
  }
}

async function withBrowser(measure) {
  const browser = await launchBrowser()
  running.add(browser)
  try {
    return await measure(browser)
  } finally {
    await browser.close()
    running.delete(browser)
  }
}

function wholeNumber(text) {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new Error(`${JSON.stringify(text)} is not a number to measure with`)
}

function describe({ cpu, cores, memoryGB, node, chromium, loadBefore, date }) {
  return (
    `${date.slice(0, 10)}, ${cpu}, ${cores} cores, ${memoryGB} GB, Node ${node}, ${chromium}, ` +
    `load before ${loadBefore.toFixed(2)}, ${repeat} runs: median (least–most)`
  )
}

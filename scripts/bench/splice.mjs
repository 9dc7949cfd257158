/**
 * What an upgraded connection loses on its way through the gateway: the same two ends, once
 * connected directly and once through the gateway, in turns.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { cpuTimeMs } from './cpu-time.mjs'
import { median } from './statistics.mjs'

const gatewayMain = fileURLToPath(new URL('../../dist/gateway/main.js', import.meta.url))
const ends = fileURLToPath(new URL('splice-ends.mjs', import.meta.url))

const rawBytes = 512 * 2 ** 20
const frameBytes = 256 * 2 ** 20
const pacedBytes = 40 * 2 ** 20
const echoes = 2000

/** A path of a console; what stands for its end is appended. */
const base = '/apis/subresources.kubevirt.io/v1'

/**
 * @returns {Promise<Record<string, number>>} throughput in bytes a second, times in ms, and what is
 *   left of the throughput on the way through the gateway
 */
export async function measureSplice(browser) {
  const children = []
  const start = (file, args, options) => {
    const child = fork(file, args, options)
    children.push(child)
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`A process of the splice ended with ${code}`)
    })
    ended.catch(() => undefined)
    const told = () => Promise.race([once(child, 'message').then(([message]) => message), ended])
    return { pid: child.pid, told, send: (message) => child.send(message) }
  }
  try {
    const upstream = start(ends, ['upstream'])
    const { url } = await upstream.told()
    const gateway = start(gatewayMain, ['--sandbox', '--cluster-url', url, '--port', '0'], {
      env: { ...process.env, CONSOLE_SANDBOX_USERS: '{"bench":"bench"}', LOG_LEVEL: 'warn' },
    })
    const { url: gatewayUrl } = await gateway.told()
    const client = start(ends, ['client'])
    const ways = { direct: url, spliced: `${gatewayUrl}/api/kubernetes` }

    const ask = async (way, what, amount) => {
      client.send({ url: `${ways[way]}${base}`, what, amount })
      return client.told()
    }
    /** In turns, so that neither has the quieter moments. */
    const compare = async (measure) => {
      const values = { direct: [], spliced: [] }
      for (const way of ['direct', 'spliced', 'spliced', 'direct', 'direct', 'spliced']) {
        values[way].push(await measure(way))
      }
      return { direct: median(values.direct), spliced: median(values.spliced) }
    }
    const raw = (what) => compare(async (way) => rawBytes / (await ask(way, what, rawBytes)).ms)
    const cpuBefore = cpuTimeMs(gateway.pid)
    const frames = await compare((way) => frameRate(browser, ways[way], 'frames', frameBytes))
    const cpu = cpuTimeMs(gateway.pid) - cpuBefore
    const paced = await compare((way) => frameRate(browser, ways[way], 'paced', pacedBytes))
    const down = await raw('down')
    const up = await raw('up')
    const echo = await compare(async (way) => median((await ask(way, 'echo', echoes)).roundTripsMs))
    return {
      framesRatio: frames.spliced / frames.direct,
      framesDirect: frames.direct * 1000,
      framesSpliced: frames.spliced * 1000,
      pacedRatio: paced.spliced / paced.direct,
      pacedSpliced: paced.spliced * 1000,
      downRatio: down.spliced / down.direct,
      downDirect: down.direct * 1000,
      downSpliced: down.spliced * 1000,
      upRatio: up.spliced / up.direct,
      upDirect: up.direct * 1000,
      upSpliced: up.spliced * 1000,
      gatewayCpuPerGiB: (cpu * 2 ** 30) / (3 * frameBytes),
      echoDirectMs: echo.direct,
      echoSplicedMs: echo.spliced,
    }
  } finally {
    for (const child of children) child.kill()
  }
}

/** What a page of Chromium receives of WebSocket frames, in bytes a ms. */
async function frameRate(browser, url, what, bytes) {
  const page = await browser.newPage()
  try {
    // Any document of the same origin will do.
    await page.goto(new URL(url.includes('/api/') ? '/healthz' : '/', url).href)
    const ms = await page.evaluate(
      readFrames,
      `${url.replace('http', 'ws')}${base}/${what}/${bytes}`,
      bytes,
    )
    return bytes / ms
  } finally {
    await page.close()
  }
}

/** In the page: does what noVNC does with each message before it looks into it, a copy. */
function readFrames(url, bytes) {
  return new Promise((resolve, reject) => {
    const queue = new Uint8Array(4 * 1024 ** 2)
    const socket = new WebSocket(url)
    socket.binaryType = 'arraybuffer'
    let left = bytes
    let start
    socket.onopen = () => (start = performance.now())
    socket.onmessage = ({ data }) => {
      queue.set(new Uint8Array(data), 0)
      left -= data.byteLength
      if (left <= 0) {
        resolve(performance.now() - start)
        socket.close()
      }
    }
    socket.onclose = () => reject(new Error(`Closed with ${left} of ${bytes} bytes to come`))
  })
}

/** What a browser fetches before the list of VMs can be shown for the first time. */
import { readdirSync } from 'node:fs'
import { request } from 'node:http'

import { openList } from './list.mjs'
import { sum } from './statistics.mjs'

const assets = new URL('../../dist/web/assets/', import.meta.url)

/** What each kind of console needs besides the console's page. */
const chunks = {
  consoleBytes: /^ConsolePane-.*\.(js|css)$/,
  vncBytes: /^vnc-.*\.js$/,
  serialBytes: /^xterm-.*\.(js|css)$/,
  rdpBytes: /^rdp-.*\.js$/,
  rdpWasmBytes: /^rdp-.*\.wasm$/,
}

/** @returns {Promise<Record<string, number>>} bytes of the bodies, without headers */
export async function measureLoad(browser, url) {
  const { page, seen } = await openList(browser, url)
  await page.close()
  const sizes = await Promise.all(
    seen.files.map(async (file) => ({
      isStyle: file.endsWith('.css'),
      gzip: await bodyBytes(file, 'gzip'),
      brotli: await bodyBytes(file, 'br'),
    })),
  )
  const index = { gzip: await bodyBytes(url, 'gzip'), brotli: await bodyBytes(url, 'br') }
  const styles = sizes.filter(({ isStyle }) => isStyle)
  const scripts = sizes.filter(({ isStyle }) => !isStyle)
  const gzip = (files) => sum(files.map((file) => file.gzip))
  return {
    jsBytes: gzip(scripts),
    cssBytes: gzip(styles),
    totalBytes: gzip([...sizes, index]),
    wireBytes: sum([...sizes, index].map(({ brotli }) => brotli)),
    ...(await consoleWeights(url)),
  }
}

/** Of the files that are fetched when a console is opened for the first time. */
async function consoleWeights(url) {
  const files = readdirSync(assets)
  const weigh = async (pattern) => {
    const names = files.filter((name) => pattern.test(name))
    if (names.length === 0) throw new Error(`No file of the page is called ${pattern}`)
    const sizes = names.map((name) => bodyBytes(new URL(`/assets/${name}`, url).href, 'gzip'))
    return sum(await Promise.all(sizes))
  }
  const weights = Object.entries(chunks).map(async ([key, pattern]) => [key, await weigh(pattern)])
  return Object.fromEntries(await Promise.all(weights))
}

/** Without decoding them, which `fetch` would do. */
export function bodyBytes(url, encoding) {
  return new Promise((resolve, reject) => {
    request(
      url,
      { headers: { 'accept-encoding': encoding, accept: 'text/html,*/*' } },
      (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`${url}: ${answer.statusCode}`))
        let bytes = 0
        answer.on('data', (chunk) => (bytes += chunk.length)).on('end', () => resolve(bytes))
        answer.on('error', reject)
      },
    )
      .on('error', reject)
      .end()
  })
}

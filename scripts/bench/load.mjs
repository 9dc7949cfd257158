/** What a browser fetches before the list of VMs can be shown for the first time. */
import { request } from 'node:http'

import { openList } from './list.mjs'
import { sum } from './statistics.mjs'

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
  }
}

/** Without decoding them, which `fetch` would do. */
function bodyBytes(url, encoding) {
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

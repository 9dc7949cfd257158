import { cpuTimeMs } from './cpu-time.mjs'
/** The list of all VMs: how it arrives, what it holds, how it filters and scrolls. */
import {
  emptySearch,
  expectFilter,
  noted,
  record,
  resources,
  startFrames,
  stopFrames,
  untilComplete,
} from './in-page.mjs'
import { blocking, median, percentile } from './statistics.mjs'

const listPath = '/k8s/all-namespaces/kubevirt.io~v1~VirtualMachine'

/** Typed letter by letter, each letter being a measurement. */
const searches = ['db', 'web', '4', 'ci', 'que']

const scrollSeconds = 5
const scrollPxPerSecond = 6000

/** Opens the list in a fresh tab and waits until it is complete. */
export async function openList(browser, url) {
  const page = await browser.newPage(record)
  try {
    await page.send('Performance.enable', { timeDomain: 'threadTicks' })
    await page.goto(`${url}${listPath}`)
    return { page, seen: summary(await page.evaluate(untilComplete), await resourcesOf(page)) }
  } catch (error) {
    await page.close()
    throw error
  }
}

/** What the page and its workers have asked for; times since the page's beginning. */
async function resourcesOf(page) {
  const origin = await page.evaluate(() => performance.timeOrigin)
  const threads = [page, ...page.workers()]
  const lists = await Promise.all(threads.map((thread) => thread.evaluate(resources)))
  return lists.flat().map((one) => ({ ...one, responseEnd: one.responseEnd - origin }))
}

function summary({ counted, opened, longTasks, documentBytes, ...seen }, asked) {
  const api = asked.filter(({ url }) => url.includes('/api/'))
  const lists = api.filter(({ url }) => /\/kubernetes\/.*limit=/.test(url))
  const complete = Math.max(counted, opened, ...lists.map(({ responseEnd }) => responseEnd))
  const sum = (entries, key) => entries.reduce((total, one) => total + one[key], 0)
  return {
    ...seen,
    complete,
    longTasks: longTasks.filter(({ startTime }) => startTime < complete),
    requests: asked.length + 1,
    listRequests: lists.length,
    otherApiRequests: api.length - lists.length,
    bytes: documentBytes + sum(asked, 'transferSize'),
    apiBytes: sum(api, 'transferSize'),
    apiDecodedBytes: sum(api, 'decodedBodySize'),
    files: asked.map(({ url }) => url).filter((url) => /\.(js|css)$/.test(new URL(url).pathname)),
  }
}

/** @returns {Promise<Record<string, number>>} one run; times in ms, sizes in bytes */
export async function measureList(browser, { url, pids }, size) {
  const servers = () => ({ gateway: cpuTimeMs(pids.gateway), sandbox: cpuTimeMs(pids.sandbox) })
  const before = servers()
  const { page, seen } = await openList(browser, url)
  try {
    const count = Number(seen.count.replace(/\D/g, ''))
    if (count < size) throw new Error(`The list is complete with ${count} of ${size} VMs`)
    const after = servers()
    const used = await metrics(page)
    const heapBytes = await usedHeap(page)
    const filters = await filterTimes(page)
    const { files: _, longTasks, count: __, ...times } = seen
    return {
      ...times,
      ...blocking(longTasks),
      cpuMs: used.ThreadTime * 1000,
      scriptMs: used.ScriptDuration * 1000,
      styleMs: used.RecalcStyleDuration * 1000,
      layoutMs: used.LayoutDuration * 1000,
      gatewayCpuMs: after.gateway - before.gateway,
      sandboxCpuMs: after.sandbox - before.sandbox,
      heapBytes,
      filterMs: median(filters),
      slowestFilterMs: Math.max(...filters),
    }
  } finally {
    await page.close()
  }
}

/** One run through the table by wheel. */
export async function measureScroll(browser, { url }) {
  const { page } = await openList(browser, url)
  try {
    const before = await metrics(page)
    await page.evaluate(startFrames)
    await page.send('Input.synthesizeScrollGesture', {
      x: 700,
      y: 600,
      yDistance: -scrollSeconds * scrollPxPerSecond,
      speed: scrollPxPerSecond,
      gestureSourceType: 'mouse',
    })
    const { frames, longTasks, ms, scrolledPx } = await page.evaluate(stopFrames)
    const after = await metrics(page)
    if (!(scrolledPx > scrollPxPerSecond)) throw new Error(`The table scrolled ${scrolledPx} px`)
    return {
      ms,
      scrolledPx,
      cpuShare: cpuShare(before, after),
      ...frameTimes(frames),
      ...blocking(longTasks),
    }
  } finally {
    await page.close()
  }
}

/** @param {number[]} frames ms from one to the next */
export function frameTimes(frames) {
  return {
    frames: frames.length,
    frameMs: median(frames),
    frameP95Ms: percentile(frames, 0.95),
    worstFrameMs: Math.max(...frames),
    /** Beyond one and a half of the 60 in a second. */
    lateShare: frames.filter((ms) => ms > 25).length / frames.length,
  }
}

/** @returns {Promise<Record<string, number>>} of the page's process; times in s */
export async function metrics(page) {
  const { metrics: list } = await page.send('Performance.getMetrics')
  return Object.fromEntries(list.map(({ name, value }) => [name, value]))
}

/** Of the page's thread, between two of its {@link metrics}: 1 is one core. */
export function cpuShare(before, after) {
  return (after.ThreadTime - before.ThreadTime) / (after.Timestamp - before.Timestamp)
}

/** What is alive in page and workers, buffers included, after what is not has been collected. */
async function usedHeap(page) {
  let bytes = 0
  for (const thread of [page, ...page.workers()]) {
    await thread.send('HeapProfiler.collectGarbage')
    await thread.send('HeapProfiler.collectGarbage')
    const { usedSize, backingStorageSize = 0 } = await thread.send('Runtime.getHeapUsage')
    bytes += usedSize + backingStorageSize
  }
  return bytes
}

async function filterTimes(page) {
  const times = []
  for (const text of searches) {
    await page.evaluate(emptySearch)
    for (let length = 1; length <= text.length; length++) {
      await page.evaluate(expectFilter, text.slice(0, length))
      await press(page, text[length - 1])
      const { fromKey } = await page.evaluate(noted)
      if (fromKey !== undefined) times.push(fromKey)
      // A person's pause, so that a keystroke does not pay for the one before it.
      await new Promise((resolve) => setTimeout(resolve, 400))
    }
  }
  await page.evaluate(emptySearch)
  return times
}

async function press(page, key) {
  const common = { key, windowsVirtualKeyCode: key.toUpperCase().charCodeAt(0) }
  await page.send('Input.dispatchKeyEvent', { type: 'keyDown', text: key, ...common })
  await page.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common })
}

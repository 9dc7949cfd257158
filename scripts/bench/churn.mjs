/** The list of all VMs while the cluster changes. */
import { startFrames, stopFrames } from './in-page.mjs'
import { cpuShare, frameTimes, metrics, openList } from './list.mjs'
import { blocking } from './statistics.mjs'

const seconds = 10

/** What opening the page, and the guests of the named VMs, still cause is not the churn's. */
const settleMs = 5000

/** @returns {Promise<Record<string, number>>} one run of {@link seconds}; times in ms */
export async function measureChurn(browser, { url }) {
  const { page } = await openList(browser, url)
  try {
    await pause(settleMs)
    const before = await metrics(page)
    await page.evaluate(startFrames)
    await pause(seconds * 1000)
    const seen = await page.evaluate(stopFrames)
    const after = await metrics(page)
    if (seen.messages === 0) throw new Error('No event reached the page')
    const { longTasksMs, blockingMs, ...tasks } = blocking(seen.longTasks)
    return {
      ms: seen.ms,
      eventsPerSecond: (seen.messages / seen.ms) * 1000,
      bytesPerSecond: (seen.length / seen.ms) * 1000,
      areRowsChanged: Number(seen.areRowsChanged),
      blockedShare: longTasksMs / seen.ms,
      beyond50Share: blockingMs / seen.ms,
      cpuShare: cpuShare(before, after),
      ...tasks,
      ...frameTimes(seen.frames),
    }
  } finally {
    await page.close()
  }
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

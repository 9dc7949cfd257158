/** A file of a GiB from the page into a volume: how fast, and what it takes of memory on the way. */
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { chromium } from '@playwright/test'

import { chromiumArgs, chromiumPath, viewport } from './browser.mjs'

const fileBytes = 2 ** 30
const path = '/k8s/ns/demo/persistentvolumeclaims'
const patienceMs = 120_000

let uploads = 0

/**
 * From the press of the button's first byte to the last one, as the page counts them, and until the
 * volume can be used; memory is what each process has had at most, and the page's script heap.
 * @param {import('../stack.mjs').Stack} stack
 * @returns {Promise<Record<string, number>>}
 */
export async function measureUpload({ url, pids }) {
  const directory = await mkdtemp(join(tmpdir(), 'bench-upload-'))
  const image = await sparseImage(join(directory, `bench-${++uploads}.img`))
  const browser = await chromium.launch({
    executablePath: await chromiumPath(),
    args: [...chromiumArgs, '--enable-precise-memory-info'],
  })
  try {
    const page = await (await browser.newContext({ viewport })).newPage()
    await page.goto(url + path)
    await page.getByRole('button', { name: 'Upload disk image' }).click()
    const dialog = page.getByRole('dialog', { name: 'Upload a disk image' })
    await dialog.locator('input[type=file]').setInputFiles(image)
    const button = dialog.getByRole('button', { name: 'Upload 1 GiB' })
    await button.waitFor()
    await button.click()
    const tray = page.getByRole('region', { name: 'Uploads' })
    const shows = (text) => tray.filter({ hasText: text }).waitFor({ timeout: patienceMs })
    await shows(/of 1 GiB/)
    const start = performance.now()
    await shows(/All sent|Done/)
    const sendMs = performance.now() - start
    await shows('Done')
    const heapBytes = await page.evaluate(() => globalThis.performance.memory.usedJSHeapSize)
    return {
      bytesPerSecond: (fileBytes / sendMs) * 1000,
      usableMs: performance.now() - start,
      pageHeapBytes: heapBytes,
      gatewayPeakBytes: await peakBytes(pids.gateway),
    }
  } finally {
    await browser.close()
    await rm(directory, { recursive: true })
  }
}

/** Takes hardly any room: what is measured is the way, not this machine's disk. */
async function sparseImage(file) {
  const handle = await open(file, 'w')
  await handle.truncate(fileBytes)
  await handle.write(Buffer.from([0x55, 0xaa]), 0, 2, 510)
  await handle.close()
  return file
}

async function peakBytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) * 1024
}

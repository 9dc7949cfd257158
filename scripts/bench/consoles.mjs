/** The consoles of a guest, through page, gateway and sandbox. */
import { chromium } from '@playwright/test'

import { chromiumArgs, chromiumPath, viewport } from './browser.mjs'
import { expectEcho, expectFirstFrame, noted, record } from './in-page.mjs'
import { median, percentile } from './statistics.mjs'

const vmPath = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1'
const keystrokes = 20

/** A guest without hardware help takes a while to start. */
const guestMs = 120_000

/**
 * One run with a browser of its own, since Playwright's is not the one of the other stages.
 * @returns {Promise<Record<string, number>>} times in ms
 */
export async function measureConsoles(url) {
  const browser = await chromium.launch({
    executablePath: await chromiumPath(),
    args: chromiumArgs,
  })
  try {
    const echoes = await inTab(browser, `${url}${vmPath}/console`, serialEchoes)
    const { fromClick, fromSocket } = await inTab(browser, `${url}${vmPath}`, vncFirstFrame)
    return {
      vncFromClickMs: fromClick,
      vncFromSocketMs: fromSocket,
      serialEchoMs: median(echoes),
      serialEchoP95Ms: percentile(echoes, 0.95),
    }
  } finally {
    await browser.close()
  }
}

async function inTab(browser, url, measure) {
  const context = await browser.newContext({ viewport })
  try {
    const page = await context.newPage()
    await page.addInitScript(record)
    await page.goto(url)
    return await measure(page)
  } finally {
    await context.close()
  }
}

/** From each keystroke at the login prompt to the frame that shows its echo. */
async function serialEchoes(page) {
  await page.getByRole('button', { name: /^Serial/ }).click()
  const serial = page.getByRole('region', { name: 'Serial console' })
  await page.getByText('Connected', { exact: true }).waitFor({ timeout: guestMs })
  await serial.click()
  const deadline = Date.now() + guestMs
  while (!/login: *$/.test((await serial.locator('.xterm-rows').textContent()).trimEnd())) {
    if (Date.now() > deadline) throw new Error('The guest asks for no login')
    await page.keyboard.press('Enter')
    await page.waitForTimeout(1000)
  }
  const echoes = []
  for (let i = 0; i < keystrokes; i++) {
    await page.evaluate(expectEcho)
    await page.keyboard.press('abcdefghijklmnopqrst'[i % 20])
    echoes.push((await page.evaluate(noted)).fromKey)
    await page.waitForTimeout(100)
  }
  // Leaves the prompt as it was found.
  await page.keyboard.press('Control+u')
  return echoes
}

/** From the click on the tab, nothing of the console being loaded, to the guest's screen. */
async function vncFirstFrame(page) {
  const tab = page.getByRole('tab', { name: 'Console' })
  await tab.waitFor()
  await page.evaluate(expectFirstFrame)
  await tab.click()
  return page.evaluate(noted)
}

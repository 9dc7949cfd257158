/** The consoles of a guest, through page, gateway and sandbox. */
import { inRecordedTab } from './browser.mjs'
import { expectEcho, expectFirstFrame, noted } from './in-page.mjs'
import { median, percentile } from './statistics.mjs'

const vmPath = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1'
const keystrokes = 20

/** A guest without hardware help takes a while to start. */
const guestMs = 120_000

/**
 * One run, in browsers of Playwright's, which is not the one of the other stages.
 * @returns {Promise<Record<string, number>>} times in ms
 */
export async function measureConsoles(url) {
  const echoes = await inRecordedTab(`${url}${vmPath}/console`, serialEchoes)
  const { fromClick, fromSocket } = await inRecordedTab(`${url}${vmPath}`, vncFirstFrame)
  return {
    vncFromClickMs: fromClick,
    vncFromSocketMs: fromSocket,
    serialEchoMs: median(echoes),
    serialEchoP95Ms: percentile(echoes, 0.95),
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

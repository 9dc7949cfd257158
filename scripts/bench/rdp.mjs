/** A remote desktop in the page, at a real server with network level authentication. */
import { rdpLogin } from '../rdp-servers.mjs'
import { inRecordedTab } from './browser.mjs'
import { expectDesktop, noted } from './in-page.mjs'

const path = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/win-1/console?type=rdp'
const guestMs = 60_000

/**
 * From the click on **Connect**, nothing of RDP being loaded, to the frame in which the desktop is not
 * of one colour.
 * @returns {Promise<Record<string, number>>} times in ms
 */
export async function measureRdp(url) {
  return { firstMs: await inRecordedTab(url + path, signIn) }
}

async function signIn(page) {
  const password = page.getByLabel('Password', { exact: true })
  await password.waitFor({ timeout: guestMs })
  await page.getByRole('textbox', { name: 'User name' }).fill(rdpLogin.user)
  await password.fill(rdpLogin.password)
  await page.evaluate(expectDesktop)
  await page.getByRole('button', { name: /^(Connect|Try RDP)$/ }).click()
  return (await page.evaluate(noted)).fromClick
}

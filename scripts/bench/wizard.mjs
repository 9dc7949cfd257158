/** The creation wizard: how soon it can be used, what it weighs, and what typing in it asks of the cluster. */
import { inRecordedTab } from './browser.mjs'
import { expectWizard, noted } from './in-page.mjs'
import { bodyBytes } from './load.mjs'
import { sum } from './statistics.mjs'

const listPath = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine'
const name = 'keystrokes'
/** As somebody types who knows what to write. */
const betweenKeysMs = 120
/** Within which the page has asked all that it asks by itself. */
const restMs = 3000

/** @returns {Promise<Record<string, number>>} one run; times in ms, sizes in bytes */
export async function measureWizard(url) {
  return inRecordedTab(`${url}${listPath}`, async (page) => {
    const link = page.getByRole('link', { name: 'Create VirtualMachine' })
    await link.waitFor()
    await page.waitForTimeout(restMs)
    const asked = watchRequests(page)
    await page.evaluate(expectWizard)
    await link.click()
    const times = await page.evaluate(noted)
    await page.waitForTimeout(restMs)
    const files = asked().filter((address) => /\.(js|css)$/.test(new URL(address).pathname))
    const sizes = await Promise.all(files.map((file) => bodyBytes(file, 'gzip')))
    return { ...times, wizardBytes: sum(sizes), ...(await keystrokes(page, asked)) }
  })
}

/** From here on: the addresses asked for since the last call. */
function watchRequests(page) {
  let seen = []
  page.on('request', (request) => seen.push(request.url()))
  return () => {
    const since = seen
    seen = []
    return since
  }
}

/** Types a name into a draft that is complete but for it, so that each letter could be tried. */
async function keystrokes(page, asked) {
  await page.getByRole('radio', { name: 'debian', exact: true }).first().check({ force: true })
  const field = page.getByRole('textbox', { name: 'Name', exact: true })
  await page.waitForFunction(() => document.querySelector('#wizard-name').value !== '')
  await field.fill('')
  await page.waitForTimeout(restMs)
  const api = () => asked().filter((address) => address.includes('/api/')).length
  api()
  for (const letter of name) {
    await field.press(letter)
    await page.waitForTimeout(betweenKeysMs)
  }
  const whileTyping = api()
  await page.waitForTimeout(restMs)
  return { requestsPerKey: whileTyping / name.length, requestsAfterTyping: api() }
}

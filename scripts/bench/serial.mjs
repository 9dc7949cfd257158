/** A burst on the serial console of a simulated guest: a real one's port is emulated, and slow. */
import { inRecordedTab } from './browser.mjs'
import { expectBurst, noted } from './in-page.mjs'

const path = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1/console?type=serial'
/** Numbers of up to seven digits, each with a line end of two bytes: 10.6 MB. */
const lastNumber = 1_300_000
const loginMs = 60_000

/**
 * From the Enter that starts 10 MB of output, through sandbox, gateway and page, to the frame in
 * which the terminal shows its end.
 * @returns {Promise<Record<string, number>>}
 */
export async function measureSerial(url) {
  return inRecordedTab(url + path, async (page) => {
    const serial = page.getByRole('region', { name: 'Serial console' })
    await page.getByText('Connected', { exact: true }).waitFor({ timeout: loginMs })
    await serial.click()
    // A line may be in several elements.
    const shows = (text) => serial.filter({ hasText: text }).waitFor({ timeout: loginMs })
    await page.keyboard.press('Enter')
    await shows('login:')
    await page.keyboard.type('root\n')
    await shows('Password:')
    await page.keyboard.type('sandbox\n')
    await shows('# ')
    await page.keyboard.type(`seq 1 ${lastNumber}`)
    await page.evaluate(expectBurst, String(lastNumber))
    await page.keyboard.press('Enter')
    const { bytes, ms, longestTaskMs } = await page.evaluate(noted)
    return { bytesPerSecond: (bytes / ms) * 1000, longestTaskMs }
  })
}

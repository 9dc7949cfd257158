/** The keys of a VNC console, proved in the guest. */
import type { Page } from '@playwright/test'

import {
  expect,
  expectAccessible,
  expectConnected,
  logInOnScreen,
  serialLog,
  showConsole,
  test,
  typeInVnc,
  waitForLogin,
  type Kubectl,
} from './fixtures.ts'
import { expectOnSerial, openConsole, setView } from './vnc-console.ts'

async function sendKeys(page: Page, name: string) {
  await page.getByRole('button', { name: 'Send keys' }).click()
  await page.getByRole('menuitem', { name, exact: true }).click()
}

/** Waits on the screen for an interrupt, and tells on the serial line when it came. */
async function awaitInterrupt(page: Page, kubectl: Kubectl, name: string) {
  await typeInVnc(page, `sh w ${name}\n`)
  await expectOnSerial(kubectl, new RegExp(`${name} waits`))
}

const waitingScript = `echo 'trap "echo $1 came >/dev/ttyS0" INT; echo $1 waits >/dev/ttyS0; sleep 999' >w\n`

test('sends what the browser keeps for itself, own combinations and held modifiers', async ({
  page,
  kubectl,
}) => {
  test.setTimeout(600_000)
  await waitForLogin(kubectl, 'web-1')
  await page.setViewportSize({ width: 1280, height: 800 })
  await openConsole(page)
  const bar = page.locator('.kc-console-bar')
  const middles = () =>
    bar.getByRole('button').evaluateAll((buttons) =>
      buttons.map((button) => {
        const { top, bottom } = button.getBoundingClientRect()
        return Math.round((top + bottom) / 2)
      }),
    )
  await expect
    .poll(async () => Math.max(...(await middles())) - Math.min(...(await middles())))
    .toBeLessThanOrEqual(2)

  await sendKeys(page, 'Ctrl+Alt+F2')
  await logInOnScreen(page, kubectl, 'web-1', 'tty2')
  await sendKeys(page, 'Alt+SysRq+H: show help')
  await expectOnSerial(kubectl, /sysrq: HELP/i)

  await page.getByRole('button', { name: 'Send keys' }).click()
  await expectAccessible(page)
  await page.getByRole('menuitem', { name: 'Own combinations…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Own key combinations' })
  await dialog.getByRole('textbox', { name: 'Press the keys' }).press('Control+c')
  await expect(dialog.getByRole('checkbox', { name: 'Ctrl' })).toBeChecked()
  await expect(dialog.getByRole('combobox', { name: 'Key' })).toHaveValue('KeyC')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Interrupt')
  await dialog.getByRole('button', { name: 'Save combination' }).click()
  await expect(dialog.getByRole('list', { name: 'Saved combinations' })).toContainText('Interrupt')
  await expectAccessible(page)

  await page.reload()
  await expectConnected(page)
  await typeInVnc(page, waitingScript)
  await awaitInterrupt(page, kubectl, 'own')
  await sendKeys(page, 'Interrupt')
  await expectOnSerial(kubectl, /own came/)

  await setView(page, 'switch', 'Key bar')
  const keys = page.getByRole('group', { name: 'Key bar' })
  const vnc = page.getByRole('region', { name: 'VNC console' })
  await awaitInterrupt(page, kubectl, 'held')
  await keys.getByRole('button', { name: 'Ctrl' }).click()
  await expect(vnc).toContainText('Ctrl held for the next key')
  await page.keyboard.press('c')
  await expectOnSerial(kubectl, /held came/)
  await expect(vnc).not.toContainText('held')
  await keys.getByRole('button', { name: 'Shift' }).click()
  await keys.getByRole('button', { name: 'Shift' }).click()
  await expect(vnc).toContainText('Shift locked')
  await page.keyboard.press('a')
  await expect(vnc).toContainText('Shift locked')
  await expectAccessible(page)
  await page.getByRole('tab', { name: 'Console' }).focus()
  await expect(vnc).not.toContainText('locked')
  await page.getByRole('application').focus()
  await sendKeys(page, 'Interrupt')

  await setView(page, 'switch', 'View only')
  await expect(vnc).toContainText('View only')
  await expect(page.getByRole('button', { name: 'Send keys' })).toHaveAttribute(
    'aria-disabled',
    'true',
  )
  await typeInVnc(page, 'echo leaked > /dev/ttyS0\n')
  await setView(page, 'switch', 'View only', false)
  await typeInVnc(page, 'echo allowed > /dev/ttyS0\n')
  await expectOnSerial(kubectl, /allowed/)
  expect(await serialLog(kubectl, 'web-1')).not.toContain('leaked')

  // It reboots within its instance, and both consoles stay with it.
  const uid = () => kubectl('get', 'vmi', 'web-1', '-n=demo', '-o=jsonpath={.metadata.uid}')
  const before = await uid()
  await showConsole(page, 'Serial')
  const serial = page.getByRole('region', { name: 'Serial console' })
  await showConsole(page, 'VNC')
  const streams: string[] = []
  page.on('websocket', (socket) => streams.push(socket.url()))
  const boots = (await serialLog(kubectl, 'web-1')).match(/login:/g)?.length ?? 0
  await sendKeys(page, 'Ctrl+Alt+Del')
  await expect
    .poll(async () => (await serialLog(kubectl, 'web-1')).match(/login:/g)?.length)
    .toBeGreaterThan(boots)
  await typeInVnc(page, 'somebody\n')
  await showConsole(page, 'Serial')
  await expect(serial).toContainText(/login:\s*$/)
  expect(streams.filter((url) => /\/(vnc|console)/.test(url))).toEqual([])
  expect(await uid()).toBe(before)
})

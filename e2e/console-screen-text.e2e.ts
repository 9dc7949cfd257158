/** Text copied from the VNC console's screen: exactly what the guest has printed there, or nothing. */
import type { Page } from '@playwright/test'

import {
  expect,
  expectAccessible,
  expectConnected,
  logInOnSerial,
  runOnSerial,
  test,
  waitForLogin,
} from './fixtures.ts'

const console = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1/console'

const ascii = Array.from({ length: 0x7f - 0x20 }, (_, index) =>
  String.fromCharCode(0x20 + index),
).join('')
const lines = [
  ascii.slice(0, 60),
  ascii.slice(60),
  '╔════╦══╗ ┌──┬┐ ░▒▓',
  '║ ä ß║ ñ║ │é │ £½°±',
  '╚════╩══╝ └──┴┘ √²■',
  'red on blue, bright',
]

async function copyText(page: Page) {
  await page.getByRole('button', { name: 'Screenshot' }).click()
  await page.getByRole('menuitem', { name: /^Copy text/ }).click()
}

test('copies exactly the text that is on the screen, or says that it can’t', async ({
  page,
  context,
  kubectl,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await waitForLogin(kubectl, 'web-1')
  await page.goto(`${console}?type=serial`)
  await logInOnSerial(page)
  // In octal, so that what is typed is ASCII; without a cursor that hides, in colours.
  const [last = '', ...others] = lines.toReversed()
  const text = `${others.toReversed().join('\n')}\n\u001b[1;31;44m${last}\u001b[0m\n`
  const octal = Array.from(Buffer.from(text), (byte) => `\\0${byte.toString(8)}`)
  await runOnSerial(
    page,
    'printf "\\033[2J\\033[H" > /dev/tty1; echo cleared-$((6*7))',
    'cleared-42',
  )
  for (let at = 0; at < octal.length; at += 40) {
    await runOnSerial(
      page,
      `printf '%b' '${octal.slice(at, at + 40).join('')}' > /dev/tty1; echo part=$((${at})).`,
      `part=${at}.`,
    )
  }
  await page.getByRole('button', { name: /^VNC/ }).click()
  await expectConnected(page)

  const dialog = page.getByRole('dialog', { name: 'Text on the screen of web-1' })
  await copyText(page)
  await expect(dialog).toBeVisible()
  await expectAccessible(page)
  await expect(dialog.getByRole('alert')).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Copy all' }).click()
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    `${lines.map((line) => line.trimEnd()).join('\n')}\n`,
  )
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  // The same text in a font of noise.
  await page.getByRole('button', { name: /^Serial/ }).click()
  await runOnSerial(
    page,
    `(printf '\\066\\004\\000\\020'; tail -c 4096 /bin/busybox) | loadfont && echo font-$((6*7))`,
    'font-42',
  )
  await page.getByRole('button', { name: /^VNC/ }).click()
  await copyText(page)
  await expect(dialog).toContainText('This screen is not text, or in a font that isn’t known')
  await expect(dialog).toContainText(
    /\d+ of the \d+ cells that are not empty show no known character/,
  )
  await expect(dialog.getByRole('button', { name: 'Copy all' })).toHaveCount(0)
})

/** Text typed through the VNC console's panel: in every layout, byte for byte as the guest has it. */
import type { Page } from '@playwright/test'

import {
  expect,
  expectAccessible,
  expectConnected,
  logInOnScreen,
  serialLog,
  test,
  typeInVnc,
  waitForLogin,
  type Kubectl,
} from './fixtures.ts'

const console = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1/console'
const ascii = Array.from({ length: 0x7f - 0x20 }, (_, index) =>
  String.fromCharCode(0x20 + index),
).join('')

/** By keymap of the guest: the layout in the panel, and what is written with it beyond ASCII. */
const layouts: Record<string, { layout: string; letters: string }> = {
  us: { layout: 'English (US)', letters: '' },
  gb: { layout: 'English (UK)', letters: '£€¬' },
  de: { layout: 'German', letters: 'äöüÄÖÜß€§°²³µéèêáàâóòúùÉÈÊ' },
  'de-nodeadkeys': { layout: 'German, no dead keys', letters: 'äöüÄÖÜß€§°²³µ' },
  fr: { layout: 'French', letters: 'éèçàùâêîôûëïüÿÂÊÎÔÛËÏ€£µ§°²¤' },
  es: { layout: 'Spanish', letters: 'ñÑ¿¡çÇáéíóúÁÉÍÓÚüÜàèâêºª€·¬' },
  it: { layout: 'Italian', letters: 'àèéìòùç£€§°' },
  br: { layout: 'Portuguese (Brazil, ABNT2)', letters: 'ãõÃÕñçÇáéíóúâêôàÀüÜºª§¹²³£¢¬°' },
  se: { layout: 'Swedish', letters: 'åäöÅÄÖ§½£¤€µéèÉñõ' },
  jp: { layout: 'Japanese (106 keys)', letters: '' },
}

const panel = (page: Page) => page.getByRole('region', { name: 'Type text' })
const textField = (page: Page) => panel(page).getByRole('textbox', { name: 'Text', exact: true })
const typeButton = (page: Page) => panel(page).getByRole('button', { name: /^Type/ })

async function openPanel(page: Page, kubectl: Kubectl) {
  await waitForLogin(kubectl, 'web-1')
  await page.goto(console)
  await expectConnected(page)
  await logInOnScreen(page, kubectl, 'web-1')
  await page.getByRole('button', { name: 'Type text', exact: true }).click()
  await expect(panel(page)).toBeVisible()
}

/** Types into the guest, with Enter at the end. */
async function typeText(page: Page, text: string) {
  await textField(page).fill(text)
  await panel(page).getByRole('checkbox', { name: 'End with Enter' }).check()
  await typeButton(page).click()
  await expect(panel(page).getByText(/Typed \d+ characters$/)).toBeVisible()
}

/** Follows what QEMU tells of the keyboard's lamps (its LED state pseudo-encoding, -261). */
function followCapsLamp(page: Page): () => boolean {
  let isOn = false
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const bytes = Buffer.from(payload)
      const at = bytes.lastIndexOf(Buffer.from([0xff, 0xff, 0xfe, 0xfb]))
      if (at !== -1) isOn = ((bytes[at + 4] ?? 0) & 4) !== 0
    }),
  )
  return () => isOn
}

test('stops when told to, forgets a secret, and types every layout byte for byte', async ({
  page,
  kubectl,
}) => {
  test.setTimeout(600_000)
  const isCapsLampOn = followCapsLamp(page)
  await openPanel(page, kubectl)
  await textField(page).fill('echo “hi” é\u200b')
  await expect(panel(page).getByRole('region', { name: 'Preview' })).toContainText(
    'Line 1: echo “hi” é␣',
  )
  await expect(panel(page)).toContainText('4 characters can’t be typed on this layout')
  await expect(panel(page)).toContainText('left double quotation mark (U+201C)')
  await expect(panel(page)).toContainText('zero-width space (U+200B)')
  await expect(typeButton(page)).toHaveAttribute('aria-disabled', 'true')
  await expectAccessible(page)

  // A text with capitals throughout: Cancel comes while Shift is in use.
  const pace = panel(page).getByRole('combobox', { name: 'Pace' })
  await pace.selectOption({ label: 'Slow, 150 ms per key' })
  await textField(page).fill(`# ${'STAY'.repeat(50)}`)
  await typeButton(page).click()
  await expect(panel(page).getByText(/^\d+ of 202, \d+ s left$/)).toBeVisible()
  await expect(panel(page).getByText('Typing; your own keys wait')).toBeVisible()
  // They do: this would end the line.
  await page.getByRole('region', { name: 'VNC console' }).click()
  await page.keyboard.press('Enter')
  await expect(panel(page).getByText(/^([5-9]|\d\d+) of 202/)).toBeVisible()
  await panel(page).getByRole('button', { name: 'Cancel' }).click()
  const cancelled = panel(page).getByText(/Cancelled after \d+ of 202 characters/)
  await expect(cancelled).toBeVisible()
  const typed = Number(/after (\d+) of/.exec((await cancelled.textContent()) ?? '')?.[1])
  expect(typed).toBeLessThan(202)
  // No Shift is left: digits are digits. The comment that stands there has what was counted.
  await typeInVnc(page, '\n')
  await pace.selectOption({ label: 'Fast, 20 ms per key' })
  await typeText(page, 'echo "keys=123 $(($(cat /proc/uptime | wc -l)))" > /dev/ttyS0')
  await expect.poll(() => serialLog(kubectl, 'web-1')).toContain('keys=123 1')

  await panel(page).getByRole('checkbox', { name: 'Secret' }).check()
  const secret = panel(page).getByLabel('Secret text')
  await expect(secret).toHaveAttribute('type', 'password')
  await secret.fill('echo Tr0ub4dor-“x > /dev/ttyS0')
  await expect(panel(page)).toContainText('1 character can’t be typed on this layout')
  await expect(panel(page)).not.toContainText('quotation mark')
  await secret.fill('echo Tr0ub4dor-x > /dev/ttyS0')
  await typeButton(page).click()
  await expect(panel(page).getByText(/Typed \d+ characters$/)).toBeVisible()
  await expect.poll(() => serialLog(kubectl, 'web-1')).toContain('Tr0ub4dor-x')
  await expect(secret).toHaveValue('')
  const left = await page.evaluate(() => [
    document.documentElement.outerHTML,
    JSON.stringify(Object.entries(localStorage)),
    JSON.stringify(Object.entries(sessionStorage)),
    ...Array.from(document.querySelectorAll('input, textarea'), (field) =>
      field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field.value : '',
    ),
  ])
  expect(left.join('\n')).not.toContain('Tr0ub4dor')
  await panel(page).getByRole('checkbox', { name: 'Secret' }).uncheck()
  await expect(textField(page)).toHaveValue('')

  // A session that drops takes the typing with it, and says how far it came.
  await pace.selectOption({ label: 'Slow, 150 ms per key' })
  await textField(page).fill('#'.repeat(200))
  await typeButton(page).click()
  await expect(panel(page).getByText(/^\d+ of 201, \d+ s left$/)).toBeVisible()
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await expect(panel(page).getByText(/Stopped after \d+ of 201 characters/)).toBeVisible()
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expectConnected(page)
  // What has been typed is a comment.
  await typeInVnc(page, '\n')

  // A guest that shares its core takes no more: its keyboard holds sixteen bytes.
  await pace.selectOption({ label: 'Normal, 50 ms per key' })
  // Who left Caps Lock on gets the text nevertheless.
  await page.getByRole('region', { name: 'VNC console' }).click()
  await page.keyboard.press('CapsLock')
  await expect.poll(() => isCapsLampOn()).toBe(true)
  // Short, for it is typed at that pace as well.
  const loop = `for m in ${Object.keys(layouts).join(' ')};do loadkeys -q $m;echo ready $m;head -n1>t;echo $m=$(base64 -w0 t).;done>/dev/ttyS0`
  await typeText(page, loop)
  for (const [map, { layout, letters }] of Object.entries(layouts)) {
    await expect.poll(() => serialLog(kubectl, 'web-1')).toMatch(new RegExp(`ready ${map}\\s`))
    await panel(page)
      .getByRole('combobox', { name: 'Guest’s keyboard layout' })
      .selectOption(layout)
    await typeText(page, ascii + letters)
    const expected = Buffer.from(`${ascii}${letters}\n`).toString('base64')
    await expect.poll(() => serialLog(kubectl, 'web-1')).toContain(`${map}=${expected}.`)
  }
  await expectAccessible(page)

  await page.reload()
  await expectConnected(page)
  await page.getByRole('button', { name: 'Type text', exact: true }).click()
  await expect(panel(page).getByRole('combobox', { name: 'Guest’s keyboard layout' })).toHaveValue(
    'jp',
  )
})

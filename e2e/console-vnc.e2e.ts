/** The VNC console: view, pictures, films and text of the screen, proved in the guest and in the files. */
import { readFile } from 'node:fs/promises'

import type { Browser, Page } from '@playwright/test'

import {
  expect,
  expectAccessible,
  logInOnScreen,
  logInOnSerial,
  runOnSerial,
  showConsole,
  test,
  typeInVnc,
  waitForLogin,
  type Kubectl,
} from './fixtures.ts'
import { playFilm, pngSize } from './pictures.ts'
import { expectOnSerial, openConsole, setView } from './vnc-console.ts'

/** What the guest's VGA shows in text mode. */
const guestScreen = { width: 720, height: 400 }

const ascii = Array.from({ length: 0x7f - 0x20 }, (_, index) =>
  String.fromCharCode(0x20 + index),
).join('')
/** What is printed on the screen to be read from it. */
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

test('takes pictures, films and text of the screen, moves it, measures it, and types by touch', async ({
  page,
  context,
  browser,
  stack,
  kubectl,
}) => {
  test.setTimeout(600_000)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await waitForLogin(kubectl, 'web-1')
  await openConsole(page)
  const vnc = page.getByRole('region', { name: 'VNC console' })

  await page.getByRole('button', { name: 'Record as WebM' }).click()
  await expect(vnc).toContainText(/Recording \d\d:\d\d · [\d.]+ [KM]?i?B/)
  await logInOnScreen(page, kubectl, 'web-1')

  await page.getByRole('button', { name: 'Screenshot' }).click()
  const [picture] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Save as PNG' }).click(),
  ])
  expect(picture.suggestedFilename()).toMatch(/^web-1-\d{4}-\d{2}-\d{2}-\d{6}\.png$/)
  expect(pngSize(await readFile(await picture.path()))).toEqual(guestScreen)
  await page.getByRole('button', { name: 'Screenshot' }).click()
  await page.getByRole('menuitem', { name: 'Copy to clipboard' }).click()
  await expect(page.getByText('Copied the screen of web-1')).toBeVisible()
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read()
    const bitmap = await createImageBitmap((await item?.getType('image/png')) ?? new Blob())
    return { width: bitmap.width, height: bitmap.height }
  })
  expect(copied).toEqual(guestScreen)

  // A recording goes on while another console is looked at, and over a cut.
  await showConsole(page, 'Serial')
  await logInOnSerial(page)
  await showConsole(page, 'VNC')
  await stack.restartGateway()
  await expect(page.getByText(/Connected again after an interruption/)).toBeVisible()
  // A serial console left alone for half a minute after a cut would ask first.
  await showConsole(page, 'Serial')
  await showConsole(page, 'VNC')
  await typeInVnc(page, String.raw`printf '\033[41m\033[2J'; echo filmed > /dev/ttyS0`)
  await typeInVnc(page, '\n')
  await expectOnSerial(kubectl, /filmed/)
  // The serial line is ahead of the screen.
  await expect.poll(() => vnc.locator('canvas').evaluate(cornerColour)).toMatch(/^1\d\d,0,0$/)
  await expect(vnc).toContainText('Recording')
  await expectAccessible(page)
  const [film] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Stop recording and save' }).click(),
  ])
  await expect(vnc).not.toContainText('Recording')
  expect(film.suggestedFilename()).toMatch(/^web-1-\d{4}-\d{2}-\d{2}-\d{6}\.webm$/)
  const content = await readFile(await film.path())
  const played = await playFilm(await context.newPage(), content)
  expect(played).toMatchObject(guestScreen)
  expect(played.duration).toBeGreaterThan(2)
  expect(played.duration).toBeLessThan(600)
  // From black to the red that came after the cut.
  expect(played.redShares[0]).toBeLessThan(0.1)
  expect(played.redShares[1]).toBeGreaterThan(0.8)
  await typeInVnc(page, String.raw`printf '\033[0m\033[2J'`)
  await typeInVnc(page, '\n')

  await setView(page, 'switch', 'Connection')
  const connection = page.getByRole('region', { name: 'Connection' })
  await expect(connection).toContainText(/Good|Slow|Poor/)
  await expect(connection).toContainText(/Round trip\s*\d+ ms/)
  await typeInVnc(page, 'clear; dmesg\n')
  await expect(connection).toContainText(/Pictures\s*[1-9]\d*\/s/)
  await expect(connection).toContainText(/Received\s*[\d.]+ [KM]?i?B\/s/)
  await expect(connection).toContainText(/Encoding\s*Tight/)
  await expect(connection).toContainText('720 × 400')
  await expect(connection).toContainText('QEMU')
  await expectAccessible(page)
  await connection.getByRole('button', { name: 'Close connection' }).click()
  await expect(connection).toBeHidden()

  await copyScreenText(page)

  await page.setViewportSize({ width: 600, height: 700 })
  await setView(page, 'radio', '1:1')
  const part = vnc.getByRole('group', { name: /^Part of the screen/ })
  await expect(part).toBeVisible()
  await part.press('ArrowRight')
  await expect.poll(() => part.evaluate(({ scrollLeft }) => scrollLeft)).toBeGreaterThan(0)
  await setView(page, 'switch', 'Drag to move the screen')
  const box = await part.boundingBox()
  const [x, y] = [(box?.x ?? 0) + 300, (box?.y ?? 0) + 50]
  const before = await part.evaluate(({ scrollLeft }) => scrollLeft)
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 30, y, { steps: 3 })
  await page.mouse.up()
  await expect.poll(() => part.evaluate(({ scrollLeft }) => scrollLeft)).toBeLessThan(before)
  await expectAccessible(page)
  // The choice is remembered.
  await page.reload()
  await expect(part).toBeVisible()
  await page.close()

  await typeByTouch(browser, stack.url, kubectl)
})

/** Exactly what the guest has printed on its screen, by its shell on the serial console, or nothing. */
async function copyScreenText(page: Page) {
  await showConsole(page, 'Serial')
  // In octal, so that what is typed is ASCII; without a cursor that hides, in colours.
  const [last = '', ...others] = lines.toReversed()
  const text = `${others.toReversed().join('\n')}\n\u001b[1;31;44m${last}\u001b[0m\n`
  const octal = Array.from(Buffer.from(text), (byte) => `\\0${byte.toString(8)}`)
  await runOnSerial(
    page,
    'printf "\\033[2J\\033[H" > /dev/tty1; echo cleared-$((6*7))',
    'cleared-42',
  )
  for (let at = 0; at < octal.length; at += 80) {
    await runOnSerial(
      page,
      `printf '%b' '${octal.slice(at, at + 80).join('')}' > /dev/tty1; echo part=$((${at})).`,
      `part=${at}.`,
    )
  }
  await showConsole(page, 'VNC')

  const dialog = page.getByRole('dialog', { name: 'Text on the screen of web-1' })
  const close = async () => {
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
  }
  // The serial line is ahead of the screen, of which the dialog has what was there when it opened.
  await expect(async () => {
    await copyText(page)
    await dialog.getByRole('button', { name: 'Copy all' }).click()
    await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    if (!copied.endsWith(`${lines.at(-1)}\n`)) await close()
    expect(copied).toBe(`${lines.map((line) => line.trimEnd()).join('\n')}\n`)
  }).toPass({ timeout: 60_000 })
  await expectAccessible(page)
  await expect(dialog.getByRole('alert')).toHaveCount(0)
  await close()

  // The same text in a font of noise.
  await showConsole(page, 'Serial')
  await runOnSerial(
    page,
    `(printf '\\066\\004\\000\\020'; tail -c 4096 /bin/busybox) | loadfont && echo font-$((6*7))`,
    'font-42',
  )
  await showConsole(page, 'VNC')
  const refusal = dialog.getByText('This screen is not text, or in a font that isn’t known')
  await expect(async () => {
    await copyText(page)
    await expect(dialog).toBeVisible()
    if (!(await refusal.isVisible())) await close()
    await expect(refusal).toBeVisible({ timeout: 1000 })
  }).toPass({ timeout: 60_000 })
  await expect(dialog).toContainText(
    /\d+ of the \d+ cells that are not empty show no known character/,
  )
  await expect(dialog.getByRole('button', { name: 'Copy all' })).toHaveCount(0)
  await close()
}

/** Of the last row, where no text is. */
function cornerColour(canvas: HTMLElement | SVGElement): string {
  const { width, height } = canvas as HTMLCanvasElement
  const drawing = (canvas as HTMLCanvasElement).getContext('2d')
  return [...(drawing?.getImageData(width - 1, height - 1, 1, 1).data ?? [])].slice(0, 3).join(',')
}

/** A phone types into the shell that is open on the screen. */
async function typeByTouch(browser: Browser, baseURL: string, kubectl: Kubectl) {
  const phone = await browser.newContext({
    baseURL,
    hasTouch: true,
    isMobile: true,
    viewport: { width: 390, height: 844 },
  })
  const page = await phone.newPage()
  await openConsole(page)
  const keys = page.getByRole('group', { name: 'Key bar' })
  await expect(keys).toBeVisible()
  await expectAccessible(page)
  await keys.getByRole('button', { name: 'On-screen keyboard' }).tap()
  const field = keys.getByRole('textbox', { name: 'Typing goes to the guest' })
  await expect(field).toBeFocused()
  // As an on-screen keyboard does: without keys, and with words that are corrected as a whole.
  await page.keyboard.insertText('ecjo Touched > /dev/ttyS0')
  await field.evaluate((element: HTMLTextAreaElement) => {
    element.value = element.value.replace('ecjo', 'echo')
    element.dispatchEvent(new InputEvent('input', { bubbles: true }))
  })
  await page.keyboard.insertText('\n')
  await expectOnSerial(kubectl, /Touched/)

  await page.keyboard.insertText('sleep 999\n')
  await keys.getByRole('button', { name: 'Ctrl' }).tap()
  await expect(field).toBeFocused()
  await page.keyboard.insertText('c')
  await page.keyboard.insertText('echo Again > /dev/ttyS')
  await keys.getByRole('button', { name: 'Left' }).tap()
  await keys.getByRole('button', { name: 'Right' }).tap()
  await page.keyboard.insertText('0\n')
  await expectOnSerial(kubectl, /Again/)
  await phone.close()
}

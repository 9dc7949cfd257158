import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'

import type { Page } from '@playwright/test'

import { rdpLogin } from '../scripts/rdp-servers.mjs'
import { expect, expectAccessible, expectConnected, test as base, withRdp } from './fixtures.ts'
import { x11Screenshot } from './x11-screenshot.ts'

/** A guest that takes connections to its RDP port and never says a word. */
const test = base.extend<{ silentPort: number }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the pattern
  silentPort: async ({}, use) => {
    const server = createServer(() => undefined)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    await use(typeof address === 'object' && address ? address.port : 0)
    server.close()
  },
  stackOptions: async ({ rdpServers, silentPort }, use) => {
    const { rdpServer } = withRdp(rdpServers)
    const servers = `${rdpServer},web-1=127.0.0.1:${silentPort}`
    await use({ guests: 'simulated', rdpServer: servers })
  },
})

const machines = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine'
const instances = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachineInstance'
const region = (page: Page) => page.getByRole('region', { name: 'RDP console' })
const screen = (page: Page) => page.getByRole('application', { name: /Desktop of/ })

async function signIn(page: Page, password: string, button: 'Connect' | 'Try RDP' = 'Connect') {
  await page.getByRole('textbox', { name: 'User name' }).fill(rdpLogin.user)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: button, exact: true }).click()
}

/** Types as a person does: Playwright's own sends no Shift, and RDP goes by scan codes. */
async function typeKeys(page: Page, text: string) {
  for (const character of text) {
    const isShifted = /[~!@#$%^&*()_+{}|:"<>?A-Z]/.test(character)
    if (isShifted) await page.keyboard.down('Shift')
    await page.keyboard.press(character === ' ' ? 'Space' : character)
    if (isShifted) await page.keyboard.up('Shift')
  }
}

type Place = readonly [x: number, y: number]

/** On the page's screen, of a place in the desktop's own pixels. */
function placeOnScreen(page: Page, place: Place) {
  return screen(page).evaluate(
    (canvas: HTMLCanvasElement, [guestX, guestY]) => {
      const { clientWidth, clientHeight, width, height } = canvas
      const scale = Math.min(clientWidth / width, clientHeight / height)
      return {
        x: (clientWidth - width * scale) / 2 + (guestX ?? 0) * scale,
        y: (clientHeight - height * scale) / 2 + (guestY ?? 0) * scale,
      }
    },
    [...place],
  )
}

/**
 * The terminal of the test's desktops is at 40,60. The pointer comes from elsewhere: until a client has
 * moved it, the X server draws it itself, into its own picture only.
 */
async function clickDesktop(page: Page, x: number, y: number) {
  await screen(page).hover({ position: await placeOnScreen(page, [x + 20, y + 20]) })
  await screen(page).click({ position: await placeOnScreen(page, [x, y]) })
}

/** Selects text however slowly the guest follows, which two clicks do not. */
async function dragOnDesktop(page: Page, from: Place, to: Place) {
  const box = await screen(page).boundingBox()
  const move = async (place: Place) => {
    const { x, y } = await placeOnScreen(page, place)
    await page.mouse.move((box?.x ?? 0) + x, (box?.y ?? 0) + y, { steps: 5 })
  }
  await move(from)
  await page.mouse.down()
  await move(to)
  await page.mouse.up()
}

const inTerminal = [200, 200] as const

interface Picture {
  width: number
  height: number
  pixels: Uint8Array
}

async function readCanvas(page: Page): Promise<Picture> {
  const { width, height, base64 } = await screen(page).evaluate((canvas: HTMLCanvasElement) => {
    const image = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height)
    const bytes = image?.data ?? new Uint8ClampedArray()
    let binary = ''
    for (let at = 0; at < bytes.length; at += 4096)
      binary += String.fromCharCode(...bytes.subarray(at, at + 4096))
    return { width: canvas.width, height: canvas.height, base64: btoa(binary) }
  })
  return { width, height, pixels: Buffer.from(base64, 'base64') }
}

/** 16 bits a pixel is what the client asks for; eight bits a colour are made of them again. */
const fifthBits = (value: number) => ((value >> 3) * 527 + 23) >> 6
const sixthBits = (value: number) => ((value >> 2) * 259 + 33) >> 6

/** How many pixels of the page differ from what the X server has, and between which; or that the sizes do. */
async function differenceTo(page: Page, display: string): Promise<number | string> {
  const [shown, real] = await Promise.all([readCanvas(page), x11Screenshot(display)])
  const sizes = [shown, real].map(({ width, height }) => `${width}×${height}`)
  if (sizes[0] !== sizes[1]) return sizes.join(' shows ')
  const differing: { x: number; y: number }[] = []
  for (let at = 0; at < real.pixels.length; at += 4) {
    const isSame =
      shown.pixels[at] === fifthBits(real.pixels[at] ?? 0) &&
      shown.pixels[at + 1] === sixthBits(real.pixels[at + 1] ?? 0) &&
      shown.pixels[at + 2] === fifthBits(real.pixels[at + 2] ?? 0)
    if (!isSame) differing.push({ x: (at / 4) % real.width, y: Math.floor(at / 4 / real.width) })
  }
  if (differing.length === 0) return 0
  const range = (values: number[]) =>
    `${values.reduce((a, b) => Math.min(a, b))}–${values.reduce((a, b) => Math.max(a, b))}`
  const columns = range(differing.map(({ x }) => x))
  const rows = range(differing.map(({ y }) => y))
  return `${differing.length} pixels differ, in columns ${columns}, rows ${rows}`
}

/** Pixels of the page for one of the desktop, across and down. */
function scaleOfScreen(page: Page) {
  return screen(page).evaluate(
    ({ clientWidth, clientHeight, width, height }: HTMLCanvasElement) => [
      clientWidth / width,
      clientHeight / height,
    ],
  )
}

const contentOf = (file: string) => readFile(file, 'utf8')

test('signs in with NLA, types, sends keys, and keeps no password', async ({
  page,
  rdpServers,
}) => {
  const loaded: string[] = []
  page.on('request', (request) => loaded.push(request.url()))
  await page.goto(`${machines}/win-1/console?type=rdp`)
  await expect(page.getByRole('button', { name: 'Connect', exact: true })).toBeVisible()
  const ofClient = () => loaded.filter((url) => /\/assets\/(rdp-client|.*\.wasm)/.test(url))
  expect(ofClient()).toEqual([])
  await expectAccessible(page)

  await signIn(page, 'not the password')
  await expect(page.getByRole('heading', { name: /The guest ended the sign-in/ })).toBeVisible()
  const password = page.getByLabel('Password', { exact: true })
  await expect(password).toBeFocused()
  await expect(password).toHaveValue('')
  await expect(page.getByRole('textbox', { name: 'User name' })).toHaveValue(rdpLogin.user)

  await signIn(page, rdpLogin.password)
  await expectConnected(page)
  expect(ofClient()).toHaveLength(2)
  await expectAccessible(page)

  await clickDesktop(page, ...inTerminal)
  const line = String.raw`~!@#$%^&*()_+{}|:"<>? aZ09 -=[];',./` + '`'
  await typeKeys(page, line)
  await page.keyboard.press('Enter')
  await expect.poll(() => contentOf(rdpServers.nla.typed)).toBe(`${line}\n`)

  // Over the background, whose keys are listened for.
  await clickDesktop(page, 900, 700)
  await page.getByRole('button', { name: 'Send keys' }).click()
  await page.getByRole('menuitem', { name: 'Ctrl+Alt+Del' }).click()
  await expect.poll(() => contentOf(rdpServers.nla.keys)).toMatch(/state 0xc,.*Delete/)
  await page.getByRole('button', { name: 'Send keys' }).click()
  await page.getByRole('menuitem', { name: 'Win', exact: true }).click()
  await expect.poll(() => contentOf(rdpServers.nla.keys)).toMatch(/Super_L/)

  // The way out for the keyboard; and passing over the screen does not take it back.
  await expect(screen(page)).toBeFocused()
  await page.keyboard.down('Control')
  await page.keyboard.down('Alt')
  await page.keyboard.up('Alt')
  await page.keyboard.up('Control')
  const type = page.getByRole('button', { name: /^RDP/ })
  await expect(type).toBeFocused()
  await screen(page).hover()
  await expect(type).toBeFocused()

  await page.getByRole('button', { name: 'Disconnect' }).click()
  await expect(page.getByText('The password has been forgotten here.')).toBeVisible()
  const kept = await page.evaluate(async () => {
    const databases = await indexedDB.databases()
    return [
      JSON.stringify(Object.entries(localStorage)),
      JSON.stringify(Object.entries(sessionStorage)),
      JSON.stringify(databases),
      location.href,
      JSON.stringify(history.state),
      document.documentElement.outerHTML,
      ...[...document.querySelectorAll('input')].map(({ value }) => value),
    ].join('\n')
  })
  expect(kept).not.toContain(rdpLogin.password)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(password).toHaveValue('')
})

test('shows a desktop exactly, at any size, with one clipboard, and comes back after a cut', async ({
  page,
  context,
  stack,
  rdpServers: { tls },
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(`${machines}/db-1/console?type=rdp`)
  await expect(page.getByText('Nothing says that this guest has Remote Desktop')).toBeVisible()
  await signIn(page, rdpLogin.password, 'Try RDP')
  await expectConnected(page)
  // Without NLA the guest takes the same sign-in, with no screen of its own for it.
  await expect.poll(() => differenceTo(page, tls.display)).toBe(0)

  await clickDesktop(page, ...inTerminal)
  await typeKeys(page, 'Every width of text has padding of its own; 1234567890.')
  await page.keyboard.press('Enter')
  await expect.poll(() => contentOf(tls.typed)).toMatch(/own; 1234567890\.\n$/)
  await expect.poll(() => differenceTo(page, tls.display)).toBe(0)

  // From here into the guest: told when the screen gets the focus, or with the keys that paste.
  await page.evaluate(() => navigator.clipboard.writeText('copied here, für 5'))
  const before = await readCanvas(page)
  // The keys wait until xrdp has told the X server of the new text.
  await page.keyboard.press('Shift+Insert')
  await expect
    .poll(async () => Buffer.compare((await readCanvas(page)).pixels, before.pixels) === 0)
    .toBe(false)
  await page.keyboard.press('Enter')
  await expect.poll(() => contentOf(tls.typed)).toMatch(/copied here, für 5\n$/)
  // And back: selected in the terminal, it is in the guest's clipboard.
  await typeKeys(page, 'fromtheguest')
  await expect.poll(() => differenceTo(page, tls.display)).toBe(0)
  await dragOnDesktop(page, [43, 60 + 15 * 2 + 8], [180, 60 + 15 * 2 + 8])
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toContain('fromtheguest')

  const former = (await readCanvas(page)).width
  await page.setViewportSize({ width: 1163, height: 777 })
  // Only when it has another size is it the desktop that was asked for.
  await expect.poll(async () => (await readCanvas(page)).width).not.toBe(former)
  await expectConnected(page)
  await clickDesktop(page, ...inTerminal)
  await expect.poll(() => differenceTo(page, tls.display)).toBe(0)

  // 1:1, chosen while the desktop is about to take on yet another size, and over a further one.
  await page.setViewportSize({ width: 1080, height: 740 })
  await page.getByRole('button', { name: '1:1' }).click()
  await page.setViewportSize({ width: 900, height: 650 })
  await expectConnected(page)
  await clickDesktop(page, ...inTerminal)
  await typeKeys(page, 'each pixel is one of the page')
  await page.keyboard.press('Enter')
  await expect.poll(() => contentOf(tls.typed)).toMatch(/one of the page\n$/)
  await expect.poll(() => differenceTo(page, tls.display)).toBe(0)
  await expect.poll(() => scaleOfScreen(page)).toEqual([1, 1])
  await page.getByRole('button', { name: 'Fit' }).click()

  await stack.restartGateway()
  await expect(page.getByText('Reconnecting', { exact: true })).toBeVisible()
  await expectConnected(page)
  await clickDesktop(page, ...inTerminal)
  await expect.poll(() => differenceTo(page, tls.display)).toBe(0)
})

test('says what is in the way of a desktop, and what to do', async ({ page }) => {
  const heading = (name: string | RegExp) => page.getByRole('heading', { name })
  await page.goto(`${instances}/probe/console?type=rdp`)
  await signIn(page, 'x', 'Try RDP')
  await expect(heading('Nothing listens on port 3389')).toBeVisible()
  await expect(region(page)).toContainText('Turn Remote Desktop on in the guest')

  await page.goto(`${machines}/cache-1/console?type=rdp`)
  await signIn(page, 'x', 'Try RDP')
  await expect(heading('The VM is paused or not running')).toBeVisible()

  await page.goto(`${machines}/web-1/console?type=rdp`)
  await signIn(page, 'x', 'Try RDP')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('button', { name: 'Try RDP' })).toBeVisible()
  await signIn(page, 'x', 'Try RDP')
  await expect(heading('The guest does not answer')).toBeVisible()

  await page.route('**/*.wasm', (route) => route.abort())
  await page.goto(`${machines}/win-1/console?type=rdp`)
  await signIn(page, rdpLogin.password)
  await expect(heading('The remote desktop could not be loaded')).toBeVisible()

  await page.getByRole('button', { name: /sandbox-admin/ }).click()
  await page.getByRole('menuitem', { name: /sandbox-view/ }).click()
  await expect(page.getByRole('button', { name: /sandbox-view/ })).toBeVisible()
  await page.goto(`${machines}/win-1/console?type=rdp`)
  await expect(region(page)).toContainText('get virtualmachineinstances/portforward')
})

test('names the best way for another client, and makes one', async ({ page, kubectl }) => {
  await page.goto(`${machines}/win-1/console?type=rdp`)
  await page.getByRole('button', { name: 'Other clients' }).click()
  const others = page.getByRole('region', { name: 'Other clients' })
  await expect(others.getByRole('radio', { name: /Through the cluster/ })).toBeChecked()

  await others.getByRole('button', { name: 'Create a Service' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: /NodePort/ }).check()
  await dialog.getByRole('button', { name: 'Show changes' }).click()
  await expect(dialog).toContainText('virtctl expose vmi win-1 -n demo --name win-1-rdp')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Create Service' }).click()
  await expect(dialog).toBeHidden()

  const read = (path: string) =>
    kubectl('get', 'service', 'win-1-rdp', '-n', 'demo', `-o=jsonpath={${path}}`)
  const nodePort = await read('.spec.ports[0].nodePort')
  expect(await read('.spec.ports[0].targetPort')).toBe('3389')
  // What it selects is the pod that runs the VM.
  const selector = JSON.parse(await read('.spec.selector')) as Record<string, string>
  const selected = Object.entries(selector).map(([key, value]) => `${key}=${value}`)
  expect(await kubectl('get', 'pods', '-n', 'demo', '-l', selected.join(','))).toContain(
    'virt-launcher-win-1',
  )
  await expect(others.getByRole('radio', { name: `Node port of Service win-1-rdp` })).toBeChecked()
  expect(await downloadedAddress(page)).toMatch(
    new RegExp(`^\\d+\\.\\d+\\.\\d+\\.\\d+:${nodePort}$`),
  )

  const status = { status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } } }
  await kubectl(
    'patch',
    'service',
    'win-1-rdp',
    '-n',
    'demo',
    '--subresource=status',
    '--type=merge',
    `-p=${JSON.stringify(status)}`,
  )
  await expect(
    others.getByRole('radio', { name: 'Load balancer of Service win-1-rdp: 203.0.113.7:3389' }),
  ).toBeChecked()
  expect(await downloadedAddress(page)).toBe('203.0.113.7')
})

async function downloadedAddress(page: Page): Promise<string | undefined> {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download .rdp file' }).click()
  const text = await readFile(await (await download).path(), 'utf8')
  return /^full address:s:(.*)\r$/m.exec(text)?.[1]
}

/** Console sessions between several viewers and windows, and through whatever cuts them. */
import { writeFile } from 'node:fs/promises'

import type { Page } from '@playwright/test'

import type { Stack } from '../scripts/stack.mjs'
import {
  expect,
  expectAccessible,
  expectConnected,
  logInOnSerial,
  runOnSerial,
  serialLog,
  showConsole,
  test,
  typeInVnc,
  waitForLogin,
  type Kubectl,
} from './fixtures.ts'

// One guest is enough, and starts sooner alone.
test.use({ stackOptions: { seed: 'empty', guests: 'guest-1' } })

const vms = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine'

/** Makes `demo/guest-1`; it runs unless `runStrategy` says otherwise. */
async function createVm(kubectl: Kubectl, runStrategy: 'Always' | 'Halted') {
  const manifest = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'guest-1', namespace: 'demo' },
    spec: {
      runStrategy,
      template: {
        spec: {
          domain: {
            memory: { guest: '128Mi' },
            devices: { interfaces: [{ name: 'default', masquerade: {} }] },
          },
          networks: [{ name: 'default', pod: {} }],
          terminationGracePeriodSeconds: 5,
        },
      },
    },
  }
  const file = test.info().outputPath('vm.json')
  await writeFile(file, JSON.stringify(manifest))
  await kubectl('create', 'namespace', 'demo').catch(() => '')
  await kubectl('create', '-f', file)
}

async function setFaults(stack: Stack, faults: object) {
  const response = await fetch(`${stack.sandboxUrl}/sandbox/faults`, {
    method: 'POST',
    headers: { authorization: 'Bearer sandbox-admin' },
    body: JSON.stringify(faults),
  })
  expect(response.ok).toBe(true)
}

const serialOf = (page: Page) => page.getByRole('region', { name: 'Serial console' })
const openConsoles = (page: Page) => page.getByRole('navigation', { name: 'Open consoles' })

/** Looks on by pictures, which follow what `viewer` does to the screen and cost it nothing. */
async function watchWithoutSession(stranger: Page, viewer: Page) {
  const streams: string[] = []
  stranger.on('websocket', (socket) => streams.push(socket.url()))
  await stranger.getByRole('button', { name: 'Watch' }).click()
  const picture = stranger.getByRole('img', { name: 'Screen of guest-1' })
  await expect(picture).toBeVisible()
  // The whole of it is loaded, in the guest's own pixels.
  const width = () => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)
  await expect.poll(width).toBe(720)
  await expectAccessible(stranger)
  const first = await picture.getAttribute('src')
  await typeInVnc(viewer, 'seen by both')
  await expect(picture).not.toHaveAttribute('src', first ?? '', { timeout: 60_000 })
  await expect(stranger.getByText(/Watching: /)).toContainText(/Taken \d/)
  await stranger.getByRole('button', { name: 'Stop watching' }).click()
  await expect(picture).toBeHidden()
  await expect(stranger.getByRole('heading', { name: 'The screen is in use' })).toBeVisible()
  expect(streams.filter((url) => /\/vnc(\?|$)/.test(url))).toEqual([])
  await expectConnected(viewer)
}

test('viewers wait for each other, windows share, and consoles come back from what cuts them', async ({
  page,
  context,
  browser,
  stack,
  kubectl,
}) => {
  test.setTimeout(480_000)
  await createVm(kubectl, 'Always')
  await waitForLogin(kubectl, 'guest-1')
  await page.goto(`${vms}/guest-1/console`)
  await expectConnected(page)

  const strangers = await browser.newContext({ baseURL: stack.url })
  const stranger = await strangers.newPage()
  await stranger.goto(`${vms}/guest-1/console`)
  await expect(stranger.getByRole('heading', { name: 'The screen is in use' })).toBeVisible({
    timeout: 60_000,
  })
  await expectAccessible(stranger)
  await watchWithoutSession(stranger, page)
  await stranger.getByRole('button', { name: 'Wait until it is free' }).click()
  await expect(stranger.getByText(/Waiting for \d+ s\. Next try in \d+ s\./)).toBeVisible()
  await expectConnected(page)
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await expectConnected(stranger)

  // Asking back politely is refused; taking over is said to the one who loses.
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await page.getByRole('button', { name: 'Take over' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Take over' }).click()
  await expectConnected(page)
  await expect(stranger.getByRole('heading', { name: /Another viewer has/ })).toBeVisible()
  await strangers.close()

  await showConsole(page, 'Serial')
  await logInOnSerial(page)
  await runOnSerial(page, 'echo first-$((40+2))', 'first-42')

  const second = await context.newPage()
  await second.goto(`${vms}/guest-1/console?type=serial`)
  await expect(second.getByRole('heading', { name: 'Open in another tab' })).toBeVisible()
  await expectAccessible(second)
  await second.getByRole('button', { name: 'Follow here' }).click()
  await expect(serialOf(second)).toContainText('first-42')
  await expect(page.getByText('Another window of yours follows this one.')).toBeVisible()
  await runOnSerial(second, 'echo second-$((40+2))', 'second-42')
  await expect(serialOf(page)).toContainText('second-42')
  await second.getByRole('button', { name: 'Move here' }).click()
  await expectConnected(second)
  await expect(page.getByRole('heading', { name: 'Moved to another window' })).toBeVisible()
  await runOnSerial(second, 'echo third-$((40+2))', 'third-42')
  // The screen of the first window has not been touched by it.
  const strip = openConsoles(page)
  await expect(strip.getByRole('link', { name: /guest-1/ })).toHaveText([/guest-1 VNC, Connected/])
  await second.close()

  await page.getByRole('button', { name: 'Move here' }).click()
  await expectConnected(page)
  await page.getByRole('link', { name: 'VirtualMachines', exact: true }).first().click()
  await expect(strip.getByRole('link', { name: /guest-1/ })).toHaveText([
    /VNC, Connected/,
    /Serial, Connected/,
  ])
  await expectAccessible(page)
  await strip.getByRole('link', { name: /VNC/ }).click()
  await expectConnected(page)
  await expect(strip.getByRole('link', { name: /VNC/ })).toHaveAttribute('aria-current', 'page')
  await strip.getByRole('button', { name: 'Close Serial console of guest-1' }).click()
  await strip.getByRole('button', { name: 'Close VNC console of guest-1' }).click()
  await expect(page.getByRole('heading', { name: 'Disconnected' })).toBeVisible()
  await expect(strip).toBeHidden()

  // As another user, whose rights can be taken away; the shell is still there.
  await page.goto('/')
  await page.getByRole('button', { name: /sandbox-admin/ }).click()
  await page.getByRole('menuitem', { name: /sandbox-edit/ }).click()
  await expect(page.getByRole('button', { name: /sandbox-edit/ })).toBeVisible()
  await page.goto(`${vms}/guest-1/console`)
  await expectConnected(page)
  await showConsole(page, 'Serial')
  await runOnSerial(page, 'echo again-$((40+2))', 'again-42')
  await runOnSerial(page, 'here=the-same-shell; echo', '#')

  const migration = test.info().outputPath('migration.json')
  await writeFile(
    migration,
    JSON.stringify({
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstanceMigration',
      metadata: { name: 'move-1', namespace: 'demo' },
      spec: { vmiName: 'guest-1' },
    }),
  )
  await kubectl('create', '-f', migration)
  await expect(page.getByText(/Followed the VM to another node/)).toBeVisible({ timeout: 90_000 })
  await runOnSerial(page, 'echo migrated: $here', 'migrated: the-same-shell')
  // The screen that nobody looked at has followed as well.
  await expect(strip.getByRole('link', { name: /VNC/ })).toContainText('Connected')

  await stack.restartGateway()
  await expect(page.getByText(/Connected again after an interruption/)).toBeVisible({
    timeout: 60_000,
  })
  await runOnSerial(page, 'echo gateway: $here', 'gateway: the-same-shell')

  await setFaults(stack, { expireTokens: true, dropStreams: true })
  await expect(page.getByRole('dialog', { name: /Your session has ended/ })).toBeVisible()
  const below = page.getByRole('region', { name: 'Serial console', includeHidden: true })
  await expect(below).toContainText('gateway: the-same-shell')
  await expectAccessible(page)
  await setFaults(stack, { expireTokens: false })
  // By itself, as it says: a click on its button would race with that.
  await expectConnected(page)
  await runOnSerial(page, 'echo signed-in: $here', 'signed-in: the-same-shell')

  await page.getByRole('button', { name: 'Restart', exact: true }).click()
  await expect(page.getByText(/Connected to the restarted VM/)).toBeVisible({ timeout: 90_000 })
  await expect(serialOf(page)).toContainText(/Power down[^]*reconnected[^]*login:/, {
    timeout: 90_000,
  })

  await kubectl('delete', 'rolebinding', 'sandbox-edit', '-n', 'demo')
  await setFaults(stack, { dropStreams: true })
  await expect(page.getByRole('heading', { name: 'You may not open this console' })).toBeVisible()
  await expect(page.getByText(/may not get virtualmachineinstances\/console/)).toBeVisible()
})

test('a console opens before the firmware, and holds a key for its menu', async ({
  page,
  kubectl,
}) => {
  await createVm(kubectl, 'Halted')
  await page.goto(`${vms}/guest-1/console`)
  await expect(page.getByRole('heading', { name: 'guest-1 is off' })).toBeVisible()
  await page.getByLabel('Hold a key while it starts').selectOption('Esc')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Start and open' }).click()
  const note = page.getByText(/Esc is pressed again and again/)
  await expect(note).toBeVisible({ timeout: 60_000 })
  await expectConnected(page)
  // The prompt would have let the guest boot by now: it waits in the menu that the key has opened.
  await expect(note).toBeHidden({ timeout: 60_000 })
  expect(await serialLog(kubectl, 'guest-1')).toBe('')
  await typeInVnc(page, '1')
  await waitForLogin(kubectl, 'guest-1')
})

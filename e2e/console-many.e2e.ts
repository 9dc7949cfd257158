/** Many consoles at once: side by side, typed to together, and as a wall of pictures. */
import type { Locator, Page } from '@playwright/test'

import {
  expect,
  expectAccessible,
  expectConnected,
  logInByKeys,
  serialLog,
  test,
  waitForLogin,
} from './fixtures.ts'

function pane(page: Page, label: string): Locator {
  return page.getByRole('group', { name: `${label} in demo` })
}

/** Opens a pane's menu and does what it offers. */
async function choose(page: Page, label: string, action: string) {
  await page.getByRole('button', { name: `Actions for ${label}` }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

/** The simulated guest's display takes on any size, as one with a driver for it does. */
async function expectGuestFollowsWindow(page: Page) {
  await page.getByRole('button', { name: 'View', exact: true }).click()
  const view = page.getByRole('dialog', { name: 'View' })
  const follow = view.getByRole('switch', { name: 'Resize the guest’s screen with the window' })
  await expect(follow).not.toBeChecked()
  await follow.press('Space')
  await expect(view).toContainText('web-1 follows.')
  await follow.press('Escape')
  const screen = page.getByRole('application')
  const widths = () =>
    screen.evaluate((canvas: HTMLCanvasElement) => [
      canvas.width,
      Math.floor(canvas.closest('.kc-console-session')?.clientWidth ?? 0),
    ])
  const [before = 0] = await widths()
  await page.setViewportSize({ width: 1500, height: 900 })
  await expect
    .poll(async () => {
      const [guest = 0, window = 0] = await widths()
      return guest > before && guest === window
    })
    .toBe(true)
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.getByRole('button', { name: 'View', exact: true }).click()
  await follow.press('Space')
  await expect(follow).not.toBeChecked()
  await follow.press('Escape')
}

test.describe('on real guests', () => {
  test.use({ stackOptions: { guests: 'web-1,db-1' } })

  test('types to the chosen consoles and to no other', async ({ page, kubectl }) => {
    const [web, db, other] = ['web-1 VNC', 'db-1 Serial', 'db-1 VNC']
    await page.goto('/kubevirt/consoles?c=demo/web-1/vnc&c=demo/db-1/serial&c=demo/db-1/vnc')
    await waitForLogin(kubectl, 'web-1')
    await waitForLogin(kubectl, 'db-1')
    for (const label of [web, db, other])
      await expect(pane(page, label).getByText('Connected', { exact: true })).toBeAttached()

    // Nobody receives before being chosen.
    await page.getByRole('button', { name: 'Type to several' }).click()
    await expect(page.getByText('Receives typing', { exact: true })).toHaveCount(0)
    await page.getByRole('checkbox', { name: `Type to ${web}` }).check()
    await page.getByRole('checkbox', { name: `Type to ${db}` }).check()
    for (const label of [web, db])
      await expect(pane(page, label).getByText('Receives typing', { exact: true })).toBeVisible()
    await expect(pane(page, other).getByText('Receives typing', { exact: true })).toBeHidden()
    await expectAccessible(page)

    const input = page.getByRole('textbox', { name: 'Type to 2 consoles' })
    await input.focus()
    await logInByKeys(page, 'echo seen-on-$(hostname) > /dev/ttyS0', async () => {
      for (const name of ['web-1', 'db-1'])
        await expect
          .poll(() => serialLog(kubectl, name), { timeout: 5000 })
          .toContain(`seen-on-${name}`)
    })
    // Each login is told on the serial console: nobody came in at the screen of db-1.
    expect(await serialLog(kubectl, 'web-1')).toContain("root login on 'tty1'")
    expect(await serialLog(kubectl, 'db-1')).toContain("root login on 'ttyS0'")
    expect(await serialLog(kubectl, 'db-1')).not.toContain("root login on 'tty1'")
    await page.getByRole('checkbox', { name: `Type to ${web}` }).uncheck()
    await page.getByRole('textbox', { name: 'Type to 1 console' }).focus()

    // Ctrl+Alt gives the keyboard back; a console that is cut off stops receiving, and it is said.
    await page.keyboard.down('Control')
    await page.keyboard.down('Alt')
    await page.keyboard.up('Alt')
    await page.keyboard.up('Control')
    await expect(page.getByRole('button', { name: 'Stop typing to several' })).toBeFocused()
    await choose(page, db, 'Disconnect')
    await expect(
      page.getByText(`${db} is not connected and no longer receives typing.`),
    ).toBeVisible()
    await expect(page.getByText('Receives typing', { exact: true })).toHaveCount(0)
    await choose(page, db, 'Connect')
    await expect(pane(page, db).getByText('Connected', { exact: true })).toBeAttached()
    await expect(page.getByText('Receives typing', { exact: true })).toHaveCount(0)

    await page.getByRole('checkbox', { name: `Type to ${web}` }).check()
    await page.reload()
    await expect(pane(page, web)).toBeVisible()
    await expect(page.getByText('Receives typing', { exact: true })).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'Type to several' })).toHaveAttribute(
      'aria-pressed',
      'false',
    )
  })
})

test.describe('on simulated guests', () => {
  test.use({
    stackOptions: { guests: 'simulated', vms: 300 },
    viewport: { width: 1280, height: 800 },
  })

  test('keeps the layout in the address, moves panes by keyboard, and holds nine', async ({
    page,
  }) => {
    const sockets: string[] = []
    const closed: string[] = []
    page.on('websocket', (socket) => {
      if (!/\/(vnc|console)/.test(socket.url())) return
      sockets.push(socket.url())
      socket.on('close', () => closed.push(socket.url()))
    })
    // From the list: what is selected. A link or a bookmark would hold the same.
    await page.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine')
    for (const name of ['web-1', 'db-1'])
      await page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).check()
    await expect(page.getByText('2 selected')).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Open side by side' }).click()
    await expect(page).toHaveURL(/consoles\?c=demo\/(web-1|db-1)\/vnc&c=demo\/(web-1|db-1)\/vnc$/)
    for (const name of ['web-1 VNC', 'db-1 VNC']) await expect(pane(page, name)).toBeVisible()

    // From a console: it goes along with its stream, and the next is asked for once.
    await page.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1/console')
    await expectConnected(page)
    sockets.length = 0
    closed.length = 0
    await expectGuestFollowsWindow(page)
    await page.getByRole('button', { name: 'Add beside…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add consoles' })
    await dialog.getByRole('textbox', { name: 'Find a VM' }).fill('demo/')
    await dialog.getByRole('button', { name: 'Add Serial of web-1', exact: true }).click()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await expect(page).toHaveURL(/consoles\?c=demo\/web-1\/vnc&c=demo\/web-1\/serial$/)
    await expect(page.locator('.kc-pane [data-state="live"]')).toHaveCount(2)
    expect(sockets.filter((url) => /\/vnc/.test(url))).toEqual([])
    expect(closed).toEqual([])
    await page.reload()
    await expect(pane(page, 'web-1 Serial')).toBeVisible()
    await expect(dialog).toBeHidden()
    for (const name of ['web-1 VNC', 'web-1 Serial']) await choose(page, name, 'Remove')

    await page.getByRole('button', { name: 'Add console' }).click()
    await dialog.getByRole('textbox', { name: 'Find a VM' }).fill('demo/')
    await expectAccessible(page)
    for (const name of ['VNC of web-1', 'Serial of web-1', 'VNC of db-1'])
      await dialog.getByRole('button', { name: `Add ${name}`, exact: true }).click()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await expect(page).toHaveURL(/c=demo\/web-1\/vnc&c=demo\/web-1\/serial&c=demo\/db-1\/vnc$/)

    const names = () =>
      page
        .getByRole('group', { name: / in demo$/ })
        .evaluateAll((panes) => panes.map((one) => one.getAttribute('aria-label')))
    const menu = page.getByRole('button', { name: 'Actions for web-1 VNC' })
    await menu.focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('menuitem', { name: /^Move left/ })).toBeFocused()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const moved = ['web-1 Serial in demo', 'web-1 VNC in demo', 'db-1 VNC in demo']
    await expect.poll(names).toEqual(moved)
    await expect(menu).toBeFocused()
    await page.reload()
    await expect.poll(names).toEqual(moved)
    await page.goBack()
    await expect.poll(names).toEqual([moved[1], moved[0], moved[2]])
    await page.goForward()

    await page.getByRole('button', { name: 'Maximise db-1 VNC' }).click()
    await expect(pane(page, 'web-1 VNC')).toBeHidden()
    await page.getByRole('button', { name: 'Show all consoles' }).click()
    await expect(pane(page, 'web-1 VNC')).toBeVisible()

    // By drag: the last one onto the first.
    await page
      .getByRole('group', { name: 'db-1 VNC in demo' })
      .locator('.kc-pane-heading')
      .dragTo(pane(page, 'web-1 Serial'))
    await expect.poll(names).toEqual([moved[2], moved[0], moved[1]])

    // Another kind that is there already: the two change places.
    await choose(page, 'web-1 VNC', 'Show Serial')
    await expect.poll(names).toEqual([moved[2], moved[1], moved[0]])

    await page.setViewportSize({ width: 360, height: 740 })
    const lefts = () =>
      page
        .getByRole('group', { name: / in demo$/ })
        .evaluateAll((panes) => panes.map((one) => Math.round(one.getBoundingClientRect().left)))
    await expect.poll(async () => new Set(await lefts()).size).toBe(1)
    await page.setViewportSize({ width: 1280, height: 800 })

    await page.goto('/k8s/all-namespaces/console-wall?status=Running')
    const checkboxes = page.getByRole('checkbox', { name: /^Select / })
    await expect(checkboxes.nth(8)).toBeVisible()
    for (let index = 0; index < 9; index += 1) await checkboxes.nth(index).check()
    await expect(page.getByText('9 selected, the most')).toBeVisible()
    sockets.length = 0
    closed.length = 0
    await page.getByRole('button', { name: 'Open side by side' }).click()
    await expect(page.locator('.kc-pane [data-state="live"]')).toHaveCount(9)
    expect(sockets).toHaveLength(9)
    expect(closed).toEqual([])
    const box = await page.locator('.kc-many-grid').boundingBox()
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(800)
    await expectAccessible(page)
    await page.setViewportSize({ width: 360, height: 740 })
    await expectAccessible(page)

    // With a tenth, the one unused for longest goes, and it is said.
    await page.goBack()
    await page.locator('.kc-tile-screen').first().focus()
    // The end moves on while the list is still coming; the focus has to stay on the wall all the time.
    await expect(async () => {
      await page.keyboard.press('Control+End')
      await expect(page.getByRole('gridcell').last().getByRole('link')).toBeFocused({
        timeout: 3000,
      })
    }).toPass()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('list', { name: 'Messages' })).toContainText(
      /VNC console of \S+ closed/,
    )
    await expectConnected(page)
    await expect.poll(() => closed).toHaveLength(1)
  })

  test('shows the screens in view, marks what has changed, takes no session, and names a missing right', async ({
    page,
    context,
  }) => {
    const viewer = await context.newPage()
    await viewer.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1/console')
    await expect(viewer.getByText('Connected', { exact: true })).toBeVisible()

    const asked = new Set<string>()
    page.on('request', (request) => {
      if (request.url().endsWith('/vnc/screenshot')) asked.add(request.url())
    })
    await page.addInitScript(() => performance.setResourceTimingBufferSize(10_000))
    // By the browser's own clock: what is told of requests comes late when the machine is busy.
    const mostAtOnce = () =>
      page.evaluate(() => {
        const timings = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
        // Of one that was given up, the end is told later than the next begins.
        const pictures = timings.filter(
          ({ name, responseStatus }) => name.endsWith('/vnc/screenshot') && responseStatus !== 0,
        )
        return Math.max(
          ...pictures.map(
            ({ startTime }) =>
              pictures.filter(
                (other) => other.startTime <= startTime && other.responseEnd > startTime,
              ).length,
          ),
        )
      })

    await page.goto('/k8s/all-namespaces/console-wall?status=Running')
    const count = page.getByRole('status').filter({ hasText: / of / })
    await expect(count).toHaveText(/^2\d\d of 3\d\d$/)
    const inView = () =>
      page.locator('.kc-tile').evaluateAll((tiles) => {
        const frame = document.querySelector('.kc-wall-scroller')?.getBoundingClientRect()
        return tiles
          .filter((tile) => {
            const { top, bottom } = tile.getBoundingClientRect()
            return frame !== undefined && bottom > frame.top && top < frame.bottom
          })
          .map((tile) => tile.querySelector('a')?.getAttribute('aria-label') ?? '')
          .toSorted()
      })
    const labelOf = (url: string) => {
      const [, namespace, name] = /namespaces\/([^/]+)\/[^/]+\/([^/]+)\//.exec(url) ?? []
      return `Console of ${name} in ${namespace}`
    }
    await expect.poll(async () => (await inView()).length).toBeGreaterThan(4)
    const shown = (await inView()).length
    await expect.poll(() => asked.size).toBeGreaterThanOrEqual(shown)
    await expectAccessible(page)
    // While nothing moves, these are asked for again and again, and no other. A machine that has
    // just started moves them once more, and a slow one is asked less often.
    await expect(async () => {
      asked.clear()
      await expect.poll(() => asked.size).toBeGreaterThanOrEqual(shown)
      expect(Array.from(asked, labelOf).toSorted()).toEqual(await inView())
    }).toPass({ timeout: 80_000 })

    // By keyboard: down a row, to the end, and to its console.
    const first = page.locator('.kc-tile-screen').first()
    await first.focus()
    asked.clear()
    await page.keyboard.press('Control+End')
    await expect(page.getByRole('gridcell').last().getByRole('link')).toBeFocused()
    await expect(page.locator('.kc-tile[data-current="true"] canvas')).toBeVisible()
    expect(asked.size).toBeLessThanOrEqual(2 * shown + 8)
    expect(await mostAtOnce()).toBeLessThanOrEqual(4)
    await page.keyboard.press('Control+Home')

    // In the address, as in the list.
    await page
      .getByRole('textbox', { name: 'Search virtual machines' })
      .fill('name:web-1 namespace:demo')
    await expect(page.getByRole('gridcell')).toHaveCount(1)
    await expect(page).toHaveURL(/status=Running&q=name%3Aweb-1/)
    const tile = page.getByRole('gridcell')
    await expect(tile.locator('canvas')).toBeVisible()
    await expect(tile).toContainText(/\d s ago/)
    await viewer.getByRole('region', { name: 'VNC console' }).click()
    await viewer.keyboard.type('somebody\n')
    await expect(tile).toContainText(/Changed \d+ s ago/)
    await expect(viewer.getByText('Connected', { exact: true })).toBeVisible()

    await page.reload()
    await expect(tile).toContainText('web-1')
    await tile.getByRole('link').press('Enter')
    await expect(page).toHaveURL(/web-1\/console$/)
    await page.goBack()
    await page.setViewportSize({ width: 360, height: 740 })
    await expect(tile).toBeVisible()
    await expectAccessible(page)

    // Who lacks the right is told which.
    await page.setViewportSize({ width: 1280, height: 800 })
    for (const user of ['sandbox-view', 'sandbox-edit']) {
      await page.goto('/k8s/ns/demo/console-wall')
      await page.getByRole('button', { name: /sandbox-/ }).click()
      await page.getByRole('menuitem', { name: user }).click()
      await expect(page.getByRole('button', { name: user })).toBeVisible()
      await page.goto('/k8s/ns/demo/console-wall')
      const missing = user === 'sandbox-view' ? '/vnc ' : '/vnc/screenshot '
      await expect(page.getByText('Screens can’t be shown: a right is missing')).toBeVisible()
      await expect(
        page.getByText(`User “${user}” may not get virtualmachineinstances${missing}`),
      ).toBeVisible()
      await expect(page.getByText('Not allowed to see the screen').first()).toBeVisible()
    }
  })
})

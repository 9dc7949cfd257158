/**
 * The plugin in a stand-in for the OpenShift Console: loaded by the console's own loader, under its
 * content security policy, enforced, with its React, router and PatternFly.
 */
import type { Page, Request } from '@playwright/test'

import { rdpLogin } from '../scripts/rdp-servers.mjs'
import {
  expect,
  expectConnected,
  expectStatus,
  logInOnSerial,
  row,
  runOnSerial,
  showConsole,
  test as base,
  typeInVnc,
  waitForLogin,
  withRdp,
} from './fixtures.ts'
import { startPluginHost } from './plugin-host/host-server.ts'
import { startPluginGateway } from './plugin-host/plugin-gateway.ts'

const pluginBase = '/api/plugins/kubevirt-console/'

interface Fixtures {
  /** `plugin-host`, or `plugin-host-previous` with the modules of the oldest console. */
  hostPage: string
  /** Of the console that holds the plugin. */
  hostUrl: string
  /** What went wrong on the page; looked at in the end. */
  faults: string[]
  /** Paths of the plugin's files that were asked for, below its base. */
  pluginFiles: string[]
}

const test = base.extend<Fixtures>({
  hostPage: ['plugin-host', { option: true }],

  hostUrl: async ({ stack, hostPage }, use) => {
    const clusterUrl = stack.sandboxUrl ?? ''
    const gateway = await startPluginGateway(clusterUrl)
    const host = await startPluginHost({
      clusterUrl,
      token: 'sandbox-admin',
      page: hostPage,
      gateway,
    })
    await use(host.url)
    await host.close()
    await gateway.close()
  },
  baseURL: async ({ hostUrl }, use) => use(hostUrl),

  faults: async ({ page }, use) => {
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(`page error: ${error.message}`))
    page.on('console', (message) => {
      // A violation of the policy is told here, also one by a worker.
      if (message.type() === 'error') faults.push(`console: ${message.text()}`)
    })
    page.on('response', (response) => {
      if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`)
    })
    await use(faults)
    expect(faults).toEqual([])
  },

  pluginFiles: async ({ page }, use) => {
    const files: string[] = []
    page.on('request', (request: Request) => {
      const { pathname } = new URL(request.url())
      if (pathname.startsWith(pluginBase)) files.push(pathname.slice(pluginBase.length))
    })
    await use(files)
  },
})

/** Opens the console's first page and waits until it has loaded its plugins. */
async function openConsole(page: Page) {
  await page.goto('/')
  await page.evaluate(() => window.pluginHost.started)
}

test.describe('on simulated guests', () => {
  test.use({ stackOptions: { guests: 'simulated' } })

  test('is loaded, fetches nothing before its use, and runs on the console’s React', async ({
    page,
    faults,
    pluginFiles,
  }) => {
    await openConsole(page)
    const info = await page.evaluate(() => window.pluginHost.store.getPluginInfo())
    expect(info).toMatchObject([
      { status: 'loaded', manifest: { name: 'neighbour' } },
      { status: 'loaded', manifest: { name: 'kubevirt-console' } },
    ])
    // What is on every page of the console, and none of our pages' code.
    const names = () =>
      pluginFiles.map((file) => file.replace(/(-[\w-]{8}|\.\w+)(\.js)$/, '$2')).toSorted()
    await expect
      .poll(names)
      .toEqual([
        'assets/everywhere.js',
        'assets/flags.js',
        'assets/host-modules.js',
        'assets/preload-helper.js',
        'assets/presence.js',
        'assets/rolldown-runtime.js',
        'plugin-entry.js',
        'plugin-manifest.json',
      ])

    // The theme is the console's choice.
    await page.evaluate(() => document.documentElement.classList.add('pf-v6-theme-dark'))
    await page.getByRole('link', { name: 'VirtualMachines', exact: true }).click()
    await expect(page.getByRole('heading', { name: 'VirtualMachines', level: 1 })).toBeVisible()
    await expect(page).toHaveTitle('VirtualMachines · Red Hat OpenShift')
    const isOneReact = await page.evaluate(() => {
      const key = Symbol.for('console-plugin-shared:kubevirt-console')
      const shared = Reflect.get(globalThis, key) as Record<string, { useState: unknown }>
      return shared['react']?.useState === window.pluginHost.react.useState
    })
    expect(isOneReact).toBe(true)

    for (const name of ['VirtualMachineInstances', 'Cluster']) {
      await page.getByRole('link', { name }).click()
      await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
      await expect(page).toHaveTitle(`${name} · Red Hat OpenShift`)
    }
    await expect(page.locator('html')).toHaveClass('pf-v6-theme-dark')

    // PatternFly's rules are the console's: whatever ours touch is ours.
    const foreign = await page.evaluate((start) => {
      const sheets = [...document.styleSheets].filter(({ href }) => href?.includes(start))
      return sheets
        .flatMap(({ cssRules }) => [...cssRules])
        .flatMap((rule) => (rule instanceof CSSMediaRule ? [...rule.cssRules] : [rule]))
        .filter((rule) => rule instanceof CSSStyleRule)
        .map(({ selectorText }) => selectorText)
        .filter((selector) => !selector.includes('kc-'))
    }, pluginBase)
    expect(foreign).toEqual([])
    expect(faults).toEqual([])
  })

  test('lists, sorts and filters VMs, and follows what happens to them', async ({
    page,
    faults,
  }) => {
    await openConsole(page)
    await page.getByRole('link', { name: 'VirtualMachines', exact: true }).click()
    const table = page.getByRole('grid', { name: 'Virtual machines' })
    await expect(row(page, 'Virtual machines', 'web-1')).toBeVisible()
    await expect(page.getByText(/^\d+ in total/)).toBeVisible()
    const names = () => table.locator('.kc-name').allTextContents()
    const ascending = await names()
    await table.getByRole('button', { name: 'Name', exact: true }).click()
    await expect.poll(names).toEqual(ascending.toReversed())

    await page.getByRole('textbox', { name: /^Search/ }).fill('batch')
    await expect(row(page, 'Virtual machines', 'web-1')).toBeHidden()
    await expect(row(page, 'Virtual machines', 'batch-1')).toBeVisible()
    // A change needs the console's CSRF token.
    await row(page, 'Virtual machines', 'batch-1')
      .getByRole('button', { name: /^Start/ })
      .click()
    await expectStatus(page, 'batch-1', /Starting|Running/)

    await page.evaluate(() => window.pluginHost.changeLanguage('de'))
    const created = row(page, 'Virtual machines', 'batch-1').locator('time')
    await expect(created).toHaveAttribute('title', /^\d+\.\d+\.\d{4}, /)
    expect(faults).toEqual([])
  })

  test('is part of the console’s own pages', async ({ page, faults, kubectl }) => {
    await page.goto('/overview?lng=fr')
    // In the language of the console.
    await expect(page.getByRole('link', { name: 'Modèles' })).toBeVisible()
    const inventory = page.getByRole('region', { name: 'Cluster inventory' })
    await expect(inventory.getByRole('link', { name: /\d+ VirtualMachines/ })).toBeVisible()
    await expect(page.getByText(/^KubeVirt: OK/)).toBeVisible()
    await inventory.getByRole('link', { name: /kubevirt-console-running$/ }).click()
    await expect(row(page, 'Virtual machines', 'web-1')).toBeVisible()
    await expect(row(page, 'Virtual machines', 'batch-1')).toBeHidden()

    const where = ['-o', 'jsonpath={.status.nodeName}']
    const node = await kubectl('get', 'vmi', 'web-1', '-n', 'demo', ...where)
    await page.goto(`/k8s/cluster/nodes/${node}`)
    const onNode = page.getByRole('region', { name: 'Inventory' })
    await expect(onNode.getByText(/^\d+ VirtualMachineInstances?$/)).toBeVisible()
    await page.getByRole('link', { name: 'Virtual machines' }).click()
    await expect(page.getByRole('grid', { name: 'Virtual machine instances' })).toBeVisible()

    // The same actions as in our lists, with the same reasons.
    await page.goto('/search')
    await page.getByRole('button', { name: 'Actions of batch-1' }).click()
    const stop = page.getByRole('menuitem', { name: 'Stop', exact: true })
    await expect(stop).toHaveAttribute('aria-disabled', 'true')
    await expect(stop).toHaveAttribute('title', "It isn't running.")
    const start = page.getByRole('menuitem', { name: 'Start', exact: true })
    await start.click()
    await expect(start).toHaveAttribute('title', /^It is already/)
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page
      .getByRole('dialog', { name: /batch-1/ })
      .getByRole('button', { name: 'Cancel' })
      .click()

    await page.goto('/topology/ns/demo')
    // What is in a node is drawn in layers, of which the uppermost takes the click.
    await page.locator('[data-kind=node]').filter({ hasText: 'web-1' }).click()
    const panel = page.getByRole('complementary', { name: 'Details' })
    await expect(panel.getByText('Running')).toBeVisible()
    await panel.getByRole('link', { name: 'web-1', exact: true }).click()
    // And the console's other plugins are part of ours.
    await page.getByRole('tab', { name: 'Backups' }).click()
    await expect(page.getByText('Backups of web-1')).toBeVisible()

    await page.getByRole('button', { name: 'Virtualization' }).click()
    await expect(page.getByRole('heading', { name: 'VirtualMachines', level: 1 })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Nodes' })).toBeVisible()
    expect(faults).toEqual([])
  })

  test('offers to reload when a page’s files are gone after an update', async ({ page }) => {
    const machinePage = '**/assets/VmDetailsPage-*.js'
    await page.route(machinePage, (route) => route.fulfill({ status: 404 }))
    await openConsole(page)
    await page.getByRole('link', { name: 'VirtualMachines', exact: true }).click()
    await row(page, 'Virtual machines', 'web-1')
      .getByRole('link', { name: 'web-1', exact: true })
      .click()
    await expect(page.getByRole('heading', { name: 'This page has failed' })).toBeVisible()
    await page.getByRole('link', { name: 'VirtualMachines', exact: true }).click()
    await expect(row(page, 'Virtual machines', 'web-1')).toBeVisible()
    await page.goBack()
    await page.unroute(machinePage)
    await page.getByRole('button', { name: 'Reload the page' }).click()
    await expect(page.getByRole('heading', { name: 'web-1', level: 1 })).toBeVisible()
  })

  test('asks before unsaved YAML is left by a link of the console', async ({ page, faults }) => {
    await page.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1/yaml')
    await page.getByRole('textbox', { name: /YAML/ }).click()
    await page.keyboard.type('# mine')
    const list = page.getByRole('link', { name: 'VirtualMachines', exact: true }).first()
    await list.click()
    const question = page.getByRole('dialog', { name: 'Leave without saving?' })
    await question.getByRole('button', { name: 'Cancel' }).click()
    await expect(page.getByText('# mine')).toBeVisible()
    await list.click()
    await question.getByRole('button', { name: 'Leave' }).click()
    await expect(page.getByRole('heading', { name: 'VirtualMachines', level: 1 })).toBeVisible()
    expect(faults).toEqual([])
  })

  test('shows nothing of itself where KubeVirt is missing', async ({ page }) => {
    await page.route('**/apis/kubevirt.io/v1', (route) =>
      route.fulfill({ json: { resources: [] } }),
    )
    await openConsole(page)
    const navigation = page.getByRole('navigation')
    await expect(navigation).toBeVisible()
    await expect(navigation.getByRole('link')).toHaveCount(0)
    await expect(navigation.getByRole('button')).toHaveCount(0)
  })

  test.describe('in the oldest console it is for', () => {
    test.use({ hostPage: 'plugin-host-previous' })

    test('shows its pages with that console’s PatternFly and loader', async ({ page, faults }) => {
      await openConsole(page)
      await page.getByRole('link', { name: 'VirtualMachines', exact: true }).click()
      await row(page, 'Virtual machines', 'web-1')
        .getByRole('link', { name: 'web-1', exact: true })
        .click()
      for (const name of ['Network', 'Storage', 'YAML', 'Console']) {
        await page.getByRole('tab', { name }).click()
        await expect(page.getByRole('tabpanel', { name })).not.toBeEmpty()
      }
      await page.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/~new')
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      expect(faults).toEqual([])
    })
  })

  test.describe('with many VMs', () => {
    test.use({ stackOptions: { guests: 'simulated', vms: 300 } })

    test('scrolls the table and not the console’s page', async ({ page }) => {
      await page.goto('/k8s/all-namespaces/kubevirt.io~v1~VirtualMachine')
      await expect(page.getByText(/^3\d\d in total/)).toBeVisible()
      const table = page.getByRole('grid', { name: 'Virtual machines' })
      expect(await table.getByRole('row').count()).toBeLessThan(80)
      const content = page.locator('#content-scrollable')
      await expect
        .poll(() => content.evaluate((one) => one.scrollHeight - one.clientHeight))
        .toBe(0)
      const shown = await content.evaluate((one) => one.clientHeight)
      const scroller = page.locator('.kc-table-scroller')
      await expect
        .poll(async () => (await scroller.boundingBox())?.height)
        .toBeGreaterThan(shown / 2)
    })
  })

  test('starts anew, without a reload, as the user who is impersonated', async ({ page }) => {
    await page.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine')
    await expect(row(page, 'Virtual machines', 'web-1')).toBeVisible()
    await page.evaluate(() => window.pluginHost.impersonate('sandbox-none'))
    await expect(page.getByRole('heading', { name: 'Access denied' })).toBeVisible()
    await expect(page.getByText(/"sandbox-none" cannot list/)).toBeVisible()

    await page.evaluate(() => window.pluginHost.impersonate('sandbox-view'))
    await expect(row(page, 'Virtual machines', 'batch-1')).toBeVisible()
    await row(page, 'Virtual machines', 'batch-1')
      .getByRole('button', { name: /^Start/ })
      .hover()
    await expect(page.getByText(/“sandbox-view” may not update/)).toBeVisible()
    await page.evaluate(() => window.pluginHost.impersonate(undefined))
    await row(page, 'Virtual machines', 'batch-1')
      .getByRole('button', { name: /^Start/ })
      .click()
    await expectStatus(page, 'batch-1', /Starting|Running/)
  })
})

test('opens a VM’s page and tabs, VNC and serial, and keeps the session', async ({
  page,
  faults,
  kubectl,
}) => {
  const vncSockets: string[] = []
  page.on('websocket', (socket) => {
    if (socket.url().includes('/vnc')) vncSockets.push(socket.url())
  })
  await openConsole(page)
  await page.getByRole('link', { name: 'VirtualMachines', exact: true }).click()
  await row(page, 'Virtual machines', 'web-1')
    .getByRole('link', { name: 'web-1', exact: true })
    .click()
  await expect(page.getByRole('heading', { name: 'web-1', level: 1 })).toBeVisible()
  await expect(page).toHaveTitle('web-1 · Red Hat OpenShift')
  for (const name of ['Network', 'Storage', 'Events', 'YAML']) {
    await page.getByRole('tab', { name }).click()
    await expect(page.getByRole('tabpanel', { name })).not.toBeEmpty()
    await expect(page).toHaveTitle(`web-1 · ${name} · Red Hat OpenShift`)
  }

  await waitForLogin(kubectl, 'web-1')
  await page.getByRole('tab', { name: 'Overview' }).click()
  const screenshot = page.getByRole('img', { name: 'Screen of web-1' })
  await expect(screenshot).toHaveJSProperty('complete', true)
  await page.getByRole('link', { name: 'Open the console of web-1' }).click()
  await expectConnected(page)
  const screen = page.getByRole('region', { name: 'VNC console' }).locator('canvas')
  await expect.poll(() => screen.evaluate(countColours)).toBeGreaterThan(1)

  await showConsole(page, 'Serial')
  await logInOnSerial(page)
  await runOnSerial(page, 'echo sum: $((40 + 2))', 'sum: 42')

  // It stays in sight on the console's own pages, and one click away.
  await page.getByRole('banner').getByRole('link', { name: 'Console' }).click()
  const open = page.getByRole('navigation', { name: 'Open consoles' })
  await open.getByRole('link', { name: /web-1.*Serial/ }).click()
  await expectConnected(page)

  // Away and back: the session is the same.
  await page.getByRole('link', { name: 'VirtualMachineInstances' }).click()
  await row(page, 'Virtual machine instances', 'web-1')
    .getByRole('link', { name: 'web-1', exact: true })
    .click()
  await page.getByRole('tab', { name: 'Console' }).click()
  await expectConnected(page)
  await typeInVnc(page, '\n')
  expect(vncSockets).toHaveLength(1)
  expect(faults).toEqual([])
})

test('opens a console in a window of its own', async ({ page, context, faults }) => {
  await openConsole(page)
  await page.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1/console')
  await expectConnected(page)
  const opened = context.waitForEvent('page')
  await page.getByRole('button', { name: 'Open in new window' }).click()
  const window = await opened
  await expect(window.getByRole('main', { name: 'Console of web-1' })).toBeVisible()
  await expectConnected(window)
  await expect(window.getByRole('navigation')).toHaveCount(0)
  expect(faults).toEqual([])
})

test.describe('with a remote desktop', () => {
  test.use({
    stackOptions: async ({ rdpServers }, use) =>
      use({ guests: 'simulated', ...withRdp(rdpServers) }),
  })

  test('shows it through the plugin’s gateway', async ({ page, faults, kubectl }) => {
    await kubectl('wait', 'vm/win-1', '-n=demo', '--for=condition=Ready', '--timeout=180s')
    await kubectl('wait', 'vmi/win-1', '-n=demo', '--for=condition=AgentConnected', '--timeout=60s')
    await page.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/win-1/console?type=rdp')
    await page.getByRole('textbox', { name: 'User name' }).fill(rdpLogin.user)
    await page.getByLabel('Password', { exact: true }).fill(rdpLogin.password)
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await expectConnected(page)
    const screen = page.getByRole('application', { name: /Desktop of win-1/ })
    await expect.poll(() => screen.evaluate(countColours)).toBeGreaterThan(1)
    expect(faults).toEqual([])
  })
})

/** How many different colours a canvas shows in a raster of its points. */
function countColours(canvas: HTMLElement | SVGElement): number {
  const { width, height } = canvas as HTMLCanvasElement
  const context = (canvas as HTMLCanvasElement).getContext('2d')
  const { data } = context?.getImageData(0, 0, width, height) ?? { data: [] }
  const colours = new Set<string>()
  for (let at = 0; at + 2 < data.length; at += 4) {
    colours.add(`${data[at]},${data[at + 1]},${data[at + 2]}`)
  }
  return colours.size
}

/** A VM's network interfaces, changed by form while its guest runs; proofs are taken in the guest. */
import type { Page } from '@playwright/test'

import {
  expect,
  expectAccessible,
  logInOnSerial,
  runOnSerial,
  test,
  waitForLogin,
} from './fixtures.ts'

const vm = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1'
const nic = (page: Page, name: string) =>
  page.getByRole('grid', { name: 'Network interfaces' }).getByRole('row').filter({ hasText: name })

async function choose(page: Page, name: string, action: 'Edit' | 'Remove') {
  await page.getByRole('button', { name: `Actions for network interface ${name}` }).click()
  await page.getByRole('menuitem', { name: action }).click()
  return page.getByRole('dialog', { name: `${action} network interface ${name}` })
}

/** Runs a loop in the guest that ends when `condition` holds. */
async function untilInGuest(page: Page, condition: string, word: string) {
  await runOnSerial(
    page,
    `until ${condition}; do sleep 0.3; done; echo "${word}-$((6*7))"`,
    `${word}-42`,
  )
}

test('plugs, cuts and unplugs an interface of the running guest, and reverts what waits', async ({
  page,
  context,
  kubectl,
}) => {
  const jsonPath = (path: string) =>
    kubectl('get', 'vm', 'web-1', '-n', 'demo', `-o=jsonpath={${path}}`)
  await waitForLogin(kubectl, 'web-1')
  const serial = await context.newPage()
  await serial.goto(`${vm}/console?type=serial`)
  await logInOnSerial(serial)

  await page.goto(`${vm}/network`)
  await page.getByRole('button', { name: 'Add network interface' }).click()
  const add = page.getByRole('dialog', { name: 'Add network interface' })
  const network = add.getByRole('combobox', { name: 'Network' })
  const bridge = await network.getByRole('option', { name: /^br1-vlan100/ }).textContent()
  await network.selectOption({ label: bridge ?? '' })
  await expect(add.getByRole('region', { name: 'Takes effect' })).toContainText('Takes effect now')
  await add.getByRole('button', { name: 'Add interface now' }).click()
  await expect(add).toBeHidden()
  await untilInGuest(serial, 'ip -4 addr show eth1 2>/dev/null | grep -q inet', 'leased')
  // The guest has its address before the node reports it.
  await expect(nic(page, 'nic-1')).toContainText(/\d+\.\d+\.\d+\.\d+/)
  const address = await kubectl(
    'get',
    'vmi',
    'web-1',
    '-n=demo',
    '-o=jsonpath={.status.interfaces[?(@.name=="nic-1")].ipAddress}',
  )
  await runOnSerial(serial, 'ip -4 addr show eth1', address)
  await expect(nic(page, 'nic-1')).toContainText(address)
  await expectAccessible(page)

  const link = await choose(page, 'nic-1', 'Edit')
  await link.getByRole('combobox', { name: 'Link state' }).selectOption('down')
  await link.getByRole('button', { name: 'Save now' }).click()
  await expect(link).toBeHidden()
  await untilInGuest(serial, '[ "$(cat /sys/class/net/eth1/carrier)" = 0 ]', 'cut')

  const remove = await choose(page, 'nic-1', 'Remove')
  await remove.getByRole('button', { name: 'Remove interface now' }).click()
  await expect(remove).toBeHidden()
  await untilInGuest(serial, '[ ! -e /sys/class/net/eth1 ]', 'gone')
  await expect(nic(page, 'nic-1')).toBeHidden()

  // What waits for a restart is told on every tab, and can be taken back by itself.
  const model = await choose(page, 'default', 'Edit')
  await model.getByRole('combobox', { name: 'Model' }).selectOption('e1000e')
  await model.getByRole('button', { name: 'Save, restart to apply' }).click()
  await expect(model).toBeHidden()
  await page.getByRole('tab', { name: 'Overview' }).click()
  const pending = page.getByRole('region', { name: 'Pending changes' })
  await expect(pending).toContainText('1 change waits for a restart')
  await expect(pending.getByRole('button', { name: 'Restart now' })).toBeVisible()
  await pending.getByRole('button', { name: 'Show' }).click()
  await expect(pending.getByRole('listitem')).toContainText('e1000e')
  await expectAccessible(page)
  await pending.getByRole('button', { name: /^Revert: Network interface default/ }).click()
  await expect(pending).toBeHidden()
  const models = '.spec.template.spec.domain.devices.interfaces[*].model'
  expect(await jsonPath(models)).not.toContain('e1000e')
})

test.describe('without a guest', () => {
  test.use({ stackOptions: { guests: 'simulated' } })

  test('shows two people’s changes as a difference, and tells a viewer why nothing can be changed', async ({
    page,
    browser,
    stack,
    kubectl,
  }) => {
    const model = () =>
      kubectl(
        'get',
        'vm',
        'web-1',
        '-n=demo',
        '-o=jsonpath={.spec.template.spec.domain.devices.interfaces[*].model}',
      )
    await kubectl('wait', 'vm/web-1', '-n=demo', '--for=condition=Ready', '--timeout=180s')
    await page.goto(`${vm}/network`)
    const mine = await choose(page, 'default', 'Edit')
    // Each field says for itself when it applies to this VM as it is now.
    const field = (name: string) => mine.getByRole('combobox', { name })
    await expect(field('Model')).toHaveAccessibleDescription(/applies on restart/)
    await expect(field('Link state')).toHaveAccessibleDescription(/applies now/)
    await field('Model').selectOption('e1000e')

    const other = await browser.newPage({ baseURL: stack.url })
    await other.goto(`${vm}/network`)
    const theirs = await choose(other, 'default', 'Edit')
    await theirs.getByRole('combobox', { name: 'Model' }).selectOption('rtl8139')
    await theirs.getByRole('button', { name: /^Save/ }).click()
    await expect(theirs).toBeHidden()
    await other.close()

    await mine.getByRole('button', { name: /^Save/ }).click()
    await expect(mine).toContainText('Nothing was saved')
    await expect(mine.getByRole('list', { name: 'Changed meanwhile' })).toContainText(
      /interfaces\.default\.model: .* → rtl8139/,
    )
    await expectAccessible(page)
    expect(await model()).toBe('rtl8139')
    await expect(mine.getByRole('combobox', { name: 'Model' })).toHaveValue('e1000e')
    await mine.getByRole('button', { name: 'Reload, keep my input' }).click()
    await mine.getByRole('button', { name: /^Save/ }).click()
    await expect(mine).toBeHidden()
    expect(await model()).toBe('e1000e')

    // The command that the form shows does what the form would do.
    const again = await choose(page, 'default', 'Edit')
    await again.getByRole('combobox', { name: 'Model' }).selectOption('ne2k_pci')
    await again.getByRole('button', { name: 'Show changes' }).click()
    await expect(again.getByRole('list', { name: 'Difference' })).toHaveText(
      'spec.template.spec.domain.devices.interfaces.default.model: e1000e → ne2k_pci',
    )
    const command = again.getByText(/^kubectl patch/)
    await expectAccessible(page)
    await kubectl.shell((await command.textContent()) ?? '')
    expect(await model()).toBe('ne2k_pci')
    await again.getByRole('button', { name: 'Cancel' }).click()
    await again.getByRole('button', { name: 'Discard input' }).click()
    await expect(again).toBeHidden()

    await page.getByRole('button', { name: /sandbox-admin/ }).click()
    await page.getByRole('menuitem', { name: /sandbox-view/ }).click()
    await expect(nic(page, 'default')).toContainText('Pod network')
    const add = page.getByRole('button', { name: 'Add network interface' })
    await expect(add).toHaveAttribute('aria-disabled', 'true')
    await add.hover()
    await expect(page.getByRole('tooltip')).toContainText(/sandbox-view|not allowed|right/i)
    await page.setViewportSize({ width: 360, height: 740 })
    await expectAccessible(page)
  })
})

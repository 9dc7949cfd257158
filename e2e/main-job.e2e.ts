/** The main job on real guests: consoles, power, forms, each proved inside the guest or by kubectl. */
import {
  expect,
  expectAccessible,
  expectConnected,
  expectStatus,
  logInOnScreen,
  logInOnSerial,
  row,
  runOnSerial,
  serialLog,
  showConsole,
  test,
  typeInVnc,
  waitForLogin,
} from './fixtures.ts'

const list = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine'

test('logs in through VNC, sees it on serial, and finds the VNC session alive', async ({
  page,
  kubectl,
}) => {
  const vncSockets: string[] = []
  page.on('websocket', (socket) => {
    if (socket.url().includes('/vnc')) vncSockets.push(socket.url())
  })
  await page.goto(list)
  await waitForLogin(kubectl, 'web-1')
  await row(page, 'Virtual machines', 'web-1')
    .getByRole('link', { name: 'web-1', exact: true })
    .click()
  await page.getByRole('tab', { name: 'Console' }).click()

  const vnc = page.getByRole('region', { name: 'VNC console' })
  await expect(vnc).toBeVisible()
  await expectConnected(page)
  await logInOnScreen(page, kubectl, 'web-1')
  await typeInVnc(page, 'echo "Seen from VNC" > /dev/ttyS0\n')
  await expect.poll(() => serialLog(kubectl, 'web-1')).toContain('Seen from VNC')

  await showConsole(page, 'Serial')
  const serial = page.getByRole('region', { name: 'Serial console' })
  await logInOnSerial(page)
  await runOnSerial(
    page,
    'ps > p; grep -c "[-]sh" p | sed "s/^/login shells: /"',
    /login shells: [2-9]/,
  )

  await showConsole(page, 'VNC')
  await expect(vnc).toBeVisible()
  await expectConnected(page)
  await typeInVnc(page, 'echo "Still the same session" > /dev/ttyS0\n')
  await showConsole(page, 'Serial')
  await expect(serial).toContainText('Still the same session')
  expect(vncSockets).toHaveLength(1)
  expect(vncSockets[0]).toContain('preserveSession=true')
})

test('stops and starts a VM while list and details follow', async ({ page, context, kubectl }) => {
  await page.goto(list)
  await waitForLogin(kubectl, 'web-1')
  await expectStatus(page, 'web-1', 'Running')
  const details = await context.newPage()
  await details.goto(`${list}/web-1`)
  await details.getByRole('button', { name: 'Stop', exact: true }).click()
  await expectStatus(page, 'web-1', 'Stopped')
  await expect(details.getByRole('button', { name: 'Start', exact: true })).toBeEnabled()
  await row(page, 'Virtual machines', 'web-1')
    .getByRole('button', { name: /^Start/ })
    .click()
  await expectStatus(page, 'web-1', 'Running')
  await expect(details.getByRole('button', { name: 'Stop', exact: true })).toBeEnabled()
  await waitForLogin(kubectl, 'web-1')
})

test('a VMI deleted with kubectl comes back', async ({ page, kubectl }) => {
  await page.goto(list)
  // A guest that is still booting wouldn't hear that it is to shut down.
  await waitForLogin(kubectl, 'web-1')
  await expectStatus(page, 'web-1', 'Running')
  const uid = () => kubectl('get', 'vmi', 'web-1', '-n', 'demo', '-o=jsonpath={.metadata.uid}')
  const before = await uid()
  await kubectl('delete', 'vmi', 'web-1', '-n', 'demo', '--wait=false')
  await expectStatus(page, 'web-1', /Stopping|Starting|Stopped/)
  await expectStatus(page, 'web-1', 'Running')
  expect(await uid()).not.toBe(before)
})

test('attaches a claim and a bridge NIC by form, and the guest has both', async ({
  page,
  kubectl,
}) => {
  await page.goto(`${list}/batch-1/storage`)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Attach disk' }).click()
  const disk = page.getByRole('dialog', { name: 'Attach disk' })
  await disk.getByRole('combobox', { name: 'Source' }).selectOption('blank')
  await disk.getByRole('textbox', { name: 'PVC name' }).fill('batch-data')
  await disk.getByRole('textbox', { name: 'Size' }).fill('3')
  await expectAccessible(page)
  await disk.getByRole('button', { name: 'Attach disk' }).click()
  await expect(disk).toBeHidden()
  await expect(page.getByRole('grid', { name: 'Disks' })).toContainText('batch-data')

  await page.getByRole('tab', { name: 'Network' }).click()
  await page.getByRole('button', { name: 'Add network interface' }).click()
  const nic = page.getByRole('dialog', { name: 'Add network interface' })
  const network = nic.getByRole('combobox', { name: 'Network' })
  const bridge = await network.getByRole('option', { name: /^br1-vlan100/ }).textContent()
  await network.selectOption({ label: bridge ?? '' })
  await expectAccessible(page)
  await nic.getByRole('button', { name: 'Add interface' }).click()
  await expect(nic).toBeHidden()
  await expect(page.getByRole('grid', { name: 'Network interfaces' })).toContainText('br1-vlan100')

  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await waitForLogin(kubectl, 'batch-1')
  await page.getByRole('tab', { name: 'Console' }).click()
  await showConsole(page, 'Serial')
  await logInOnSerial(page)
  await runOnSerial(page, 'echo nics: $(ls /sys/class/net)', 'nics: eth0 eth1 lo')
  await runOnSerial(
    page,
    'echo sectors: $(cat /sys/block/vd*/size)',
    // 3 GiB in sectors of 512 bytes.
    /sectors:.*6291456/,
  )
})

test('a refused form shows the webhook’s words at their field and keeps what was typed', async ({
  page,
}) => {
  await page.goto(`${list}/batch-1/network`)
  await page.getByRole('button', { name: 'Add network interface' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add network interface' })
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('second-pod-nic')
  const network = dialog.getByRole('combobox', { name: 'Network' })
  await network.selectOption({ label: 'Pod network' })
  await dialog.getByRole('button', { name: 'Add interface' }).click()
  await expect(network).toHaveAccessibleDescription(
    /more than one interface is connected to a pod network/,
  )
  await expect(dialog.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue(
    'second-pod-nic',
  )
})

test('offers RDP for a Windows guest, with a file for other clients, and lets it be tried for another', async ({
  page,
  kubectl,
}) => {
  await kubectl(
    'wait',
    'vmi/win-1',
    '-n',
    'demo',
    '--for=condition=AgentConnected',
    '--timeout=180s',
  )
  await page.goto(`${list}/win-1/console`)
  await page.getByRole('button', { name: /^RDP/ }).click()
  await expect(page.getByRole('button', { name: 'Connect', exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Other clients' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: /\.rdp/ }).click()
  expect((await download).suggestedFilename()).toBe('win-1.rdp')
  await expect(
    page
      .getByRole('region', { name: 'Other clients' })
      .getByRole('textbox', { name: 'Port-forward command' }),
  ).toHaveValue('virtctl port-forward vmi/win-1/demo 33389:3389')

  await page.goto(`${list}/web-1/console?type=rdp`)
  await expect(page.getByText('Nothing says that this guest has Remote Desktop')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Try RDP' })).toBeVisible()
})

test('a user who may only view sees why nothing can be done', async ({ page, kubectl }) => {
  await page.goto(list)
  await page.getByRole('button', { name: /sandbox-admin/ }).click()
  await page.getByRole('menuitem', { name: /sandbox-view/ }).click()
  await expect(page.getByRole('button', { name: /sandbox-view/ })).toBeVisible()
  await kubectl('wait', 'vm/web-1', '-n', 'demo', '--for=condition=Ready', '--timeout=180s')
  await page.goto(`${list}/web-1`)
  const stop = page.getByRole('button', { name: 'Stop', exact: true })
  await expect(stop).toHaveAttribute('aria-disabled', 'true')
  await stop.hover()
  await expect(page.getByRole('tooltip')).toContainText(/sandbox-view|not allowed|right/i)
  await page.getByRole('tab', { name: 'Console' }).click()
  await expect(page.getByRole('main')).toContainText(/not allowed|may not|right/i)
})

test('a second viewer never takes a VNC session without asking', async ({
  page,
  browser,
  stack,
  kubectl,
}) => {
  await waitForLogin(kubectl, 'web-1')
  await page.goto(`${list}/web-1/console`)
  await expectConnected(page)
  const other = await browser.newPage({ baseURL: stack.url })
  await other.goto(`${list}/web-1/console`)
  await expect(other.getByRole('button', { name: 'Take over' })).toBeVisible()
  await expectConnected(page)
  await other.getByRole('button', { name: 'Take over' }).click()
  const confirm = other.getByRole('dialog')
  await confirm.getByRole('button', { name: 'Take over' }).click()
  await expectConnected(other)
  await expect(page.getByRole('main')).toContainText(/taken over|replaced/i)
  await other.close()
})

test('rows stay while the cluster is away, and catch up after', async ({
  page,
  stack,
  kubectl,
}) => {
  await page.goto(list)
  await expectStatus(page, 'web-1', 'Running')
  const admin = { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' }
  await fetch(`${stack.sandboxUrl}/sandbox/faults`, {
    method: 'POST',
    headers: admin,
    body: JSON.stringify({ refuseConnectionsMs: 10_000 }),
  })
  await expect(page.getByText(/reconnecting/i).first()).toBeVisible()
  await expect(row(page, 'Virtual machines', 'web-1')).toBeVisible()
  await expect
    .poll(() => kubectl('delete', 'vm', 'batch-1', '-n', 'demo').catch(() => ''))
    .toContain('deleted')
  await expect(row(page, 'Virtual machines', 'batch-1')).toBeHidden()
  // The second stream may be in the longest pause between two tries.
  await expect(page.getByText(/reconnecting/i)).toBeHidden()
  await expect(row(page, 'Virtual machines', 'web-1')).toBeVisible()
})

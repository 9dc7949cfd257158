/** What is beside a console, on a real guest: each effect is seen in the guest, or by kubectl. */
import type { Page } from '@playwright/test'

import {
  expect,
  expectAccessible,
  expectConnected,
  runOnSerial,
  serialLog,
  test,
  waitForLogin,
} from './fixtures.ts'

const window = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachineInstance/web-1/console/standalone'

const serialOf = (page: Page) => page.getByRole('region', { name: 'Serial console' })
const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

async function open(page: Page, name: string) {
  await page
    .getByRole('group', { name: 'Beside the console' })
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click()
  await expect(panel(page, name)).toBeVisible()
}

const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText())

test('has access, media, metrics, power and events beside a console, and fits a phone', async ({
  page,
  context,
  kubectl,
}) => {
  test.setTimeout(600_000)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await waitForLogin(kubectl, 'web-1')
  await page.goto(`${window}?type=serial`)
  await expectConnected(page)
  const serial = serialOf(page)

  await open(page, 'Access')
  const access = panel(page, 'Access')
  const reveal = access.getByRole('button', { name: 'Reveal password of root' })
  await expect(reveal).toBeVisible()
  await expect(access).not.toContainText('sandbox')
  await access.getByRole('button', { name: 'Copy password of root' }).click()
  await expect.poll(() => copied(page)).toBe('sandbox')
  await reveal.click()
  const shown = access.getByRole('code')
  await expect(shown).toHaveText(/^\w+$/)
  const password = await shown.textContent()
  await access.getByRole('button', { name: /^Copy IP address/ }).click()
  const ip = await kubectl(
    'get',
    'vmi',
    'web-1',
    '-n=demo',
    '-o=jsonpath={.status.interfaces[0].ipAddress}',
  )
  await expect.poll(() => copied(page)).toBe(ip)
  const commands = access.getByRole('region', { name: 'SSH' })
  await commands.getByRole('button', { name: /^Copy/ }).first().click()
  await expect.poll(() => copied(page)).toBe('virtctl ssh root@vmi/web-1 -n demo')
  await commands.getByRole('button', { name: /^Copy/ }).last().click()
  await expect.poll(() => copied(page)).toBe(`ssh root@${ip}`)
  await expectAccessible(page)

  await serial.click()
  await page.keyboard.type('root\n')
  await expect(serial).toContainText('Password:')
  await page.keyboard.type(`${password}\n`)
  await expect(serial).toContainText('# ')
  // The keyboard stays with the guest.
  await open(page, 'Media')
  await page.keyboard.type('echo kept-$((6*7))\n')
  await expect(serial).toContainText('kept-42')

  const media = panel(page, 'Media')
  await media.getByRole('combobox', { name: 'Insert' }).click()
  await page.getByRole('option', { name: /^tools-iso/ }).click()
  await expect(media).toContainText('The medium is in the drive within seconds.')
  await media.getByRole('button', { name: 'Insert', exact: true }).click()
  await expect(media.getByRole('status')).toHaveText('tools-iso')
  const volumeId = 'dd if=/dev/sr0 bs=1 skip=32808 count=5 2>/dev/null'
  await runOnSerial(
    page,
    `until ${volumeId} | grep -q .; do sleep 0.2; done; echo "<$(${volumeId})>"`,
    '<TOOLS>',
  )
  await expect(media).not.toContainText('Being inserted')
  await expectAccessible(page)

  // A guest that has it mounted keeps it; that is a warning, and counted while nobody looks.
  await runOnSerial(page, 'mount /dev/sr0 /mnt; cat /mnt/readme.txt', 'The sandbox made this image')
  await media.getByRole('button', { name: 'Eject' }).click()
  await expect(media.getByRole('status')).toHaveText('Empty')
  await expect(media).toContainText('unmount it there')
  await expect(page.getByRole('button', { name: /^Events, \d new warning/ })).toBeVisible()
  await open(page, 'Events')
  await expect(panel(page, 'Events')).toContainText('unmount the medium there')
  await expect(page.getByRole('button', { name: 'Events', exact: true })).toBeVisible()
  await expectAccessible(page)
  await runOnSerial(page, 'umount /mnt; echo free-$((6*7))', 'free-42')
  await open(page, 'Media')
  await runOnSerial(
    page,
    'while head -c 1 /dev/sr0 >/dev/null 2>&1; do sleep 0.2; done; echo gone-$((6*7))',
    'gone-42',
  )
  await expect(media).not.toContainText('Being ejected')

  // Another medium in the same drive: the guest reads that one.
  await media.getByRole('combobox', { name: 'Insert' }).click()
  await page.getByRole('option', { name: /^virtio-win-iso/ }).click()
  await media.getByRole('button', { name: 'Insert', exact: true }).click()
  await expect(media.getByRole('status')).toHaveText('virtio-win-iso')
  await runOnSerial(
    page,
    `until ${volumeId} | grep -q .; do sleep 0.2; done; echo "<$(${volumeId})>"`,
    '<VIRTI>',
  )
  await runOnSerial(page, 'mount /dev/sr0 /mnt; cat /mnt/readme.txt', 'virtio-win.iso')
  await runOnSerial(page, 'umount /mnt; echo read-$((6*7))', 'read-42')
  await media.getByRole('button', { name: 'Eject' }).click()
  await expect(media.getByRole('status')).toHaveText('Empty')
  await expect(media).not.toContainText('Being ejected', { timeout: 30_000 })
  expect(
    await kubectl('get', 'vm', 'web-1', '-n=demo', '-o=jsonpath={.status.conditions[*].type}'),
  ).not.toContain('RestartRequired')

  await runOnSerial(page, 'yes > /dev/null & echo busy-$((6*7))', 'busy-42')
  await open(page, 'Metrics')
  const metrics = panel(page, 'Metrics')
  // Idle it takes a thirtieth of a core; busy, what the machine has left for it.
  await expect(metrics.getByRole('img', { name: /^CPU: (0\.[1-9]|[1-9])/ })).toBeVisible()
  await expect(metrics.getByRole('img', { name: /^Memory: \d+ MiB now/ })).toBeVisible()
  const ofWeb = ['-n=demo', '-l', 'vm.kubevirt.io/name=web-1', '--no-headers']
  await expect
    .poll(async () => Number(/\s(\d+)m\s/.exec(await kubectl('top', 'pod', ...ofWeb))?.[1]))
    .toBeGreaterThan(60)
  await expectAccessible(page)

  // In fullscreen, while the guest prints.
  await serial.click()
  await page.keyboard.type('kill %1\n')
  await page.keyboard.type('while :; do echo tick; usleep 20000; done\n')
  const log = () => serialLog(kubectl, 'web-1')
  const before = (await log()).length
  await expect.poll(async () => (await log()).length).toBeGreaterThan(before + 100)

  await page.getByRole('button', { name: 'Fullscreen', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Leave fullscreen' })).toBeVisible()
  await open(page, 'Power')
  const power = panel(page, 'Power')
  const unpause = power.getByRole('button', { name: 'Unpause' })
  await expect(unpause).toHaveAccessibleDescription("It isn't paused.")
  await power.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(page.getByRole('note')).toContainText('Paused: nothing moves')
  const paused = await log()
  // A running guest would print some ten lines meanwhile.
  await kubectl('get', 'vmi', 'web-1', '-n=demo')
  expect(await log()).toBe(paused)
  // Asked over the whole screen, and answered by a click that must reach it there.
  await power.getByRole('button', { name: 'Force stop' }).click()
  const question = page.getByRole('dialog', { name: /Force stop web-1/ })
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(question).toBeHidden()
  // A failure is told over the whole screen as well, where a click must reach it.
  await page.route('**/virtualmachineinstances/web-1/unpause', (route) => route.abort(), {
    times: 1,
  })
  await unpause.click()
  const closeFailure = page.getByRole('button', { name: 'Close: Unpause web-1: refused' })
  await closeFailure.click()
  await expect(closeFailure).toBeHidden()
  await unpause.click()
  await expect.poll(async () => (await log()).length).toBeGreaterThan(paused.length + 100)
  await expectAccessible(page)

  // What comes while they are shown comes first.
  await open(page, 'Events')
  const list = panel(page, 'Events').getByRole('listitem')
  await expect(list.filter({ hasText: 'VolumeReady ×2' })).toHaveCount(1)
  const volume = {
    name: 'cdrom',
    persistentVolumeClaim: { claimName: 'tools-iso', hotpluggable: true },
  }
  const patch = [{ op: 'add', path: '/spec/template/spec/volumes/-', value: volume }]
  await kubectl(
    'patch',
    'vm',
    'web-1',
    '-n=demo',
    '--type=json',
    `--patch=${JSON.stringify(patch)}`,
  )
  await expect(list.first()).toContainText('VolumeReady ×3')
  await page.getByRole('button', { name: 'Leave fullscreen' }).click()
  await page.setViewportSize({ width: 360, height: 740 })
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Back to the console' }).click()
  await expect(panel(page, 'Events')).toBeHidden()
  await expect(serial).toBeVisible()
})

test.describe('on simulated guests', () => {
  test.use({ stackOptions: { guests: 'simulated' } })

  test('reads a Secret when asked, not before, and says what may not be done', async ({
    page,
    kubectl,
  }) => {
    const userData = '#cloud-config\nusers: [{ name: anna, plain_text_passwd: s3cret-word }]\n'
    await kubectl(
      'create',
      'secret',
      'generic',
      'batch-init',
      '-n=demo',
      `--from-literal=userdata=${userData}`,
    )
    const spec = JSON.parse(await kubectl('get', 'vm', 'batch-1', '-n=demo', '-o=json')) as {
      spec: { template: { spec: { volumes: { name: string }[] } } }
    }
    const index = spec.spec.template.spec.volumes.findIndex(({ name }) => name === 'cloudinitdisk')
    const path = `/spec/template/spec/volumes/${index}/cloudInitNoCloud`
    const patch = [{ op: 'replace', path, value: { secretRef: { name: 'batch-init' } } }]
    await kubectl(
      'patch',
      'vm',
      'batch-1',
      '-n=demo',
      '--type=json',
      `--patch=${JSON.stringify(patch)}`,
    )

    const reads: string[] = []
    page.on('request', (request) => {
      if (request.url().includes('/secrets/')) reads.push(request.url())
    })
    await page.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/batch-1/console?panel=access')
    const access = panel(page, 'Access')
    const read = access.getByRole('button', { name: 'Read Secret batch-init' })
    await expect(read).toBeVisible()
    expect(reads).toEqual([])
    await read.click()
    const reveal = access.getByRole('button', { name: 'Reveal password of anna' })
    await expect(reveal).toBeVisible()
    expect(reads).toHaveLength(1)
    await expect(access).not.toContainText('s3cret-word')
    await reveal.click()
    await expect(access).toContainText('s3cret-word')

    await page.getByRole('button', { name: /sandbox-admin/ }).click()
    await page.getByRole('menuitem', { name: /sandbox-view/ }).click()
    await expect(page.getByRole('button', { name: /sandbox-view/ })).toBeVisible()
    await page.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/batch-1/console?panel=access')
    await expect(read).toHaveAttribute('aria-disabled', 'true')
    await expect(access).toContainText('may not get secrets')
    await page.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1/console?panel=power')
    await expect(
      panel(page, 'Power').getByRole('button', { name: 'Reset' }),
    ).toHaveAccessibleDescription(/may not update/)
  })
})

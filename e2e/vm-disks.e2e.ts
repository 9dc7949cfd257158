/** The disks of a VM, proved in its guest and in a second one that reads what the first has written. */
import type { Page } from '@playwright/test'

import {
  expect,
  expectAccessible,
  expectConnected,
  logInOnSerial,
  runOnSerial,
  showConsole,
  test,
  waitForLogin,
} from './fixtures.ts'

const vmPage = (name: string) => `/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/${name}`

function diskRow(page: Page, name: string) {
  return page
    .getByRole('grid', { name: 'Disks' })
    .getByRole('row')
    .filter({ has: page.getByRole('button', { name: `Actions for disk ${name}` }) })
}

async function choose(page: Page, disk: string, action: string) {
  await page.getByRole('button', { name: `Actions for disk ${disk}` }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

async function openSerial(page: Page) {
  await page.getByRole('tab', { name: 'Console' }).click()
  await showConsole(page, 'Serial')
}

test('a disk comes, grows, moves to other storage and goes while the guest runs; another reads it', async ({
  page,
  kubectl,
}) => {
  test.setTimeout(600_000)
  await waitForLogin(kubectl, 'web-1')
  await page.goto(`${vmPage('web-1')}/storage`)
  await page.getByRole('button', { name: 'Attach disk' }).click()
  const attach = page.getByRole('dialog', { name: 'Attach disk' })
  await attach.getByRole('combobox', { name: 'Source' }).selectOption('blank')
  await attach.getByRole('textbox', { name: 'PVC name' }).fill('spare')
  await attach.getByRole('textbox', { name: 'Size' }).fill('1')
  await attach.getByRole('textbox', { name: 'Disk name' }).fill('spare')
  await attach.getByRole('combobox', { name: 'Bus' }).selectOption('scsi')
  await expect(attach.getByText('Takes effect now')).toBeVisible()
  await expectAccessible(page)
  await attach.getByRole('button', { name: 'Create PVC and attach disk now' }).click()
  await expect(attach).toBeHidden()
  await expect(diskRow(page, 'spare')).toContainText('Ready')

  await openSerial(page)
  await logInOnSerial(page)
  await runOnSerial(page, 'until grep -w sda /proc/partitions; do sleep 0.2; done', /1048576 sda/)
  await runOnSerial(page, 'echo kept-by-web-1 > /dev/sda; sync; echo done-$((1+1))', 'done-2')

  await page.getByRole('tab', { name: 'Storage' }).click()
  await choose(page, 'spare', 'Grow')
  const grow = page.getByRole('dialog', { name: 'Grow spare' })
  await grow.getByRole('textbox', { name: 'New size' }).fill('2')
  await grow.getByRole('button', { name: 'Grow PVC now' }).click()
  await expect(diskRow(page, 'spare')).toContainText('2 GiB')
  await openSerial(page)
  await expectConnected(page)
  await runOnSerial(
    page,
    'until grep -q "2097152 sda" /proc/partitions; do sleep 0.2; done; echo grown-$((1+1))',
    'grown-2',
  )

  await page.getByRole('tab', { name: 'Storage' }).click()
  await choose(page, 'spare', 'Move to other storage')
  const move = page.getByRole('dialog', { name: 'Move disk spare to other storage' })
  await move.getByRole('textbox', { name: 'New PVC name' }).fill('spare-moved')
  await move.getByRole('combobox', { name: 'Storage class' }).selectOption('fixed-size')
  await expectAccessible(page)
  await move.getByRole('button', { name: 'Create PVC and move disk' }).click()
  await expect(move).toBeHidden()
  await expect(page.getByRole('heading', { name: /Moving spare: / })).toBeVisible()
  await expect(page.getByText('No move is under way.')).toBeVisible()
  await expect(diskRow(page, 'spare')).toContainText('fixed-size')
  await page.getByRole('button', { name: 'Allow plugging again' }).click()
  const end = page.getByRole('dialog', { name: 'Allow plugging disks again' })
  await end.getByRole('button', { name: 'Allow plugging disks again' }).click()
  await expect(end).toBeHidden()

  await choose(page, 'spare', 'Detach')
  const detach = page.getByRole('dialog', { name: 'Detach disk spare' })
  await detach.getByRole('button', { name: 'Detach disk now' }).click()
  await expect(diskRow(page, 'spare')).toHaveCount(0)
  // The row goes with the wish; the disk itself is gone when its status is.
  await expect
    .poll(() =>
      kubectl('get', 'vmi', 'web-1', '-n=demo', '-o=jsonpath={.status.volumeStatus[*].name}'),
    )
    .not.toContain('spare')

  await page.goto(`${vmPage('batch-1')}/storage`)
  await page.getByRole('button', { name: 'Attach disk' }).click()
  const claim = attach.getByRole('combobox', { name: 'PersistentVolumeClaim' })
  await claim.fill('spare-moved')
  await expect(claim).toHaveAttribute('aria-activedescendant', /option-0$/)
  await claim.press('Enter')
  await attach.getByRole('textbox', { name: 'Serial number' }).fill('MOVED')
  await attach.getByRole('button', { name: 'Attach disk' }).click()
  await expect(attach).toBeHidden()
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await waitForLogin(kubectl, 'batch-1')
  await openSerial(page)
  await logInOnSerial(page)
  await runOnSerial(
    page,
    'd=$(grep -l MOVED /sys/block/vd*/serial); head -c 13 /dev/$(echo $d | cut -d/ -f4)',
    'kept-by-web-1',
  )
})

test.describe('without a guest of its own', () => {
  test.use({ stackOptions: { guests: 'simulated' } })

  test('media, boot order, device, deletion along, and what a viewer may', async ({
    page,
    kubectl,
  }) => {
    const spec = async (name: string) =>
      JSON.parse(
        await kubectl('get', 'vm', name, '-n', 'demo', '-o=jsonpath={.spec.template.spec}'),
      )
    await kubectl('wait', 'vmi/web-1', '-n', 'demo', '--for=condition=Ready', '--timeout=180s')
    await page.goto(`${vmPage('web-1')}/storage`)

    const insert = async (medium: string) => {
      await choose(page, 'cdrom', 'Insert medium')
      const dialog = page.getByRole('dialog', { name: 'Insert a medium into cdrom' })
      await dialog.getByRole('combobox', { name: 'PersistentVolumeClaim' }).fill(medium)
      await page.getByRole('option', { name: new RegExp(`^${medium}`) }).click()
      await dialog.getByRole('button', { name: 'Insert medium now' }).click()
      await expect(dialog).toBeHidden()
      await expect(diskRow(page, 'cdrom')).toContainText(new RegExp(`${medium}.*Ready`))
    }
    await insert('tools-iso')
    await insert('virtio-win-iso')
    await choose(page, 'cdrom', 'Eject medium')
    const eject = page.getByRole('dialog', { name: 'Eject the medium of cdrom' })
    await eject.getByRole('button', { name: 'Eject now' }).click()
    await expect(diskRow(page, 'cdrom')).toContainText('Empty drive')

    // By keyboard.
    await page.getByRole('button', { name: 'Change boot order' }).click()
    const order = page.getByRole('dialog', { name: 'Boot order' })
    await order.getByRole('button', { name: 'Add network interface default' }).click()
    await order
      .getByRole('button', { name: 'Move network interface default up' })
      .press('Alt+ArrowUp')
    await expectAccessible(page)
    await order.getByRole('button', { name: 'Save, restart to apply' }).click()
    await expect(order).toBeHidden()
    expect((await spec('web-1')).domain.devices).toMatchObject({
      disks: [{ name: 'rootdisk', bootOrder: 2 }, {}, {}],
      interfaces: [{ name: 'default', bootOrder: 1 }],
    })

    await choose(page, 'cloudinitdisk', 'Edit')
    const edit = page.getByRole('dialog', { name: 'Edit disk cloudinitdisk' })
    await edit.getByRole('combobox', { name: 'Bus' }).selectOption('sata')
    await edit.getByRole('button', { name: 'Cache, errors, sharing' }).click()
    // Refused by the cluster, at the field that is to blame.
    await edit.getByRole('checkbox', { name: 'I/O thread of its own' }).check()
    await expect(
      edit.getByText('IOThreads are not supported for disks on a sata bus'),
    ).toBeVisible()
    await edit.getByRole('combobox', { name: 'Bus' }).selectOption('virtio')
    await edit.getByRole('combobox', { name: 'Cache' }).selectOption('writethrough')
    await edit.getByRole('button', { name: 'Save, restart to apply' }).click()
    await expect(edit).toBeHidden()
    expect((await spec('web-1')).domain.devices.disks[1]).toMatchObject({
      disk: { bus: 'virtio' },
      cache: 'writethrough',
      dedicatedIOThread: true,
    })

    await page.goto(`${vmPage('db-1')}/storage`)
    await choose(page, 'data', 'Detach')
    const detach = page.getByRole('dialog', { name: 'Detach disk data' })
    await detach.getByRole('radio', { name: 'Delete it with its data' }).check()
    await detach.getByRole('button', { name: /^Detach disk and delete its data/ }).click()
    await expect(detach).toBeHidden()
    // Held until the VM has let go of it.
    const deletion = '-o=jsonpath={.metadata.deletionTimestamp}'
    await expect
      .poll(() => kubectl('get', 'pvc', 'db-1-data', '-n', 'demo', deletion).catch(() => 'gone'))
      .toMatch(/^gone$|^20/)

    await page.getByRole('button', { name: /sandbox-admin/ }).click()
    await page.getByRole('menuitem', { name: /sandbox-view/ }).click()
    await expect(page.getByRole('button', { name: /sandbox-view/ })).toBeVisible()
    await page.goto(`${vmPage('web-1')}/storage`)
    await expect(diskRow(page, 'rootdisk')).toContainText('Container disk')
    await expect(page.getByRole('button', { name: 'Attach disk' })).toHaveAttribute(
      'aria-disabled',
      'true',
    )
    await page.getByRole('button', { name: 'Actions for disk rootdisk' }).click()
    for (const name of ['Edit', 'Grow', 'Move to other storage', 'Detach'])
      await expect(page.getByRole('menuitem', { name })).toHaveAttribute('aria-disabled', 'true')
    await expect(page.getByRole('menuitem', { name: 'Edit' })).toContainText(/not allowed|may not/i)
  })
})

test.describe('without CDI and snapshots', () => {
  test.use({ stackOptions: { guests: 'simulated', without: ['cdi', 'snapshot'] } })

  test('says what the cluster lacks, and attaches what it can make', async ({ page, kubectl }) => {
    await page.goto('/k8s/ns/demo/cdi.kubevirt.io~v1beta1~DataVolume')
    await expect(
      page.getByText(/Containerized Data Importer \(CDI\) isn’t installed/),
    ).toBeVisible()
    await page.goto(`${vmPage('batch-1')}/storage`)
    await page.getByRole('button', { name: 'Attach disk' }).click()
    const attach = page.getByRole('dialog', { name: 'Attach disk' })
    await attach.getByRole('combobox', { name: 'Source' }).selectOption('blank')
    await attach.getByRole('textbox', { name: 'PVC name' }).fill('plain')
    await expect(attach.getByText(/Without CDI in the cluster/)).toBeVisible()
    await attach.getByRole('button', { name: 'Create PVC and attach disk' }).click()
    await expect(attach).toBeHidden()
    await expect.poll(() => kubectl('get', 'pvc', 'plain', '-n=demo', '-o=name')).toContain('plain')
    await page.goto('/k8s/ns/demo/persistentvolumeclaims/plain')
    await page.getByRole('button', { name: 'Actions', exact: true }).click()
    await expect(page.getByRole('menuitem', { name: /Take snapshot/ })).toContainText(
      'The cluster has no snapshot API',
    )
  })
})

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
    await kubectl('wait', 'vm/web-1', '-n', 'demo', '--for=condition=Ready', '--timeout=180s')
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

    await page.getByRole('button', { name: 'Change boot order' }).click()
    const order = page.getByRole('dialog', { name: 'Boot order' })
    // Without a field to fill in, the keyboard begins at what can be pressed.
    await expect(order.getByRole('button', { name: 'Move disk rootdisk up' })).toBeFocused()
    await order.getByRole('button', { name: 'Add network interface default' }).click()
    const places = order.getByRole('list', { name: 'Boot order' }).getByRole('listitem')
    const isFirst = (name: RegExp) => expect(places.first()).toHaveText(name)
    await places.filter({ hasText: 'network interface' }).dragTo(places.first())
    await isFirst(/^1\. default/)
    // By keyboard.
    const button = (way: 'up' | 'down') =>
      order.getByRole('button', { name: `Move network interface default ${way}` })
    await button('down').press('Alt+ArrowDown')
    await isFirst(/^1\. rootdisk/)
    await button('up').press('Alt+ArrowUp')
    await isFirst(/^1\. default/)
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

  test('a move is cancelled, a plugged disk kept, and one claim found among a thousand', async ({
    page,
    kubectl,
  }) => {
    const volumes = (name: string) =>
      kubectl('get', 'vm', name, '-n', 'demo', '-o=jsonpath={.spec.template.spec.volumes}')
    await kubectl('wait', 'vm/db-1', '-n', 'demo', '--for=condition=Ready', '--timeout=90s')
    const before = await volumes('db-1')
    const claim = (name: string) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace: 'demo' },
      spec: {
        accessModes: ['ReadWriteMany'],
        volumeMode: 'Block',
        storageClassName: 'standard',
        resources: { requests: { storage: '2Gi' } },
      },
    })
    const send = async (method: string, path: string, body: object) => {
      const answer = await fetch(`${kubectl.server}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      expect(answer.status, await answer.text()).toBeLessThan(300)
    }
    const claims = '/api/v1/namespaces/demo/persistentvolumeclaims'
    await send('POST', claims, claim('db-1-moved'))

    // KubeVirt waits for a migration, which nobody starts.
    const moved = before.replace('"claimName":"db-1-data"', '"claimName":"db-1-moved"')
    const spec = { template: { spec: { volumes: JSON.parse(moved) } } }
    const patch = JSON.stringify({ spec: { updateVolumesStrategy: 'Migration', ...spec } })
    await kubectl('patch', 'vm', 'db-1', '-n=demo', '--type=merge', '-p', patch)
    await page.goto(`${vmPage('db-1')}/storage`)
    await expect(
      page.getByRole('heading', { name: /Moving data: waits for a live migration/ }),
    ).toBeVisible()
    await page.getByRole('button', { name: 'Cancel moving' }).click()
    const cancel = page.getByRole('dialog', { name: 'Cancel moving' })
    await cancel.getByRole('button', { name: 'Cancel moving' }).click()
    await expect(cancel).toBeHidden()
    await expect.poll(() => volumes('db-1')).toContain('"claimName":"db-1-data"')
    await expect(page.getByRole('heading', { name: /^Moving data/ })).toHaveCount(0)

    // With the older gate a disk can be in the instance alone.
    const extra = [
      { name: 'extra', persistentVolumeClaim: { claimName: 'scratch', hotpluggable: true } },
      { name: 'extra', disk: { bus: 'scsi' } },
    ]
    const change = (op: 'add' | 'remove', at: [string, string]) =>
      kubectl(
        'patch',
        'vm',
        'web-1',
        '-n=demo',
        '--type=json',
        '-p',
        JSON.stringify(
          ['/volumes', '/domain/devices/disks'].map((path, index) => ({
            op,
            path: `/spec/template/spec${path}/${at[index]}`,
            ...(op === 'add' && { value: extra[index] }),
          })),
        ),
      )
    await change('add', ['-', '-'])
    await page.goto(`${vmPage('web-1')}/storage`)
    await expect(diskRow(page, 'extra')).toContainText('Ready')

    // Each field says when it applies, and which one is in the way of now.
    await page.getByRole('button', { name: 'Attach disk' }).click()
    const attach = page.getByRole('dialog', { name: 'Attach disk' })
    const bus = attach.getByRole('combobox', { name: 'Bus' })
    await expect(bus).toHaveAccessibleDescription('applies now')
    await bus.selectOption('sata')
    await expect(bus).toHaveAccessibleDescription(/^applies on restart .*VirtIO or SCSI/)
    await expect(attach.getByRole('combobox', { name: 'Source' })).toHaveAccessibleDescription(
      'applies on restart',
    )
    await expectAccessible(page)
    await attach.getByRole('button', { name: 'Cancel' }).click()
    await attach.getByRole('button', { name: 'Discard input' }).click()
    await expect(attach).toBeHidden()

    const gates = { developerConfiguration: { featureGates: ['HotplugVolumes'] } }
    const configuration = JSON.stringify({ spec: { configuration: gates } })
    await kubectl(
      'patch',
      'kubevirt',
      '-n=kubevirt',
      'kubevirt',
      '--type=merge',
      '-p',
      configuration,
    )
    const places = JSON.parse(
      await kubectl('get', 'vm', 'web-1', '-n=demo', '-o=jsonpath={.spec.template.spec}'),
    )
    const place = (list: { name: string }[]) =>
      String(list.findIndex(({ name }) => name === 'extra'))
    await change('remove', [place(places.volumes), place(places.domain.devices.disks)])
    await page.reload()
    await expect(diskRow(page, 'extra')).toContainText('Removed on restart')
    await choose(page, 'extra', 'Make persistent')
    const keep = page.getByRole('dialog', { name: 'Make disk extra persistent' })
    await keep.getByRole('button', { name: 'Make persistent' }).click()
    await expect(keep).toBeHidden()
    await expect.poll(() => volumes('web-1')).toContain('"claimName":"scratch"')

    for (let index = 0; index < 1000; index += 1) {
      const bulk = claim(`bulk-${String(index).padStart(4, '0')}`)
      // None has to be provisioned.
      bulk.spec.storageClassName = 'none-such'
      // oxlint-disable-next-line no-await-in-loop -- one after another, as people would
      await send('POST', claims, bulk)
    }
    await page.getByRole('button', { name: 'Attach disk' }).click()
    const found = attach.getByRole('combobox', { name: 'PersistentVolumeClaim' })
    await found.fill('bulk')
    await expect(page.getByText('900 more: type to narrow them down.')).toBeVisible()
    await found.fill('bulk-0777')
    await expect(page.getByRole('option', { name: /^bulk-/ })).toHaveCount(1)
    await found.press('Enter')
    await expect(found).toHaveValue('bulk-0777')
    await page.goto('/k8s/ns/demo/persistentvolumeclaims')
    await expect(page.getByText(/^1,0\d\d in total$/)).toBeVisible()
    await page
      .getByRole('searchbox')
      .or(page.getByPlaceholder('Name or key:value'))
      .first()
      .fill('bulk-0777')
    await expect(page.getByRole('link', { name: 'bulk-0777' })).toBeVisible()
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

/** Claims, their snapshots and DataVolumes, proved by what the cluster stores and by their files. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Locator, Page } from '@playwright/test'

import type { Stack } from '../scripts/stack.mjs'
import { expect, expectAccessible, row, test, type Kubectl } from './fixtures.ts'

test.use({ stackOptions: { guests: 'simulated' } })

const claims = '/k8s/ns/demo/persistentvolumeclaims'
const dataVolumes = '/k8s/ns/demo/cdi.kubevirt.io~v1beta1~DataVolume'
const cache = fileURLToPath(new URL('../.cache', import.meta.url))

/** The file in which the sandbox keeps what is on a claim of namespace demo. */
async function fileOf(stack: Stack, kubectl: Kubectl, name: string): Promise<string> {
  const uid = await kubectl('get', 'pvc', name, '-n', 'demo', '-o=jsonpath={.metadata.uid}')
  const folder = (await readdir(cache)).find((one) =>
    one.startsWith(`disks-${stack.pids.sandbox}-`),
  )
  return join(cache, folder ?? '', `pvc-${uid}.img`)
}

async function choose(page: Page, action: string | RegExp, button: string | RegExp = 'Actions') {
  await page.getByRole('button', { name: button, exact: true }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

/** The line below the name on an object's page. */
function heading(page: Page, name: string): Locator {
  return page.getByRole('heading', { level: 1, name }).locator('..')
}

test('creates, grows and deletes a claim, and says what would follow', async ({
  page,
  kubectl,
}) => {
  await page.goto(claims)
  const list = page.getByRole('grid', { name: 'PersistentVolumeClaims' })
  await expect(row(page, 'PersistentVolumeClaims', 'db-1-data')).toContainText('db-1')
  const search = page.getByRole('textbox', { name: 'Search claims' })
  await search.fill('waits-for')
  await expect(list).toContainText('Waits for its first use')
  await search.fill('class:fast-nvme')
  await expect(list.getByRole('row')).toHaveCount(2)
  await expect(list).toContainText('There is no storage class fast-nvme.')
  await search.fill('')
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Create PersistentVolumeClaim' }).click()
  const create = page.getByRole('dialog', { name: 'Create PersistentVolumeClaim' })
  await create.getByRole('textbox', { name: 'Name' }).fill('fresh')
  await create.getByRole('textbox', { name: 'Size' }).fill('1')
  // What the class's StorageProfile suggests first.
  await expect(create.getByRole('combobox', { name: 'Access mode' })).toHaveValue('ReadWriteMany')
  await expect(create.getByRole('combobox', { name: 'Volume mode' })).toHaveValue('Block')
  await create.getByRole('combobox', { name: 'Volume mode' }).selectOption('Filesystem')
  await expect(create).toContainText('profile of standard doesn’t list this with Filesystem')
  await create.getByRole('combobox', { name: 'Access mode' }).selectOption('ReadWriteOnce')
  await create.getByRole('button', { name: 'Create PVC' }).click()
  await expect(create).toBeHidden()
  await expect(heading(page, 'fresh')).toContainText('Bound')

  await choose(page, 'Grow')
  const grow = page.getByRole('dialog', { name: 'Grow fresh' })
  await grow.getByRole('textbox', { name: 'New size' }).fill('3')
  await grow.getByRole('button', { name: 'Grow PVC now' }).click()
  // No pod mounts it, so its file system stays as it is for now.
  await expect(heading(page, 'fresh')).toContainText(
    'The volume has grown to 3 GiB. The file system in it grows when a VM or pod that uses it starts.',
  )
  await expectAccessible(page)

  await choose(page, 'Delete')
  const remove = page.getByRole('dialog', { name: 'Delete fresh?' })
  await expect(remove).toContainText('The volume and its data are deleted with the claim.')
  await remove.getByRole('button', { name: 'Delete PVC' }).click()
  await expect(list).toBeVisible()
  // Where the button was there is a row by now: while the pointer is on them, one that is gone stays.
  await page.mouse.move(0, 0)
  await expect(row(page, 'PersistentVolumeClaims', 'fresh')).toBeHidden()
  await expect.poll(() => kubectl('get', 'pvc', '-n', 'demo', '-o=name')).not.toContain('fresh')

  await page.goto(`${claims}/old-archive`)
  await page.getByRole('button', { name: 'Actions', exact: true }).click()
  await expect(page.getByRole('menuitem', { name: /^Grow/ })).toContainText(
    'The storage class fixed-size doesn’t allow expansion',
  )
  await page.keyboard.press('Escape')

  await page.goto(`${claims}/db-1-logs`)
  await choose(page, 'Delete')
  const guard = page.getByRole('dialog', { name: 'Delete db-1-logs?' })
  await expect(guard).toContainText('Used by db-1')
  await expect(guard).toContainText(/Pod virt-launcher-db-1-\S+ mounts it/)
  await expect(guard).toContainText('stays Terminating (finalizer kubernetes.io/pvc-protection)')
  await expect(guard).toContainText('DataVolume db-1-logs makes it again')
  await expectAccessible(page)
  await guard.getByRole('button', { name: 'Delete once it is free' }).click()
  await expect(heading(page, 'db-1-logs')).toContainText('It goes as soon as no pod uses it')
})

test('clones a claim, and restores what a snapshot of it holds', async ({
  page,
  stack,
  kubectl,
}) => {
  await page.goto(`${claims}/tools-iso`)
  await expect(heading(page, 'tools-iso')).toContainText('Bound')
  const source = await fileOf(stack, kubectl, 'tools-iso')
  const before = await readFile(source)
  expect(before.includes('README.TXT')).toBe(true)

  await choose(page, 'Take snapshot')
  const take = page.getByRole('dialog', { name: 'Take snapshot of tools-iso' })
  await take.getByRole('textbox', { name: 'Name' }).fill('tools-before')
  await take.getByRole('combobox', { name: 'VolumeSnapshotClass' }).selectOption('snapshots-kept')
  await take.getByRole('button', { name: 'Take snapshot' }).click()
  await expect(take).toBeHidden()
  await page.getByRole('tab', { name: 'Snapshots' }).click()
  const snapshots = page.getByRole('grid', { name: 'Snapshots' })
  await expect(snapshots.getByRole('row', { name: /tools-before/ })).toContainText('Ready')
  await expectAccessible(page)
  await writeFile(source, 'something else')

  await choose(page, /^Restore/, 'Actions for tools-before')
  const restore = page.getByRole('dialog', { name: 'Restore tools-before' })
  await expect(restore.getByRole('textbox', { name: 'Name' })).toHaveValue('tools-before-restored')
  await restore.getByRole('textbox', { name: 'Size' }).fill('0.01')
  await page.keyboard.press('Tab')
  await expect(restore).toContainText('At least 64 MiB, the size of its source.')
  await restore.getByRole('textbox', { name: 'Size' }).fill('0.125')
  await restore.getByRole('button', { name: 'Restore into new PVC' }).click()
  await expect(heading(page, 'tools-before-restored')).toContainText('Bound')
  const restored = await fileOf(stack, kubectl, 'tools-before-restored')
  await expect
    .poll(async () => {
      const content = await readFile(restored)
      return [content.subarray(0, before.length).equals(before), content.length]
    })
    .toEqual([true, 128 * 2 ** 20])

  await page.goto(`${claims}/tools-iso`)
  await choose(page, 'Clone')
  const clone = page.getByRole('dialog', { name: 'Clone tools-iso' })
  await expect(clone.getByRole('textbox', { name: 'Name' })).toHaveValue('tools-iso-clone')
  await clone.getByRole('button', { name: 'Clone PVC' }).click()
  await expect(heading(page, 'tools-iso-clone')).toContainText('Bound')
  const cloned = await fileOf(stack, kubectl, 'tools-iso-clone')
  await expect
    .poll(async () => (await readFile(cloned)).subarray(0, 14).toString())
    .toBe('something else')

  await page.goto(`/k8s/ns/demo/snapshot.storage.k8s.io~v1~VolumeSnapshot`)
  await choose(page, 'Delete', 'Actions for tools-before')
  const remove = page.getByRole('dialog', { name: 'Delete snapshot tools-before?' })
  await expect(remove).toContainText('Restored from it and not harmed: tools-before-restored.')
  await remove.getByRole('button', { name: 'Delete snapshot' }).click()
  await expect(remove).toBeHidden()
  await expect
    .poll(() => kubectl('get', 'volumesnapshots', '-n', 'demo', '-o=name'))
    .not.toContain('tools-before')
})

test('explains why a DataVolume is stuck, and makes it anew', async ({ page, kubectl }) => {
  await page.goto(dataVolumes)
  await expect(row(page, 'DataVolumes', 'fedora-image')).toContainText(
    /The image is being imported/,
  )
  await expect(row(page, 'DataVolumes', 'vendor-appliance')).toContainText('It fails and is tried')
  await expectAccessible(page)
  await page.getByRole('link', { name: 'vendor-appliance' }).click()
  await expect(page.getByRole('heading', { name: /Filling it failed/ })).toBeVisible()
  await expect(page.getByText('The name of the address can’t be resolved')).toBeVisible()
  const log = page.getByRole('region', { name: 'The log’s last lines' })
  await expect(log).toContainText('no such host')
  await expectAccessible(page)

  const uid = () =>
    kubectl('get', 'dv', 'vendor-appliance', '-n', 'demo', '-o=jsonpath={.metadata.uid}').catch(
      () => '',
    )
  const before = await uid()
  await kubectl('label', 'dv', 'vendor-appliance', '-n', 'demo', 'team=appliances')
  await choose(page, 'Retry by re-creation')
  const retry = page.getByRole('dialog', { name: 'Delete vendor-appliance and create it anew?' })
  await expect(retry).toContainText('filled from the start (URL: https://downloads.vendor.invalid/')
  await retry.getByRole('button', { name: 'Delete and create anew' }).click()
  await expect(page.getByText('vendor-appliance is created anew')).toBeVisible()
  expect(await uid()).not.toMatch(new RegExp(`^(${before})?$`))
  const labels = await kubectl('get', 'dv', '-n', 'demo', '-l', 'team=appliances', '-o=name')
  expect(labels).toContain('vendor-appliance')
  await expect(page.getByRole('heading', { name: /Filling it failed/ })).toBeVisible()

  await page.goto('/k8s/ns/lab/cdi.kubevirt.io~v1beta1~DataVolume/runner-cache')
  await expect(page.getByRole('heading', { name: 'It waits for its first use' })).toBeVisible()
  await choose(page, 'Delete')
  const remove = page.getByRole('dialog', { name: 'Delete DataVolume runner-cache?' })
  await remove.getByRole('button', { name: 'Delete DataVolume and PVC' }).click()
  await expect(row(page, 'DataVolumes', 'runner-cache')).toBeHidden()
  await expect
    .poll(() => kubectl('get', 'dv,pvc', '-n', 'lab', '-o=name'))
    .not.toContain('runner-cache')
})

test('explains volumes and storage classes, and shows a viewer what a right is missing for', async ({
  page,
}) => {
  await page.goto('/k8s/cluster/storage.k8s.io~v1~StorageClass')
  await expect(row(page, 'StorageClasses', 'standard')).toContainText('Default for VMs')
  await page.getByRole('link', { name: 'manual' }).click()
  await expect(page.getByText('CDI doesn’t know what this storage can do.')).toBeVisible()
  await expect(page.getByText('one of the volumes made by hand that the node')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('navigation', { name: 'Main' }).getByText('PersistentVolumes').click()
  await page.getByRole('textbox', { name: 'Search volumes' }).fill('worker')
  await page.getByRole('link', { name: 'worker-1-ssd' }).click()
  await expect(page.getByText('The volume and its data stay when the claim is')).toBeVisible()
  await expectAccessible(page)

  await page.getByRole('button', { name: /sandbox-admin/ }).click()
  await page.getByRole('menuitem', { name: 'sandbox-view' }).click()
  await expect(page.getByRole('button', { name: /sandbox-view/ })).toBeVisible()
  await page.goto('/k8s/cluster/persistentvolumes')
  await expect(page.getByText(/cannot list resource "persistentvolumes"/)).toBeVisible()
  await expect(page.getByText('These belong to the whole cluster')).toBeVisible()
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto(`${claims}/scratch`)
  await expect(heading(page, 'scratch')).toContainText('Bound')
  await expect(page.getByText('PersistentVolumes belong to the whole cluster')).toBeVisible()
  await page.getByRole('button', { name: 'Actions', exact: true }).click()
  for (const action of ['Grow', 'Clone', 'Take snapshot', 'Delete'])
    await expect(page.getByRole('menuitem', { name: action })).toContainText(/may not \w+/)
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: 'Snapshots' }).click()
  await expect(page.getByText(/cannot list resource "volumesnapshots"/)).toBeVisible()
  await page.goto(`${dataVolumes}/vendor-appliance`)
  await expect(page.getByRole('heading', { name: /Filling it failed/ })).toBeVisible()
  await expectAccessible(page)
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
})

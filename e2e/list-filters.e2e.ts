/** What lists show, found by words, facets, labels and states; the address keeps all of it. */
import { writeFile } from 'node:fs/promises'

import type { Locator } from '@playwright/test'

import { expect, expectAccessible, row, test } from './fixtures.ts'

test.use({
  stackOptions: { guests: 'simulated', vms: 60 },
  viewport: { width: 1280, height: 800 },
})

const vms = '/k8s/all-namespaces/kubevirt.io~v1~VirtualMachine'
const vmis = '/k8s/all-namespaces/kubevirt.io~v1~VirtualMachineInstance'

test('filters by state, facets and words, and a link carries it all', async ({ page }) => {
  await page.goto(vms)
  const grid = page.getByRole('grid', { name: 'Virtual machines' })
  const count = page.getByRole('status').filter({ hasText: /in total| of / })
  const search = page.getByRole('textbox', { name: 'Search virtual machines' })
  await expect(count).toHaveText(/in total/)
  const total = (await count.textContent())?.match(/\d+/)?.[0]

  const states = page.getByRole('group', { name: 'Counts by status' })
  const stopped = states.getByRole('button', { name: /^Stopped/ })
  const howMany = async () => Number((await stopped.textContent())?.match(/\d+/)?.[0])
  await stopped.click()
  await expect(stopped).toHaveAttribute('aria-pressed', 'true')
  await expect
    .poll(async () => (await count.textContent()) === `${await howMany()} of ${total}`)
    .toBe(true)
  await expect.poll(async () => (await grid.getByRole('row').count()) - (await howMany())).toBe(1)
  await expect(page).toHaveURL(/\?status=Stopped$/)

  await states.getByRole('button', { name: /^Running/ }).click()
  await page.getByRole('button', { name: 'Filter by Namespace' }).click()
  await page.getByRole('textbox', { name: 'Find in Namespace' }).fill('tenant-002')
  await expectAccessible(page)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  const inNamespace = page.getByRole('list', { name: 'Namespace' })
  await expect(inNamespace.getByRole('listitem')).toHaveText(/tenant-002/)
  await search.fill('os:"ubuntu 24" node:node-001')
  await expect(page).toHaveURL(/status=Stopped&status=Running&namespace=tenant-002&q=os/)
  // Only the head is left beside what is found.
  await expect(grid.getByRole('row').filter({ hasNotText: 'Ubuntu 24.04' })).toHaveCount(1)
  await expect(count).toHaveText(new RegExp(`^[1-9]\\d* of ${total}$`))
  const found = await count.textContent()
  await expectAccessible(page)

  await page.reload()
  await expect(search).toHaveValue('os:"ubuntu 24" node:node-001')
  await expect(count).toHaveText(found ?? '')
  await grid.getByRole('row').nth(1).getByRole('link').first().click()
  await expect(page.getByRole('tab', { name: 'Overview' })).toBeVisible()
  await page.goBack()
  await expect(count).toHaveText(found ?? '')

  await search.fill('nod:001')
  await expect(page.getByText('There is no key “nod”')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(count).toHaveText(`${total} in total`)
  await expect(search).toHaveValue('')
  await expect(page).toHaveURL(new RegExp(`${vms}$`))
})

test('shows all columns, and a row’s actions beside it, with words for each', async ({ page }) => {
  await page.goto(vms)
  const heads = page.getByRole('grid', { name: 'Virtual machines' }).getByRole('columnheader')
  await expect(heads).toHaveText([
    'Name',
    'Namespace',
    'Status',
    'Node',
    'IP address',
    'CPU',
    'Memory',
    'OS or instance type',
    'Age',
    'Actions',
  ])

  const actions = page.getByRole('button', { name: 'Actions for batch-1' })
  await actions.focus()
  await page.keyboard.press('Enter')
  const item = page.getByRole('menuitem', { name: /^Stop/ })
  await expect(item).toContainText("It isn't running.")
  const left = async (one: Locator) => (await one.boundingBox())?.x ?? NaN
  await expect
    .poll(async () => Math.abs((await left(actions)) - (await left(item))))
    .toBeLessThan(200)
  await page.keyboard.press('Escape')
  await expect(actions).toBeFocused()

  await page.keyboard.press('Shift+Tab')
  const start = page.getByRole('button', { name: 'Start batch-1' })
  await expect(page.getByRole('tooltip')).toHaveText('Start')
  await expect(start).toHaveAccessibleDescription('Start')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('tooltip')).toBeHidden()

  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto(`${vms}?q=batch-1`)
  await expect(row(page, 'Virtual machines', 'batch-1')).toContainText('2 GiB')
})

test('finds labels, and marks instances that stand alone', async ({ page, kubectl }, testInfo) => {
  const manifest = testInfo.outputPath('vmi.json')
  await writeFile(
    manifest,
    JSON.stringify({
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstance',
      metadata: { name: 'alone', namespace: 'demo', labels: { purpose: 'test' } },
      spec: { domain: { devices: {}, memory: { guest: '64Mi' } } },
    }),
  )
  await kubectl('create', '-f', manifest)
  await page.goto(vmis)
  const grid = page.getByRole('grid', { name: 'Virtual machine instances' })
  await page.getByRole('button', { name: 'Filter by Label' }).click()
  await page.getByRole('textbox', { name: 'Find in Label' }).fill('purpose=')
  await page.getByRole('menuitem', { name: /purpose=test/ }).click()
  await expect(grid.getByRole('row')).toHaveCount(2)
  await expect(row(page, 'Virtual machine instances', 'alone')).toContainText('standalone')
  await expect(row(page, 'Virtual machine instances', 'alone')).toContainText('64 MiB')
  await page.getByRole('button', { name: 'Clear all filters' }).click()
  await expect(page).toHaveURL(new RegExp(`${vmis}$`))
  await page
    .getByRole('textbox', { name: 'Search virtual machine instances' })
    .fill('standalone:yes')
  await expect(row(page, 'Virtual machine instances', 'web-1')).toBeHidden()
  await expect(row(page, 'Virtual machine instances', 'alone')).toBeVisible()
})

test('leads who may not list everywhere to a namespace', async ({ page, kubectl }) => {
  const may = ['--clusterrole=view', '--user=sandbox-none', '-n', 'demo']
  await kubectl('create', 'rolebinding', 'one-namespace', ...may)
  await page.goto(vms)
  await page.getByRole('button', { name: /sandbox-admin/ }).click()
  await page.getByRole('menuitem', { name: /sandbox-none/ }).click()
  await expect(page.getByRole('heading', { name: 'Access denied' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('combobox', { name: /in a namespace/ }).fill('demo')
  await page.keyboard.press('Enter')
  await expect(row(page, 'Virtual machines', 'web-1')).toBeVisible()
})

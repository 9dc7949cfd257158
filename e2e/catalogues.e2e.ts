/** The catalogues that VMs are made from: what the pages say and do is compared with `kubectl`. */
import { writeFile } from 'node:fs/promises'

import type { Page } from '@playwright/test'

import { expect, expectAccessible, row, test } from './fixtures.ts'

test.use({ stackOptions: { guests: 'simulated' } })

/** Controllers act in their own time. */
const soon = { timeout: 30_000 }

async function choose(page: Page, action: string) {
  await page.getByRole('button', { name: 'Actions', exact: true }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

test('tells how fresh bootable volumes are, adds one, changes its defaults and deletes it', async ({
  page,
  kubectl,
}) => {
  const kind = 'cdi.kubevirt.io~v1beta1~DataSource'
  await page.goto(`/k8s/all-namespaces/${kind}`)
  // Whatever its Ready condition says: its image isn't there yet.
  await expect(row(page, 'Bootable volumes', 'fedora')).toContainText('Importing', soon)
  await expect(row(page, 'Bootable volumes', 'debian')).toContainText('Ready', soon)
  await expectAccessible(page)

  await page.goto(`/k8s/ns/lab/${kind}`)
  await page.getByRole('button', { name: 'Add bootable volume' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add bootable volume in lab' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('alpine')
  await dialog.getByRole('radio', { name: 'Container registry' }).check()
  const address = dialog.getByRole('textbox', { name: 'Address' })
  await address.fill('https://registry.example/alpine')
  await address.blur()
  await expect(dialog).toContainText('An address that begins with docker://')
  await address.fill('docker://registry.example/alpine')
  await dialog.getByRole('combobox', { name: 'Look for a newer image' }).selectOption('custom')
  await dialog.getByRole('textbox', { name: 'Schedule' }).fill('99 4 * * *')
  // The cluster's words, at the field.
  await expect(dialog).toContainText('Illegal cron schedule', soon)
  await dialog.getByRole('textbox', { name: 'Schedule' }).fill('0 4 * * *')
  await dialog.getByRole('combobox', { name: 'Default preference' }).fill('alpine')
  await page.getByRole('option', { name: /^alpine/ }).click()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Add and import' }).click()
  await expect(dialog).toBeHidden(soon)
  await expect(row(page, 'Bootable volumes', 'alpine')).toContainText('Ready', soon)

  await page.getByRole('link', { name: 'alpine', exact: true }).click()
  await expect(page.getByText('Up to date', { exact: true })).toBeVisible(soon)
  await expect(page.getByText('daily at 04:00 UTC')).toBeVisible()
  await choose(page, 'Edit defaults')
  const defaults = page.getByRole('dialog', { name: 'Defaults of alpine' })
  await defaults.getByRole('combobox', { name: 'Default instance type' }).fill('u1.nano')
  await page.getByRole('option', { name: /^u1\.nano/ }).click()
  await defaults.getByRole('button', { name: 'Save' }).click()
  await expect(defaults).toBeHidden(soon)
  await expect(page.getByRole('link', { name: 'u1.nano' })).toBeVisible(soon)
  const labels = await kubectl(
    'get',
    'datasource',
    'alpine',
    '-n=lab',
    '-o=jsonpath={.metadata.labels}',
  )
  expect(JSON.parse(labels)).toMatchObject({
    'instancetype.kubevirt.io/default-instancetype': 'u1.nano',
    'instancetype.kubevirt.io/default-preference': 'alpine',
  })

  await choose(page, 'Delete')
  const question = page.getByRole('dialog', { name: 'Delete bootable volume alpine?' })
  await expect(question).toContainText('DataImportCron alpine-cron would make it again')
  await question.getByRole('button', { name: 'Delete it and its updates' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Bootable volumes' })).toBeVisible(soon)
  await expect
    .poll(() => kubectl('get', 'datasource,dataimportcron,datavolume', '-n=lab', '-o=name'), soon)
    .not.toContain('alpine')
})

test('makes an instance type by form and YAML, and tells who has it by which copy', async ({
  page,
  kubectl,
}) => {
  const kind = 'instancetype.kubevirt.io~v1beta1~VirtualMachineClusterInstancetype'
  await page.goto(`/k8s/cluster/${kind}/u1.medium`)
  await expect(page.getByText('u1: General purpose')).toBeVisible(soon)
  await choose(page, 'Clone')
  const clone = page.getByRole('dialog', { name: 'Clone u1.medium' })
  await clone.getByRole('textbox', { name: 'Name' }).fill('own.medium')
  await clone.getByRole('textbox', { name: 'CPUs' }).fill('2')
  const yaml = clone.getByRole('textbox', { name: 'Manifest as YAML' })
  await expect(yaml).toContainText('guest: 2', soon)
  await clone.getByRole('combobox', { name: 'Huge pages' }).selectOption('2Mi')
  await expect(yaml).toContainText('pageSize: 2Mi')
  await clone.getByRole('textbox', { name: 'Overcommitted memory' }).fill('10')
  // What is wrong shows at a field once one has left it.
  await page.keyboard.press('Tab')
  await expect(clone).toContainText('can’t be promised twice')
  await clone.getByRole('textbox', { name: 'Overcommitted memory' }).fill('')
  // The other way round: the editor's text is the form's.
  await yaml.getByText('pageSize').click()
  await page.keyboard.press('End')
  for (let key = 0; key < 3; key += 1) await page.keyboard.press('Backspace')
  await page.keyboard.type('1Gi')
  await expect(clone.getByRole('combobox', { name: 'Huge pages' })).toHaveValue('1Gi')
  await clone.getByRole('combobox', { name: 'Huge pages' }).selectOption('')
  await expectAccessible(page)
  await clone.getByRole('button', { name: 'Create instance type' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('own.medium', soon)

  const vm = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'sized', namespace: 'lab' },
    spec: {
      instancetype: { name: 'own.medium' },
      runStrategy: 'Halted',
      template: { spec: { domain: { devices: {} } } },
    },
  }
  const manifest = test.info().outputPath('vm.json')
  await writeFile(manifest, JSON.stringify(vm))
  await kubectl('create', '-f', manifest)
  const users = page.getByRole('list', { name: 'VMs that have it' })
  await expect(users).toContainText('sized in lab, by its copy of generation 1', soon)

  await choose(page, 'Edit')
  const edit = page.getByRole('dialog', { name: 'Edit instance type own.medium' })
  await edit.getByRole('textbox', { name: 'Memory', exact: true }).fill('6Gi')
  await expect(edit).toContainText('keeps the copy it was made with')
  await edit.getByRole('button', { name: 'Save' }).click()
  await expect(edit).toBeHidden(soon)
  await expect(users).toContainText('keeps its copy of generation 1, now 2', soon)
  const path = '-o=jsonpath={.spec.cpu.guest} {.spec.memory.guest}'
  expect(await kubectl('get', 'virtualmachineclusterinstancetypes', 'own.medium', path)).toBe(
    '2 6Gi',
  )

  await choose(page, 'Delete')
  const question = page.getByRole('dialog', { name: 'Delete instance type own.medium?' })
  await expect(question).toContainText('One VM has it')
  await question.getByRole('button', { name: 'Delete it all the same' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Instance types' })).toBeVisible(soon)
  await expectAccessible(page)
})

test('leads from a template to its VM, and makes a template of a VM', async ({ page, kubectl }) => {
  const kind = 'template.kubevirt.io~v1beta1~VirtualMachineTemplate'
  await page.goto(`/k8s/ns/demo/${kind}/web-server`)
  await expect(page.getByText('Of the VM and its guest: Has to be given')).toBeVisible(soon)
  await expectAccessible(page)
  await choose(page, 'Create VirtualMachine')
  // What is asked there is filled in by `create-vm-from.e2e.ts`.
  await expect(page.getByRole('radio', { name: 'web-server' })).toBeChecked(soon)

  await page.goto(`/k8s/ns/demo/${kind}`)
  await page.getByRole('button', { name: 'Create template from a VM' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create template in demo' })
  await dialog.getByRole('combobox', { name: 'VirtualMachine' }).fill('db-1')
  await page.getByRole('option', { name: /^db-1/ }).click()
  await dialog.getByRole('textbox', { name: 'Name of the template' }).fill('database')
  await dialog.getByRole('button', { name: 'Create template' }).click()
  await expect(dialog).toBeHidden(soon)
  await expect(row(page, 'Templates', 'database')).toContainText('Ready', { timeout: 60_000 })
  await page.getByRole('link', { name: 'database', exact: true }).click()
  await expect(page.getByRole('tabpanel')).toContainText('name: ${NAME}', soon)
  const claims = await kubectl('get', 'pvc', '-n=demo', '-o=name')
  expect(claims).toContain('database-')
  await choose(page, 'Delete')
  const question = page.getByRole('dialog', { name: 'Delete template database?' })
  await expect(question).toContainText('The disks kept for it go with it: database-', soon)
})

test('scales a pool, leads from a VM to it, and deletes it without its VMs', async ({
  page,
  kubectl,
}) => {
  const kind = 'pool.kubevirt.io~v1beta1~VirtualMachinePool'
  const labels = { pool: 'web' }
  const pool = {
    apiVersion: 'pool.kubevirt.io/v1beta1',
    kind: 'VirtualMachinePool',
    metadata: { name: 'web', namespace: 'lab' },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      virtualMachineTemplate: {
        metadata: { labels },
        spec: {
          runStrategy: 'Always',
          template: {
            metadata: { labels },
            spec: { domain: { devices: {}, memory: { guest: '64Mi' } } },
          },
        },
      },
    },
  }
  const manifest = test.info().outputPath('pool.json')
  await writeFile(manifest, JSON.stringify(pool))
  await kubectl('create', '-f', manifest)
  await page.goto(`/k8s/ns/lab/${kind}`)
  await expect(row(page, 'VirtualMachinePools', 'web')).toContainText('Ready', soon)
  await page.getByRole('link', { name: 'web', exact: true }).click()
  await choose(page, 'Scale')
  const scale = page.getByRole('dialog', { name: 'Scale web' })
  await scale.getByRole('textbox', { name: 'VMs' }).fill('2')
  await expect(scale).toContainText('It makes 1 VM more')
  await scale.getByRole('button', { name: 'Scale to 2' }).click()
  await expect(page.getByText('2 asked for, 2 there, 2 ready')).toBeVisible(soon)
  await expectAccessible(page)

  await page.getByRole('link', { name: 'web-1' }).click()
  const chain = page.getByRole('list', { name: 'Owner chain' })
  await chain.getByRole('link', { name: 'web', exact: true }).click()
  await choose(page, 'Delete')
  const question = page.getByRole('dialog', { name: 'Delete pool web?' })
  await expect(question).toContainText('2 VMs are deleted with it', soon)
  await question.getByRole('checkbox', { name: 'Keep its VMs' }).check()
  await expectAccessible(page)
  await question.getByRole('button', { name: 'Delete pool' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'VirtualMachinePools' })).toBeVisible()
  await expect.poll(() => kubectl('get', 'vmpool', '-n=lab', '-o=name'), soon).toBe('')
  const owners = '-o=jsonpath={.items[*].metadata.ownerReferences}'
  expect(await kubectl('get', 'vm', '-n=lab', '-l=pool=web', owners)).toBe('')
  expect(await kubectl('get', 'vm', '-n=lab', '-l=pool=web', '-o=name')).toContain('web-1')
})

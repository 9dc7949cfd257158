/** The pages of networks: what they say is compared with what `kubectl` reads. */
import type { Locator, Page } from '@playwright/test'

import { expect, expectAccessible, row, test, type Kubectl } from './fixtures.ts'

test.use({ stackOptions: { guests: 'simulated' } })

const kind = 'k8s.cni.cncf.io~v1~NetworkAttachmentDefinition'
const list = `/k8s/ns/demo/${kind}`
const annotation = 'k8s.v1.cni.cncf.io/resourceName'

async function read(kubectl: Kubectl, name: string) {
  const { metadata, spec } = JSON.parse(
    await kubectl('get', 'net-attach-def', name, '-n', 'demo', '-o=json'),
  )
  return { annotations: metadata.annotations, config: JSON.parse(spec.config) }
}

async function fill(dialog: Locator, fields: Record<string, string>) {
  for (const [name, value] of Object.entries(fields))
    await dialog.getByRole('textbox', { name, exact: true }).fill(value)
}

/** Opens the form, fills it, and waits for the page of the network it makes. */
async function create(page: Page, type: string, fields: Record<string, string>) {
  await page.goto(list)
  await page.getByRole('button', { name: 'Create network' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create network in demo' })
  await dialog.getByRole('combobox', { name: 'Type' }).selectOption(type)
  await fill(dialog, fields)
  await dialog.getByRole('button', { name: 'Create network' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(fields['Name']!)
}

test('creates a network of each type, warns before, and edits what it knows', async ({
  page,
  kubectl,
}) => {
  await page.goto(list)
  await page.getByRole('button', { name: 'Create network' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create network in demo' })
  await fill(dialog, { Name: 'office', Bridge: 'br-of-sixteen-ch', VLAN: '4095' })
  await expect(dialog).toContainText('has 16 characters; Linux allows 15')
  await expect(dialog.getByRole('region', { name: 'Configuration' })).toContainText('"vlan": 4095')
  await dialog.getByRole('button', { name: 'Create network' }).click()
  await expect(dialog).toContainText('A VLAN is a number from 1 to 4094.')
  await fill(dialog, { Bridge: 'br1', VLAN: '30', Trunk: '40, 50-60' })
  await expect(dialog).not.toContainText('Linux allows 15')
  await expect(dialog.getByRole('region', { name: 'Manifest' })).toContainText('name: office')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Create network' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('office')
  expect(await read(kubectl, 'office')).toMatchObject({
    config: {
      type: 'bridge',
      bridge: 'br1',
      vlan: 30,
      vlanTrunk: [{ id: 40 }, { minID: 50, maxID: 60 }],
      macspoofchk: true,
    },
  })

  await create(page, 'localnet', { Name: 'backbone', 'Physical network': 'phys', VLAN: '7' })
  expect((await read(kubectl, 'backbone')).config).toMatchObject({
    topology: 'localnet',
    netAttachDefName: 'demo/backbone',
    physicalNetworkName: 'phys',
    vlanID: 7,
  })
  await create(page, 'layer2', { Name: 'green', Subnets: '10.9.0.0/24' })
  expect((await read(kubectl, 'green')).config).toMatchObject({
    topology: 'layer2',
    subnets: '10.9.0.0/24',
  })
  await create(page, 'sriov', { Name: 'fast', Resource: 'openshift.io/sriov_fast' })
  await expect(page.getByText(/^Offered by .*worker/)).toBeVisible()
  expect(await read(kubectl, 'fast')).toMatchObject({
    annotations: { [annotation]: 'openshift.io/sriov_fast' },
    config: { type: 'sriov' },
  })

  const patch = {
    spec: { config: '{"cniVersion":"0.3.1","type":"bridge","bridge":"br1","own":1}' },
  }
  const merge = ['--type=merge', '--patch', JSON.stringify(patch)]
  await kubectl('patch', 'net-attach-def', 'office', '-n', 'demo', ...merge)
  await page.goto(`${list}/office`)
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  const edit = page.getByRole('dialog', { name: 'Edit network office' })
  await fill(edit, { MTU: '9000' })
  await expect(edit.getByRole('region', { name: 'Configuration' })).toContainText('"mtu": 9000')
  await edit.getByRole('button', { name: 'Show changes' }).click()
  await expect(edit.getByRole('list', { name: 'Difference' })).toContainText(
    'spec.config.mtu: not set → 9000',
  )
  await edit.getByRole('button', { name: 'Save' }).click()
  await expect(edit).toBeHidden()
  expect((await read(kubectl, 'office')).config).toMatchObject({ bridge: 'br1', mtu: 9000, own: 1 })
})

test('lists who uses a network, and what deleting it does to them', async ({ page, kubectl }) => {
  await page.goto(`/k8s/all-namespaces/${kind}`)
  await expect(row(page, 'Networks', 'typo')).toContainText('Unreadable')
  await expect(row(page, 'Networks', 'br-office')).toContainText('In use')
  await expect(row(page, 'Networks', 'dmz')).toContainText('physnet-dmz')
  await expectAccessible(page)
  await page.getByRole('link', { name: 'typo', exact: true }).click()
  await expect(page.getByText(/Line 4, column 13/).last()).toBeVisible()

  // The reference of another namespace, and one of its own.
  await page.goto(`/k8s/ns/default/${kind}/br-office`)
  await expect(page.getByRole('list', { name: 'VMs on this network' })).toContainText(
    /runner-1 in lab, NIC office, stopped/,
  )
  await expectAccessible(page)
  await page.setViewportSize({ width: 360, height: 800 })
  await page.reload()
  await expect(page.getByRole('region', { name: 'Configuration' })).toBeVisible()
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  await expect.poll(overflow).toBeLessThanOrEqual(0)
  await page.setViewportSize({ width: 1280, height: 800 })

  const start = JSON.stringify({ spec: { runStrategy: 'Always' } })
  await kubectl('patch', 'vm', 'router-1', '-n', 'lab', '--type=merge', '--patch', start)
  await kubectl('wait', 'vm/router-1', '-n', 'lab', '--for=condition=Ready', '--timeout=90s')
  await page.goto(`/k8s/ns/lab/${kind}/br1-lab`)
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete network br1-lab?' })
  await expect(dialog).toContainText('One VM is on this network:')
  await expect(dialog.getByRole('list', { name: 'VMs on this network' })).toContainText(
    /router-1 .*running on it/,
  )
  await dialog.getByRole('button', { name: 'Delete it all the same' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Networks' })).toBeVisible()
  await expect(row(page, 'Networks', 'br1-lab')).toBeHidden()

  // As the dialog has said, and on the VM's own page as well.
  const router = '/k8s/ns/lab/kubevirt.io~v1~VirtualMachine/router-1'
  await page.goto(`${router}/network`)
  await expect(page.getByText('There is no such network')).toBeVisible()
  await expect(page.getByText('Running', { exact: true })).toBeVisible()
  await kubectl('delete', 'vmi', 'router-1', '-n', 'lab')
  await expect
    .poll(() => kubectl('get', 'events', '-n', 'lab', '-o=jsonpath={.items[*].message}'))
    .toContain('cannot find a network-attachment-definition (br1-lab) in namespace (lab)')
  await page.goto(router)
  await expect(
    page.getByText(/cannot find a network-attachment-definition \(br1-lab\)/).first(),
  ).toBeVisible({ timeout: 30_000 })
})

test('shows all to who may only look, and why nothing can be changed', async ({
  page,
  kubectl,
}) => {
  // Multus brings no roles of its own; this one is for a single namespace.
  const what = '--resource=network-attachment-definitions.k8s.cni.cncf.io'
  await kubectl('create', 'role', 'see-networks', '-n=demo', '--verb=get,list,watch', what)
  const who = ['--role=see-networks', '--user=sandbox-view']
  await kubectl('create', 'rolebinding', 'see-networks', '-n=demo', ...who)
  await page.goto(list)
  await page.getByRole('button', { name: /sandbox-admin/ }).click()
  await page.getByRole('menuitem', { name: /sandbox-view/ }).click()
  await expect(row(page, 'Networks', 'dmz')).toContainText('OVN localnet')
  const button = page.getByRole('button', { name: 'Create network' })
  await expect(button).toHaveAttribute('aria-disabled', 'true')
  await expect(button).toHaveAttribute('data-hint', /may not create/)
  await page.getByRole('button', { name: 'Actions for dmz' }).click()
  await expect(page.getByRole('menuitem', { name: /Edit/ })).toContainText('may not patch')
  await expect(page.getByRole('menuitem', { name: /Delete/ })).toContainText('may not delete')

  await page.goto(`/k8s/all-namespaces/${kind}`)
  await expect(
    page.getByText(/cannot list resource "network-attachment-definitions"/),
  ).toBeVisible()
  await expectAccessible(page)
})

test.describe('without Multus', () => {
  test.use({ stackOptions: { guests: 'simulated', without: ['multus'] } })

  test('says what is missing, and leaves the pod network to VMs', async ({ page }) => {
    await page.goto(list)
    await expect(page.getByText('Multus isn’t installed')).toBeVisible()
    await expectAccessible(page)
    await page.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/batch-1/network')
    await page.getByRole('button', { name: 'Add network interface' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add network interface' })
    const network = dialog.getByRole('combobox', { name: 'Network' })
    await expect(network).toHaveAccessibleDescription(/Multus isn’t installed/)
    await expect(network.getByRole('option')).toHaveText(['Choose a network', 'Pod network'])
  })
})

/** What the form of a NIC knows beyond name and network, proved by what the cluster stores. */
import { expect, expectAccessible, test } from './fixtures.ts'

test.use({ stackOptions: { guests: 'simulated' } })

test('offers what the cluster declares, and points out an address given twice', async ({
  page,
  kubectl,
}) => {
  const plugin = { l2bridge: { domainAttachmentType: 'managedTap', migration: {} } }
  const declaration = { spec: { configuration: { network: { binding: plugin } } } }
  await kubectl(
    'patch',
    'kubevirt',
    '-n',
    'kubevirt',
    'kubevirt',
    '--type',
    'merge',
    '--patch',
    JSON.stringify(declaration),
  )
  const mac = await kubectl(
    'get',
    'vm',
    'web-1',
    '-n',
    'demo',
    '-o',
    'jsonpath={.spec.template.spec.domain.devices.interfaces[0].macAddress}',
  )

  await page.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/batch-1/network')
  await page.getByRole('button', { name: 'Actions for network interface default' }).click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  const edit = page.getByRole('dialog', { name: 'Edit network interface default' })
  const binding = edit.getByRole('combobox', { name: 'Binding' })
  await expect(binding.getByRole('option')).toHaveText([
    'Masquerade',
    'Bridge',
    'Passt',
    'l2bridge (plugin)',
  ])

  const address = edit.getByRole('textbox', { name: 'MAC address' })
  await address.fill(mac.toUpperCase())
  await expect(edit.getByText(/^demo\/web-1 has this address too/)).toBeVisible()
  await edit.getByRole('button', { name: 'Generate' }).click()
  await expect(address).toHaveValue(/^02(:[\da-f]{2}){5}$/)
  await expect(edit.getByText(/has this address too/)).toBeHidden()
  const generated = await address.inputValue()

  await edit.getByRole('button', { name: 'Advanced' }).click()
  const options = edit.getByRole('textbox', { name: 'DHCP private options' })
  await options.fill('255=late')
  // The cluster blames the whole VM for it.
  await expect(options).toHaveAccessibleDescription(/must be in range 224 to 254/)
  await options.fill('240=early; 241=late')
  await edit.getByRole('textbox', { name: 'DHCP NTP servers' }).fill('10.0.0.1')
  await edit.getByRole('textbox', { name: 'PCI address' }).fill('0000:81:00.0')
  await edit.getByRole('textbox', { name: 'ACPI index' }).fill('7')
  await edit.getByRole('checkbox', { name: /^Multiqueue/ }).check()
  await expect(edit.getByText('The cluster would accept this.')).toBeVisible()
  await expectAccessible(page)
  await edit.getByRole('button', { name: /^Save/ }).click()
  await expect(edit).toBeHidden()

  const stored = await kubectl(
    'get',
    'vm',
    'batch-1',
    '-n',
    'demo',
    '-o',
    'jsonpath={.spec.template.spec.domain.devices}',
  )
  expect(JSON.parse(stored)).toMatchObject({
    networkInterfaceMultiqueue: true,
    interfaces: [
      {
        macAddress: generated,
        pciAddress: '0000:81:00.0',
        acpiIndex: 7,
        dhcpOptions: {
          ntpServers: ['10.0.0.1'],
          privateOptions: [
            { option: 240, value: 'early' },
            { option: 241, value: 'late' },
          ],
        },
      },
    ],
  })

  // The wizard has the same form, where the cluster judges a VM that isn't there yet.
  await page.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/~new')
  await page.getByRole('textbox', { name: 'Name' }).fill('wired-1')
  await page.getByRole('button', { name: 'Networks' }).click()
  const table = page.getByRole('grid', { name: 'Network interfaces' })
  await expect(table).toContainText('Pod network')
  await page.getByRole('button', { name: 'Add network interface' }).click()
  const add = page.getByRole('dialog', { name: 'Add network interface' })
  const network = add.getByRole('combobox', { name: 'Network' })
  await network.selectOption({ label: 'Pod network' })
  await expect(network).toHaveAccessibleDescription(/more than one interface is connected to a pod/)
  const bridge = await network.getByRole('option', { name: /^br1-vlan100/ }).textContent()
  await network.selectOption({ label: bridge ?? '' })
  await add.getByRole('textbox', { name: 'MAC address' }).fill(mac)
  await expect(add.getByText(/^demo\/web-1 has this address too/)).toBeVisible()
  await expect(add.getByText('The cluster would accept this.')).toBeVisible()
  await expectAccessible(page)
  await add.getByRole('button', { name: 'Add interface' }).click()
  await expect(add).toBeHidden()
  const nic = table.getByRole('row').filter({ hasText: 'br1-vlan100' })
  await expect(nic).toContainText(mac)
  await page.getByRole('button', { name: 'Show YAML' }).click()
  await expect(page.getByRole('textbox', { name: 'Manifests as YAML' })).toContainText(
    'networkName: br1-vlan100',
  )
  await page.getByRole('button', { name: 'Actions for network interface default' }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await expect(table.getByRole('row').filter({ hasText: 'Pod network' })).toBeHidden()
  await expect(nic).toBeVisible()
})

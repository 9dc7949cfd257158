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
})

/** Each way to begin a VM, with simulated guests: what is created, and what is told on the way. */
import { expect, expectAccessible, test } from './fixtures.ts'

const list = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine'
const guestTime = { timeout: 90_000 }

test.use({ stackOptions: { guests: 'simulated' } })

test('a VM and its snapshot are cloned, with what shall differ', async ({ page, kubectl }) => {
  await page.goto(list)
  await page.getByRole('button', { name: 'Actions for web-1' }).click()
  await page.getByRole('menuitem', { name: 'Clone' }).click()
  const dialog = page.getByRole('dialog', { name: 'Clone web-1' })
  const name = dialog.getByRole('textbox', { name: 'Name of the clone' })
  await expect(name).toHaveValue('web-1-clone-1')
  // A name that is taken is refused at its field.
  await name.fill('db-1')
  await expect(dialog.getByText('A VM db-1 already exists in namespace demo.')).toBeVisible()
  await name.fill('web-copy')
  await dialog.getByRole('button', { name: 'MAC addresses, serial number, labels' }).click()
  const mac = dialog.getByRole('textbox', { name: 'MAC address of default' })
  await mac.fill('nonsense')
  await expect(dialog.getByText('has malformed MAC address (nonsense)')).toBeVisible()
  await mac.fill('02:00:00:00:00:42')
  await dialog.getByRole('textbox', { name: 'SMBIOS serial number' }).fill('S-42')
  await expect(dialog.getByText('The cluster would accept this.')).toBeVisible()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Clone', exact: true }).click()
  await expect(page).toHaveURL(/~new\?clone=web-copy-/)
  await expect(page.getByLabel('The clone is there: done')).toBeVisible(guestTime)
  await page.getByRole('button', { name: 'Start web-copy' }).click()
  const stored = await kubectl('get', 'vm', 'web-copy', '-n', 'demo', '-o=json')
  expect(JSON.parse(stored)).toMatchObject({
    spec: {
      template: {
        spec: {
          domain: {
            firmware: { serial: 'S-42' },
            devices: { interfaces: [{ name: 'default', macAddress: '02:00:00:00:00:42' }] },
          },
        },
      },
    },
  })
})

/** What the forms do to a VM that has the device already, proved by what the cluster stores. */
import { expect, test } from './fixtures.ts'

test.use({ stackOptions: { guests: 'simulated' } })

const vm = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/batch-1'

test('edits and removes a network interface', async ({ page, kubectl }) => {
  const devices = () =>
    kubectl(
      'get',
      'vm',
      'batch-1',
      '-n',
      'demo',
      '-o=jsonpath={.spec.template.spec.domain.devices}',
    )
  await page.goto(`${vm}/network`)
  const actions = page.getByRole('button', { name: 'Actions for network interface default' })
  await actions.click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  const edit = page.getByRole('dialog', { name: 'Edit network interface default' })
  await edit.getByRole('combobox', { name: 'Model' }).selectOption('e1000e')
  await edit.getByRole('button', { name: /^Save/ }).click()
  await expect(edit).toBeHidden()
  expect(JSON.parse(await devices()).interfaces).toMatchObject([{ model: 'e1000e' }])

  await actions.click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  const remove = page.getByRole('dialog', { name: 'Remove network interface default' })
  await remove.getByRole('button', { name: /^Remove interface/ }).click()
  await expect(remove).toBeHidden()
  await expect(actions).toBeHidden()
  // Without this KubeVirt would give the VM an interface again.
  expect(JSON.parse(await devices())).toMatchObject({ autoattachPodInterface: false })
})

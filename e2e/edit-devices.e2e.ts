/** What the forms do to a VM that has the device already, proved by what the cluster stores. */
import { expect, test } from './fixtures.ts'

const vm = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/batch-1'

test('grows a claim and detaches its disk, which keeps the claim', async ({ page, kubectl }) => {
  await page.goto(`${vm}/storage`)
  await page.getByRole('button', { name: 'Attach disk' }).click()
  const attach = page.getByRole('dialog', { name: 'Attach disk' })
  const claimField = attach.getByRole('combobox', { name: 'PersistentVolumeClaim' })
  await claimField.fill('scratch')
  // By keyboard, as soon as there is a match.
  await expect(claimField).toHaveAttribute('aria-activedescendant', /option-0$/)
  await claimField.press('Enter')
  await expect(claimField).toHaveValue('scratch')
  await attach.getByRole('textbox', { name: 'Disk name' }).fill('spare')
  await attach.getByRole('button', { name: 'Attach disk' }).click()
  await expect(attach).toBeHidden()

  const actions = page.getByRole('button', { name: 'Actions for disk spare' })
  await actions.click()
  await page.getByRole('menuitem', { name: /^Grow/ }).click()
  const grow = page.getByRole('dialog', { name: 'Grow scratch' })
  await grow.getByRole('textbox', { name: 'New size' }).fill('4')
  await grow.getByRole('button', { name: 'Grow PVC now' }).click()
  await expect(grow).toBeHidden()
  const claim = (path: string) =>
    kubectl('get', 'pvc', 'scratch', '-n', 'demo', `-o=jsonpath=${path}`)
  await expect.poll(() => claim('{.status.capacity.storage}')).toBe('4Gi')
  await expect(page.getByRole('grid', { name: 'Disks' })).toContainText('4 GiB')

  await actions.click()
  await page.getByRole('menuitem', { name: /^Detach/ }).click()
  const detach = page.getByRole('dialog', { name: 'Detach disk spare' })
  await detach.getByRole('button', { name: /^Detach disk/ }).click()
  await expect(detach).toBeHidden()
  await expect(actions).toBeHidden()
  const volumes = '-o=jsonpath={.spec.template.spec.volumes[*].name}'
  expect(await kubectl('get', 'vm', 'batch-1', '-n', 'demo', volumes)).not.toContain('spare')
  expect(await claim('{.status.phase}')).toBe('Bound')
})

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

/** The pod behind a VM, and a VM's end, proved by what the cluster holds. */
import { expect, expectAccessible, row, test, waitForLogin } from './fixtures.ts'

const list = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine'

test.describe('on simulated guests', () => {
  test.use({ stackOptions: { guests: 'simulated' } })

  test('leads from a VM to its pod, and follows what the guest prints', async ({
    page,
    kubectl,
  }) => {
    await page.goto(`${list}/web-1`)
    await waitForLogin(kubectl, 'web-1')
    await page
      .getByRole('list', { name: 'Owner chain' })
      .getByRole('link', { name: /^virt-launcher-web-1-/ })
      .click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText('virt-launcher-web-1-')
    await expect(page.getByRole('grid', { name: 'Containers' })).toContainText('guest-console-log')
    await expectAccessible(page)

    const section = page.getByRole('link', { name: 'VirtualMachineInstances' })
    await expect(section.and(page.locator('[aria-current="page"]'))).toBeVisible()

    await page.getByRole('link', { name: 'Logs of guest-console-log' }).click()
    const log = page.getByRole('log', { name: 'Log of guest-console-log' })
    await expect(log).toContainText('web-1 login:')
    await expect(page.getByText('Following.')).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('textbox', { name: 'Filter lines' }).fill('LOGIN')
    await expect(log).toHaveText('web-1 login:')
    await page.getByRole('textbox', { name: 'Filter lines' }).clear()

    await page.getByRole('combobox', { name: 'Container' }).selectOption('compute')
    const compute = page.getByRole('log', { name: 'Log of compute' })
    await expect(compute).toContainText('VirtualMachineInstance started.')
    // What is written while one looks comes by itself, and stays when the pod has gone.
    await kubectl('delete', 'vmi', 'web-1', '-n', 'demo', '--wait=false')
    await expect(page.getByText('The pod is gone. What was last known')).toBeVisible()
    await expect(compute).toContainText('VirtualMachineInstance started.')

    await page.getByRole('button', { name: 'Namespace: demo' }).click()
    await page.getByRole('menuitem', { name: 'lab' }).click()
    await expect(page).toHaveURL('/k8s/ns/lab/kubevirt.io~v1~VirtualMachineInstance')
    const none = page.getByRole('heading', { name: 'No VirtualMachineInstances here' })
    await expect(none).toBeVisible()
  })

  test('says why a pod has no log, and that there is none of a name', async ({ page, kubectl }) => {
    const name = async () =>
      (await kubectl('get', 'pods', '-n', 'demo', '-o=name'))
        .split('\n')
        .find((one) => one.includes('gpu-1'))
        ?.replace('pod/', '')
    await expect.poll(name).toBeTruthy()
    await page.goto(`/k8s/ns/demo/pods/${await name()}/logs`)
    await expect(page.getByText(/has not started/)).toBeVisible()
    await page.goto('/k8s/ns/demo/pods/nobody')
    await expect(page.getByRole('heading', { name: 'No Pod nobody' })).toBeVisible()
    await expect(page).toHaveTitle(/nobody/)
  })

  test('deletes a VM, keeping a disk it owns and deleting one it uses', async ({
    page,
    kubectl,
  }) => {
    const names = async (kind: string) =>
      (await kubectl('get', kind, '-n', 'demo', '-o=name'))
        .split('\n')
        .map((one) => one.split('/')[1])
    const logs = () =>
      kubectl('get', 'dv', 'db-1-logs', '-n', 'demo', '-o=jsonpath={.status.phase}').catch(() => '')
    await expect.poll(logs).toBe('Succeeded')

    await page.goto(`${list}/db-1`)
    await page.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete db-1?' })
    const owned = dialog.getByRole('group', { name: 'Disk db-1-logs' })
    const used = dialog.getByRole('group', { name: 'Disk db-1-data' })
    await expect(owned.getByRole('radio', { name: 'Delete' })).toBeChecked()
    await expect(used.getByRole('radio', { name: 'Keep' })).toBeChecked()
    await expectAccessible(page)
    await owned.getByRole('radio', { name: 'Keep' }).check()
    await used.getByRole('radio', { name: 'Delete' }).check()
    await dialog.getByRole('button', { name: 'Delete VirtualMachine and 1 disk' }).click()
    await expect(dialog).toBeHidden()

    await expect(page.getByRole('heading', { name: 'db-1 is gone' })).toBeVisible()
    await expect.poll(() => names('pvc')).not.toContain('db-1-data')
    expect(await names('vm')).not.toContain('db-1')
    expect(await names('dv')).toContain('db-1-logs')
    expect(await names('pvc')).toContain('db-1-logs')
    const owners = '-o=jsonpath={.metadata.ownerReferences}'
    expect(await kubectl('get', 'dv', 'db-1-logs', '-n', 'demo', owners)).toBe('')
    await page.getByRole('link', { name: 'VirtualMachines in demo' }).click()
    await expect(row(page, 'Virtual machines', 'web-1')).toBeVisible()
    await expect(row(page, 'Virtual machines', 'db-1')).toBeHidden()
  })
  test('marks what the cluster refuses in YAML, and brings two people’s changes together', async ({
    page,
    kubectl,
  }) => {
    await page.goto(`${list}/batch-1/yaml`)
    const editor = page.getByRole('textbox', { name: 'YAML of batch-1' })
    await editor.click()
    await page.keyboard.press('Control+Home')
    await page.keyboard.press('End')
    await page.keyboard.type('\nnonsense: 1')
    await page.keyboard.press('Control+s')
    await expect(page.getByText('Not saved: see the marked lines')).toBeVisible()
    await expect(page.locator('.cm-lintRange-error')).toHaveText('nonsense')
    await expectAccessible(page)

    await page.getByRole('button', { name: 'Discard changes' }).click()
    await editor.click()
    await page.keyboard.press('Control+f')
    await page.keyboard.type('runStrategy: Halted')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await page.keyboard.type('runStrategy: Manual')
    const patch = '{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":7}}}}'
    await kubectl('patch', 'vm', 'batch-1', '-n', 'demo', '--type=merge', '-p', patch)
    await expect(page.getByText('It has been changed since you began')).toBeVisible()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByLabel('Difference')).toContainText('runStrategy: Manual')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Put my changes into the current version' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Saved batch-1')).toBeVisible()
    const stored = '-o=jsonpath={.spec.runStrategy} {..terminationGracePeriodSeconds}'
    expect(await kubectl('get', 'vm', 'batch-1', '-n', 'demo', stored)).toBe('Manual 7')
  })
})

/** From the list to a prompt one can log in at, by pointer and by keyboard. */
import { expect, expectAccessible, expectConnected, test } from './fixtures.ts'

const list = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine'
const guestTime = { timeout: 90_000 }

test.describe('with a guest', () => {
  test.use({ stackOptions: { guests: 'debian-1' } })

  test('three clicks make a VM whose console takes the password that was typed', async ({
    page,
    kubectl,
  }) => {
    await page.goto(list)
    await page.getByRole('link', { name: 'Create VirtualMachine' }).click()
    // The whole card is the radio's label, and takes the pointer for it.
    await page.getByRole('radio', { name: 'debian' }).dispatchEvent('click')
    await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('debian-1')
    // Not one of the three: these are for who wants to log in.
    await page.getByRole('button', { name: 'First boot' }).click()
    await page.getByRole('textbox', { name: 'User', exact: true }).fill('ada')
    await page.getByLabel('Password', { exact: true }).fill('love lace')
    await page.getByRole('textbox', { name: 'Commands' }).fill('echo "made by $(id -un)" > /made')
    await expect(page.getByText('The cluster would accept this.')).toBeVisible()
    await page.getByRole('button', { name: 'Create VirtualMachine' }).click()

    await expect(page.getByRole('list', { name: 'Progress' })).toBeVisible()
    // Opens by itself when the guest runs.
    await expect(page).toHaveURL(/debian-1\/console/, guestTime)
    await expect
      .poll(() =>
        kubectl('get', 'vm', 'debian-1', '-n', 'demo', '-o=jsonpath={.spec.instancetype.name}'),
      )
      .toBe('u1.medium')
    await page.goto(`${list}/debian-1/console?type=serial`)
    const serial = page.getByRole('region', { name: 'Serial console' })
    await expectConnected(page)
    await serial.click()
    await page.keyboard.press('Enter')
    await expect(serial).toContainText('login:', guestTime)
    await page.keyboard.type('ada\n')
    await expect(serial).toContainText('Password:', guestTime)
    await page.keyboard.type('love lace\n')
    await expect(serial).toContainText('ada@debian-1', guestTime)
    await page.keyboard.type('cat /made\n')
    await expect(serial).toContainText('made by root', guestTime)
  })
})

test.describe('without guests', () => {
  test.use({ stackOptions: { guests: 'simulated' } })

  test('can be gone through by keyboard alone', async ({ page, kubectl }) => {
    await page.goto(`${list}/~new`)
    const image = page.getByRole('radio', { name: 'debian' })
    await expect(image).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('radio', { name: 'An operating system' }).focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await expect(image).toBeChecked()
    const name = page.getByRole('textbox', { name: 'Name' })
    await expect(name).toHaveValue('debian-1')
    await page.keyboard.press('Tab')
    await expect(name).toBeFocused()
    await expect(page.getByText('The cluster would accept this.')).toBeVisible()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await expect(page.getByRole('button', { name: 'Create VirtualMachine' })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('list', { name: 'Progress' })).toBeVisible()
    await expect.poll(() => kubectl('get', 'vm', '-n', 'demo')).toContain('debian-1')
  })
})

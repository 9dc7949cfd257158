/** From the list to a prompt one can log in at, by pointer and by keyboard. */
import { expect, expectAccessible, expectConnected, test } from './fixtures.ts'

const list = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine'
const guestTime = { timeout: 90_000 }

/** With a field that the form doesn't know, an annotation, and a mistake: CD-ROM drives are never virtio. */
const manifest = `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata:
  name: shop-2
  namespace: demo
  annotations:
    note: kept
spec:
  runStrategy: Always
  template:
    spec:
      terminationGracePeriodSeconds: 7
      domain:
        memory: { guest: 512Mi }
        devices:
          disks:
            - name: rootdisk
              disk: { bus: virtio }
            - name: tools
              cdrom: { bus: virtio }
      volumes:
        - name: rootdisk
          containerDisk: { image: quay.io/x/alpine:1 }
        - name: tools
          containerDisk: { image: quay.io/x/tools:1 }
`

test.describe('with a guest', () => {
  test.use({ stackOptions: { guests: 'debian-1' } })

  test('three clicks make a VM whose console takes the password that was typed', async ({
    page,
    kubectl,
  }) => {
    await page.goto(list)
    await page.getByRole('link', { name: 'Create VirtualMachine' }).click()
    // The whole card is the radio's label, and takes the pointer for it.
    const image = page.getByRole('radio', { name: 'debian' })
    // Its image is made as the sandbox starts.
    await expect(image).toBeEnabled(guestTime)
    await image.dispatchEvent('click')
    await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('debian-1')
    // Not one of the three: these are for who wants to log in.
    await page.getByRole('button', { name: 'First boot' }).click()
    await page.getByRole('textbox', { name: 'User', exact: true }).fill('ada')
    await page.getByLabel('Password', { exact: true }).fill('love lace')
    await page.getByRole('textbox', { name: 'Commands' }).fill('echo "made by $(id -un)" > /made')
    await page.getByRole('button', { name: 'Paste a public key' }).click()
    await page
      .getByRole('textbox', { name: 'Public key', exact: true })
      .fill('ssh-ed25519 AAAAC3Nz ada@laptop')
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
    await expect(serial).toContainText('login:', guestTime)
    await serial.click()
    await page.keyboard.type('ada\n')
    await expect(serial).toContainText('Password:', guestTime)
    await page.keyboard.type('love lace\n')
    await expect(serial).toContainText('ada@debian-1', guestTime)
    // The command of the first boot ran, and the key came from its Secret.
    await page.keyboard.type('cat /made .ssh/authorized_keys\n')
    await expect(serial).toContainText('made by root', guestTime)
    await expect(serial).toContainText('AAAAC3Nz ada@laptop')
  })
})

test.describe('without guests', () => {
  test.use({ stackOptions: { guests: 'simulated' } })

  test('can be gone through by keyboard alone', async ({ page, kubectl }) => {
    await page.goto(`${list}/~new`)
    const image = page.getByRole('radio', { name: 'debian' })
    await expect(image).toBeEnabled(guestTime)
    await expectAccessible(page)
    await page.getByRole('radio', { name: 'An operating system' }).focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    // Images that are there already come before it, and are chosen on the way.
    await expect(async () => {
      if (!(await image.isChecked())) await page.keyboard.press('ArrowDown')
      await expect(image).toBeChecked({ timeout: 3000 })
    }).toPass(guestTime)
    const name = page.getByRole('textbox', { name: 'Name' })
    await expect(name).toHaveValue(/-1$/)
    const proposed = await name.inputValue()
    await page.keyboard.press('Tab')
    await expect(name).toBeFocused()
    await expect(page.getByText('The cluster would accept this.')).toBeVisible()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await expect(page.getByRole('textbox', { name: 'How many' })).toBeFocused()
    await page.keyboard.press('Tab')
    await expect(page.getByRole('button', { name: 'Create VirtualMachine' })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('list', { name: 'Progress' })).toBeVisible()
    await expect.poll(() => kubectl('get', 'vm', '-n', 'demo'), guestTime).toContain(proposed)
  })

  test('mistakes land on their step, YAML comes back into the form, and a reload keeps the draft', async ({
    page,
    kubectl,
  }) => {
    await page.goto(`${list}/~new`)
    const create = page.getByRole('button', { name: 'Create VirtualMachine' })
    await expect(page.getByRole('radio', { name: 'debian' })).toBeVisible()
    await expectAccessible(page)

    await page.getByRole('radio', { name: /^A container disk/ }).dispatchEvent('click')
    await page.getByRole('textbox', { name: 'Container disk image' }).fill('quay.io/x/alpine:1')
    const name = page.getByRole('textbox', { name: 'Name' })
    await name.fill('web-1')
    await expect(page.getByText('already exists')).toBeVisible()
    await name.fill('shop-1')
    await expect(page.getByText('The cluster would accept this.')).toBeVisible()

    // By what the form has no field for, and with a mistake of another step.
    await page.getByRole('button', { name: 'Show YAML' }).click()
    const editor = page.getByRole('textbox', { name: 'Manifests as YAML' })
    await editor.click()
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText(manifest)
    await expect(name).toHaveValue('shop-2')
    const disks = page.getByRole('button', { name: /Disks/ })
    await expect(disks).toContainText('Disks')
    await expect(page.getByText(/The cluster refuses this/).first()).toBeVisible()
    await disks.click()
    await expect(
      page.getByText(/must have exactly one source type|invalid for CD-ROM/),
    ).toBeVisible()
    await page.getByRole('button', { name: 'Actions for disk tools' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await expect(page.getByText('The cluster would accept this.')).toBeVisible()

    // By the form of a VM's own page; what the cluster says of the disk is at its field.
    await page.getByRole('button', { name: 'Add disk' }).click()
    const disk = page.getByRole('dialog', { name: 'Add a disk' })
    await expect(disk.getByRole('textbox', { name: 'PVC name' })).toHaveValue('shop-2-disk-1')
    await disk.getByRole('textbox', { name: 'Size' }).fill('1')
    await disk.getByRole('combobox', { name: 'Bus' }).selectOption('sata')
    await disk.getByRole('button', { name: 'Cache, errors, sharing' }).click()
    await disk.getByRole('checkbox', { name: 'I/O thread of its own' }).check()
    await expect(
      disk.getByText('IOThreads are not supported for disks on a sata bus'),
    ).toBeVisible()
    await disk.getByRole('combobox', { name: 'Bus' }).selectOption('virtio')
    await expect(disk.getByText('The cluster would accept this.')).toBeVisible()
    await expectAccessible(page)
    await disk.getByRole('button', { name: 'Add disk' }).click()
    await expect(disk).toBeHidden()
    await expect(page.getByRole('textbox', { name: 'Size of disk-1' })).toHaveValue('1')

    await page.getByRole('button', { name: 'First boot' }).click()
    await page.getByLabel('Password', { exact: true }).fill('hunter2')
    await expectAccessible(page)
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('hunter2')
    await page.reload()
    await expect(page.getByText('This is the draft you left')).toBeVisible()
    await expect(name).toHaveValue('shop-2')
    await page.getByRole('button', { name: 'Review' }).click()
    await expect(page.getByText('Nobody may be able to log in')).toBeVisible()
    await expectAccessible(page)
    await create.click()
    await expect(page).toHaveURL(/shop-2\/console/, guestTime)
    const stored = await kubectl('get', 'vm', 'shop-2', '-n', 'demo', '-o=json')
    expect(JSON.parse(stored)).toMatchObject({
      metadata: { annotations: { note: 'kept' } },
      spec: {
        dataVolumeTemplates: [
          { metadata: { name: 'shop-2-disk-1' }, spec: { source: { blank: {} } } },
        ],
        template: { spec: { terminationGracePeriodSeconds: 7 } },
      },
    })
  })
})

/** Disk images from the browser into volumes, checked by what the guest reads and the cluster holds. */
import { createHash, randomBytes } from 'node:crypto'
import { open, readFile, writeFile } from 'node:fs/promises'

import type { Page } from '@playwright/test'

import { expect, expectAccessible, logInOnSerial, test } from './fixtures.ts'

const mib = 2 ** 20

/** A disk image that takes little room on this machine: mostly holes, with random bytes here and there. */
async function diskImage(path: string, size: number): Promise<string> {
  const file = await open(path, 'w')
  await file.truncate(size)
  for (let at = 0; at < size; at += 64 * mib)
    await file.write(randomBytes(4096), 0, 4096, at + 7777)
  await file.write(randomBytes(4096), 0, 4096, size - 4096)
  // A boot signature, by which it is a disk.
  await file.write(Buffer.from([0x55, 0xaa]), 0, 2, 510)
  await file.close()
  return path
}

/**
 * Which MiB of a GiB are compared: every sixteenth and the last, which have all that isn't a hole.
 * An emulated guest needs a minute and more for the whole of it, so that is asked for by
 * `WHOLE_CHECKSUM=1`.
 */
const isWhole = process.env['WHOLE_CHECKSUM'] !== undefined
const compared = isWhole
  ? [...Array(1024).keys()]
  : [...[...Array(64).keys()].map((index) => index * 16), 1023]

async function checksum(path: string): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(path)
  const block = Buffer.alloc(mib)
  for (const index of compared) {
    await file.read(block, 0, mib, index * mib)
    hash.update(block)
  }
  await file.close()
  return hash.digest('hex')
}

async function openUpload(page: Page) {
  await page.goto('/k8s/ns/demo/persistentvolumeclaims')
  await page.getByRole('button', { name: 'Upload disk image' }).click()
  const dialog = page.getByRole('dialog', { name: 'Upload a disk image' })
  await expect(dialog).toBeVisible()
  const choose = (path: string) => dialog.locator('input[type=file]').setInputFiles(path)
  return { dialog, choose }
}

/** Most memory a process has had, in MiB. */
async function peakMiB(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024
}

test('a GiB from the browser is what the guest reads', async ({ page, kubectl, stack }, info) => {
  test.setTimeout(600_000)
  const image = await diskImage(info.outputPath('large.img'), 1024 * mib)
  const expected = checksum(image)
  const { dialog, choose } = await openUpload(page)
  await choose(image)
  await expect(dialog.getByText(/^Raw disk · 1 GiB to send/)).toBeVisible()
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('large')
  await expect(dialog.getByRole('textbox', { name: 'Size' })).toHaveValue('1')
  const before = await peakMiB(stack.pids.gateway)
  await dialog.getByRole('button', { name: 'Upload 1 GiB' }).click()
  await expect(dialog).toBeHidden()

  const tray = page.getByRole('region', { name: 'Uploads' })
  await expect(tray).toContainText(/of 1 GiB · .*\/s · about .* left/)
  await expect(tray).toContainText('Done: the volume can be used', { timeout: 90_000 })
  // None of the processes it goes through has held it.
  expect((await peakMiB(stack.pids.gateway)) - before).toBeLessThan(200)
  expect(await peakMiB(stack.pids.sandbox)).toBeLessThan(700)

  const patch = [
    {
      op: 'add',
      path: '/spec/template/spec/volumes/-',
      value: { name: 'large', dataVolume: { name: 'large', hotpluggable: true } },
    },
    {
      op: 'add',
      path: '/spec/template/spec/domain/devices/disks/-',
      value: { name: 'large', disk: { bus: 'scsi' } },
    },
  ]
  await kubectl('patch', 'vm', 'web-1', '-n', 'demo', '--type=json', '-p', JSON.stringify(patch))
  await page.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1/console?type=serial')
  await logInOnSerial(page)
  const serial = page.getByRole('region', { name: 'Serial console' })
  const guestTime = { timeout: isWhole ? 400_000 : 90_000 }
  await page.keyboard.type(
    'until grep -q 1048576 /proc/partitions; do sleep 1; done; echo at$?here\n',
  )
  await expect(serial).toContainText('at0here', guestTime)
  await page.keyboard.type(`d=/dev/$(awk '$3==1048576{print $4}' /proc/partitions)\n`)
  const blocks = isWhole ? '$(seq 0 1023)' : '$(seq 0 16 1008) 1023'
  await page.keyboard.type(
    `for i in ${blocks}; do dd if=$d bs=1M skip=$i count=1 2>/dev/null; done | sha256sum\n`,
  )
  await expect(serial).toContainText(await expected, guestTime)
})

test.describe('without a guest', () => {
  test.use({ stackOptions: { guests: 'simulated' } })

  test('says what is wrong before sending, goes on elsewhere, and cleans up when cancelled', async ({
    page,
    kubectl,
  }, info) => {
    const override = (value: string | null) =>
      kubectl(
        'patch',
        'cdiconfig',
        'config',
        '--type=merge',
        '-p',
        JSON.stringify({ spec: { uploadProxyURLOverride: value } }),
      )
    await override('')
    const { dialog, choose } = await openUpload(page)
    await expect(dialog.getByText('CDI’s upload proxy has no address')).toBeVisible()
    await expect(dialog.getByRole('textbox', { name: 'Command' })).toHaveValue(
      /^virtctl image-upload dv /,
    )
    await override(null)
    await dialog.getByRole('button', { name: 'Check again' }).click()
    await expect(dialog.getByText('CDI’s upload proxy has no address')).toBeHidden()

    const archive = info.outputPath('disk.zip')
    await writeFile(archive, Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(4096)]))
    await choose(archive)
    await expect(dialog.getByText(/^This is a ZIP archive/)).toBeVisible()
    await dialog.getByRole('button', { name: 'Upload', exact: true }).click()
    await expect(dialog).toBeVisible()

    await choose(await diskImage(info.outputPath('big.img'), 4096 * mib))
    await dialog.getByRole('textbox', { name: 'Size' }).fill('2')
    await expect(dialog.getByText(/take 4 GiB or more/)).toBeVisible()
    await expectAccessible(page)
    await dialog.getByRole('textbox', { name: 'Size' }).fill('4')
    await dialog.getByRole('button', { name: 'Upload 4 GiB' }).click()
    await expect(dialog).toBeHidden()

    const tray = page.getByRole('region', { name: 'Uploads' })
    await expect(tray).toContainText(/of 4 GiB/)
    await page.getByRole('link', { name: 'Consoles' }).click()
    await expect(page).toHaveURL(/console-wall/)
    await expect(tray).toContainText(/of 4 GiB/)
    await expectAccessible(page)
    // The window asks before it takes the upload with it.
    const question = page.waitForEvent('dialog')
    await page.close({ runBeforeUnload: true })
    expect((await question).type()).toBe('beforeunload')
    await (await question).dismiss()
    await tray.getByRole('button', { name: 'Cancel upload of big.img' }).click()
    await expect(tray).toContainText('Cancelled. DataVolume big was deleted.')
    await expect
      .poll(() => kubectl('get', 'dv,pvc,pod', '-n', 'demo', '-o=name'))
      .not.toMatch(/\/(big|cdi-upload-big)$/m)
    await tray.getByRole('button', { name: 'Clear ended' }).click()
    await expect(tray).toBeHidden()
  })

  test('attaches what is being uploaded, keeps it when that is cancelled, and tries again', async ({
    page,
    kubectl,
  }, info) => {
    // Bytes go nowhere until they may.
    await page.route('**/api/upload/namespaces/**', () => undefined)
    await page.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/batch-1/storage')
    await page.getByRole('button', { name: 'Attach disk' }).click()
    const attach = page.getByRole('dialog', { name: 'Attach disk' })
    await attach.getByRole('combobox', { name: 'Source' }).selectOption('upload')
    await attach.getByRole('button', { name: 'Choose a file to upload' }).click()
    const dialog = page.getByRole('dialog', { name: 'Upload a disk image' })
    await dialog
      .locator('input[type=file]')
      .setInputFiles(await diskImage(info.outputPath('extra.img'), 2 * mib))
    await dialog.getByRole('button', { name: 'Upload 2 MiB' }).click()
    await expect(dialog).toBeHidden()
    await expect(attach.getByText('It goes to PersistentVolumeClaim extra')).toBeVisible()
    await attach.getByRole('button', { name: 'Attach disk' }).click()
    await expect(attach).toBeHidden()

    const tray = page.getByRole('region', { name: 'Uploads' })
    await expect(tray).toContainText('0 B of 2 MiB', { timeout: 30_000 })
    await tray.getByRole('button', { name: 'Cancel upload of extra.img' }).click()
    await expect(tray).toContainText(
      'DataVolume extra is kept, still without its image: VM batch-1 uses it.',
    )
    await page.unroute('**/api/upload/namespaces/**')
    await tray.getByRole('button', { name: 'Try again to upload extra.img' }).click()
    await expect(tray).toContainText('Done: the volume can be used', { timeout: 30_000 })
    await expect
      .poll(() => kubectl('get', 'dv', 'extra', '-n=demo', '-o=jsonpath={.status.phase}'))
      .toBe('Succeeded')
    expect(
      await kubectl('get', 'vm', 'batch-1', '-n=demo', '-o=jsonpath={.spec.template.spec.volumes}'),
    ).toContain('"claimName":"extra"')

    // What waits for an upload already is filled, and no other volume made.
    const phase = (name: string) =>
      kubectl('get', 'dv', name, '-n=demo', '-o=jsonpath={.status.phase}')
    await expect.poll(() => phase('appliance-upload')).toBe('UploadReady')
    const volumes = await kubectl('get', 'dv', '-n=demo', '-o=name')
    const { choose } = await openUpload(page)
    await choose(await diskImage(info.outputPath('appliance.img'), 2 * mib))
    await dialog
      .getByRole('combobox', { name: 'Upload into' })
      .selectOption('DataVolume/appliance-upload')
    await expect(dialog.getByText('The cluster would accept this.')).toBeVisible()
    await dialog.getByRole('button', { name: 'Upload 2 MiB' }).click()
    await expect(dialog).toBeHidden()
    await expect.poll(() => phase('appliance-upload')).toBe('Succeeded')
    expect(await kubectl('get', 'dv', '-n=demo', '-o=name')).toBe(volumes)
  })
})

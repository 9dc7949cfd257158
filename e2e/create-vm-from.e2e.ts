/** Each way to begin a VM, with simulated guests: what is created, and what is told on the way. */
import { writeFile } from 'node:fs/promises'

import type { Locator, Page } from '@playwright/test'

import { expect, expectAccessible, row, test, type Kubectl } from './fixtures.ts'

const list = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine'
const guestTime = { timeout: 90_000 }

test.use({ stackOptions: { guests: 'simulated' } })

const snapshot = `apiVersion: snapshot.kubevirt.io/v1beta1
kind: VirtualMachineSnapshot
metadata: { name: before-update, namespace: demo }
spec: { source: { apiGroup: kubevirt.io, kind: VirtualMachine, name: db-1 } }
`

test('a VM and its snapshot are cloned, with what shall differ', async ({
  page,
  kubectl,
}, info) => {
  test.setTimeout(180_000)
  const file = info.outputPath('snapshot.yaml')
  await writeFile(file, snapshot)
  // What a snapshot is worth depends on the agent at that moment.
  await kubectl('wait', 'vm/db-1', '-n=demo', '--for=condition=AgentConnected', '--timeout=90s')
  await kubectl('create', '-f', file)
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

  // A snapshot is found by the VM that it is of.
  await beginWith(page, /^A VM or a snapshot of one/)
  await page.getByRole('button', { name: 'Choose what to clone' }).click()
  const ofSnapshot = page.getByRole('dialog', { name: 'Clone a VM' })
  await ofSnapshot.getByRole('combobox', { name: 'VM or snapshot' }).fill('snapshot of db-1')
  await page.getByRole('option', { name: /before-update/ }).click()
  await expect(ofSnapshot.getByRole('textbox', { name: 'Name of the clone' })).toHaveValue(
    'before-update-clone-1',
  )
  await ofSnapshot.getByRole('button', { name: 'Cancel' }).click()

  // And on a page of its own, which a VM is made from.
  await page.goto('/k8s/all-namespaces/snapshot.kubevirt.io~v1beta1~VirtualMachineSnapshot')
  const kept = row(page, 'VirtualMachineSnapshots', 'before-update')
  await expect(kept).toContainText('Ready')
  await expect(kept.getByRole('link', { name: 'db-1' })).toBeVisible()
  await kept.getByRole('button', { name: 'Actions for before-update' }).click()
  await page.getByRole('menuitem', { name: 'Create VirtualMachine' }).click()
  const ofRow = page.getByRole('dialog', { name: 'Clone before-update' })
  await expect(ofRow.getByText('The cluster would accept this.')).toBeVisible(guestTime)
  await ofRow.getByRole('button', { name: 'Clone', exact: true }).click()
  await expect(page.getByLabel('The clone is there: done')).toBeVisible(guestTime)
  // Its disk is a copy, not the one of its source.
  const claims = await kubectl(
    'get',
    'vm',
    'before-update-clone-1',
    '-n=demo',
    '-o=jsonpath={.spec.template.spec.volumes[*].persistentVolumeClaim.claimName}',
  )
  expect(claims).toMatch(/^restore-/)

  await page.getByRole('link', { name: 'before-update', exact: true }).click()
  await expect(page.getByText('It ran, and its agent held its file systems still.')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Actions', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Delete snapshot' }).click()
  await expect
    .poll(() => kubectl('get', 'vmsnapshot', '-n=demo', '-o=name'))
    .not.toContain('before-update')
})

/** The wizard at this way to begin, with the name that the VM is to have. */
async function beginWith(page: Page, way: RegExp) {
  await page.goto(`${list}/~new`)
  await page.getByRole('radio', { name: way }).dispatchEvent('click')
}

async function createAs(page: Page, name: string) {
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
  await expect(page.getByText('The cluster would accept this.')).toBeVisible(guestTime)
  await page.getByRole('button', { name: 'Create VirtualMachine' }).click()
  await expect(page).toHaveURL(new RegExp(`(created=${name}|${name}/console)`), guestTime)
}

interface StoredVm {
  spec: {
    dataVolumeTemplates?: { metadata: { name: string }; spec: object }[]
    template: { spec: { volumes: object[]; domain: { devices: { disks: object[] } } } }
  }
}

async function storedVm(kubectl: Kubectl, name: string): Promise<StoredVm['spec']> {
  const text = await kubectl('get', 'vm', name, '-n', 'demo', '-o=json')
  return (JSON.parse(text) as StoredVm).spec
}

/** Several documents, dropped as a file; the first is no VM. */
const documents = `apiVersion: v1
kind: ConfigMap
metadata: { name: beside, namespace: demo }
data: { key: value }
---
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: { name: from-file, namespace: demo }
spec:
  runStrategy: Always
  template:
    spec:
      domain: { memory: { guest: 9000Gi }, devices: { disks: [{ name: root, disk: { bus: virtio } }] } }
      volumes: [{ name: root, containerDisk: { image: 'quay.io/x/alpine:1' } }]
`

/** An operating system whose image takes its time. */
const importing = `apiVersion: cdi.kubevirt.io/v1beta1
kind: DataVolume
metadata:
  name: slow-image
  namespace: demo
  annotations:
    sandbox.kubevirt-console.io/import-seconds: '3600'
    cdi.kubevirt.io/storage.bind.immediate.requested: 'true'
spec:
  source: { http: { url: 'https://images.test/slow.qcow2' } }
  storage: { resources: { requests: { storage: 1Gi } } }
---
apiVersion: cdi.kubevirt.io/v1beta1
kind: DataSource
metadata: { name: slow, namespace: demo }
spec: { source: { pvc: { name: slow-image, namespace: demo } } }
`

test('each other way to begin creates what it says', async ({ page, kubectl }, info) => {
  test.setTimeout(240_000)
  // An image that isn't there yet says so and can't be chosen.
  const file = info.outputPath('importing.yaml')
  await writeFile(file, importing)
  await kubectl('create', '-f', file)
  await page.goto(`${list}/~new`)
  await expect(page.getByRole('radio', { name: 'slow' })).toBeDisabled()
  const images = page.getByRole('radiogroup', { name: 'Operating system' })
  await expect(images.getByText('Importing', { exact: true }).last()).toBeVisible()

  await page.getByRole('radio', { name: /^A disk that is there/ }).dispatchEvent('click')
  await page.getByRole('combobox', { name: 'PersistentVolumeClaim' }).fill('scratch')
  await page.getByRole('option', { name: /^scratch/ }).click()
  await createAs(page, 'from-claim')
  expect((await storedVm(kubectl, 'from-claim')).template.spec.volumes).toMatchObject([
    { persistentVolumeClaim: { claimName: 'scratch' } },
  ])

  await beginWith(page, /^A copy of a disk as a VolumeSnapshot/)
  await page.getByRole('combobox', { name: 'VolumeSnapshot' }).fill('weekly')
  await page.getByRole('option', { name: /^shared-media-weekly/ }).click()
  await createAs(page, 'from-snapshot')
  expect((await storedVm(kubectl, 'from-snapshot')).dataVolumeTemplates).toMatchObject([
    { spec: { source: { snapshot: { namespace: 'demo', name: 'shared-media-weekly' } } } },
  ])

  await beginWith(page, /^A disk image by URL/)
  await page.getByRole('textbox', { name: 'URL of the image' }).fill('https://x.test/disk.qcow2')
  await createAs(page, 'from-url')
  expect((await storedVm(kubectl, 'from-url')).dataVolumeTemplates).toMatchObject([
    {
      metadata: { name: 'from-url-rootdisk' },
      spec: { source: { http: { url: 'https://x.test/disk.qcow2' } } },
    },
  ])

  await beginWith(page, /^A disk image from a container registry/)
  await page.getByRole('textbox', { name: 'Image in the registry' }).fill('docker://quay.io/x/y:1')
  await createAs(page, 'from-registry')
  expect((await storedVm(kubectl, 'from-registry')).dataVolumeTemplates).toMatchObject([
    { spec: { source: { registry: { url: 'docker://quay.io/x/y:1' } } } },
  ])

  await beginWith(page, /^An empty disk and an installation CD/)
  await page
    .getByRole('textbox', { name: 'URL of the installation CD' })
    .fill('https://x.test/a.iso')
  await createAs(page, 'from-cd')
  expect((await storedVm(kubectl, 'from-cd')).template.spec.domain.devices.disks).toMatchObject([
    { name: 'rootdisk', disk: {} },
    { name: 'install-iso', cdrom: { bus: 'sata' } },
  ])

  await beginWith(page, /^A manifest/)
  await drop(page, page.locator('.pf-v6-c-file-upload'), 'vm.yaml', documents)
  await expect(page.getByText('The steps now show this manifest')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('from-file')
  await createAs(page, 'from-file')
  // What keeps it from running, in plain words.
  await expect(page.getByText(/no node has enough memory free/)).toBeVisible(guestTime)
  await expectAccessible(page)
  expect(await kubectl('get', 'configmap', 'beside', '-n', 'demo', '-o=jsonpath={.data.key}')).toBe(
    'value',
  )
})

/** Drops a file with this text, as from the desktop. */
async function drop(page: Page, target: Locator, name: string, text: string) {
  const data = await page.evaluateHandle(
    ([fileName = '', content = '']) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([content], fileName))
      return transfer
    },
    [name, text],
  )
  for (const event of ['dragenter', 'dragover', 'drop'])
    await target.dispatchEvent(event, { dataTransfer: data })
}

test('a dropped ISO becomes the CD beside an empty disk, a disk image the disk', async ({
  page,
  kubectl,
}) => {
  test.setTimeout(180_000)
  await beginWith(page, /^A file of mine/)
  // ISO 9660: its mark is in the 17th sector.
  const iso = `${'\0'.repeat(0x8001)}CD001${'\0'.repeat(2 ** 16)}`
  await drop(page, page.locator('.pf-v6-c-file-upload'), 'install.iso', iso)
  const dialog = page.getByRole('dialog', { name: 'Upload a disk image' })
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('install')
  await dialog.getByRole('button', { name: /^Upload/ }).click()
  await expect(page.getByText('The CD is DataVolume install')).toBeVisible(guestTime)
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('install-1')
  await expectAccessible(page)
  await createAs(page, 'from-iso')
  const { template, dataVolumeTemplates } = await storedVm(kubectl, 'from-iso')
  expect(dataVolumeTemplates).toMatchObject([{ spec: { source: { blank: {} } } }])
  expect(template.spec.volumes).toMatchObject([
    { name: 'rootdisk', dataVolume: { name: 'from-iso-rootdisk' } },
    { name: 'install-iso', dataVolume: { name: 'install' } },
  ])

  await beginWith(page, /^A file of mine/)
  const raw = `${'\0'.repeat(510)}\x55\u00aa${'\0'.repeat(2 ** 16)}`
  await drop(page, page.locator('.pf-v6-c-file-upload'), 'mine.img', raw)
  await dialog.getByRole('button', { name: /^Upload/ }).click()
  await expect(page.getByText('The disk is DataVolume mine')).toBeVisible(guestTime)
  await createAs(page, 'from-upload')
  expect((await storedVm(kubectl, 'from-upload')).template.spec.volumes).toMatchObject([
    { dataVolume: { name: 'mine' } },
  ])
  await expect
    .poll(
      () => kubectl('get', 'dv', 'mine', '-n', 'demo', '-o=jsonpath={.status.phase}'),
      guestTime,
    )
    .toBe('Succeeded')
})

test.describe('of a template', () => {
  test.use({ stackOptions: { guests: 'simulated', with: ['openshift-templates'] } })

  test('its blanks are filled in by the cluster, and the other steps go on from there', async ({
    page,
    kubectl,
  }) => {
    await beginWith(page, /^A template/)
    const templates = page.getByRole('radiogroup', { name: 'Template' })
    // Only those of VMs, of either kind.
    await expect(templates.getByRole('radio')).toHaveCount(2)
    await templates.getByRole('radio', { name: 'Fedora VM' }).dispatchEvent('click')
    await expect(page.getByText(/^Log in as fedora with/)).toBeVisible()
    await templates.getByRole('radio', { name: 'web-server' }).dispatchEvent('click')
    await expect(page.getByText(/^The password of fedora-server-small-1 is/)).toBeVisible()
    await page.getByRole('textbox', { name: 'NAME' }).fill('web-1')
    await expect(page.getByText('already exists')).toBeVisible()
    await page.getByRole('textbox', { name: 'NAME' }).fill('shop')
    await page.getByRole('textbox', { name: 'Cores' }).fill('2')
    await expect(page.getByText(/^The password of shop is/)).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'First boot' }).click()
    await page.getByRole('combobox', { name: 'Run strategy' }).selectOption('Always')
    await expect(page.getByText('The cluster would accept this.')).toBeVisible()
    await page.getByRole('button', { name: 'Create VirtualMachine' }).click()
    await expect(page).toHaveURL(/shop\/console/, guestTime)
    const { template } = await storedVm(kubectl, 'shop')
    expect(template.spec).toMatchObject({ domain: { cpu: { cores: 2 } } })
    expect(JSON.stringify(template.spec.volumes)).toMatch(
      /hostname: shop\\npassword: [a-z0-9]{12}\\n/,
    )
  })
})

test('several are made at once, the failed are tried again, and a pool keeps its number', async ({
  page,
  kubectl,
}) => {
  test.setTimeout(180_000)
  await beginWith(page, /^A container disk/)
  await page.getByRole('textbox', { name: 'Container disk image' }).fill('quay.io/x/alpine:1')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('web')
  await page.getByRole('textbox', { name: 'How many' }).fill('3')
  await expect(page.getByText(/^Already there: web-1/)).toBeVisible(guestTime)
  await page.getByRole('textbox', { name: 'Names' }).fill('many-{nn}')
  await page.getByRole('textbox', { name: 'First number' }).fill('9')
  await expect(page.getByText(/^many-09 to many-11/)).toBeVisible()
  await expect(page.getByText('The cluster would accept this.')).toBeVisible(guestTime)
  await expectAccessible(page)
  // The cluster refuses one of them, until it is made room for.
  const refused = 'exceeded quota: small, requested: count/virtualmachines.kubevirt.io=1'
  const creation = /\/namespaces\/demo\/virtualmachines(\?|$)/
  await page.route(creation, async (route, request) => {
    if (request.method() !== 'POST' || !request.postData()?.includes('"many-10"'))
      return route.fallback()
    return route.fulfill({
      status: 403,
      json: { kind: 'Status', status: 'Failure', code: 403, reason: 'Forbidden', message: refused },
    })
  })
  await page.getByRole('button', { name: 'Create 3 VirtualMachines' }).click()
  await expect(page.getByText('2 of 3 created, 1 failed.')).toBeVisible(guestTime)
  await expect(page.getByText(refused)).toBeVisible()
  await expectAccessible(page)
  await page.unroute(creation)
  await page.getByRole('button', { name: 'Try the failed again' }).click()
  await expect(page.getByText('3 of 3 created.')).toBeVisible(guestTime)
  const names = await kubectl('get', 'vm', '-n', 'demo', '-o=name')
  for (const name of ['many-09', 'many-10', 'many-11']) expect(names).toContain(name)

  await beginWith(page, /^A disk image by URL/)
  await page.getByRole('textbox', { name: 'URL of the image' }).fill('https://x.test/disk.qcow2')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('farm')
  await page.getByRole('textbox', { name: 'How many' }).fill('2')
  await page.getByRole('checkbox', { name: 'As a pool' }).check()
  await expect(page.getByText('The cluster would accept this.')).toBeVisible(guestTime)
  await page.getByRole('button', { name: 'Create pool' }).click()
  await expect(page.getByRole('link', { name: 'farm', exact: true })).toHaveAttribute(
    'href',
    /VirtualMachinePool\/farm$/,
  )
  const members = page.getByRole('list', { name: 'VMs of the pool' })
  await expect(members.getByRole('link')).toHaveText(['farm-0', 'farm-1'], guestTime)
  await kubectl('scale', 'vmpool', 'farm', '-n', 'demo', '--replicas=3')
  await expect(members.getByRole('link')).toHaveText(['farm-0', 'farm-1', 'farm-2'], guestTime)
  expect((await storedVm(kubectl, 'farm-2')).dataVolumeTemplates).toMatchObject([
    { metadata: { name: 'farm-rootdisk-2' } },
  ])
})

/**
 * What other people and guests may write is shown as they wrote it, and does nothing: each field of a
 * VM and what belongs to it that takes free text holds HTML, a script's address or signs that turn the
 * direction of text.
 */
import { expect, test } from './fixtures.ts'

const html = `"><img src=x onerror="window.done=1"><script>window.done=2</script>`
const words = `${html} javascript:window.done=3 {{constructor.constructor('window.done=4')()}} \u202etxt.exe`
const vm = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1'

const event = {
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'hostile', namespace: 'demo' },
  involvedObject: {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    name: 'web-1',
    namespace: 'demo',
  },
  type: 'Warning',
  reason: html,
  message: words,
  source: { component: html, host: html },
  firstTimestamp: '2026-01-01T00:00:00Z',
  lastTimestamp: '2026-01-01T00:00:00Z',
}

/** Of guestosinfo, userlist and filesystemlist alike. */
const guest = {
  guestAgentVersion: html,
  hostname: words,
  os: { name: html, prettyName: `${html} 13`, versionId: html, kernelRelease: html },
  timezone: words,
  items: [
    {
      userName: words,
      domain: html,
      loginTime: 1,
      diskName: html,
      mountPoint: words,
      fileSystemType: html,
      usedBytes: 1,
      totalBytes: 2,
    },
  ],
}

test.use({ stackOptions: { guests: 'simulated' } })

test('words of others are shown as words', async ({ page, kubectl, baseURL }) => {
  const patch = { metadata: { annotations: { description: words, 'example.org/note': words } } }
  await kubectl(
    'patch',
    'vm',
    'web-1',
    '-n=demo',
    '--type=merge',
    `--patch=${JSON.stringify(patch)}`,
  )
  const created = await fetch(`${kubectl.server}/api/v1/namespaces/demo/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(event),
  })
  expect(created.status).toBe(201)
  // What a guest says by its agent.
  await page.route(/\/(guestosinfo|userlist|filesystemlist)$/, (route) =>
    route.fulfill({ json: guest }),
  )

  const outside: string[] = []
  const dialogs: string[] = []
  const refused: string[] = []
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(baseURL ?? '') && !/^(data|blob):/.test(url)) outside.push(url)
  })
  page.on('dialog', (dialog) => dialogs.push(dialog.message()))
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) refused.push(message.text())
  })

  await page.goto(vm)
  await expect(page.getByText(words).first()).toBeVisible()
  await expect(page.locator('dl').filter({ hasText: 'Agent version' })).toContainText(html)
  for (const tab of ['Storage', 'Network', 'YAML', 'Events']) {
    await page.getByRole('tab', { name: tab, exact: true }).click()
    await expect(page.getByRole('tab', { name: tab, exact: true })).toHaveAttribute(
      'aria-selected',
      'true',
    )
  }
  await expect(page.getByText(words)).toBeVisible()
  await page.goto('/k8s/ns/demo/kubevirt.io~v1~VirtualMachine')
  await page.getByRole('textbox', { name: /^Search/ }).fill(html)
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible()

  expect(await page.evaluate(() => Reflect.get(window, 'done') as unknown)).toBeUndefined()
  const links = await page
    .locator('a[href]')
    .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).protocol))
  expect(links.filter((protocol) => !/^https?:$/.test(protocol))).toEqual([])
  expect({ outside, dialogs, refused }).toEqual({ outside: [], dialogs: [], refused: [] })
})

/** Signing in to a real gateway of several clusters, and what a page makes of the end of a session. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startStack } from '../scripts/stack.mjs'
import {
  clientId,
  clientSecret,
  startProvider,
} from '../src/gateway/sign-in/identity-provider-harness.ts'
import { expect, expectAccessible, test } from './fixtures.ts'

test.use({
  stackOptions: {
    guests: 'simulated',
    configuration: {
      // The same sandbox under two names.
      clusters: [
        { name: 'prod', displayName: 'Production' },
        { name: 'lab', displayName: 'Laboratory' },
      ],
    },
  },
})

const vms = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine'

test('signs in by token, to each cluster; a form outlives the end of its session', async ({
  page,
  context,
  stack,
}) => {
  const token = page.getByRole('textbox', { name: 'Token', exact: true })
  async function signIn(as: string) {
    await token.fill(as)
    await token.press('Enter')
  }

  await page.goto(`${vms}?q=batch`)
  await expect(page).toHaveURL(new RegExp(`/c/prod${vms}`))
  await expect(page.getByText('Sign in to Production')).toBeVisible()
  await expect(token).toBeFocused()
  await expectAccessible(page)
  await signIn('nobody-the-cluster-knows')
  await expect(page.getByText(/The cluster does not know this token/)).toBeVisible()
  await signIn('sandbox-edit')
  const list = page.getByRole('grid', { name: 'Virtual machines' })
  await expect(list.getByRole('link', { name: 'batch-1', exact: true })).toBeVisible()
  await expect(page).toHaveTitle(/· Production ·/)

  // The same list of another cluster, which this token is not for.
  await page.getByRole('button', { name: 'Cluster: Production' }).click()
  await page.getByRole('menuitem', { name: /Laboratory/ }).click()
  await expect(page).toHaveURL(new RegExp(`/c/lab${vms}.*batch`))
  await signIn('sandbox-view')
  await expect(list.getByRole('link', { name: 'batch-1', exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'User: sandbox-view' })).toBeVisible()

  await page.goto(`/c/prod${vms}/batch-1/network`)
  await page.getByRole('button', { name: 'Actions for network interface default' }).click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  const edit = page.getByRole('dialog', { name: 'Edit network interface default' })
  await edit.getByRole('combobox', { name: 'Model' }).selectOption('e1000e')
  await expect(edit).toContainText('The cluster would accept this.')
  await context.clearCookies()
  await edit.getByRole('button', { name: /^Save/ }).click()
  const ended = page.getByRole('dialog', { name: /Your session has ended/ })
  await expect(ended).toContainText('You were signed in as sandbox-edit')
  await expectAccessible(page)

  // Somebody else gets nothing of it.
  await signIn('sandbox-view')
  const other = page.getByRole('dialog', { name: /You are signed in as sandbox-view now/ })
  await expect(other).toContainText('Edit network interface default')
  await other.getByRole('button', { name: 'Sign in as before' }).click()
  await signIn('sandbox-edit')
  await expect(other).toBeHidden()
  await expect(edit).toBeHidden()
  const stored = await fetch(
    `${stack.sandboxUrl}/apis/kubevirt.io/v1/namespaces/demo/virtualmachines/batch-1`,
    { headers: { authorization: 'Bearer sandbox-admin' } },
  )
  expect(await stored.json()).toMatchObject({
    spec: { template: { spec: { domain: { devices: { interfaces: [{ model: 'e1000e' }] } } } } },
  })

  // One tab signs out, and the other goes with it.
  const second = await context.newPage()
  await second.goto(`/c/prod${vms}`)
  await expect(second.getByRole('grid', { name: 'Virtual machines' })).toBeVisible()
  await page.getByRole('button', { name: 'User: sandbox-edit' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(token).toBeVisible()
  await expect(second.getByRole('textbox', { name: 'Token', exact: true })).toBeVisible()
})

/** Known before the gateway starts: the provider has to know where it sends browsers back to. */
async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done))
  const { port } = probe.address() as AddressInfo
  await new Promise((done) => probe.close(done))
  return port
}

test('signs in at a provider, and again in a window beside the page', async ({ browser }) => {
  const port = await freePort()
  const publicUrl = `http://127.0.0.1:${port}`
  const provider = await startProvider(publicUrl)
  const directory = await mkdtemp(join(tmpdir(), 'sign-in-'))
  const clientSecretFile = join(directory, 'secret')
  await writeFile(clientSecretFile, clientSecret)
  const { issuer } = provider
  const stack = await startStack({
    quiet: true,
    guests: 'simulated',
    port,
    sandboxArgs: [
      '--users=sandbox-admin,alice@example.org,sandbox-view,sandbox-none',
      `--oidc-issuer-url=${issuer}`,
      `--oidc-client-id=${clientId}`,
      '--oidc-username-claim=email',
      '--oidc-username-prefix=-',
    ],
    configuration: {
      clusters: [{ name: 'prod', displayName: 'Production' }],
      publicUrl,
      signIn: { oidc: { issuer, clientId, clientSecretFile, label: 'Example SSO' } },
    },
  })
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const page = await context.newPage()

  await page.goto(`${publicUrl}${vms}?q=batch`)
  await page.getByRole('link', { name: 'Sign in with Example SSO' }).click()
  await page.getByRole('textbox', { name: 'Enter any login' }).fill('alice')
  await page.getByRole('textbox', { name: 'and password' }).fill('x')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page).toHaveURL(`${publicUrl}${vms}?q=batch`)
  const list = page.getByRole('grid', { name: 'Virtual machines' })
  await expect(list.getByRole('link', { name: 'batch-1', exact: true })).toBeVisible()

  // The provider still knows who it is.
  const cookies = await context.cookies()
  const ours = cookies.map(({ name }) => name).filter((name) => name.includes('console'))
  expect(ours).not.toEqual([])
  for (const name of ours) await context.clearCookies({ name })
  await page.getByRole('link', { name: 'VirtualMachinePools' }).click()
  const ended = page.getByRole('dialog', { name: /Your session has ended/ })
  const opening = page.waitForEvent('popup')
  await ended.getByRole('button', { name: 'Sign in with Example SSO' }).click()
  const popup = await opening
  await expect(ended).toBeHidden()
  await expect(page.getByRole('heading', { name: 'VirtualMachinePools' })).toBeVisible()
  await expect.poll(() => popup.isClosed()).toBe(true)

  await page.getByRole('button', { name: 'User: alice@example.org' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(new RegExp(`^${issuer}/session/end`))
  await page.getByRole('button', { name: 'Yes, sign me out' }).click()
  await expect(page.getByRole('link', { name: 'Sign in with Example SSO' })).toBeVisible()

  await context.close()
  await stack.stop()
  provider.stop()
  await rm(directory, { recursive: true })
})

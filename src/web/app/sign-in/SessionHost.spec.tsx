import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { createKubeClient } from '../../../kube/client.ts'
import { podKind } from '../../../kube/kinds.ts'
import { HostProvider } from '../../data/host-context.tsx'
import type { Host } from '../../host/contract.ts'
import { FakeGateway } from '../../host/fake-gateway.ts'
import { readSession, type SignInWay } from '../../host/session-api.ts'
import { openSessionNews } from '../../host/session-news.ts'
import { openStandaloneHost } from '../../host/standalone.ts'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { Toasts } from '../../ui/toasts.tsx'
import { useUnsavedWork } from '../../ui/unsaved-work.ts'
import { SessionHost } from './SessionHost.tsx'
import { UserMenu } from './UserMenu.tsx'

let gateway: FakeGateway
let host: Host
const reload = vi.fn<() => void>()
const assign = vi.fn<(url: string) => void>()

beforeEach(() => {
  sessionStorage.setItem('kubevirt-console.create-vm', '{}')
  sessionStorage.setItem('other', '1')
  // A page's own address can't be replaced in this environment.
  vi.stubGlobal('location', {
    href: 'http://localhost/',
    pathname: '/',
    search: '',
    reload,
    assign,
  })
})
afterEach(() => {
  cleanup()
  host.keeper?.dispose()
  vi.unstubAllGlobals()
  reload.mockReset()
  assign.mockReset()
})

function Work({ what }: { what: string | undefined }) {
  useUnsavedWork(what)
  return null
}

async function openPage(what?: string, ways: SignInWay[] = [{ type: 'token' }]) {
  gateway = new FakeGateway()
  const session = fetch
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) =>
    path === '/api/console/sign-in'
      ? Response.json({ ways, cluster: 'test' })
      : session(path, init),
  )
  host = openStandaloneHost(await readSession())
  const client = createKubeClient(host.transport)
  render(
    <QueryClientProvider client={new QueryClient()}>
      <HostProvider host={host} client={client}>
        <UserMenu />
        <Work what={what} />
        <SessionHost />
        <Toasts />
        <ConfirmDialog />
      </HostProvider>
    </QueryClientProvider>,
  )
  return client
}

const createPod = (client: Awaited<ReturnType<typeof openPage>>) =>
  client.create(podKind, 'demo', { metadata: { name: 'a' } })

it('asks for a sign-in over the page, and what waited is then saved', async () => {
  const client = await openPage('Your changes.')
  gateway.session = undefined
  const saving = createPod(client)
  const dialog = await screen.findByRole('dialog', { name: /Your session has ended/ })
  expect(dialog.textContent).toContain('You were signed in as alice')
  expect(dialog.textContent).toContain('Your changes.')
  await userEvent.type(
    await screen.findByRole('textbox', { name: 'Token' }),
    'token-of-alice{Enter}',
  )
  await expect(saving).resolves.toEqual({})
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(reload).not.toHaveBeenCalled()
})

it('leaves the page to be read, with a way back to the sign-in', async () => {
  const client = await openPage()
  gateway.session = undefined
  const saving = createPod(client)
  saving.catch(() => undefined)
  await userEvent.click(
    await screen.findByRole('button', { name: 'Look at the page without signing in' }),
  )
  await expect(saving).rejects.toMatchObject({ code: 401 })
  expect(screen.queryByRole('dialog')).toBeNull()
  await userEvent.click(await screen.findByRole('button', { name: 'Sign in' }))
  await userEvent.type(
    await screen.findByRole('textbox', { name: 'Token' }),
    'token-of-alice{Enter}',
  )
  await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(screen.queryByText('You are not signed in')).toBeNull()
})

it('opens the provider beside the page, and goes on when that is done', async () => {
  const popup = vi.fn<() => Window | null>(() => null)
  vi.stubGlobal('open', popup)
  const client = await openPage(undefined, [{ type: 'oidc', label: 'SSO' }])
  gateway.session = undefined
  const saving = createPod(client)
  const button = await screen.findByRole('button', { name: 'Sign in with SSO' })
  await userEvent.click(button)
  // Blocked: then there is a link.
  const link = await screen.findByRole('link', { name: 'Sign in in a new tab' })
  const href = `/api/console/oidc/login?returnTo=${encodeURIComponent('/kubevirt/signed-in')}`
  expect(link.getAttribute('href')).toBe(href)
  popup.mockReturnValue({} as Window)
  await userEvent.click(button)
  expect(await screen.findByText(/Go on in the window that has opened/)).toBeTruthy()
  expect(popup).toHaveBeenLastCalledWith(href, expect.anything(), expect.stringContaining('popup'))

  gateway.session = { name: 'alice' }
  const news = openSessionNews()
  news.tell()
  await expect(saving).resolves.toEqual({})
  news.close()
  expect(screen.queryByRole('dialog')).toBeNull()
})

it('hands nothing of the page to another user, and names what would be lost', async () => {
  const client = await openPage('Your changes.')
  gateway.session = undefined
  void createPod(client).catch(() => undefined)
  await userEvent.type(await screen.findByRole('textbox', { name: 'Token' }), 'token-of-bob{Enter}')
  const dialog = await screen.findByRole('dialog', { name: /You are signed in as bob now/ })
  expect(dialog.textContent).toContain('Your changes.')
  expect(gateway.asked.filter((one) => one.startsWith('POST /api/kubernetes'))).toHaveLength(1)
  await userEvent.click(screen.getByRole('button', { name: 'Load the page anew' }))
  expect(reload).toHaveBeenCalledOnce()
  expect(sessionStorage.getItem('kubevirt-console.create-vm')).toBeNull()
  expect(sessionStorage.getItem('other')).toBe('1')
})

it('signs out at once when nothing is lost, and forgets what the tab keeps', async () => {
  await openPage()
  await userEvent.click(screen.getByRole('button', { name: 'User: alice' }))
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Sign out' }))
  await vi.waitFor(() => expect(assign).toHaveBeenCalledWith('https://provider.example/logout'))
  expect(sessionStorage.getItem('kubevirt-console.create-vm')).toBeNull()
})

it('names what signing out would lose', async () => {
  await openPage('Your changes.')
  await userEvent.click(screen.getByRole('button', { name: 'User: alice' }))
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Sign out' }))
  const question = await screen.findByRole('dialog', { name: /Sign out/ })
  expect(question.textContent).toContain('Your changes.')
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  expect(gateway.session).toBeDefined()
  expect(assign).not.toHaveBeenCalled()
})

async function signOutElsewhere() {
  gateway.session = undefined
  const news = openSessionNews()
  act(() => news.tell())
  await vi.waitFor(() => expect(host.keeper?.getState()).toMatchObject({ cause: 'signedOut' }))
  news.close()
}

it('leaves with a sign-out in another tab', async () => {
  await openPage()
  await signOutElsewhere()
  await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce())
})

it('keeps what is unsaved when another tab signs out', async () => {
  await openPage('Your changes.')
  await signOutElsewhere()
  expect(await screen.findByText(/signed out in another tab/)).toBeTruthy()
  expect(reload).not.toHaveBeenCalled()
})

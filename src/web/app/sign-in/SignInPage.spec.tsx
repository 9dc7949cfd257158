import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { KubeError } from '../../../kube/kube-error.ts'
import type { Session } from '../../host/contract.ts'
import { status } from '../../host/fake-gateway.ts'
import type { SignInWay } from '../../host/session-api.ts'
import { wrongSecret } from '../../host/standalone.ts'
import { SignInPage } from './SignInPage.tsx'

// This environment lacks it, and the theme asks as it is loaded.
vi.hoisted(() => {
  const query = Object.assign(new EventTarget(), { matches: false })
  window.matchMedia = () => query as MediaQueryList
})

const clusters = [
  { name: 'prod', displayName: 'Production' },
  { name: 'lab', displayName: 'lab' },
]

/** What the gateway offers, and how it answers attempts. */
const gateway = {
  ways: [] as SignInWay[],
  clusters: undefined as typeof clusters | undefined,
  answers: [] as Response[],
  attempts: [] as unknown[],
}

beforeEach(() => {
  Object.assign(gateway, { ways: [], clusters: undefined, answers: [], attempts: [] })
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    await Promise.resolve()
    if (path === '/api/console/sign-in')
      return Response.json({
        ways: gateway.ways,
        cluster: 'Production',
        clusters: gateway.clusters,
      })
    gateway.attempts.push(JSON.parse(init?.body as string))
    return gateway.answers.shift() ?? status(401, 'Unauthorized')
  })
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  history.replaceState(null, '', '/')
})

const signedIn = (user: string) =>
  Response.json({ mode: 'cluster', cluster: 'Production', user, canSignOut: true })

function open(ways: SignInWay[], address = '/', error = new KubeError(401, 'Nobody is signed in')) {
  gateway.ways = ways
  history.replaceState(null, '', address)
  const sessions: Session[] = []
  render(<SignInPage error={error} onSignedIn={(session) => sessions.push(session)} />)
  return sessions
}

it('leads to the provider and back to the same page', async () => {
  open([{ type: 'oidc', label: 'Example SSO' }, { type: 'token' }], '/k8s/ns/demo/pods?q=a%26b')
  const button = await screen.findByRole('link', { name: 'Sign in with Example SSO' })
  expect(button.getAttribute('href')).toBe(
    `/api/console/oidc/login?returnTo=${encodeURIComponent('/k8s/ns/demo/pods?q=a%26b')}`,
  )
  expect(document.activeElement).toBe(button)
  expect(document.title).toBe('Sign in · Production · KubeVirt Console')
  expect(screen.queryByRole('textbox', { name: 'Token' })).toBeNull()
  await userEvent.click(screen.getByRole('button', { name: 'Sign in with a token' }))
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Token' }))
})

it('signs in with a token, as a terminal has broken it, and keeps nothing of it', async () => {
  const sessions = open([{ type: 'token' }])
  const field = await screen.findByRole('textbox', { name: 'Token' })
  expect(document.activeElement).toBe(field)
  gateway.answers = [signedIn('alice')]
  await userEvent.type(field, 'abc  def{Enter}')
  expect(gateway.attempts).toEqual([{ token: 'abcdef' }])
  expect(sessions).toMatchObject([{ user: 'alice', clusters: [], users: [] }])
  expect((field as HTMLInputElement).value).toBe('')
  expect([localStorage.length, sessionStorage.length]).toEqual([0, 0])
})

it('says what is wrong with a token, and how to get one', async () => {
  open([{ type: 'token' }])
  await userEvent.type(await screen.findByRole('textbox', { name: 'Token' }), 'wrong{Enter}')
  expect(await screen.findByText(/The cluster does not know this token/)).toBeTruthy()
  expect(screen.getByDisplayValue(/^kubectl create token NAME/)).toBeTruthy()
})

it('counts down while too many attempts were made', async () => {
  open([{ type: 'token' }])
  const field = await screen.findByRole('textbox', { name: 'Token' })
  gateway.answers = [status(429, 'Too many requests', { 'retry-after': '1' })]
  await userEvent.type(field, 'guess{Enter}')
  expect(await screen.findByText(/Too many attempts/)).toBeTruthy()
  const button = screen.getByRole('button', { name: 'Sign in (in 1 s)' })
  expect((button as HTMLButtonElement).disabled).toBe(true)
  await userEvent.type(field, '{Enter}')
  expect(gateway.attempts).toHaveLength(1)
  expect(await screen.findByRole('button', { name: 'Sign in' })).toBeTruthy()
})

it('words a failure that the provider’s page ended with, once', async () => {
  open([{ type: 'oidc', label: '' }], '/k8s/ns/demo/pods?q=web&signInError=denied')
  expect(await screen.findByText(/The provider did not let you in/)).toBeTruthy()
  expect(location.pathname + location.search).toBe('/k8s/ns/demo/pods?q=web')
  const again = await screen.findByRole('link', { name: 'Sign in with the provider' })
  expect(again.getAttribute('href')).not.toContain('signInError')
})

it('asks for the secret, and says when a link had an old one', async () => {
  const stale = new KubeError(401, 'Wrong', { reason: wrongSecret })
  const sessions = open([{ type: 'secret' }], '/', stale)
  expect(await screen.findByText(/This is not the secret/)).toBeTruthy()
  gateway.answers = [signedIn('')]
  await userEvent.type(await screen.findByRole('textbox', { name: 'Secret' }), 's3cret{Enter}')
  expect(gateway.attempts).toEqual([{ secret: 's3cret' }])
  expect(sessions).toHaveLength(1)
})

it('leads to the other clusters', async () => {
  gateway.clusters = clusters
  open([{ type: 'token' }], '/k8s/ns/demo/pods')
  await userEvent.click(await screen.findByRole('button', { name: 'Cluster: Production' }))
  const links = await screen.findAllByRole('menuitem')
  expect(links.map((link) => link.getAttribute('href'))).toEqual([
    '/c/prod/k8s/ns/demo/kubevirt.io~v1~VirtualMachineInstance',
    '/c/lab/k8s/ns/demo/kubevirt.io~v1~VirtualMachineInstance',
  ])
})

it('tells of a proxy, and of no way at all', async () => {
  open([{ type: 'proxy' }])
  expect(await screen.findByRole('link', { name: 'Open the console in a new tab' })).toBeTruthy()
  cleanup()
  open([])
  expect(await screen.findByText(/There is no way to sign in/)).toBeTruthy()
})

// @vitest-environment jsdom

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { FakeGateway, status } from './fake-gateway.ts'
import { createSession, readSession } from './session-api.ts'
import { createSessionKeeper, type SessionKeeper } from './session-keeper.ts'

const keepers: SessionKeeper[] = []
beforeEach(() => {
  stubLocks()
})
afterEach(() => {
  for (const keeper of keepers.splice(0)) keeper.dispose()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** Web Locks, which Node lacks: one after the other. */
function stubLocks() {
  let last: Promise<unknown> = Promise.resolve()
  const request = (_name: string, action: () => Promise<unknown>) => (last = last.then(action))
  vi.stubGlobal('navigator', { locks: { request } })
}

/** What a tab of the console has. */
async function openTab(): Promise<SessionKeeper> {
  const probe = async () => (await fetch('/api/kubernetes/api')).status !== 401
  const keeper = createSessionKeeper(await readSession(), { probe })
  keepers.push(keeper)
  return keeper
}

const pods = '/api/kubernetes/api/v1/pods'
const refresh = 'POST /api/console/session/refresh'

function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const later = new Promise<false>((resolve) => setTimeout(() => resolve(false), 20))
  return Promise.race([
    promise.then(
      () => true,
      () => true,
    ),
    later,
  ])
}

describe('a request that the cluster refuses for its credentials', () => {
  it('is repeated once with renewed ones, and many of them renew once', async () => {
    const gateway = new FakeGateway({ name: 'alice', expiresAt: Date.now() + 3_600_000 })
    const keeper = await openTab()
    gateway.isAccepted = false
    const answers = await Promise.all([1, 2, 3].map(() => keeper.fetch(pods)))
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
    expect(gateway.count(refresh)).toBe(1)
    expect(gateway.count(`GET ${pods}`)).toBe(6)
    expect(keeper.getState()).toEqual({ name: 'open' })
    expect(keeper.renewals()).toBe(1)
  })

  it('is renewed by one of several tabs', async () => {
    const gateway = new FakeGateway({ name: 'alice', expiresAt: Date.now() + 60_000 })
    const tabs = [await openTab(), await openTab(), await openTab()]
    gateway.isAccepted = false
    const answers = await Promise.all(tabs.map((tab) => tab.fetch(pods)))
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
    expect(gateway.count(refresh)).toBe(1)
  })

  it('renews without Web Locks as well', async () => {
    vi.unstubAllGlobals()
    const gateway = new FakeGateway()
    const keeper = await openTab()
    gateway.isAccepted = false
    expect((await keeper.fetch(pods)).status).toBe(200)
  })

  it('waits for a sign-in when they can’t be renewed, and then goes on with its body', async () => {
    const gateway = new FakeGateway()
    const keeper = await openTab()
    gateway.session = undefined
    const saving = keeper.fetch(pods, { method: 'POST', body: '{"a":1}' })
    await vi.waitFor(() =>
      expect(keeper.getState()).toEqual({ name: 'ended', cause: 'expired', isDismissed: false }),
    )
    // Nor is anything else sent meanwhile.
    const reading = keeper.fetch(pods)
    expect(await isSettled(Promise.race([saving, reading]))).toBe(false)
    expect(gateway.count(`GET ${pods}`)).toBe(0)

    keeper.resume(await createSession({ token: 'token-of-alice' }))
    expect((await saving).status).toBe(200)
    expect((await reading).status).toBe(200)
    expect(gateway.count(`POST ${pods}`)).toBe(2)
  })

  it('ends its wait when it is aborted', async () => {
    const gateway = new FakeGateway()
    const keeper = await openTab()
    gateway.session = undefined
    const leaving = new AbortController()
    const reading = keeper.fetch(pods, { signal: leaving.signal })
    await vi.waitFor(() => expect(keeper.getState().name).toBe('ended'))
    leaving.abort(new Error('left'))
    await expect(reading).rejects.toThrow('left')
  })

  it('is answered as it is once the sign-in is put off, until there is one', async () => {
    const gateway = new FakeGateway()
    const keeper = await openTab()
    gateway.session = undefined
    const reading = keeper.fetch(pods)
    await vi.waitFor(() => expect(keeper.getState().name).toBe('ended'))
    keeper.dismiss()
    expect((await reading).status).toBe(401)
    expect((await keeper.fetch(pods)).status).toBe(401)
    expect(keeper.getState()).toMatchObject({ name: 'ended', isDismissed: true })
    keeper.ask()
    expect(keeper.getState()).toMatchObject({ name: 'ended', isDismissed: false })
    keeper.resume(await createSession({ token: 'token-of-alice' }))
    expect((await keeper.fetch(pods)).status).toBe(200)
  })

  it('has nothing to do with the session when the cluster takes them elsewhere', async () => {
    const gateway = new FakeGateway()
    // As virt-api does with those who lack a right.
    gateway.answer = () => new Response('Unauthorized', { status: 401 })
    const keeper = await openTab()
    expect((await keeper.fetch(pods)).status).toBe(401)
    expect(keeper.getState()).toEqual({ name: 'open' })
    expect(gateway.count(refresh)).toBe(0)
  })

  it('does not renew again what is refused just after it was renewed', async () => {
    const gateway = new FakeGateway()
    const keeper = await openTab()
    gateway.isAccepted = false
    await keeper.fetch(pods)
    gateway.isAccepted = false
    void keeper.fetch(pods)
    await vi.waitFor(() => expect(keeper.getState()).toMatchObject({ cause: 'refused' }))
    expect(gateway.count(refresh)).toBe(1)
    // The cluster comes to its senses.
    gateway.isAccepted = true
    await keeper.look()
    expect(keeper.getState()).toEqual({ name: 'open' })
  })

  it('says why when the provider does not answer, and goes on when it does', async () => {
    const gateway = new FakeGateway()
    const keeper = await openTab()
    gateway.isAccepted = false
    gateway.isProviderDown = true
    const reading = keeper.fetch(pods)
    await vi.waitFor(() =>
      expect(keeper.getState()).toMatchObject({
        cause: 'unreachable',
        detail: 'The provider does not answer.',
      }),
    )
    gateway.isProviderDown = false
    await keeper.look()
    expect((await reading).status).toBe(200)
  })
})

describe('before it ends', () => {
  it('is renewed a minute early, by the time left and not by this machine’s clock', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    const gateway = new FakeGateway({ name: 'alice', expiresAt: Date.now() + 600_000 })
    gateway.clockAheadMs = -7_200_000
    const keeper = await openTab()
    await vi.advanceTimersByTimeAsync(530_000)
    expect(gateway.count(refresh)).toBe(0)
    await vi.advanceTimersByTimeAsync(12_000)
    expect(gateway.count(refresh)).toBe(1)
    expect(keeper.renewals()).toBe(1)
    await vi.advanceTimersByTimeAsync(3_530_000)
    expect(gateway.count(refresh)).toBe(1)
    await vi.advanceTimersByTimeAsync(12_000)
    expect(gateway.count(refresh)).toBe(2)
  })

  it('is renewed when a laptop wakes up whose timers stood still', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    const gateway = new FakeGateway({ name: 'alice', expiresAt: Date.now() + 600_000 })
    await openTab()
    vi.setSystemTime(Date.now() + 590_000)
    window.dispatchEvent(new Event('online'))
    await vi.advanceTimersByTimeAsync(0)
    expect(gateway.count(refresh)).toBe(1)
  })

  it('is left alone until its end when nothing can renew it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    const gateway = new FakeGateway({ name: 'alice', expiresAt: Date.now() + 600_000 })
    gateway.renewedForMs = undefined
    const keeper = await openTab()
    await vi.advanceTimersByTimeAsync(595_000)
    expect(gateway.count(refresh)).toBe(1)
    expect(keeper.getState()).toEqual({ name: 'open' })
    gateway.session = undefined
    await vi.advanceTimersByTimeAsync(6_000)
    expect(keeper.getState()).toMatchObject({ name: 'ended', cause: 'expired' })
  })

  it('is tried again every few seconds while the provider does not answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    const gateway = new FakeGateway({ name: 'alice', expiresAt: Date.now() + 600_000 })
    gateway.isProviderDown = true
    const keeper = await openTab()
    await vi.advanceTimersByTimeAsync(562_000)
    expect(gateway.count(refresh)).toBeGreaterThan(1)
    expect(keeper.getState()).toEqual({ name: 'open' })
    gateway.isProviderDown = false
    await vi.advanceTimersByTimeAsync(11_000)
    expect(keeper.renewals()).toBe(1)
  })
})

describe('between tabs', () => {
  it('a sign-in in one lets the others go on', async () => {
    const gateway = new FakeGateway()
    const [one, other] = [await openTab(), await openTab()]
    gateway.session = undefined
    const reading = [one.fetch(pods), other.fetch(pods)]
    await vi.waitFor(() => expect(other.getState().name).toBe('ended'))
    await vi.waitFor(() => expect(one.getState().name).toBe('ended'))
    one.resume(await createSession({ token: 'token-of-alice' }))
    for (const answer of await Promise.all(reading)) expect(answer.status).toBe(200)
  })

  it('a renewal in one is known to the others', async () => {
    const gateway = new FakeGateway()
    const [one, other] = [await openTab(), await openTab()]
    gateway.isAccepted = false
    await one.fetch(pods)
    await vi.waitFor(() => expect(other.renewals()).toBe(1))
    expect(gateway.count(refresh)).toBe(1)
  })

  it('a sign-out in one is the end of all', async () => {
    const gateway = new FakeGateway()
    const [one, other] = [await openTab(), await openTab()]
    expect(await one.signOut()).toBe('https://provider.example/logout')
    await vi.waitFor(() =>
      expect(other.getState()).toMatchObject({ name: 'ended', cause: 'signedOut' }),
    )
    expect(gateway.count('DELETE /api/console/session')).toBe(1)
  })
})

it('a page that the browser shows as it was left looks who is signed in', async () => {
  const gateway = new FakeGateway()
  const keeper = await openTab()
  gateway.session = undefined
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  await vi.waitFor(() => expect(keeper.getState()).toMatchObject({ cause: 'signedOut' }))
})

describe('another user', () => {
  it('gets nothing of the page, which goes on when its own is back', async () => {
    const gateway = new FakeGateway()
    const keeper = await openTab()
    gateway.session = undefined
    const saving = keeper.fetch(pods, { method: 'POST', body: '{}' })
    await vi.waitFor(() => expect(keeper.getState().name).toBe('ended'))
    keeper.resume(await createSession({ token: 'token-of-bob' }))
    expect(keeper.getState()).toEqual({ name: 'otherUser', user: 'bob' })
    const reading = keeper.fetch(pods)
    expect(await isSettled(Promise.race([saving, reading]))).toBe(false)
    expect(gateway.count(`POST ${pods}`)).toBe(1)
    keeper.resume(await createSession({ token: 'token-of-alice' }))
    expect((await saving).status).toBe(200)
    expect((await reading).status).toBe(200)
  })

  it('who signs in in another tab is noticed at once', async () => {
    const gateway = new FakeGateway()
    const [one, other] = [await openTab(), await openTab()]
    one.resume(await createSession({ token: 'token-of-bob' }))
    await vi.waitFor(() => expect(other.getState()).toEqual({ name: 'otherUser', user: 'bob' }))
    expect(gateway.session?.name).toBe('bob')
  })
})

it('answers that aren’t refusals are passed on', async () => {
  const gateway = new FakeGateway()
  gateway.answer = () => status(403, 'Forbidden')
  const keeper = await openTab()
  expect((await keeper.fetch(pods)).status).toBe(403)
  expect(gateway.asked).toEqual(['GET /api/console/session', `GET ${pods}`])
})

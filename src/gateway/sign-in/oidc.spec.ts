import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { directConnection } from '../cluster-connection.ts'
import { answerWith, clusterUrl, restart, startGatewayPerTest } from '../gateway-harness.ts'
import { configurationSchema } from '../settings/configuration-schema.ts'
import { assembleSignIn } from './assemble-sign-in.ts'
import { Browser, clientId, clientSecret, startProvider } from './identity-provider-harness.ts'
import type { TestProvider } from './identity-provider-harness.ts'

startGatewayPerTest()

let directory: string
let port: number
let consoleUrl: string
let provider: TestProvider
let browser: Browser

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oidc-spec-'))
  await writeFile(join(directory, 'secret'), `${clientSecret}\n`)
  // Known before the gateway starts, for the provider's registration and the cookies' names.
  const probe = createServer()
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done))
  port = (probe.address() as AddressInfo).port
  await new Promise((done) => probe.close(done))
  consoleUrl = `http://127.0.0.1:${port}`
  provider = await startProvider(consoleUrl)
})
afterAll(async () => {
  provider.stop()
  await rm(directory, { recursive: true })
})

/** Answers with the claims of whoever asks. */
function serveCluster(request: IncomingMessage, response: ServerResponse) {
  const token = (request.headers.authorization ?? '').replace(/^Bearer /, '')
  const claims = decodeJwt(token)
  const userInfo = { username: `oidc:${claims.sub}` }
  response.end(JSON.stringify({ status: { userInfo }, claims, token }))
}

async function restartWith(oidc: object = {}, settings: object = {}, names = ['prod']) {
  const clusters = names.map((name) => ({ name, server: clusterUrl.href }))
  const clientSecretFile = join(directory, 'secret')
  const parsed = configurationSchema.parse({
    clusters,
    publicUrl: consoleUrl,
    signIn: { oidc: { issuer: provider.issuer, clientId, clientSecretFile, ...oidc } },
    ...settings,
  })
  const connections = clusters.map(() => directConnection(clusterUrl))
  await restart({
    port,
    publicUrl: new URL(consoleUrl),
    assemble: (context) => assembleSignIn(parsed, connections, context),
  })
}

beforeEach(async () => {
  answerWith(serveCluster)
  browser = new Browser()
  provider.grants.length = 0
  await restartWith()
})
afterEach(() => {
  provider.setClock(0)
  provider.setTokenLife(300)
})

const loginUrl = (returnTo = '/k8s/ns/a/pods') =>
  `${consoleUrl}/api/console/oidc/login?returnTo=${encodeURIComponent(returnTo)}`
const callback = () => `${consoleUrl}/api/console/oidc/callback`
const signIn = async (user = 'ann', url = loginUrl()) => {
  const place = await browser.signIn(url, user, callback())
  return browser.request(place.url)
}
const get = async (path: string) => {
  const response = await browser.request(`${consoleUrl}${path}`)
  return { status: response.status, body: await response.json() }
}
const session = () => get('/api/console/session')
const refresh = async () => {
  const path = `${consoleUrl}/api/console/session/refresh`
  const response = await browser.request(path, { method: 'POST' })
  return { status: response.status, body: await response.json() }
}

/** A request of somebody who has got hold of cookies. */
const requestWith = (cookie: string, url: string, method = 'GET') =>
  fetch(url, { method, headers: { cookie, connection: 'close' }, redirect: 'manual' })

describe('signing in', () => {
  test('leads through the provider back to the page, and the cluster gets the ID token', async () => {
    expect((await get('/api/console/sign-in')).body.ways).toEqual([
      { type: 'oidc', label: new URL(provider.issuer).host },
      { type: 'token' },
    ])
    expect((await session()).status).toBe(401)
    const back = await signIn()
    expect(back.status).toBe(302)
    expect(back.headers.get('location')).toBe('/k8s/ns/a/pods')
    const { body } = await session()
    expect(body).toMatchObject({ mode: 'cluster', user: 'ann@example.org', canSignOut: true })
    expect(Date.parse(body.expiresAt) - Date.now()).toBeGreaterThan(290_000)
    const seen = await get('/api/kubernetes/api')
    expect(seen.body.claims).toMatchObject({ iss: provider.issuer, aud: clientId, sub: 'ann' })
  })

  test('tells the provider what it needs and nobody what is secret', async () => {
    const response = await browser.request(loginUrl())
    const url = new URL(response.headers.get('location') ?? '')
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: clientId,
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: callback(),
      scope: 'openid profile email offline_access',
      state: expect.stringMatching(/^.{43}$/),
      nonce: expect.stringMatching(/^.{43}$/),
    })
    const [cookie = ''] = response.headers.getSetCookie()
    expect(cookie).toMatch(/; Path=\/api\/console\/oidc; HttpOnly; SameSite=Lax$/)
    expect(cookie).not.toContain(url.searchParams.get('state'))
  })

  test('may be begun in several tabs at once', async () => {
    const first = await browser.signIn(loginUrl('/one'), 'ann', callback())
    const second = await browser.open(loginUrl('/two'), callback())
    const back = async (url: string) => (await browser.request(url)).headers.get('location')
    expect(await back(second.url)).toBe('/two')
    expect(await back(first.url)).toBe('/one')
  })

  test('with the access token for the cluster, where that is configured', async () => {
    await restartWith({ token: 'accessToken' })
    answerWith((request, response) => response.end(request.headers.authorization))
    await signIn()
    const seen = await browser.request(`${consoleUrl}/api/kubernetes/api`)
    expect(await seen.text()).toMatch(/^Bearer [^.]{43}$/)
  })

  test('is for all clusters, and what the provider is told of has no prefix', async () => {
    await restartWith({}, {}, ['prod', 'test'])
    expect((await signIn('ann', loginUrl('/c/test/x'))).headers.get('location')).toBe('/c/test/x')
    for (const name of ['prod', 'test']) {
      expect((await get(`/c/${name}/api/console/session`)).body).toMatchObject({
        clusterName: name,
      })
      expect((await get(`/c/${name}/api/kubernetes/api`)).body.claims.sub).toBe('ann')
    }
  })

  test('with more than a session can hold is told', async () => {
    const location = (await signIn('many')).headers.get('location')
    expect(location).toBe('/k8s/ns/a/pods?signInError=tooLarge')
    expect((await session()).status).toBe(401)
  })

  test('at a cluster that doesn’t trust the provider is told in words for who has set it up', async () => {
    answerWith((_request, response) => response.writeHead(401).end('{}'))
    await signIn()
    const { status, body } = await session()
    expect(status).toBe(401)
    expect(body.message).toContain(`does not accept the token of ${provider.issuer}`)
  })
})

describe('what is not let in', () => {
  test('an answer that nobody here has asked for', async () => {
    const place = await browser.signIn(loginUrl(), 'ann', callback())
    const stranger = new Browser()
    const response = await stranger.request(place.url)
    expect(response.headers.get('location')).toBe('/?signInError=expired')
    expect(stranger.cookies(consoleUrl)).toBe('')
  })

  test('an answer with another state, or by another provider', async () => {
    const { url } = await browser.signIn(loginUrl(), 'ann', callback())
    const changed = (name: string, value: string) => {
      const other = new URL(url)
      other.searchParams.set(name, value)
      return other.href
    }
    const location = async (address: string) =>
      (await browser.request(address)).headers.get('location')
    expect(await location(changed('state', 'x'))).toBe('/?signInError=expired')
    expect(await location(`${url}&state=x`)).toBe('/?signInError=expired')
    expect(await location(changed('iss', 'http://evil.example'))).toContain('signInError=failed')
    expect((await session()).status).toBe(401)
  })

  test('an answer that has been used, even with the cookies of before', async () => {
    const place = await browser.signIn(loginUrl(), 'ann', callback())
    const before = browser.cookies(consoleUrl)
    expect((await browser.request(place.url)).headers.get('location')).toBe('/k8s/ns/a/pods')
    const again = await browser.request(place.url)
    expect(again.headers.get('location')).toBe('/?signInError=expired')
    const replayed = await requestWith(before, place.url)
    expect(replayed.headers.get('location')).toBe('/k8s/ns/a/pods?signInError=expired')
    expect(replayed.headers.getSetCookie().join()).not.toContain('-session-')
  })

  test('a person who says no', async () => {
    const response = await browser.request(loginUrl())
    const asked = new URL(response.headers.get('location') ?? '')
    const state = asked.searchParams.get('state') ?? ''
    const query = new URLSearchParams({ error: 'access_denied', state, iss: provider.issuer })
    const back = await browser.request(`${callback()}?${query}`)
    expect(back.headers.get('location')).toBe('/k8s/ns/a/pods?signInError=denied')
  })

  test('the way back is for GET alone, and the way there for our own page', async () => {
    const headers: Record<string, string> = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
    }
    const status = async (url: string, method = 'GET') =>
      (await browser.request(url, { method, headers })).status
    expect(await status(callback())).toBe(302)
    expect(await status(`${callback()}/x`)).toBe(403)
    expect(await status(callback(), 'POST')).toBe(403)
    expect(await status(loginUrl())).toBe(403)
    headers['sec-fetch-dest'] = 'iframe'
    expect(await status(callback())).toBe(403)
  })

  test.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/..//evil.example',
    '/api/x',
  ])('the way back to %s', async (path) => {
    expect((await signIn('ann', loginUrl(path))).headers.get('location')).toBe('/')
  })
})

describe('renewing', () => {
  test('gets another token and another refresh token, for the same session', async () => {
    await signIn()
    const first = (await get('/api/kubernetes/api')).body.token
    const cookies = browser.cookies(consoleUrl)
    provider.setClock(2)
    expect((await refresh()).body).toMatchObject({ user: 'ann@example.org' })
    expect((await get('/api/kubernetes/api')).body.token).not.toBe(first)
    expect((await refresh()).status).toBe(200)
    expect(provider.grants).toEqual(['authorization_code', 'refresh_token', 'refresh_token'])
    // The one of before has been used, and the provider takes its use for a theft.
    const stolen = await requestWith(cookies, `${consoleUrl}/api/console/session/refresh`, 'POST')
    expect(stolen.status).toBe(401)
    expect((await refresh()).status).toBe(401)
  })

  test('an expired token is told as such, and renewed', async () => {
    provider.setTokenLife(1)
    await signIn()
    await expect
      .poll(async () => Date.parse((await session()).body.expiresAt) <= Date.now(), {
        timeout: 3000,
      })
      .toBe(true)
    provider.setTokenLife(300)
    const { body } = await refresh()
    expect(Date.parse(body.expiresAt)).toBeGreaterThan(Date.now())
  })

  test('goes on at another replica that has the same keys', async () => {
    const sessionKeysFile = join(directory, 'keys')
    await writeFile(sessionKeysFile, Buffer.alloc(32, 7).toString('base64'))
    await restartWith({}, { sessionKeysFile })
    await signIn()
    await restartWith({}, { sessionKeysFile })
    expect((await session()).body).toMatchObject({ user: 'ann@example.org' })
    expect((await refresh()).status).toBe(200)
  })

  test('a pasted token is not the provider’s to renew', async () => {
    await browser.request(`${consoleUrl}/api/console/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: 'e30.eyJzdWIiOiJib2IifQ.x' }),
    })
    expect((await session()).body).toMatchObject({ user: 'oidc:bob' })
    expect((await refresh()).status).toBe(401)
  })
})

describe('a provider that', () => {
  test('is down at the start stops neither the gateway nor other ways to sign in', async () => {
    provider.stop()
    await restartWith()
    const response = await browser.request(loginUrl())
    expect(response.headers.get('location')).toBe('/k8s/ns/a/pods?signInError=unavailable')
    expect((await get('/api/console/sign-in')).status).toBe(200)
    await provider.start()
    expect((await signIn()).headers.get('location')).toBe('/k8s/ns/a/pods')
  })

  test('is down later leaves the session as it is', async () => {
    await signIn()
    provider.stop()
    const { status, body } = await refresh()
    expect(status).toBe(503)
    expect(body.message).toContain('could not be renewed at')
    expect((await session()).body).toMatchObject({ user: 'ann@example.org' })
    await provider.start()
    expect((await refresh()).status).toBe(200)
  })

  test('has changed its keys is believed at once', async () => {
    await signIn()
    await provider.rotateKeys()
    expect((await refresh()).status).toBe(200)
    browser = new Browser()
    await signIn()
    expect((await session()).status).toBe(200)
  })

  test.each([-45, 45])('has a clock that is %d seconds off is believed', async (seconds) => {
    provider.setTokenLife(20)
    provider.setClock(seconds)
    expect((await signIn()).headers.get('location')).toBe('/k8s/ns/a/pods')
    const left = Date.parse((await session()).body.expiresAt) - Date.now()
    expect(left).toBeGreaterThan(15_000)
    expect(left).toBeLessThanOrEqual(20_000)
  })

  test('has a clock that is hours off is not', async () => {
    provider.setClock(-7200)
    expect((await signIn()).headers.get('location')).toContain('signInError=failed')
  })

  test('doesn’t know the console is told in the log, and shortly to the person', async () => {
    await writeFile(join(directory, 'other'), 'wrong')
    await restartWith({ clientSecretFile: join(directory, 'other') })
    expect((await signIn()).headers.get('location')).toContain('signInError=failed')
  })
})

test('signing out ends the session here and at the provider', async () => {
  await signIn()
  const cookies = browser.cookies(consoleUrl)
  const response = await browser.request(`${consoleUrl}/api/console/session`, { method: 'DELETE' })
  const { redirect } = await response.json()
  expect(redirect).toContain(`${provider.issuer}/session/end?`)
  expect((await session()).status).toBe(401)
  // What somebody may have copied can't be renewed any more.
  const copied = await requestWith(cookies, `${consoleUrl}/api/console/session/refresh`, 'POST')
  expect(copied.status).toBe(401)
  const page = await (await browser.open(redirect)).response.text()
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const confirm = /action="([^"]+)"/.exec(page)?.[1] ?? ''
  const { url } = await browser.open(confirm, `${consoleUrl}/`, {
    method: 'POST',
    body: new URLSearchParams({ xsrf, logout: 'yes' }),
  })
  expect(url).toBe(`${consoleUrl}/`)
})

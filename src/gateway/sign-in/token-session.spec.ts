import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import { EncryptJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'

import { cluster, clusterUrl, gateway, json, opened, send } from '../gateway-harness.ts'
import { cookieFrom, people, restartWith, signIn, startSignInPerTest } from './sign-in-harness.ts'

startSignInPerTest()

describe('a pasted token', () => {
  test('is asked about at the cluster and kept where the page can’t read it', async () => {
    expect(await json(await send('/api/console/sign-in'))).toEqual({
      ways: [{ type: 'token' }],
      cluster: 'PROD',
    })
    expect((await send('/api/console/session')).statusCode).toBe(401)
    const response = await signIn('token-ann')
    const session = { mode: 'cluster', cluster: 'PROD', user: 'ann', canSignOut: true }
    expect(await json(response)).toMatchObject(session)
    expect(response.headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^kubevirt-console-token-prod-0=1\.ey\S+; Max-Age=43\d+; Path=\/; HttpOnly; SameSite=Strict$/,
      ),
    ])
    const cookie = cookieFrom(response)
    expect(Buffer.from(cookie, 'base64').toString()).not.toContain('token-ann')
    const seen = await json(await send('/api/kubernetes/api', { headers: { cookie } }))
    expect(seen.headers.authorization).toBe('Bearer token-ann')
    expect(seen.headers).not.toHaveProperty('cookie')
    expect(await json(await send('/api/console/session', { headers: { cookie } }))).toMatchObject(
      session,
    )
  })

  test('that the cluster doesn’t accept begins no session, nor does what is no token', async () => {
    for (const token of ['wrong', '', 'a b', 'a\r\nimpersonate-user: root', 'x'.repeat(16_000)]) {
      const response = await signIn(token)
      expect(response.statusCode).toBe(401)
      expect(response.headers).not.toHaveProperty('set-cookie')
    }
  })

  test('of a cluster out of reach is neither right nor wrong', async () => {
    cluster.close()
    cluster.closeAllConnections()
    const response = await signIn('token-ann')
    expect(response.statusCode).toBe(503)
    expect((await json(response)).message).toContain("can't reach the cluster")
  })

  test('is another session at each sign-in, and gone after signing out', async () => {
    const first = cookieFrom(await signIn('token-ann'))
    const second = cookieFrom(await signIn('token-ann', '', { cookie: first }))
    expect(second).not.toBe(first)
    const out = await send('/api/console/session', {
      method: 'DELETE',
      headers: { cookie: second },
    })
    expect(await json(out)).toEqual({})
    expect(out.headers['set-cookie']).toEqual([
      expect.stringMatching(/^kubevirt-console-token-prod-0=; Max-Age=0; Path=\/; HttpOnly/),
    ])
  })

  test('as long as several cookies is put together again, also after a longer one', async () => {
    const long = 'l'.repeat(9000)
    people.set(long, 'lou')
    const response = await signIn(long)
    const cookie = cookieFrom(response)
    expect(response.headers['set-cookie']).toHaveLength(4)
    for (const line of response.headers['set-cookie'] ?? []) expect(line.length).toBeLessThan(3900)
    const session = await send('/api/console/session', { headers: { cookie } })
    expect(await json(session)).toMatchObject({ user: 'lou' })

    const shorter = await signIn('token-bob', '', { cookie })
    expect(
      shorter.headers['set-cookie']?.filter((line) => line.includes('Max-Age=0')),
    ).toHaveLength(3)
    // Even where a browser kept what it was told to remove.
    const mixed = `${cookieFrom(shorter).split(';')[0]}; ${cookie.split('; ').slice(1).join('; ')}`
    const mixedSession = await send('/api/console/session', { headers: { cookie: mixed } })
    expect(await json(mixedSession)).toMatchObject({ user: 'bob' })
  })

  test('that nothing holds is refused in words', async () => {
    const huge = 'h'.repeat(15_900)
    people.set(huge, 'hal')
    const response = await signIn(huge)
    expect(response.statusCode).toBe(413)
    expect((await json(response)).message).toContain('too long to be kept')
  })

  test('ends when it says so', async () => {
    const end = Math.floor(Date.now() / 1000) + 600
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const token = `${part({ alg: 'none' })}.${part({ exp: end })}.x`
    people.set(token, 'ann')
    expect(await json(await signIn(token))).toMatchObject({
      expiresAt: new Date(end * 1000).toISOString(),
    })
    const refreshed = await send('/api/console/session/refresh', {
      method: 'POST',
      headers: { cookie: cookieFrom(await signIn(token)) },
    })
    expect(refreshed.statusCode).toBe(401)
  })

  test('upgrades carry it too', async () => {
    const cookie = cookieFrom(await signIn('token-ann'))
    cluster.on('upgrade', (request: IncomingMessage, socket) => {
      socket.end(`HTTP/1.1 418 ${request.headers.authorization}\r\n\r\n`)
    })
    const url = `${gateway.url}/api/kubernetes/x`
    await expect(opened(new WebSocket(url, { headers: { cookie } }))).rejects.toThrow('418')
    await expect(opened(new WebSocket(url))).rejects.toThrow('401')
  })
})

describe('cookies that nobody here has made', () => {
  test.each(['', '1.', '1.e', '9.eyJhbGciOiJkaXIifQ', 'x', '1.eyJhbGciOiJub25lIn0..', '0.a'])(
    '%s is nobody',
    async (value) => {
      const headers = { cookie: `kubevirt-console-token-prod-0=${value}` }
      expect((await send('/api/kubernetes/api', { headers })).statusCode).toBe(401)
    },
  )

  test('nor one by another key', async () => {
    const forged = await new EncryptJWT({ value: { id: '1', token: 'token-ann', user: 'ann' } })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: 'x' })
      .setAudience('kubevirt-console-token-prod')
      .setIssuedAt()
      .setExpirationTime('1h')
      .encrypt(new Uint8Array(randomBytes(32)))
    const headers = { cookie: `kubevirt-console-token-prod-0=1.${forged}` }
    expect((await send('/api/kubernetes/api', { headers })).statusCode).toBe(401)
  })
})

describe('what a client brings itself', () => {
  test('its own token goes before a session', async () => {
    const cookie = cookieFrom(await signIn('token-ann'))
    const headers = { cookie, authorization: 'Bearer token-bob' }
    expect(await json(await send('/api/kubernetes/api', { headers }))).toMatchObject({
      user: 'bob',
    })
    expect(await json(await send('/api/console/session', { headers }))).toMatchObject({
      user: 'bob',
      canSignOut: false,
    })
  })

  test('other words about who it is stay here, or stop it', async () => {
    const cookie = cookieFrom(await signIn('token-ann'))
    const seen = await json(
      await send('/api/kubernetes/api', {
        headers: {
          cookie,
          authorization: 'Basic eDp5',
          'x-remote-user': 'root',
          'x-remote-extra-scopes': 'all',
          'x-forwarded-for': '127.0.0.1',
          forwarded: 'for=127.0.0.1',
        },
      }),
    )
    expect(seen.headers).toEqual({
      host: clusterUrl.host,
      connection: 'keep-alive',
      authorization: 'Bearer token-ann',
    })
    const headers = { cookie, 'impersonate-user': 'root' }
    expect((await send('/api/kubernetes/api', { headers })).statusCode).toBe(403)
  })
})

test('behind TLS cookies are the host’s own', async () => {
  await restartWith({ publicUrl: 'https://console.example' })
  const response = await signIn('token-ann')
  expect(response.headers['set-cookie']?.[0]).toMatch(
    /^__Host-kubevirt-console-token-prod-0=.*; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
  )
  await restartWith({ publicUrl: 'https://console.example:8443' }, 2)
  const prefixed = await signIn('token-ann', '/c/prod')
  expect(prefixed.headers['set-cookie']?.[0]).toMatch(
    /^__Secure-kubevirt-console-token-8443-prod-0=.*; Path=\/c\/prod\/; HttpOnly; SameSite=Strict; Secure$/,
  )
})

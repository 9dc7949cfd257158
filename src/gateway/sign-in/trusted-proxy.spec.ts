import { describe, expect, test } from 'vitest'

import { json, send } from '../gateway-harness.ts'
import { restartWith, signIn, startSignInPerTest } from './sign-in-harness.ts'

startSignInPerTest()

describe('a proxy that signs people in', () => {
  const header = 'x-forwarded-access-token'
  const proxyAt = (address: string) =>
    restartWith({ signIn: { proxy: { trustedAddresses: [address], tokenHeader: header } } })
  const ask = async (headers: object) => {
    const response = await send('/api/kubernetes/api', { headers: { ...headers } })
    return json(response)
  }

  test('is believed where its connections come from, and nobody else is', async () => {
    await proxyAt('127.0.0.0/8')
    expect((await json(await send('/api/console/sign-in'))).ways).toEqual([
      { type: 'token' },
      { type: 'proxy' },
    ])
    const seen = await ask({ [header]: 'token-ann' })
    expect(seen).toMatchObject({ user: 'ann', headers: { authorization: 'Bearer token-ann' } })
    expect(seen.headers).not.toHaveProperty(header)
    expect(await ask({ [header]: 'Bearer token-bob' })).toMatchObject({ user: 'bob' })
    const session = await send('/api/console/session', { headers: { [header]: 'token-ann' } })
    expect(await json(session)).toMatchObject({ user: 'ann', canSignOut: false })
    expect((await ask({ [header]: ['token-ann', 'token-bob'] })).code).toBe(401)
    expect((await ask({ [header]: 'no token' })).code).toBe(401)

    await proxyAt('10.0.0.0/8')
    const forwarded = { [header]: 'token-ann', 'x-forwarded-for': '10.0.0.1' }
    expect((await ask(forwarded)).code).toBe(401)
  })

  test('is nobody unless it is configured', async () => {
    expect((await ask({ [header]: 'token-ann' })).code).toBe(401)
  })
})

describe('guessing', () => {
  const wrong = (headers = {}) => signIn('wrong', '', headers)

  test('ends after a few tries, for a while, and not for others', async () => {
    await restartWith({ limits: { signInAttempts: 3 }, trustedProxies: ['127.0.0.1'] })
    const from = (address: string) => ({ 'x-forwarded-for': address })
    for (let times = 0; times < 3; times += 1) {
      expect((await wrong(from('203.0.113.1'))).statusCode).toBe(401)
      expect((await signIn('token-ann', '', from('203.0.113.2'))).statusCode).toBe(200)
    }
    const refused = await wrong(from('203.0.113.1'))
    expect(refused.statusCode).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(290)
    expect(await json(refused)).toMatchObject({ reason: 'TooManyRequests' })
    expect((await signIn('token-ann', '', from('203.0.113.1'))).statusCode).toBe(429)
    expect((await signIn('token-ann', '', from('203.0.113.2'))).statusCode).toBe(200)
  })

  test('with other addresses in a header that nobody trusted has written changes nothing', async () => {
    await restartWith({ limits: { signInAttempts: 2 } })
    for (const [at, code] of [401, 401, 429].entries()) {
      expect((await wrong({ 'x-forwarded-for': `203.0.113.${at}` })).statusCode).toBe(code)
    }
  })
})

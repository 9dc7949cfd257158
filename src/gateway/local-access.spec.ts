import { beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'

import {
  basic,
  gateway,
  json,
  opened,
  restart,
  send,
  startGatewayPerTest,
} from './gateway-harness.ts'
import { secretAccess } from './local-access.ts'

startGatewayPerTest()

describe('sandbox session', () => {
  const authorization = async (headers: Record<string, string> = {}) =>
    (await json(await send('/api/kubernetes/api', { headers }))).headers.authorization

  test('one is admin at first, and may be another user by cookie or by token', async () => {
    expect(await json(await send('/api/console/session'))).toEqual({
      mode: 'sandbox',
      cluster: 'sandbox',
      user: 'sandbox-admin',
      users: ['sandbox-admin', 'sandbox-view'],
    })
    expect(await authorization()).toBe('Bearer token-a')

    const switched = await put({ user: 'sandbox-view' })
    expect(await json(switched)).toMatchObject({ user: 'sandbox-view' })
    const setCookie = switched.headers['set-cookie']?.[0] ?? ''
    expect(setCookie).toMatch(/; Path=\/api; HttpOnly; SameSite=Strict$/)
    const cookie = setCookie.split(';')[0] ?? ''
    expect(await authorization({ cookie })).toBe('Bearer token-v')
    expect(await authorization({ cookie, authorization: 'Bearer mine' })).toBe('Bearer mine')
    expect(await authorization({ authorization: basic('sandbox-view:') })).toBe('Bearer token-v')
  })

  test('there is no other user, and no secret', async () => {
    expect((await put({ user: 'root' })).statusCode).toBe(422)
    const headers = { authorization: basic('root:') }
    expect((await send('/api/kubernetes/api', { headers })).statusCode).toBe(401)
    expect((await put({})).statusCode).toBe(400)
    const post = await send('/api/console/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"secret":"x"}',
    })
    expect(post.statusCode).toBe(405)
  })

  const put = (body: object) =>
    send('/api/console/session', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
})

describe('kubeconfig session', () => {
  const session = { mode: 'kubeconfig', cluster: 'prod', user: 'ann' } as const
  const post = (secret: string) =>
    send('/api/console/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret }),
    })

  beforeEach(async () => {
    await restart({ access: (port) => secretAccess(session, port, 'the-secret') })
  })

  test('nothing goes without the secret', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { cookie: 'a=the-secret' }]) {
      const response = await send('/api/kubernetes/api', { headers })
      expect(response.statusCode).toBe(401)
      expect(await json(response)).toMatchObject({ kind: 'Status', reason: 'Unauthorized' })
    }
    expect((await send('/api/console/session')).statusCode).toBe(401)
    expect((await post('wrong')).statusCode).toBe(401)
    await expect(opened(new WebSocket(`${gateway.url}/api/kubernetes/x`))).rejects.toThrow('401')
  })

  test('the secret is exchanged for a cookie which is not the secret', async () => {
    const response = await post('the-secret')
    expect(await json(response)).toEqual(session)
    const cookie = response.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    expect(cookie).not.toContain('the-secret')
    expect((await send('/api/kubernetes/api', { headers: { cookie } })).statusCode).toBe(200)
  })

  test.each(['Bearer the-secret', basic('any:the-secret')])(
    'the secret as %s opens the way and stays here',
    async (authorization) => {
      const headers = { authorization }
      const seen = await json(await send('/api/kubernetes/api', { headers }))
      expect(seen.headers).not.toHaveProperty('authorization')
    },
  )
})

import { beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'

import { gateway, json, opened, send } from './gateway-harness.ts'
import { cookieFrom, restartWith, signIn, startSignInPerTest } from './sign-in/sign-in-harness.ts'

startSignInPerTest()

describe('several clusters', () => {
  beforeEach(() => restartWith({}, 2))

  test('each has its own addresses and sessions', async () => {
    const response = await signIn('token-ann', '/c/test')
    const several = {
      clusters: [
        { name: 'prod', displayName: 'PROD' },
        { name: 'test', displayName: 'TEST' },
      ],
    }
    expect(await json(response)).toMatchObject({ cluster: 'TEST', clusterName: 'test', ...several })
    expect(response.headers['set-cookie']?.[0]).toContain('; Path=/c/test/;')
    const headers = { cookie: cookieFrom(response) }
    expect((await send('/c/test/api/kubernetes/api', { headers })).statusCode).toBe(200)
    expect((await send('/c/prod/api/kubernetes/api', { headers })).statusCode).toBe(401)
    expect(await json(await send('/c/prod/api/console/sign-in'))).toMatchObject(several)
  })

  test.each([
    '/api/kubernetes/api',
    '/api/console/session',
    '/c/other/api/kubernetes/api',
    '/c/x/api/upload',
  ])('%s names none of them', async (path) => {
    const response = await send(path)
    expect(response.statusCode).toBe(404)
    expect((await json(response)).message).toContain('/c/prod, /c/test')
    await expect(opened(new WebSocket(`${gateway.url}${path}`))).rejects.toThrow('404')
  })

  const accept = 'text/html'
  test.each([
    ['/', '/c/prod/'],
    ['/k8s/ns/a/pods?x=1', '/c/prod/k8s/ns/a/pods?x=1'],
    ['//evil.example/x', '/c/prod//evil.example/x'],
  ])('the page %s is the first one’s', async (path, location) => {
    const response = await send(path, { headers: { accept } })
    expect(response.statusCode).toBe(302)
    expect(response.headers.location).toBe(location)
  })

  test('pages of each, and what they load', async () => {
    for (const path of ['/c/test/k8s/ns/a/pods', '/c/test', '/c/other/x']) {
      const response = await send(path, { headers: { accept } })
      expect(response.headers['content-type']).toContain('text/html')
      expect(response.statusCode).toBe(200)
    }
    expect((await send('/assets/index-abc.js', { headers: { accept } })).statusCode).toBe(200)
    expect((await send('/healthz', { headers: { accept } })).statusCode).toBe(200)
  })
})

test('the prefix of what has become the only cluster leads to its pages, and to no other host', async () => {
  const to = async (path: string) => {
    const response = await send(path, { headers: { accept: 'text/html' } })
    return [response.statusCode, response.headers.location]
  }
  expect(await to('/c/prod/k8s/x')).toEqual([302, '/k8s/x'])
  expect(await to('/c/prod')).toEqual([302, '/'])
  expect(await to('/c/prod//evil.example')).toEqual([302, '/evil.example'])
  expect(await to('/c/prod/\\evil.example')).toEqual([302, '/evil.example'])
  expect(await to('/k8s/x')).toEqual([200, undefined])
})

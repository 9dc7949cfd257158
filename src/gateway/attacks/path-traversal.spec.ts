/** Paths that lead somewhere else for one of the parsers on their way; `cluster-proxy.spec.ts` has the plain ones. */
import { text } from 'node:stream/consumers'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { json, send, startGatewayPerTest } from '../gateway-harness.ts'
import { clusterPath } from '../request-path.ts'
import { recordRequests } from './raw-http.ts'

startGatewayPerTest()

describe('the cluster is not asked for', () => {
  test.each([
    ['an encoded slash', '/api/kubernetes/api/v1/namespaces/a%2Fsecrets%2Fb'],
    ['an encoded backslash', '/api/kubernetes/api/v1/..%5C..%5Cx'],
    ['a slash that is encoded twice', '/api/kubernetes/api/v1/namespaces/a%252f..%252fb'],
    ['dots that are encoded twice', '/api/kubernetes/api/%252e%252e/%252e%252e/x'],
    ['dots, one encoded', '/api/kubernetes/api/.%2e/x'],
    ['dots with a parameter', '/api/kubernetes/api/..;a=b/x'],
    ['dots with an encoded one', '/api/kubernetes/api/..%3Bx/x'],
    ['an overlong slash of two bytes', '/api/kubernetes/api/..%c0%af..%c0%afx'],
    ['an overlong slash of three bytes', '/api/kubernetes/api/..%e0%80%afx'],
    ['overlong dots', '/api/kubernetes/api/%c0%ae%c0%ae/x'],
    ['half of a surrogate pair', '/api/kubernetes/api/%ed%a0%80'],
    ['bytes that are no UTF-8', '/api/kubernetes/api/%ff%fe'],
    ['raw bytes beyond ASCII', '/api/kubernetes/api/\u00c0\u00af'],
    ['the wide slash as raw bytes', '/api/kubernetes/api/\u00ef\u00bc\u008fx'],
    ['an empty segment', '/api/kubernetes/api/v1//secrets'],
    ['an empty segment at the end', '/api/kubernetes/api/v1/secrets//'],
    ['another host', '/api/kubernetes//evil.example/x'],
    ['a line of its own', '/api/kubernetes/api/x%0d%0aHost:%20evil.example'],
    ['a NUL', '/api/kubernetes/api/v1%00/../x'],
  ])('%s', async (_what, path) => {
    const asked = recordRequests()
    const response = await send(path)
    expect(response.statusCode).toBe(400)
    expect(asked).toEqual([])
  })

  test.each([
    '/api/kubernetes@evil.example/x',
    '/api/kubernetes.evil.example/x',
    '/api/kubernetesx/api',
    '/api//kubernetes/api',
    '/api/./kubernetes/api',
    '/API/KUBERNETES/api',
    '/api/%6bubernetes/api',
    '/%61pi/kubernetes/api',
    '//api/kubernetes/api',
  ])('%s, which only looks like the way to it', async (path) => {
    const asked = recordRequests()
    const response = await send(path)
    expect(response.statusCode).toBeGreaterThanOrEqual(400)
    expect(asked).toEqual([])
  })

  test('nor for what is before its prefix', async () => {
    await expectAll((path) => {
      const asked = clusterPath(`/api/kubernetes${path}`)
      if (asked === undefined) return
      for (const reading of readings(asked)) {
        expect(reading.startsWith('/'), `${path} is read as ${reading}`).toBe(true)
        expect(reading, `${path} is read as ${reading}`).not.toMatch(/\/\.{1,2}(\/|$)|\/\/|\\|\0/)
      }
      // Behind a server address with a path, such as a proxy's, it stays below it.
      expect(new URL(`https://cluster/base${asked}`).pathname.startsWith('/base/')).toBe(true)
    })
  })
})

/** How servers in a row might read a path: as it is, decoded once or twice, tidied as a URL. */
function readings(target: string) {
  const path = target.split('?', 1)[0] ?? ''
  const once = decodeURIComponent(path)
  return [path, once, decodeURIComponent(once), new URL(path, 'https://cluster').pathname]
}

/** Paths out of pieces that attacks are made of. */
async function expectAll(check: (path: string) => void) {
  const pieces =
    '/ // . .. %2e %2E %2f %5c \\ %25 %c0 %af %00 ; a namespaces proxy ? # @ : % & = + ~ %41 %e2%81%84'
  const piece = fc.constantFrom(...pieces.split(' '))
  const path = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((all) => `/${all.join('')}`),
    fc.webPath(),
  )
  fc.assert(fc.property(path, check), { numRuns: 3000 })
}

test.each([
  '/../../../../etc/passwd',
  '/assets/..%2f..%2f..%2f..%2fetc/passwd',
  '/assets/%252e%252e/%252e%252e/etc/passwd',
  '/assets/..%5c..%5cetc/passwd',
  '/assets/..%c0%af..%c0%afetc/passwd',
  '/assets/%00/etc/passwd',
  '/assets/....//....//etc/passwd',
  '/%2e%76ite/manifest.json',
  '/.vite%2fmanifest.json',
  '//etc/passwd',
  '/assets/%',
])('%s is no file of the page', async (path) => {
  const response = await send(path)
  const body = await text(response)
  expect(response.statusCode).toBeGreaterThanOrEqual(400)
  expect(response.statusCode).toBeLessThan(500)
  expect(body).not.toMatch(/root:|^\{\}$/)
})

test('an upload and a desktop lead nowhere else either', async () => {
  const asked = recordRequests()
  const names = [
    'a/../../x',
    'a%2f..%2fx',
    '..',
    '.',
    'a@evil.example',
    'a:1',
    'a%00',
    'a;b',
    'a?b',
    'A',
    'a..b',
    '',
  ]
  for (const name of names) {
    for (const path of [
      `/api/upload/namespaces/demo/persistentvolumeclaims/${name}`,
      `/api/upload/namespaces/${name}/persistentvolumeclaims/disk`,
    ]) {
      const response = await send(path, { method: 'POST', body: 'x' })
      expect({ path, ...(await json(response)) }).toMatchObject({ path, kind: 'Status', code: 404 })
    }
  }
  expect(asked).toEqual([])
})

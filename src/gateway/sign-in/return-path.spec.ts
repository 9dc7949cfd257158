import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { returnPath, withSignInError } from './return-path.ts'

describe('the page to come back to', () => {
  test.each([
    ['/', '/'],
    [
      '/k8s/ns/a/pods?labels=a%3Db&x=ä'.replace('ä', '%C3%A4'),
      '/k8s/ns/a/pods?labels=a%3Db&x=%C3%A4',
    ],
    ['/c/prod/k8s/x#tab', '/c/prod/k8s/x#tab'],
    ['/a/../b', '/b'],
    ['/x?signInError=failed&a=1', '/x?a=1'],
  ])('%s', (asked, path) => expect(returnPath(asked)).toBe(path))

  test.each([
    undefined,
    7,
    ['/a', '/b'],
    '',
    'k8s',
    'https://evil.example',
    'javascript:alert(1)',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/a/..//evil.example',
    '/./\\evil.example',
    '/%2e%2e//evil.example',
    '/a\r\nset-cookie: x=y',
    '/api/console/oidc/login',
    '/%61pi/console/oidc/login',
    '/c/prod/api/console/session',
  ])('%j is none', (asked) => expect(returnPath(asked)).toBe('/'))

  test('is not longer than a cookie can hold', () => {
    expect(returnPath(`/list?q=${'x'.repeat(2000)}`)).toBe('/list')
    expect(returnPath(`/${'x'.repeat(2000)}`)).toBe('/')
  })

  test('is on this host, whatever anybody writes', () => {
    const parts = [
      '/',
      '\\',
      '.',
      '..',
      '%2e',
      '%2f',
      '%5c',
      '?',
      '#',
      '@',
      ':',
      'evil.example',
      'a',
    ]
    const texts = fc.oneof(
      fc.array(fc.constantFrom(...parts)).map((some) => `/${some.join('')}`),
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
    )
    const home = 'https://console.example'
    fc.assert(
      fc.property(texts, (text) => {
        const path = returnPath(text)
        for (const place of [path, withSignInError(path, 'failed')]) {
          expect(place).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/)
          expect(new URL(place, home).origin).toBe(home)
        }
        // Read once more it is the same: nothing is left to resolve.
        expect(returnPath(path)).toBe(path)
      }),
      { numRuns: 2000 },
    )
  })
})

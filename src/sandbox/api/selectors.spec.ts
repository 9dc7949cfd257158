import { expect, test } from 'vitest'

import type { KubeObject } from './cluster.ts'
import { fieldMatcher, labelMatcher, selectorMatches } from './selectors.ts'

const object = (labels?: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'a',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '',
    ...(labels ? { labels } : {}),
  },
})

test.each([
  ['n=1', { n: '1' }, true],
  ['n==1', { n: '2' }, false],
  ['n!=1', {}, true],
  ['n in (1,2)', { n: '2' }, true],
  ['n notin (1,2)', {}, true],
  ['n notin (1,2)', { n: '1' }, false],
  ['n', { n: '' }, true],
  ['!n', { n: '' }, false],
  ['n>4', { n: '5' }, true],
  ['n<4', { n: 'x' }, false],
  ['a=1,b!=2', { a: '1', b: '2' }, false],
  ['n=', { n: '' }, true],
  ['n=', {}, false],
])('label selector %s on %j', (text, labels, expected) => {
  expect(labelMatcher(text)?.(object(labels))).toBe(expected)
})

test('an empty selector selects everything', () => {
  expect(labelMatcher('')).toBeUndefined()
  expect(labelMatcher(null)).toBeUndefined()
})

test.each([
  ['n in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
  ['a b=1', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ['n=not ok!', "found 'ok', expected: ',' or 'end of string'"],
  ['=1', "found '=', expected: !, identifier, or 'end of string'"],
])('label selector %s is refused', (text, message) => {
  expect(() => labelMatcher(text)).toThrow(message)
})

test('field selectors know their fields', () => {
  const read = (item: KubeObject, field: string) =>
    field === 'metadata.name' ? item.metadata.name : ''
  const selector = fieldMatcher('metadata.name=a', ['metadata.name'], read)
  expect(selector?.matches(object())).toBe(true)
  expect(selector?.name).toBe('a')
  expect(fieldMatcher('metadata.name!=a', ['metadata.name'], read)?.matches(object())).toBe(false)
  expect(() => fieldMatcher('spec.x=1', ['metadata.name'], read)).toThrow(
    'field label not supported: spec.x',
  )
  expect(() => fieldMatcher('metadata.name', ['metadata.name'], read)).toThrow(
    "invalid selector: 'metadata.name'; can't understand 'metadata.name'",
  )
})

test('LabelSelector objects', () => {
  const matchExpressions = [{ key: 'tier', operator: 'NotIn', values: ['db'] }]
  expect(selectorMatches({ matchLabels: { app: 'x' }, matchExpressions }, { app: 'x' })).toBe(true)
  expect(selectorMatches({ matchExpressions }, { tier: 'db' })).toBe(false)
})

import { expect, test } from 'vitest'

import type { KubeObject } from './cluster.ts'
import { bodyOf, jsonOf } from './object-json.ts'
import { createObjectStore } from './object-store.ts'

const KEY = '/configmaps'
const TYPE = { kind: 'ConfigMap', apiVersion: 'v1' }
const object = (value: number): KubeObject => ({
  ...TYPE,
  metadata: { name: 'x', namespace: 'a', uid: 'u', resourceVersion: '', creationTimestamp: '' },
  value,
})

test('each stored version has its own text, also when the same object is stored again', () => {
  const store = createObjectStore()
  const first = store.put(KEY, object(1))
  expect(JSON.parse(jsonOf(first, TYPE))).toEqual(first)
  const second = store.put(KEY, { ...first, metadata: { ...first.metadata }, value: 2 })
  expect(JSON.parse(jsonOf(second, TYPE))).toEqual(second)
  expect(JSON.parse(jsonOf(first, TYPE))).toEqual(first)
  second['value'] = 3
  store.put(KEY, second)
  expect(JSON.parse(jsonOf(second, TYPE))).toEqual(second)
  const removed = store.remove(KEY, second)
  expect(JSON.parse(jsonOf(removed, TYPE))).toEqual(removed)
})

test('who stores an object may bring its text, which ends with that version', () => {
  const store = createObjectStore()
  const stored = store.put(
    KEY,
    object(1),
    (version) => `"metadata":{"resourceVersion":${version}}}`,
  )
  const { resourceVersion } = stored.metadata
  expect(JSON.parse(jsonOf(stored))).toEqual({ metadata: { resourceVersion: +resourceVersion } })
  const copy = { ...stored }
  expect(JSON.parse(jsonOf(copy, TYPE))).toEqual(stored)
  store.put(KEY, stored)
  expect(JSON.parse(jsonOf(stored, TYPE))).toEqual(stored)
})

test('the body is all but kind and apiVersion', () => {
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = object(1)
  expect(JSON.parse(`{${bodyOf(object(1))}`)).toEqual(rest)
})

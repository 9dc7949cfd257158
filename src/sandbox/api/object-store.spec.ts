import { expect, test } from 'vitest'

import type { KubeObject } from './cluster.ts'
import { createObjectStore, rangeOf } from './object-store.ts'

const object = (name: string, namespace = 'a', value = 0): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, uid: `u-${name}`, resourceVersion: '', creationTimestamp: '' },
  value,
})
const KEY = '/configmaps'

test('rows are in order of namespace and name, however many come at once', () => {
  const store = createObjectStore()
  const table = store.table(KEY)
  for (let i = 199; i >= 0; i -= 1) store.put(KEY, object(`n${String(i).padStart(3, '0')}`, 'b'))
  store.put(KEY, object('z', 'a-b'))
  store.put(KEY, object('y', 'a'))
  expect(table.order.slice(0, 3)).toEqual(['a-b/z', 'a/y', 'b/n000'])
  expect(table.order).toEqual(table.order.toSorted())
  const { from, to } = rangeOf(table.order, 'a')
  expect(table.order.slice(from, to)).toEqual(['a/y'])
})

test('an older revision can be seen until the history is compacted', () => {
  const store = createObjectStore()
  const table = store.table(KEY)
  store.put(KEY, object('kept', 'a', 1))
  store.put(KEY, object('gone'))
  const { revision } = store
  store.put(KEY, object('kept', 'a', 2))
  store.put(KEY, object('new'))
  const gone = table.objects.get('a/gone')
  if (gone) store.remove(KEY, gone)
  const then = store.at(table, revision)
  expect(then?.order).toEqual(['a/gone', 'a/kept'])
  expect(then?.objects.get('a/kept')?.['value']).toBe(1)
  expect(then?.objects.get('a/new')).toBeUndefined()
  expect(then?.objects.get('a/gone')?.metadata.name).toBe('gone')
  expect(table.order).toEqual(['a/kept', 'a/new'])
  store.compact()
  expect(store.at(table, revision)).toBeUndefined()
})

test('what came and went again since an older revision is not in it', () => {
  const store = createObjectStore()
  const table = store.table(KEY)
  const back = store.put(KEY, object('back', 'a', 1))
  const { revision } = store
  store.remove(KEY, store.put(KEY, object('brief')))
  store.remove(KEY, back)
  store.put(KEY, object('back', 'a', 2))
  const then = store.at(table, revision)
  expect(then?.order).toEqual(['a/back'])
  expect(then?.objects.get('a/back')?.['value']).toBe(1)
  expect(then?.objects.get('a/brief')).toBeUndefined()
})

test('watchers that write see every change in order', () => {
  const store = createObjectStore()
  const seen: string[] = []
  store.table(KEY).watchers.add(({ type, object: { metadata } }) => {
    if (type === 'ADDED' && metadata.name === 'first') store.put(KEY, object('second'))
  })
  store.table(KEY).watchers.add(({ object: { metadata } }) => seen.push(metadata.name))
  store.put(KEY, object('first'))
  expect(seen).toEqual(['first', 'second'])
})

test('dependents are found by the uid of their owner', () => {
  const store = createObjectStore()
  const owned = object('child')
  owned.metadata.ownerReferences = [
    { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: 'u-owner' },
  ]
  store.put(KEY, owned)
  expect(store.dependents('u-owner').map((item) => item.object.metadata.name)).toEqual(['child'])
  store.remove(KEY, owned)
  expect(store.dependents('u-owner')).toEqual([])
})

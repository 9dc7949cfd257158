import { expect, test } from 'vitest'

import type { KubeObject } from './cluster.ts'
import { listOptions } from './list.ts'
import { jsonOf } from './object-json.ts'
import { type ObjectStore, createObjectStore } from './object-store.ts'
import { labelMatcher } from './selectors.ts'
import { startWatch } from './watch.ts'

const KEY = '/configmaps'
const put = (store: ObjectStore, name: string, labels: Record<string, string> = {}) =>
  store.put(KEY, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: 'a',
      uid: name,
      resourceVersion: '',
      creationTimestamp: '',
      labels,
    },
  })

interface Seen {
  type: string
  object: KubeObject & { code?: number; message?: string }
}

/** Watches until stopped; `ended` tells that the server ended it. */
function watch(store: ObjectStore, query: string) {
  const seen: Seen[] = []
  const parameters = new URLSearchParams(`watch=true&${query}`)
  const watching = { seen, ended: false, stop: () => undefined as void }
  watching.stop = startWatch(
    store,
    store.table(KEY),
    {
      ...listOptions(parameters),
      namespace: 'a',
      matches: labelMatcher(parameters.get('labelSelector')),
    },
    {
      shared: 'v1',
      objectJson: (object) => jsonOf(object, { kind: 'ConfigMap', apiVersion: 'v1' }),
      bookmarkJson: (metadata) => JSON.stringify({ kind: 'ConfigMap', apiVersion: 'v1', metadata }),
    },
    {
      line: (text) => void seen.push(JSON.parse(text.toString()) as Seen),
      end: () => {
        watching.ended = true
      },
    },
  )
  return watching
}
const types = ({ seen }: { seen: Seen[] }) =>
  seen.map(({ type, object }) => `${type} ${object.metadata.name ?? ''}`.trim())

test('without a version a watch begins with what is there', () => {
  const store = createObjectStore()
  put(store, 'old')
  const watching = watch(store, 'allowWatchBookmarks=true')
  put(store, 'new')
  watching.stop()
  put(store, 'unseen')
  expect(types(watching)).toEqual(['ADDED old', 'BOOKMARK', 'ADDED new'])
  expect(watching.seen[1]?.object.metadata.annotations).toEqual({
    'k8s.io/initial-events-end': 'true',
  })
})

test('from a version a watch replays what came after, once', () => {
  const store = createObjectStore()
  const first = put(store, 'x')
  put(store, 'x')
  put(store, 'y')
  const watching = watch(store, `resourceVersion=${first.metadata.resourceVersion}`)
  put(store, 'y')
  watching.stop()
  expect(types(watching)).toEqual(['MODIFIED x', 'ADDED y', 'MODIFIED y'])
})

test('crossing a selector looks like coming and going', () => {
  const store = createObjectStore()
  put(store, 'x', { s: 'in' })
  const watching = watch(store, `labelSelector=s%3Din&resourceVersion=${store.revision}`)
  put(store, 'x', { s: 'out' })
  put(store, 'x', { s: 'out', n: '1' })
  const back = put(store, 'x', { s: 'in' })
  store.remove(KEY, back)
  watching.stop()
  expect(types(watching)).toEqual(['DELETED x', 'ADDED x', 'DELETED x'])
  // The last version that matched, under the version that took it out of sight.
  expect(watching.seen[0]?.object.metadata.labels).toEqual({ s: 'in' })
  expect(watching.seen[0]?.object.metadata.resourceVersion).toBe(
    String(Number(back.metadata.resourceVersion) - 2),
  )
})

test('a version that is too old ends the watch with one ERROR', () => {
  const store = createObjectStore()
  put(store, 'x')
  const watching = watch(store, 'resourceVersion=1')
  expect(watching.ended).toBe(true)
  expect(watching.seen).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }])
})

test('a version from the future is silent until it comes', () => {
  const store = createObjectStore()
  const watching = watch(store, `resourceVersion=${store.revision + 1}`)
  put(store, 'x')
  put(store, 'y')
  watching.stop()
  expect(types(watching)).toEqual(['ADDED y'])
})

test.each([
  ['sendInitialEvents=true', 'sendInitialEvents requires setting resourceVersionMatch'],
  ['resourceVersionMatch=NotOlderThan', 'forbidden for watch unless sendInitialEvents'],
  ['timeoutSeconds=abc', 'strconv.ParseInt: parsing "abc": invalid syntax'],
])('%s is refused', (query, message) => {
  expect(() => watch(createObjectStore(), query)).toThrow(message)
})

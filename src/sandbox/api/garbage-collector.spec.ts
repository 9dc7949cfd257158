import { afterEach, expect, test, vi } from 'vitest'

import type { KubeObject, OwnerReference, Store } from './cluster.ts'
import { exampleDefinitions } from './example-definitions.ts'
import { type ApiServer, createApiServer } from './server.ts'

let server: ApiServer | undefined
afterEach(() => server?.close())

function cluster(): Store {
  server = createApiServer({ definitions: exampleDefinitions, models: {}, tokens: {} })
  server.store.create('/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'a' },
  })
  return server.store
}
const map = (store: Store, name: string, owner?: KubeObject, more: Partial<OwnerReference> = {}) =>
  store.create('/configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: 'a',
      ...(owner
        ? {
            ownerReferences: [
              {
                apiVersion: 'v1',
                kind: 'ConfigMap',
                name: owner.metadata.name,
                uid: owner.metadata.uid,
                ...more,
              },
            ],
          }
        : {}),
    },
  })
const read = (store: Store, name: string) => store.get('/configmaps', 'a', name)
/** Lets the collector, which works after the current event, do what it has to. */
const settled = async (check: () => void) => vi.waitFor(check, { interval: 1 })

test('dependents follow their owner, and theirs follow them', async () => {
  const store = cluster()
  const owner = map(store, 'owner')
  const child = map(store, 'child', owner)
  map(store, 'grandchild', child)
  store.delete('/configmaps', 'a', 'owner')
  await settled(() => {
    expect(read(store, 'child')).toBeUndefined()
    expect(read(store, 'grandchild')).toBeUndefined()
  })
})

test('a dependent with another living owner stays, without the dead one', async () => {
  const store = cluster()
  const [dead, living] = [map(store, 'dead'), map(store, 'living')]
  const child = map(store, 'child', dead)
  store.update('/configmaps', 'a', 'child', (draft) => {
    draft.metadata.ownerReferences = [
      ...(child.metadata.ownerReferences ?? []),
      { apiVersion: 'v1', kind: 'ConfigMap', name: 'living', uid: living.metadata.uid },
    ]
  })
  store.delete('/configmaps', 'a', 'dead')
  await settled(() =>
    expect(read(store, 'child')?.metadata.ownerReferences?.map(({ name }) => name)).toEqual([
      'living',
    ]),
  )
})

test('an object whose owner never was is collected', async () => {
  const store = cluster()
  map(store, 'child', { metadata: { name: 'nobody', uid: 'none' } } as KubeObject)
  await settled(() => expect(read(store, 'child')).toBeUndefined())
})

test('foreground deletion waits for dependents that block it', async () => {
  const store = cluster()
  const owner = map(store, 'owner')
  map(store, 'child', owner, { blockOwnerDeletion: true })
  store.update('/configmaps', 'a', 'child', (draft) => {
    draft.metadata.finalizers = ['example.com/hold']
  })
  store.delete('/configmaps', 'a', 'owner', { propagationPolicy: 'Foreground' })
  await settled(() => expect(read(store, 'child')?.metadata.deletionTimestamp).toBeDefined())
  expect(read(store, 'owner')?.metadata.finalizers).toEqual(['foregroundDeletion'])
  store.update('/configmaps', 'a', 'child', (draft) => {
    draft.metadata.finalizers = []
  })
  await settled(() => expect(read(store, 'owner')).toBeUndefined())
})

test('orphans lose their owner and live', async () => {
  const store = cluster()
  map(store, 'child', map(store, 'owner'))
  store.delete('/configmaps', 'a', 'owner', { propagationPolicy: 'Orphan' })
  await settled(() => expect(read(store, 'owner')).toBeUndefined())
  expect(read(store, 'child')?.metadata.ownerReferences).toBeUndefined()
})

test('a namespace goes when its content is gone', async () => {
  const store = cluster()
  map(store, 'held')
  map(store, 'free')
  store.update('/configmaps', 'a', 'held', (draft) => {
    draft.metadata.finalizers = ['example.com/hold']
  })
  store.delete('/namespaces', undefined, 'a')
  await settled(() => expect(read(store, 'free')).toBeUndefined())
  expect(store.get('/namespaces', undefined, 'a')).toMatchObject({
    status: { phase: 'Terminating' },
  })
  store.update('/configmaps', 'a', 'held', (draft) => {
    delete draft.metadata.finalizers
  })
  await settled(() => expect(store.get('/namespaces', undefined, 'a')).toBeUndefined())
})

test('a claim in use by a pod outlives its deletion until the pod ends', async () => {
  const store = cluster()
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'disk', namespace: 'a' },
  }
  store.create('/persistentvolumeclaims', claim)
  store.create('/pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'user', namespace: 'a' },
    spec: { volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'disk' } }] },
  })
  store.delete('/persistentvolumeclaims', 'a', 'disk')
  map(store, 'child', map(store, 'owner'))
  store.delete('/configmaps', 'a', 'owner')
  // The collector has been at work when it has collected this.
  await settled(() => expect(read(store, 'child')).toBeUndefined())
  expect(store.get('/persistentvolumeclaims', 'a', 'disk')?.metadata.finalizers).toEqual([
    'kubernetes.io/pvc-protection',
  ])
  store.update<KubeObject & { status: { phase: string } }>('/pods', 'a', 'user', (draft) => {
    draft.status.phase = 'Succeeded'
  })
  await settled(() => expect(store.get('/persistentvolumeclaims', 'a', 'disk')).toBeUndefined())
})

import { afterEach, expect, test } from 'vitest'

import type { NewObject } from './cluster.ts'
import { exampleDefinitions } from './example-definitions.ts'
import { RBAC_KEYS } from './rbac.ts'
import { type ApiServer, createApiServer } from './server.ts'

let server: ApiServer | undefined
afterEach(() => server?.close())

const rbac = (kind: string, name: string, rest: object, namespace?: string): NewObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name, ...(namespace ? { namespace } : {}) },
  ...rest,
})
const subject = (kind: string, name: string) => ({ kind, name })

function start(): ApiServer {
  server = createApiServer({ definitions: exampleDefinitions, models: {}, tokens: {} })
  const { store } = server
  const rule = (verbs: string[], resources: string[], more = {}) => ({
    verbs,
    apiGroups: [''],
    resources,
    ...more,
  })
  store.create(
    RBAC_KEYS.clusterRoles,
    rbac('ClusterRole', 'reader', {
      rules: [
        rule(['get', 'list'], ['pods', 'pods/log']),
        rule(['get'], ['secrets'], { resourceNames: ['one'] }),
      ],
    }),
  )
  store.create(
    RBAC_KEYS.roleBindings,
    rbac(
      'RoleBinding',
      'b',
      {
        roleRef: { kind: 'ClusterRole', name: 'reader' },
        subjects: [subject('User', 'ann'), subject('Group', 'devs')],
      },
      'a',
    ),
  )
  return server
}
const ann = { name: 'ann', groups: ['system:authenticated'] }
const pods = { group: '', resource: 'pods', verb: 'get' }

test('a RoleBinding counts in its namespace only', () => {
  const cluster = start()
  expect(cluster.allowed(ann, { ...pods, namespace: 'a' })).toBe(true)
  expect(cluster.allowed(ann, { ...pods, namespace: 'b' })).toBe(false)
  expect(cluster.allowed(ann, pods)).toBe(false)
  expect(cluster.allowed(ann, { ...pods, verb: 'delete', namespace: 'a' })).toBe(false)
})

test('subresources and resource names have to be named', () => {
  const cluster = start()
  expect(cluster.allowed(ann, { ...pods, subresource: 'log', namespace: 'a' })).toBe(true)
  expect(cluster.allowed(ann, { ...pods, subresource: 'exec', namespace: 'a' })).toBe(false)
  const secret = { group: '', resource: 'secrets', verb: 'get', namespace: 'a' }
  expect(cluster.allowed(ann, { ...secret, name: 'one' })).toBe(true)
  expect(cluster.allowed(ann, { ...secret, name: 'two' })).toBe(false)
  expect(cluster.allowed(ann, secret)).toBe(false)
})

test('groups count, and system:masters may do everything', () => {
  const cluster = start()
  expect(cluster.allowed({ name: 'x', groups: ['devs'] }, { ...pods, namespace: 'a' })).toBe(true)
  expect(
    cluster.allowed({ name: 'x', groups: ['system:masters'] }, { ...pods, verb: 'delete' }),
  ).toBe(true)
})

test('aggregated roles follow the roles that they select', () => {
  const cluster = start()
  const { store } = cluster
  store.create(
    RBAC_KEYS.clusterRoles,
    rbac('ClusterRole', 'view', {
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { view: 'yes' } }] },
    }),
  )
  store.create(
    RBAC_KEYS.clusterRoleBindings,
    rbac('ClusterRoleBinding', 'v', {
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [subject('User', 'bob')],
    }),
  )
  const bob = { name: 'bob', groups: [] }
  const widgets = { group: 'example.com', resource: 'widgets', verb: 'get' }
  expect(cluster.allowed(bob, widgets)).toBe(false)
  const rules = [{ verbs: ['get'], apiGroups: ['example.com'], resources: ['*'] }]
  const part = rbac('ClusterRole', 'widgets-view', { rules })
  part.metadata.labels = { view: 'yes' }
  store.create(RBAC_KEYS.clusterRoles, part)
  expect(cluster.allowed(bob, widgets)).toBe(true)
  expect(store.get(RBAC_KEYS.clusterRoles, undefined, 'view')?.['rules']).toEqual(rules)
  store.delete(RBAC_KEYS.clusterRoles, undefined, 'widgets-view')
  expect(cluster.allowed(bob, widgets)).toBe(false)
})

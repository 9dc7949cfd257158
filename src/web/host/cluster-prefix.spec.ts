import { expect, test } from 'vitest'

import { clusterPrefixOf, perCluster } from './cluster-prefix.ts'

test.each([
  ['/c/prod/k8s/ns/demo/pods', '/c/prod'],
  ['/c/prod-2', '/c/prod-2'],
  ['/c/prod/', '/c/prod'],
  ['/k8s/ns/demo/pods', ''],
  ['/c/', ''],
  ['/c/Prod/x', ''],
  ['/c/prod%2f..', ''],
  ['/k8s/c/prod', ''],
  ['//c/prod', ''],
])('the address %s has the prefix “%s”', (path, prefix) => {
  expect(clusterPrefixOf(path)).toBe(prefix)
})

test('what windows share is named after the cluster where there are several', () => {
  expect(perCluster('vnc/demo/web-1', '')).toBe('vnc/demo/web-1')
  expect(perCluster('vnc/demo/web-1', '/c/prod')).toBe('vnc/demo/web-1@prod')
})

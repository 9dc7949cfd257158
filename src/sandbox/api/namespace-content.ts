/**
 * What every namespace has from the start: the service account `default` and the cluster's
 * certificate authority, as kube-controller-manager's controllers put them there.
 */
import type { ResourceDefinition } from '../kinds/resource-definition.ts'
import type { NewObject, ResourceKey, Store } from './cluster.ts'
import { keyOf } from './lifecycle.ts'

/** The sandbox has no certificates; the map is there because pods mount it. */
const rootCertificates: Omit<NewObject, 'metadata'> = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  data: { 'ca.crt': '' },
}

/** Returns the function that stops it. */
export function fillNamespaces(
  store: Store,
  definitions: readonly ResourceDefinition[],
): () => void {
  const content: [ResourceKey, string, Omit<NewObject, 'metadata'>][] = [
    ['/configmaps', 'kube-root-ca.crt', rootCertificates],
    ['/serviceaccounts', 'default', { apiVersion: 'v1', kind: 'ServiceAccount' }],
  ]
  const served = content.filter(([key]) =>
    definitions.some((definition) => keyOf(definition) === key),
  )
  return store.subscribe('/namespaces', ({ type, object }) => {
    const namespace = object.metadata.name
    if (type === 'DELETED' || object.metadata.deletionTimestamp) return
    for (const [key, name, rest] of served) {
      if (store.get(key, namespace, name)) continue
      store.create(key, { ...rest, metadata: { name, namespace } } as NewObject)
    }
  })
}

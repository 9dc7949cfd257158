/** What every namespace has: a default service account and the cluster's CA. */
import { keys } from '../kubevirt/objects.ts'
import { createWorkQueue, type ControllerContext } from './controller-context.ts'

const CERTIFICATE =
  '-----BEGIN CERTIFICATE-----\nVGhlIHNhbmRib3ggc2VydmVzIHBsYWluIEhUVFAu\n-----END CERTIFICATE-----\n'

export function startNamespaceController(context: ControllerContext): void {
  const { store } = context.cluster
  const queue = createWorkQueue(context, 'namespace', (_, name) => {
    const namespace = store.get(keys.namespace, undefined, name)
    if (!namespace || namespace.metadata.deletionTimestamp) return
    if (!store.get(keys.serviceAccount, name, 'default')) {
      store.create(keys.serviceAccount, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'default', namespace: name },
      })
    }
    if (!store.get(keys.configMap, name, 'kube-root-ca.crt')) {
      store.create(keys.configMap, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kube-root-ca.crt', namespace: name },
        data: { 'ca.crt': CERTIFICATE },
      })
    }
  })
  for (const namespace of store.list(keys.namespace)) queue.addObject(namespace)
  context.onClose(
    store.subscribe(keys.namespace, ({ type, object }) => {
      if (type === 'ADDED') queue.addObject(object)
    }),
  )
}

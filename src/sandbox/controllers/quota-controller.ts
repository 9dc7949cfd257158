/** Keeps in each ResourceQuota what is used of it. */
import type { KubeObject } from '../api/cluster.ts'
import { quotaKinds } from '../kubevirt/admission/quota-admission.ts'
import { quotaKey, quotaUsage } from '../kubevirt/quota.ts'
import { createWorkQueue, type ControllerContext } from './controller-context.ts'

export function startQuotaController(context: ControllerContext): void {
  const { store } = context.cluster
  const queue = createWorkQueue(context, 'quotas', count)
  for (const key of [...quotaKinds, quotaKey]) {
    context.onClose(
      store.subscribe(key, ({ object }) => {
        for (const quota of store.list(quotaKey, object.metadata.namespace)) queue.addObject(quota)
      }),
    )
  }
  for (const quota of store.list(quotaKey)) queue.addObject(quota)

  function count(namespace: string, name: string): void {
    store.update(quotaKey, namespace, name, (draft: KubeObject) => {
      const { hard } = draft['spec'] as { hard?: Record<string, string> }
      draft['status'] = { hard: hard ?? {}, used: quotaUsage(store, draft) }
    })
  }
}

import type { AdmissionHook, ResourceKey, Store } from '../../api/cluster.ts'
import { forbidden } from '../../api/failures.ts'
/**
 * The API server's quota plugin, for what people create; it comes after all webhooks. Controllers ask
 * by themselves, since they write past admission.
 */
import { keys } from '../objects.ts'
import { exceededQuota } from '../quota.ts'

export const quotaKinds: ResourceKey[] = [
  keys.vm,
  keys.vmi,
  keys.pool,
  keys.dataVolume,
  keys.pod,
  keys.pvc,
  keys.secret,
  keys.configMap,
  keys.service,
]

export function quotaAdmission(store: Store, key: ResourceKey): AdmissionHook {
  const [group = '', plural = ''] = key.split('/')
  return {
    validate({ operation, subresource, object, old, namespace }) {
      const isGrowth = operation === 'UPDATE' && key === keys.pvc
      if (!object || subresource || !(operation === 'CREATE' || isGrowth)) return
      const placed = {
        ...object,
        metadata: { ...object.metadata, ...(namespace && { namespace }) },
      }
      const why = exceededQuota(store, key, placed, isGrowth ? old : undefined)
      if (why) throw forbidden({ group, kind: plural, name: object.metadata.name }, why)
    },
  }
}

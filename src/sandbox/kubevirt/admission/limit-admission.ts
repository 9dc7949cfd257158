/** The API server's LimitRanger plugin, for what people create. Controllers ask by themselves. */
import type { AdmissionHook, NewObject, ResourceKey, Store } from '../../api/cluster.ts'
import {
  applyLimitDefaults,
  refusedByLimits,
  withItemDefaults,
  type LimitItem,
} from '../limit-range.ts'
import { keys } from '../objects.ts'

export const limitedKinds: ResourceKey[] = [keys.pod, keys.pvc]

export function limitAdmission(store: Store, key: ResourceKey): AdmissionHook {
  const placed = (object: NewObject, namespace: string | undefined): NewObject => ({
    ...object,
    metadata: { ...object.metadata, ...(namespace && { namespace }) },
  })
  return {
    mutate({ operation, subresource, object, namespace }) {
      if (key !== keys.pod || operation !== 'CREATE' || subresource || !object) return
      // The containers are those of the object itself.
      applyLimitDefaults(store, placed(object, namespace))
    },
    validate({ operation, subresource, object, namespace }) {
      if (operation !== 'CREATE' || subresource || !object) return
      const refusal = refusedByLimits(store, key, placed(object, namespace))
      if (refusal) throw refusal
    },
  }
}

/** Fills in what a LimitRange follows from what it says. */
export const limitRangeAdmission: AdmissionHook = {
  mutate({ object }) {
    const spec = object?.['spec'] as { limits?: LimitItem[] } | undefined
    if (Array.isArray(spec?.limits)) spec.limits = spec.limits.map(withItemDefaults)
  },
}

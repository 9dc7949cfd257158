/** Writes of single objects. The answer shows in every live list at once; errors are KubeErrors. */
import { useMutation } from '@tanstack/react-query'

import type { KubeObject, ResourceKind } from '../../kube/kinds.ts'
import type { KubeError } from '../../kube/kube-error.ts'
import type { ObjectRef } from '../../kube/paths.ts'
import { useKube } from './host-context.tsx'
import { putInLiveCache } from './live-cache.ts'

/**
 * PUT of a whole object; its metadata.resourceVersion guards against overwriting. A field that the
 * cluster doesn't know is refused, which it would otherwise drop without a word.
 */
export function useReplaceObject<T extends KubeObject>(kind: ResourceKind<T>, ref: ObjectRef) {
  const client = useKube()
  return useMutation<T, KubeError, object>({
    mutationFn: (manifest) => client.replace(kind, ref, manifest, { fieldValidation: 'Strict' }),
    onSuccess: (object) => putInLiveCache(client, kind, object),
  })
}

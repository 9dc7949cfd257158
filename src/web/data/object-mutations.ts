/** Writes of single objects. The answer shows in every live list at once; errors are KubeErrors. */
import { useMutation } from '@tanstack/react-query'

import type { DeleteOptions, JsonPatchOperation, WriteOptions } from '../../kube/client.ts'
import type { KubeObject, ResourceKind } from '../../kube/kinds.ts'
import type { KubeError } from '../../kube/kube-error.ts'
import type { ObjectRef } from '../../kube/paths.ts'
import { useKube } from './host-context.tsx'
import { putInLiveCache } from './live-cache.ts'

type MutationOptions = Pick<WriteOptions, 'dryRun' | 'fieldValidation'>

/** JSON-Patch of one object. With `dryRun` it only runs the cluster's admission. */
export function usePatchObject<T extends KubeObject>(
  kind: ResourceKind<T>,
  ref: ObjectRef,
  options: MutationOptions = {},
) {
  const client = useKube()
  return useMutation<T, KubeError, JsonPatchOperation[]>({
    mutationFn: (operations) => client.patch(kind, ref, operations, options),
    onSuccess: (object) => {
      if (!options.dryRun) putInLiveCache(client, kind, object)
    },
  })
}

/** Creates an object in a namespace; without one, a cluster-scoped object. */
export function useCreateObject<T extends KubeObject>(
  kind: ResourceKind<T>,
  namespace: string | undefined,
  options: MutationOptions = {},
) {
  const client = useKube()
  return useMutation<T, KubeError, object>({
    mutationFn: (manifest) => client.create(kind, namespace, manifest, options),
    onSuccess: (object) => {
      if (!options.dryRun) putInLiveCache(client, kind, object)
    },
  })
}

/** PUT of a whole object; its metadata.resourceVersion guards against overwriting. */
export function useReplaceObject<T extends KubeObject>(
  kind: ResourceKind<T>,
  ref: ObjectRef,
  options: MutationOptions = {},
) {
  const client = useKube()
  return useMutation<T, KubeError, object>({
    mutationFn: (manifest) => client.replace(kind, ref, manifest, options),
    onSuccess: (object) => {
      if (!options.dryRun) putInLiveCache(client, kind, object)
    },
  })
}

/** Asks for an object's deletion; the watch tells when it is gone. */
export function useDeleteObject(kind: ResourceKind, ref: ObjectRef) {
  const client = useKube()
  return useMutation<void, KubeError, DeleteOptions | undefined>({
    mutationFn: (options) => client.delete(kind, ref, options),
  })
}

import { useState } from 'react'

import type { KubeObject, ResourceKind } from '../../../kube/kinds.ts'
import { valueChanges, type ValueChange } from '../../../kube/value-diff.ts'
import { useKube } from '../../data/host-context.tsx'

/**
 * The object as it was when the form opened. Patches are built on it and not on the live object, so
 * that what somebody else changes meanwhile is seen as a conflict and not silently built upon.
 */
export function useFormBase<T extends KubeObject & { spec?: unknown }>(
  kind: ResourceKind<T>,
  object: T,
) {
  const client = useKube()
  const [base, setBase] = useState(object)
  const { name, namespace } = object.metadata
  const read = () => client.get(kind, namespace === undefined ? { name } : { name, namespace })
  return {
    base,
    /** Builds the form's patch on the object as it is now. Throws KubeError. */
    reload: async (): Promise<void> => setBase(await read()),
    /** What somebody else has changed of the spec since then. Throws KubeError. */
    changes: async (): Promise<ValueChange[]> => valueChanges(base.spec, (await read()).spec),
  }
}

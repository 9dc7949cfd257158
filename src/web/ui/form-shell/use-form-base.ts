import { useState } from 'react'

import type { KubeObject, ResourceKind } from '../../../kube/kinds.ts'
import { useKube } from '../../data/host-context.tsx'

/**
 * The object as it was when the form opened. Patches are built on it and not on the live object, so
 * that what somebody else changes meanwhile is seen as a conflict and not silently built upon.
 */
export function useFormBase<T extends KubeObject>(kind: ResourceKind<T>, object: T) {
  const client = useKube()
  const [base, setBase] = useState(object)
  async function reload(): Promise<void> {
    const { name, namespace } = object.metadata
    setBase(await client.get(kind, namespace === undefined ? { name } : { name, namespace }))
  }
  return { base, reload }
}

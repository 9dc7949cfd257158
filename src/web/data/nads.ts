import { useMemo } from 'react'

import { networkAttachmentDefinitionKind } from '../../kube/kinds.ts'
import type { KubeError } from '../../kube/kube-error.ts'
import { nadReference, parseNad, type Nad } from '../../kube/nad-config.ts'
import { useListOnce } from './list-once.ts'

/** Multus lets every namespace use what is defined here, even where it keeps namespaces apart. */
export const sharedNamespace = 'default'

/** Where a definition stands in the choices: the VM's own first, then what all share. */
function distance({ namespace }: Nad, own: string): number {
  return namespace === own ? 0 : namespace === sharedNamespace ? 1 : 2
}

/**
 * The definitions that a VM of this namespace may name: those of all namespaces or, for who may not
 * list these, its own and those of `default`.
 */
export function useNads(namespace: string): { nads: Nad[]; problem: string | undefined } {
  const everywhere = useListOnce(networkAttachmentDefinitionKind)
  const enabled = everywhere.error !== null
  const own = useListOnce(networkAttachmentDefinitionKind, { namespace, enabled })
  const shared = useListOnce(networkAttachmentDefinitionKind, {
    namespace: sharedNamespace,
    enabled: enabled && namespace !== sharedNamespace,
  })
  const nads = useMemo(
    () =>
      (enabled ? [...own.items, ...shared.items] : everywhere.items)
        .map(parseNad)
        .toSorted(
          (a, b) =>
            distance(a, namespace) - distance(b, namespace) ||
            nadReference(a, namespace).localeCompare(nadReference(b, namespace)),
        ),
    [enabled, everywhere.items, own.items, shared.items, namespace],
  )
  return { nads, problem: own.error ? listProblem(own.error) : undefined }
}

function listProblem(error: KubeError): string {
  return error.isNotFound
    ? 'Multus isn’t installed in this cluster, so there is the pod network only.'
    : `The namespace’s networks can’t be listed: ${error.message}`
}

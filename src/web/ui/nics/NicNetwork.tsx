import { HelperText, HelperTextItem } from '@patternfly/react-core'

import { networkAttachmentDefinitionKind } from '../../../kube/kinds.ts'
import { useLiveObject } from '../../data/live-object.ts'
import { ObjectLink } from '../ObjectLink.tsx'
import type { NicRow } from './nic-rows.ts'

/** The network of a NIC, with a link where it has a page, and said where there is none of its name. */
export function NicNetwork({
  row: { network, nic },
  namespace,
}: {
  row: NicRow
  /** Of the machine. */
  namespace: string
}) {
  const reference = nic?.network?.multus?.networkName
  return reference === undefined || namespace === '' ? (
    <>{network || '–'}</>
  ) : (
    <DefinitionLink reference={reference} namespace={namespace} />
  )
}

/** Multus reads a name without a namespace in that of the pod. */
function DefinitionLink({ reference, namespace: own }: { reference: string; namespace: string }) {
  const [name = '', namespace = own] = reference.split('/').toReversed()
  const { status } = useLiveObject(networkAttachmentDefinitionKind, { namespace, name })
  if (status !== 'missing')
    return (
      <ObjectLink
        kind={networkAttachmentDefinitionKind}
        namespace={namespace}
        name={name}
        label={reference}
      />
    )
  return (
    <>
      {reference}
      <HelperText>
        <HelperTextItem variant="error">
          There is no such network: the next start or migration fails.
        </HelperTextItem>
      </HelperText>
    </>
  )
}

import { useMemo, useState } from 'react'

import {
  networkAttachmentDefinitionKind,
  nodeKind,
  type NetworkAttachmentDefinition,
} from '../../../kube/kinds.ts'
import { useListOnce } from '../../data/list-once.ts'
import { useNetworkUsers } from '../../data/machine-networks.ts'
import { CreateButton } from '../../ui/CreateButton.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { NamespacedListPage, type ListedRows } from '../../ui/resource-list/NamespacedListPage.tsx'
import { networkColumns } from './network-columns.tsx'
import { createNetworkRows, networkFields, type NetworkRow } from './network-rows.ts'
import { NetworkDialog } from './NetworkDialog.tsx'

function useRows(
  definitions: readonly NetworkAttachmentDefinition[],
  namespace: string | undefined,
): ListedRows<NetworkRow> {
  const { users, isComplete, onlyNamespace, error } = useNetworkUsers(namespace)
  const { items: nodes, isLoading, error: nodesError } = useListOnce(nodeKind)
  const [toRows] = useState(createNetworkRows)
  const areUsersKnown = isComplete && onlyNamespace === undefined
  const areNodesKnown = !isLoading && !nodesError
  return {
    rows: useMemo(
      () => toRows(definitions, { users, areUsersKnown, nodes: areNodesKnown ? nodes : undefined }),
      [toRows, definitions, users, areUsersKnown, areNodesKnown, nodes],
    ),
    lacking: error && {
      what: 'Which VMs use them is missing: VMs can’t be listed',
      why: error.message,
    },
  }
}

/** The networks that VMs can be connected to besides the pod network. */
export function NetworkListPage() {
  const { namespace } = usePageParams()
  return (
    <NamespacedListPage
      kind={networkAttachmentDefinitionKind}
      useRows={useRows}
      fieldsOf={networkFields}
      columnsOf={networkColumns}
      title="Networks"
      plural="networks"
      actions={
        <CreateButton
          kind={networkAttachmentDefinitionKind}
          namespace={namespace}
          noun="a network"
          label="Create network"
          renderForm={(within, onClose) => <NetworkDialog namespace={within} onClose={onClose} />}
        />
      }
      about="A NetworkAttachmentDefinition connects VMs to a network besides the pod network: a bridge of the nodes, an OVN network, virtual functions of a network card."
      unknown={{
        title: 'Multus isn’t installed',
        body: 'The cluster knows no NetworkAttachmentDefinitions (k8s.cni.cncf.io), which Multus brings. VMs run without: on the pod network, with services and network policies. Further networks, such as bridges and VLANs, need Multus; an administrator installs it.',
      }}
    />
  )
}

import { useMemo, useState } from 'react'

import { networkAttachmentDefinitionKind, nodeKind } from '../../../kube/kinds.ts'
import { useListOnce } from '../../data/list-once.ts'
import { useLiveList } from '../../data/live-list.ts'
import { useNetworkUsers } from '../../data/machine-networks.ts'
import { CreateButton } from '../../ui/CreateButton.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { MissingState } from '../../ui/PageStates.tsx'
import { ResourceListPage } from '../../ui/resource-list/ResourceListPage.tsx'
import { networkColumns } from './network-columns.tsx'
import { createNetworkRows, networkFields } from './network-rows.ts'
import { NetworkDialog } from './NetworkDialog.tsx'

/** The networks that VMs can be connected to besides the pod network. */
export function NetworkListPage() {
  const { namespace } = usePageParams()
  const isAll = namespace === undefined
  const definitions = useLiveList(networkAttachmentDefinitionKind, { namespace })
  const usage = useNetworkUsers(namespace)
  const { items: nodes, isLoading, error: nodesError } = useListOnce(nodeKind)
  const [toRows] = useState(createNetworkRows)
  const { users, isComplete, onlyNamespace, error } = usage
  const areUsersKnown = isComplete && onlyNamespace === undefined
  const areNodesKnown = !isLoading && !nodesError
  const rows = useMemo(
    () =>
      toRows(definitions.items, {
        users,
        areUsersKnown,
        nodes: areNodesKnown ? nodes : undefined,
      }),
    [toRows, definitions.items, users, areUsersKnown, areNodesKnown, nodes],
  )
  const fields = useMemo(() => networkFields(isAll), [isAll])
  const columns = useMemo(() => networkColumns(isAll), [isAll])
  if (definitions.error?.isNotFound) return <NoMultus />
  return (
    <ResourceListPage
      key={namespace}
      kind={networkAttachmentDefinitionKind}
      namespace={namespace}
      title="Networks"
      plural="networks"
      rows={rows}
      state={definitions}
      fields={fields}
      columns={columns}
      actions={
        <CreateButton
          kind={networkAttachmentDefinitionKind}
          namespace={namespace}
          noun="a network"
          label="Create network"
          renderForm={(within, onClose) => <NetworkDialog namespace={within} onClose={onClose} />}
        />
      }
      lacking={
        error
          ? { what: 'Which VMs use them is missing: VMs can’t be listed', why: error.message }
          : undefined
      }
      about="A NetworkAttachmentDefinition connects VMs to a network besides the pod network: a bridge of the nodes, an OVN network, virtual functions of a network card."
    />
  )
}

/** Said where the cluster has no such kind. */
function NoMultus() {
  return (
    <MissingState title="Multus isn’t installed">
      The cluster knows no NetworkAttachmentDefinitions (k8s.cni.cncf.io), which Multus brings. VMs
      run without: on the pod network, with services and network policies. Further networks, such as
      bridges and VLANs, need Multus; an administrator installs it.
    </MissingState>
  )
}

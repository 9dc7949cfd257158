import { useMemo, useState } from 'react'
import { Link } from 'react-router'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../../kube/kinds.ts'
import { projectVm, projectVmi } from '../../../kube/vm-facts.ts'
import { useLiveList } from '../../data/live-list.ts'
import { Age } from '../../ui/Age.tsx'
import { naturalKey, parseSearch } from '../../ui/arrange-rows.ts'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { ListPageShell, type ListState } from '../../ui/ListPageShell.tsx'
import { IpCell, MachineActions, machineRowKey } from '../../ui/machine-columns.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { objectPagePath } from '../../ui/page-paths.ts'
import { ResourceTable, type TableColumn } from '../../ui/ResourceTable.tsx'
import { StatusLabel } from '../../ui/StatusLabel.tsx'
import { useUrlSort, useUrlText } from '../../ui/url-state.ts'
import { createJoin, type VmRow } from './join-rows.ts'

const columns: readonly TableColumn<VmRow>[] = [
  {
    id: 'name',
    title: 'Name',
    width: '16%',
    sortValue: ({ vm }) => naturalKey(vm.metadata.name),
    render: ({ vm: { metadata } }) => (
      <Link
        className="kc-name"
        to={objectPagePath(virtualMachineKind, {
          namespace: metadata.namespace ?? '',
          name: metadata.name,
        })}
      >
        {metadata.name}
      </Link>
    ),
  },
  {
    id: 'namespace',
    title: 'Namespace',
    width: '11%',
    sortValue: ({ vm }) => vm.metadata.namespace,
    render: ({ vm }) => vm.metadata.namespace,
  },
  {
    id: 'status',
    title: 'Status',
    sortValue: ({ status }) => status.label,
    render: ({ status }) => <StatusLabel status={status} />,
  },
  {
    id: 'node',
    title: 'Node',
    width: '11%',
    sortValue: ({ vmi }) => vmi?.status?.nodeName,
    render: ({ vmi }) => vmi?.status?.nodeName ?? '–',
  },
  {
    id: 'ip',
    title: 'IP address',
    width: '8.5rem',
    sortValue: ({ ips }) => (ips === '' ? undefined : naturalKey(ips)),
    render: ({ vmi }) => <IpCell vmi={vmi} />,
  },
  {
    id: 'age',
    title: 'Age',
    width: '4.75rem',
    // The youngest first when ascending, as ages go.
    sortValue: ({ vm }) => -Date.parse(vm.metadata.creationTimestamp),
    render: ({ vm }) => <Age time={vm.metadata.creationTimestamp} />,
  },
  {
    id: 'actions',
    title: 'Actions',
    width: '8.5rem',
    isAction: true,
    render: (row) => <MachineActions row={row} />,
  },
]

function searchedText({ vm, vmi, status, ips }: VmRow) {
  return {
    name: vm.metadata.name,
    fields: {
      namespace: vm.metadata.namespace ?? '',
      status: status.label,
      node: vmi?.status?.nodeName ?? '',
      ip: ips,
    },
  }
}

/** All VMs of a namespace, or of the cluster, with what their VMIs add. */
export function VmListPage() {
  const { namespace } = usePageParams()
  const vms = useLiveList(virtualMachineKind, { namespace, project: projectVm })
  const vmis = useLiveList(virtualMachineInstanceKind, { namespace, project: projectVmi })
  const [text, setText] = useUrlText('q')
  const [sort, setSort] = useUrlSort('name')
  const [join] = useState(createJoin)
  useDocumentTitle('VirtualMachines')

  const rows = useMemo(() => join(vms.items, vmis.items), [join, vms.items, vmis.items])
  const found = useMemo(() => {
    const matches = parseSearch(text)
    return text === '' ? rows : rows.filter((row) => matches(searchedText(row)))
  }, [rows, text])

  // The VMs decide whether there is a list; without the VMIs rows lack node and address.
  const lost = vms.connection !== 'live' ? vms : vmis
  const error = vms.error ?? vmis.error
  const state: ListState = {
    status: vms.status,
    connection: lost.connection,
    ...(error && { error }),
    retry() {
      vms.retry()
      vmis.retry()
    },
  }

  return (
    <ListPageShell
      title="VirtualMachines"
      searchLabel="Search virtual machines"
      text={text}
      onText={setText}
      total={rows.length}
      found={found.length}
      state={state}
      empty={{
        title: 'No VirtualMachines here',
        body: `A VirtualMachine describes a virtual computer: its processors, memory, disks and networks. While it runs, it has a VirtualMachineInstance of the same name. ${namespace === undefined ? 'There is none in any namespace you can see.' : `There is none in namespace ${namespace}.`}`,
      }}
    >
      <ResourceTable
        label="Virtual machines"
        columns={columns}
        rows={found}
        rowKey={machineRowKey}
        sort={sort}
        onSort={setSort}
        query={`${namespace ?? ''} ${text}`}
      />
    </ListPageShell>
  )
}

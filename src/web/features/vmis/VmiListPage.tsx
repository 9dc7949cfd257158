import { Label } from '@patternfly/react-core'
import { useMemo, useState } from 'react'
import { Link } from 'react-router'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../../kube/kinds.ts'
import {
  condition,
  owningVmName,
  projectVm,
  projectVmi,
  type VmFacts,
  type VmiFacts,
} from '../../../kube/vm-facts.ts'
import { vmiStatus } from '../../../kube/vm-status.ts'
import { useLiveList } from '../../data/live-list.ts'
import { Age } from '../../ui/Age.tsx'
import { naturalKey, parseSearch } from '../../ui/arrange-rows.ts'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { ListPageShell, type ListState } from '../../ui/ListPageShell.tsx'
import { ipAddresses, IpCell, MachineActions, machineRowKey } from '../../ui/machine-columns.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { objectPagePath } from '../../ui/page-paths.ts'
import { ResourceTable, type TableColumn } from '../../ui/ResourceTable.tsx'
import { StatusLabel } from '../../ui/StatusLabel.tsx'
import { useUrlSort, useUrlText } from '../../ui/url-state.ts'

interface VmiRow {
  vmi: VmiFacts
  /** Absent for standalone instances, and where VMs can't be read. */
  vm?: VmFacts
}

const columns: readonly TableColumn<VmiRow>[] = [
  {
    id: 'name',
    title: 'Name',
    width: '16%',
    sortValue: ({ vmi }) => naturalKey(vmi.metadata.name),
    render: ({ vmi }) => (
      <>
        <Link
          className="kc-name"
          to={objectPagePath(virtualMachineInstanceKind, {
            namespace: vmi.metadata.namespace ?? '',
            name: vmi.metadata.name,
          })}
        >
          {vmi.metadata.name}
        </Link>{' '}
        {owningVmName(vmi) === undefined && (
          <Label isCompact variant="outline" title="No VirtualMachine owns it">
            standalone
          </Label>
        )}
      </>
    ),
  },
  {
    id: 'namespace',
    title: 'Namespace',
    width: '11%',
    sortValue: ({ vmi }) => vmi.metadata.namespace,
    render: ({ vmi }) => vmi.metadata.namespace,
  },
  {
    id: 'phase',
    title: 'Phase',
    sortValue: ({ vmi }) => vmi.status?.phase,
    render: ({ vmi }) => <StatusLabel status={vmiStatus(vmi)} />,
  },
  {
    id: 'ready',
    title: 'Ready',
    width: '5rem',
    sortValue: ({ vmi }) => condition(vmi, 'Ready')?.status,
    render: ({ vmi }) => condition(vmi, 'Ready')?.status ?? '–',
  },
  {
    id: 'node',
    title: 'Node',
    width: '10%',
    sortValue: ({ vmi }) => vmi.status?.nodeName,
    render: ({ vmi }) => vmi.status?.nodeName ?? '–',
  },
  {
    id: 'ip',
    title: 'IP address',
    width: '8.5rem',
    sortValue: ({ vmi }) => ipAddresses(vmi).map(naturalKey)[0],
    render: ({ vmi }) => <IpCell vmi={vmi} />,
  },
  {
    id: 'age',
    title: 'Age',
    width: '4.75rem',
    sortValue: ({ vmi }) => -Date.parse(vmi.metadata.creationTimestamp),
    render: ({ vmi }) => <Age time={vmi.metadata.creationTimestamp} />,
  },
  {
    id: 'actions',
    title: 'Actions',
    width: '8.5rem',
    isAction: true,
    render: (row) => <MachineActions row={row} />,
  },
]

/** Gives each VMI the VM that owns it; an unchanged pair stays the same row, which costs nothing. */
function createJoin() {
  const rows = new WeakMap<VmiFacts, VmiRow>()
  return (vmis: readonly VmiFacts[], vms: readonly VmFacts[]): VmiRow[] => {
    const vmByUid = new Map(vms.map((vm) => [vm.metadata.uid, vm]))
    return vmis.map((vmi) => {
      const owner = vmi.metadata.ownerReferences?.find((one) => one.controller)
      const vm = owner && vmByUid.get(owner.uid)
      const before = rows.get(vmi)
      if (before && before.vm === vm) return before
      const row: VmiRow = { vmi, ...(vm && { vm }) }
      rows.set(vmi, row)
      return row
    })
  }
}

function searchedText({ vmi }: VmiRow) {
  return {
    name: vmi.metadata.name,
    fields: {
      namespace: vmi.metadata.namespace ?? '',
      status: vmiStatus(vmi).label,
      phase: vmi.status?.phase ?? '',
      node: vmi.status?.nodeName ?? '',
      ip: ipAddresses(vmi).join(' '),
    },
  }
}

/** All VMIs of a namespace, or of the cluster: what actually runs, owned by a VM or not. */
export function VmiListPage() {
  const { namespace } = usePageParams()
  const vmis = useLiveList(virtualMachineInstanceKind, { namespace, project: projectVmi })
  const vms = useLiveList(virtualMachineKind, { namespace, project: projectVm })
  const [text, setText] = useUrlText('q')
  const [sort, setSort] = useUrlSort('name')
  useDocumentTitle('VirtualMachineInstances')

  const [join] = useState(createJoin)
  const rows = useMemo(() => join(vmis.items, vms.items), [join, vms.items, vmis.items])
  const found = useMemo(() => {
    const matches = parseSearch(text)
    return text === '' ? rows : rows.filter((row) => matches(searchedText(row)))
  }, [rows, text])

  const state: ListState = {
    status: vmis.status,
    connection: vmis.connection,
    ...(vmis.error && { error: vmis.error }),
    retry() {
      vmis.retry()
      vms.retry()
    },
  }

  return (
    <ListPageShell
      title="VirtualMachineInstances"
      searchLabel="Search virtual machine instances"
      text={text}
      onText={setText}
      total={rows.length}
      found={found.length}
      state={state}
      empty={{
        title: 'No VirtualMachineInstances here',
        body: `A VirtualMachineInstance is a virtual machine that runs. It comes and goes with the VirtualMachine that owns it, or stands alone. ${namespace === undefined ? 'None runs in any namespace you can see.' : `None runs in namespace ${namespace}.`}`,
      }}
    >
      <ResourceTable
        label="Virtual machine instances"
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

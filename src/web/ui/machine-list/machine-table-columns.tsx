/** The columns of the lists of VMs and of VMIs, and which of them fit. */
import './machine-selection.css'
import { Label } from '@patternfly/react-core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../../kube/kinds.ts'
import { formatBytes } from '../../../kube/quantity.ts'
import { Age } from '../Age.tsx'
import { naturalKey } from '../arrange-rows.ts'
import { fitColumns, type FittingColumn } from '../fit-columns.ts'
import { IpCell, MachineActions } from '../machine-columns.tsx'
import { objectPagePath } from '../page-paths.ts'
import type { TableColumn } from '../ResourceTable.tsx'
import { ShortText } from '../ShortText.tsx'
import { StatusLabel } from '../StatusLabel.tsx'
import type { ListedMachine } from './machine-rows.ts'
import { RowCheckbox } from './RowCheckbox.tsx'

type MachineColumn = FittingColumn<ListedMachine>

function nameColumn(list: 'vms' | 'vmis'): MachineColumn {
  const kind = list === 'vms' ? virtualMachineKind : virtualMachineInstanceKind
  return {
    id: 'name',
    title: 'Name',
    minPx: 112,
    growth: 3,
    sortValue: ({ name }) => naturalKey(name),
    render: (row) => (
      <Selectable row={row}>
        <Link
          className="kc-name kc-two-lines"
          title={row.name}
          to={objectPagePath(kind, { namespace: row.namespace, name: row.name })}
        >
          {row.name}
        </Link>
        {list === 'vmis' && row.isStandalone && (
          <Label isCompact variant="outline" title="No VirtualMachine owns it">
            standalone
          </Label>
        )}
      </Selectable>
    ),
  }
}

/** With a checkbox before it. */
function Selectable({ row, children }: { row: ListedMachine; children: ReactNode }) {
  return (
    <div className="kc-selectable">
      <RowCheckbox row={row} />
      <div>{children}</div>
    </div>
  )
}

function systemWords({ os, instancetype }: ListedMachine): string {
  return [os, instancetype].filter(Boolean).join(' · ')
}

function columnsOf(list: 'vms' | 'vmis', isAllNamespaces: boolean): MachineColumn[] {
  return [
    nameColumn(list),
    {
      id: 'namespace',
      title: 'Namespace',
      minPx: 98,
      growth: 1,
      // In a list of one namespace it says nothing new.
      ...(!isAllNamespaces && { leftOut: 1 as const }),
      sortValue: ({ namespace }) => naturalKey(namespace),
      render: ({ namespace }) => <ShortText text={namespace} />,
    },
    {
      id: 'status',
      title: 'Status',
      minPx: 160,
      growth: 3,
      sortValue: ({ status }) => status.label,
      render: ({ status }) => <StatusLabel status={status} />,
    },
    {
      id: 'node',
      title: 'Node',
      minPx: 78,
      growth: 1,
      sortValue: ({ node }) => (node === '' ? undefined : naturalKey(node)),
      render: ({ node }) => <ShortText text={node} />,
    },
    {
      id: 'ip',
      title: 'IP address',
      minPx: 106,
      sortValue: ({ ips }) => (ips === '' ? undefined : naturalKey(ips)),
      render: ({ vmi }) => <IpCell vmi={vmi} />,
    },
    {
      id: 'cpu',
      title: 'CPU',
      minPx: 50,
      leftOut: 3,
      sortValue: ({ cpus }) => cpus,
      render: ({ cpus }) => cpus ?? '–',
    },
    {
      id: 'memory',
      title: 'Memory',
      minPx: 76,
      leftOut: 3,
      sortValue: (row) => row.memoryBytes,
      render: (row) => (row.memoryBytes === undefined ? '–' : formatBytes(row.memoryBytes)),
    },
    {
      id: 'os',
      title: 'OS or instance type',
      minPx: 136,
      growth: 2,
      leftOut: 2,
      sortValue: (row) => systemWords(row).toLowerCase() || undefined,
      render: (row) => (
        <ShortText text={systemWords(row)}>
          {row.os}
          {row.instancetype !== '' && (
            <>
              {row.os !== '' && ' · '}
              <span className="kc-muted">{row.instancetype}</span>
            </>
          )}
        </ShortText>
      ),
    },
    {
      id: 'age',
      title: 'Age',
      minPx: 52,
      // The youngest first when ascending, as ages go.
      sortValue: ({ created }) => -Date.parse(created),
      render: ({ created }) => <Age time={created} />,
    },
    {
      id: 'actions',
      title: 'Actions',
      minPx: 92,
      isAction: true,
      render: (row) => <MachineActions row={row} />,
    },
  ]
}

/** What the lists can be sorted by, for those who show no table. */
export function sortableColumns(
  list: 'vms' | 'vmis',
): readonly Pick<TableColumn<ListedMachine>, 'id' | 'title' | 'sortValue'>[] {
  return columnsOf(list, true).filter(({ sortValue }) => sortValue !== undefined)
}

/** The columns that fit a table so wide. */
export function machineColumns(
  list: 'vms' | 'vmis',
  isAllNamespaces: boolean,
  tablePx: number,
  sortedId: string,
): readonly TableColumn<ListedMachine>[] {
  return fitColumns(columnsOf(list, isAllNamespaces), tablePx, sortedId)
}

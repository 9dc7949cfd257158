/** The columns of the lists of VMs and of VMIs, and which of them fit. */
import { Label } from '@patternfly/react-core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../../kube/kinds.ts'
import { formatBytes } from '../../../kube/quantity.ts'
import { Age } from '../Age.tsx'
import { naturalKey } from '../arrange-rows.ts'
import { IpCell, MachineActions } from '../machine-columns.tsx'
import { objectPagePath } from '../page-paths.ts'
import type { TableColumn } from '../ResourceTable.tsx'
import { StatusLabel } from '../StatusLabel.tsx'
import type { ListedMachine } from './machine-rows.ts'

interface MachineColumn extends TableColumn<ListedMachine> {
  /** How wide the table must be, in CSS pixels, for the column to be shown. */
  fromPx?: number
}

/** One line, the whole on hover. */
function Short({ text, children }: { text: string; children?: ReactNode }) {
  if (text === '') return '–'
  return (
    <span className="kc-truncate" title={text}>
      {children ?? text}
    </span>
  )
}

function nameColumn(list: 'vms' | 'vmis'): MachineColumn {
  const kind = list === 'vms' ? virtualMachineKind : virtualMachineInstanceKind
  return {
    id: 'name',
    title: 'Name',
    sortValue: ({ name }) => naturalKey(name),
    render: ({ namespace, name, isStandalone }) => (
      <>
        <Link
          className="kc-name kc-two-lines"
          title={name}
          to={objectPagePath(kind, { namespace, name })}
        >
          {name}
        </Link>
        {list === 'vmis' && isStandalone && (
          <Label isCompact variant="outline" title="No VirtualMachine owns it">
            standalone
          </Label>
        )}
      </>
    ),
  }
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
      width: '11%',
      // In a list of one namespace it says nothing new.
      ...(!isAllNamespaces && { fromPx: 1200 }),
      sortValue: ({ namespace }) => naturalKey(namespace),
      render: ({ namespace }) => <Short text={namespace} />,
    },
    {
      id: 'status',
      title: 'Status',
      width: '18%',
      sortValue: ({ status }) => status.label,
      render: ({ status }) => <StatusLabel status={status} />,
    },
    {
      id: 'node',
      title: 'Node',
      width: '10%',
      sortValue: ({ node }) => (node === '' ? undefined : naturalKey(node)),
      render: ({ node }) => <Short text={node} />,
    },
    {
      id: 'ip',
      title: 'IP address',
      width: '8.5rem',
      sortValue: ({ ips }) => (ips === '' ? undefined : naturalKey(ips)),
      render: ({ vmi }) => <IpCell vmi={vmi} />,
    },
    {
      id: 'cpu',
      title: 'CPU',
      width: '4.25rem',
      fromPx: isAllNamespaces ? 940 : 860,
      sortValue: ({ cpus }) => cpus,
      render: ({ cpus }) => cpus ?? '–',
    },
    {
      id: 'memory',
      title: 'Memory',
      width: '6rem',
      fromPx: isAllNamespaces ? 940 : 860,
      sortValue: (row) => row.memoryBytes,
      render: (row) => (row.memoryBytes === undefined ? '–' : formatBytes(row.memoryBytes)),
    },
    {
      id: 'os',
      title: 'OS or instance type',
      width: '16%',
      fromPx: isAllNamespaces ? 1100 : 980,
      sortValue: (row) => systemWords(row).toLowerCase() || undefined,
      render: (row) => (
        <Short text={systemWords(row)}>
          {row.os}
          {row.instancetype !== '' && (
            <>
              {row.os !== '' && ' · '}
              <span className="kc-muted">{row.instancetype}</span>
            </>
          )}
        </Short>
      ),
    },
    {
      id: 'age',
      title: 'Age',
      width: '4.75rem',
      // The youngest first when ascending, as ages go.
      sortValue: ({ created }) => -Date.parse(created),
      render: ({ created }) => <Age time={created} />,
    },
    {
      id: 'actions',
      title: 'Actions',
      width: '8.5rem',
      isAction: true,
      render: (row) => <MachineActions row={row} />,
    },
  ]
}

/** The columns for a table of this width: the least important are left out, but not the sorted one. */
export function machineColumns(
  list: 'vms' | 'vmis',
  isAllNamespaces: boolean,
  widthPx: number,
  sortedId: string,
): readonly TableColumn<ListedMachine>[] {
  return columnsOf(list, isAllNamespaces).filter(
    ({ id, fromPx = 0 }) => widthPx >= fromPx || id === sortedId,
  )
}

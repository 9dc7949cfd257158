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

interface MachineColumn extends Omit<TableColumn<ListedMachine>, 'width'> {
  /** Enough for usual values and for the title with its arrow. */
  minPx: number
  /** Its share of the room that is left; none for what is always about as long. */
  growth?: number
  /** What doesn't fit is left out: the first first, columns without it never. */
  leftOut?: 1 | 2 | 3
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
    minPx: 112,
    growth: 3,
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
      minPx: 98,
      growth: 1,
      // In a list of one namespace it says nothing new.
      ...(!isAllNamespaces && { leftOut: 1 as const }),
      sortValue: ({ namespace }) => naturalKey(namespace),
      render: ({ namespace }) => <Short text={namespace} />,
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
      render: ({ node }) => <Short text={node} />,
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

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}

/** A scroll bar takes this much of the table. */
const scrollBarPx = 16

/** In a window so narrow, each row is a card, which has room for all. PatternFly's `grid-lg`. */
const cardsBelowPx = 992

/**
 * The columns that fit a table so wide, and how wide they are; the first takes what is left. The
 * sorted one stays, or the order would have no visible reason.
 */
export function machineColumns(
  list: 'vms' | 'vmis',
  isAllNamespaces: boolean,
  tablePx: number,
  sortedId: string,
): readonly TableColumn<ListedMachine>[] {
  const widthPx = tablePx - scrollBarPx
  let columns = columnsOf(list, isAllNamespaces)
  if (window.innerWidth < cardsBelowPx) return columns
  const neededPx = () => sum(columns.map(({ minPx }) => minPx))
  for (const turn of [1, 2, 3])
    if (neededPx() > widthPx)
      columns = columns.filter(({ id, leftOut }) => leftOut !== turn || id === sortedId)

  const sparePx = Math.max(0, widthPx - neededPx())
  const growths = sum(columns.map(({ growth = 0 }) => growth))
  return columns.map(({ minPx, growth = 0, ...column }, index) => ({
    ...column,
    ...(index > 0 && { width: `${Math.floor(minPx + (sparePx * growth) / growths)}px` }),
  }))
}

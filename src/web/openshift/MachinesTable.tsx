/** Machines in a tab of an object's page that is the console's: without the filters of our lists. */
import './openshift.css'
import { EmptyState, EmptyStateBody } from '@patternfly/react-core'
import { CubesIcon } from '@patternfly/react-icons'
import { useMemo, useState } from 'react'

import type { SortOrder } from '../ui/arrange-rows.ts'
import { useElementWidth } from '../ui/element-width.ts'
import { ConnectionBanner, type ListState } from '../ui/ListPageShell.tsx'
import type { ListedMachine } from '../ui/machine-list/machine-rows.ts'
import { machineColumns } from '../ui/machine-list/machine-table-columns.tsx'
import { ErrorState, LoadingLines } from '../ui/PageStates.tsx'
import { ResourceTable } from '../ui/ResourceTable.tsx'

interface MachinesTableProps {
  list: 'vms' | 'vmis'
  label: string
  rows: readonly ListedMachine[]
  state: ListState
  /** Of several namespaces. */
  isAll: boolean
  /** Said when there is none. */
  none: string
}

export function MachinesTable({ list, label, rows, state, isAll, none }: MachinesTableProps) {
  const [frame, setFrame] = useState<HTMLDivElement | null>(null)
  const [sort, setSort] = useState<SortOrder>({ column: 'name', isDescending: false })
  const widthPx = useElementWidth(frame)
  const columns = useMemo(() => {
    if (widthPx === undefined) return undefined
    const fitting = machineColumns(list, isAll, widthPx, sort.column)
    // What can be done depends on the VM, which a list of instances alone doesn't have.
    return list === 'vms' ? fitting : fitting.filter(({ id }) => id !== 'actions')
  }, [list, isAll, widthPx, sort.column])

  if (state.status === 'failed' && rows.length === 0)
    return (
      <ErrorState title={`${label} can’t be listed`} error={state.error} onRetry={state.retry} />
    )
  if (rows.length === 0)
    return state.status === 'complete' ? (
      <EmptyState titleText="None" icon={CubesIcon} headingLevel="h2">
        <EmptyStateBody>{none}</EmptyStateBody>
      </EmptyState>
    ) : (
      <LoadingLines label={`Loading ${label}`} />
    )
  return (
    <>
      <ConnectionBanner state={state} />
      <div className="kc-table-frame" ref={setFrame}>
        {columns && (
          <ResourceTable
            label={label}
            columns={columns}
            rows={rows}
            sort={sort}
            onSort={setSort}
            query=""
          />
        )}
      </div>
    </>
  )
}

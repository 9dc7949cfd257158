/** What the pages of VMs and of VMIs have in common: everything but whose rows they are. */
import { Alert } from '@patternfly/react-core'
import { useDeferredValue, useMemo, useState } from 'react'
import { Link } from 'react-router'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../../kube/kinds.ts'
import type { KubeError } from '../../../kube/kube-error.ts'
import { usualTone } from '../../../kube/vm-status.ts'
import { ChooseNamespace } from '../ChooseNamespace.tsx'
import { useDocumentTitle } from '../document-title.ts'
import { useElementWidth } from '../element-width.ts'
import { FilterBar } from '../list-filters/FilterBar.tsx'
import { useListQuery } from '../list-filters/list-query.ts'
import { facetKeys, filterAndCount, searchKeys } from '../list-filters/row-filter.ts'
import { parseSearch } from '../list-filters/search-words.ts'
import { StateCounts } from '../list-filters/StateCounts.tsx'
import { ListPageShell, type ListState } from '../ListPageShell.tsx'
import { workloadsPath } from '../page-paths.ts'
import { ResourceTable } from '../ResourceTable.tsx'
import { machineFields, type ListedMachine } from './machine-rows.ts'
import { machineColumns } from './machine-table-columns.tsx'

const words = {
  vms: {
    kind: virtualMachineKind,
    title: 'VirtualMachines',
    plural: 'virtual machines',
    table: 'Virtual machines',
    what: 'A VirtualMachine describes a virtual computer: its processors, memory, disks and networks. While it runs, it has a VirtualMachineInstance of the same name.',
    none: 'There is none',
  },
  vmis: {
    kind: virtualMachineInstanceKind,
    title: 'VirtualMachineInstances',
    plural: 'virtual machine instances',
    table: 'Virtual machine instances',
    what: 'A VirtualMachineInstance is a virtual machine that runs. It comes and goes with the VirtualMachine that owns it, or stands alone.',
    none: 'None runs',
  },
}

interface MachineListPageProps {
  list: 'vms' | 'vmis'
  /** Absent: all namespaces. */
  namespace: string | undefined
  rows: readonly ListedMachine[]
  state: ListState
  /** Why the rows lack what the other kind would add, and what that is. */
  lacking?: { what: string; error: KubeError } | undefined
}

export function MachineListPage({ list, namespace, rows, state, lacking }: MachineListPageProps) {
  const { kind, title, plural, table, what, none } = words[list]
  useDocumentTitle(title)
  const isAll = namespace === undefined
  const filtered = useMemo(() => machineFields(list, isAll), [list, isAll])
  const keys = useMemo(() => facetKeys(filtered), [filtered])
  const query = useListQuery(keys, 'name')
  // Typing comes before its effect, however many rows there are.
  const text = useDeferredValue(query.text)
  const { facets } = query

  const statusField = filtered.fields.find(({ key }) => key === 'status')!
  const { found, counts } = useMemo(
    () => filterAndCount(rows, text, facets, filtered, statusField),
    [rows, text, facets, filtered, statusField],
  )
  const { unknownKeys } = parseSearch(text, searchKeys(filtered))

  const [frame, setFrame] = useState<HTMLDivElement | null>(null)
  const widthPx = useElementWidth(frame)
  const sorted = query.sort.column
  const columns = useMemo(
    () => (widthPx === undefined ? undefined : machineColumns(list, isAll, widthPx, sorted)),
    [list, isAll, widthPx, sorted],
  )

  return (
    <ListPageShell
      title={title}
      total={rows.length}
      found={found.length}
      isFiltered={query.isFiltered}
      onClear={query.clear}
      state={state}
      filters={
        <FilterBar
          searchLabel={`Search ${plural}`}
          query={query}
          filtered={filtered}
          rows={rows}
          isLoading={state.status !== 'complete'}
        />
      }
      counts={
        <StateCounts
          counts={counts}
          chosen={facets['status'] ?? []}
          toneOf={usualTone}
          onToggle={(state) => query.toggle('status', state)}
        />
      }
      notice={
        lacking && (
          <Alert isInline component="p" variant="warning" title={lacking.what}>
            {lacking.error.message}
          </Alert>
        )
      }
      hint={
        unknownKeys.length > 0 &&
        `There is no key “${unknownKeys.join('”, “')}” to search by; there are ${searchKeys(filtered).join(', ')}.`
      }
      empty={{
        title: `No ${title} here`,
        body: (
          <>
            {what} {none} in {isAll ? 'any namespace you can see' : `namespace ${namespace}`}.{' '}
            <Link to={workloadsPath}>How VMs compare to other workloads</Link>
          </>
        ),
      }}
      denied={isAll && <ChooseNamespace kind={kind} />}
    >
      <div className="kc-table-frame" ref={setFrame}>
        {columns && (
          <ResourceTable
            label={table}
            columns={columns}
            rows={found}
            sort={query.sort}
            onSort={query.setSort}
            query={`${namespace ?? ''} ${text} ${JSON.stringify(facets)}`}
          />
        )}
      </div>
    </ListPageShell>
  )
}

/** A page that lists the objects of a kind: search, facets, counts by state, and a table that fits. */
import { Alert } from '@patternfly/react-core'
import { useMemo, useState, type ReactNode } from 'react'

import type { ResourceKind } from '../../../kube/kinds.ts'
import type { PlainStatus, StatusTone } from '../../../kube/vm-status.ts'
import { ChooseNamespace } from '../ChooseNamespace.tsx'
import { useDocumentTitle } from '../document-title.ts'
import { useElementWidth } from '../element-width.ts'
import { fitColumns, type FittingColumn } from '../fit-columns.ts'
import { FilterBar } from '../list-filters/FilterBar.tsx'
import { useFilteredRows } from '../list-filters/filtered-rows.ts'
import type { FilterFields } from '../list-filters/row-filter.ts'
import { StateCounts } from '../list-filters/StateCounts.tsx'
import { ListPageShell, type ListState } from '../ListPageShell.tsx'
import { listPath } from '../page-paths.ts'
import { ResourceTable } from '../ResourceTable.tsx'
import type { SteadyRow } from '../steady-rows.ts'

/** What every row has. */
export interface ListedObject extends SteadyRow {
  name: string
  status: PlainStatus
}

interface ResourceListPageProps<R extends ListedObject> {
  kind: ResourceKind
  /** Absent: of all namespaces, or of the cluster. */
  namespace?: string | undefined
  title: string
  /** In running text, such as `claims`. */
  plural: string
  rows: readonly R[]
  state: ListState
  /** A module-level constant, or made with `useMemo`, with a field `status`. */
  fields: FilterFields<R>
  /** Likewise. */
  columns: readonly FittingColumn<R>[]
  /** Beside the title, such as the button that creates one. */
  actions?: ReactNode
  /** Counts them by state; not where there is none. */
  hasStates?: boolean
  /** What the rows lack, and why. */
  lacking?: { what: string; why: string } | undefined
  /** Above the list: what belongs to it and isn't in it. */
  notice?: ReactNode
  /** What such an object is, for someone who has none. */
  about: ReactNode
  /** For someone who may not list them: what can be done instead. */
  denied?: ReactNode
}

export function ResourceListPage<R extends ListedObject>({
  kind,
  namespace,
  title,
  plural,
  rows,
  state,
  fields,
  columns,
  actions,
  hasStates = true,
  lacking,
  notice,
  about,
  denied,
}: ResourceListPageProps<R>) {
  useDocumentTitle(title)
  const { query, found, counts, chosenStates, asked, hint } = useFilteredRows(rows, fields)
  const tones = useMemo(
    () => new Map<string, StatusTone>(rows.map(({ status }) => [status.label, status.tone])),
    [rows],
  )
  const isAll = kind.namespaced && namespace === undefined

  const [frame, setFrame] = useState<HTMLDivElement | null>(null)
  const widthPx = useElementWidth(frame)
  const sorted = query.sort.column
  const fitting = useMemo(
    () => (widthPx === undefined ? undefined : fitColumns(columns, widthPx, sorted)),
    [columns, widthPx, sorted],
  )

  return (
    <ListPageShell
      title={title}
      actions={actions}
      total={rows.length}
      found={found.length}
      isFiltered={query.isFiltered}
      onClear={query.clear}
      state={state}
      filters={
        <FilterBar
          searchLabel={`Search ${plural}`}
          query={query}
          filtered={fields}
          rows={rows}
          isLoading={state.status !== 'complete'}
        />
      }
      counts={
        hasStates && (
          <StateCounts
            counts={counts}
            chosen={chosenStates}
            toneOf={(label) => tones.get(label) ?? 'neutral'}
            onToggle={(label) => query.toggle('status', label)}
          />
        )
      }
      notice={
        <>
          {notice}
          {lacking && (
            <Alert isInline component="p" variant="warning" title={lacking.what}>
              {lacking.why}
            </Alert>
          )}
        </>
      }
      hint={hint}
      empty={{
        title: `No ${plural} here`,
        body: (
          <>
            {about}{' '}
            {kind.namespaced &&
              `There is none in ${isAll ? 'any namespace you can see' : `namespace ${namespace}`}.`}
          </>
        ),
      }}
      denied={denied ?? (isAll && <ChooseNamespace pathIn={(name) => listPath(kind, name)} />)}
    >
      <div className="kc-table-frame" ref={setFrame}>
        {fitting && (
          <ResourceTable
            label={title}
            columns={fitting}
            rows={found}
            sort={query.sort}
            onSort={query.setSort}
            query={`${namespace ?? ''} ${asked}`}
          />
        )}
      </div>
    </ListPageShell>
  )
}

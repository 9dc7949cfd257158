import { useMemo, type ReactNode } from 'react'

import type { KubeObject, ResourceKind } from '../../../kube/kinds.ts'
import { useLiveList } from '../../data/live-list.ts'
import type { FittingColumn } from '../fit-columns.ts'
import type { FilterFields } from '../list-filters/row-filter.ts'
import { usePageParams } from '../page-params.ts'
import { MissingState } from '../PageStates.tsx'
import { ResourceListPage, type ListedObject } from './ResourceListPage.tsx'

/** The same row for the same object, so that only changed ones are rendered. */
export function cachedRows<T extends object, R>(toRow: (object: T) => R): (object: T) => R {
  const rows = new WeakMap<T, R>()
  return (object) => {
    const known = rows.get(object) ?? toRow(object)
    rows.set(object, known)
    return known
  }
}

/** What a list shows of its objects, and what it can't show. */
export interface ListedRows<R> {
  rows: readonly R[]
  lacking?: { what: string; why: string } | undefined
}

/** Rows that follow from their objects alone. */
export function rowsOf<T extends object, R>(toRow: (object: T) => R) {
  const cached = cachedRows(toRow)
  return function useRows(objects: readonly T[]): ListedRows<R> {
    return { rows: useMemo(() => objects.map(cached), [objects]) }
  }
}

/** The objects of a kind in the namespace of the page, or in all; the kind may be unknown. */
export function NamespacedListPage<T extends KubeObject, R extends ListedObject>({
  kind,
  useRows,
  fieldsOf,
  columnsOf,
  unknown,
  ...words
}: {
  kind: ResourceKind<T>
  /** Module-level functions, all three; the first is a hook. */
  useRows: (objects: readonly T[], namespace: string | undefined) => ListedRows<R>
  fieldsOf: (isAllNamespaces: boolean) => FilterFields<R>
  columnsOf: (isAllNamespaces: boolean) => readonly FittingColumn<R>[]
  /** Said where the cluster has no such kind. */
  unknown?: { title: string; body: ReactNode }
  title: string
  plural: string
  about: ReactNode
  actions?: ReactNode
  notice?: ReactNode
}) {
  const { namespace } = usePageParams()
  const isAll = namespace === undefined
  const list = useLiveList(kind, { namespace })
  const { rows, lacking } = useRows(list.items, namespace)
  const fields = useMemo(() => fieldsOf(isAll), [fieldsOf, isAll])
  const columns = useMemo(() => columnsOf(isAll), [columnsOf, isAll])
  if (unknown && list.status === 'failed' && list.error?.isNotFound)
    return (
      <div className="kc-page-state">
        <MissingState title={unknown.title}>{unknown.body}</MissingState>
      </div>
    )
  return (
    <ResourceListPage
      {...words}
      key={namespace}
      kind={kind}
      namespace={namespace}
      rows={rows}
      lacking={lacking}
      state={list}
      fields={fields}
      columns={columns}
    />
  )
}

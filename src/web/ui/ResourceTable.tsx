/** A table of any length: only the rows in view are in the page. */
import { SortColumn, Table, Tbody, Thead } from '@patternfly/react-table'
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import { memo, useCallback, useMemo, useRef, type CSSProperties, type ReactNode } from 'react'

import { createSort, naturalKey, type SortOrder } from './arrange-rows.ts'
import { useSteadyRows, type SteadyRow } from './steady-rows.ts'

export interface TableColumn<R> {
  id: string
  title: string
  /** Must depend on the row alone: unchanged rows are not rendered again. */
  render: (row: R) => ReactNode
  /** Absent: the column can't be sorted by. */
  sortValue?: (row: R) => string | number | undefined
  /** CSS width of the column. */
  width?: string
  /** For a column of buttons: its title is only spoken. */
  isAction?: boolean
}

interface ResourceTableProps<R> {
  label: string
  columns: readonly TableColumn<R>[]
  /** Already filtered, in any order. */
  rows: readonly R[]
  sort: SortOrder
  onSort: (sort: SortOrder) => void
  /** Changes when the user asks for other rows, which a frozen order must not outlive. */
  query: string
}

const estimatedRowPx = 49

interface RowProps<R> {
  row: R
  isGone: boolean
  columns: readonly TableColumn<R>[]
}

/**
 * Here and in the rows, elements with PatternFly's classes stand for its Th, Tr and Td. Its Th
 * measures itself, and with it the whole page, each time the table changes; its Td prepares a tooltip,
 * selection, expansion and more for each cell, half of what rows that scroll into view would cost.
 */
function Header<R>({
  columns,
  sort,
  onSort,
}: Pick<ResourceTableProps<R>, 'columns' | 'sort' | 'onSort'>) {
  return columns.map((column) => {
    const isSortedBy = column.id === sort.column
    const direction = sort.isDescending ? 'desc' : 'asc'
    const classes = ['pf-v6-c-table__th pf-m-nowrap']
    if (column.sortValue) classes.push('pf-v6-c-table__sort')
    if (column.sortValue && isSortedBy) classes.push('pf-m-selected')
    return (
      <th
        {...roles.head}
        key={column.id}
        scope="col"
        className={classes.join(' ')}
        {...(column.sortValue && isSortedBy && { 'aria-sort': `${direction}ending` as const })}
      >
        {column.sortValue ? (
          <SortColumn
            isSortedBy={isSortedBy}
            sortDirection={direction}
            onSort={() =>
              onSort({ column: column.id, isDescending: isSortedBy && !sort.isDescending })
            }
          >
            {column.title}
          </SortColumn>
        ) : (
          <span className={column.isAction ? 'pf-v6-screen-reader' : ''}>{column.title}</span>
        )}
      </th>
    )
  })
}

const MemoHeader = memo(Header) as unknown as typeof Header

function Cells<R>({ row, isGone, columns }: RowProps<R>) {
  return columns.map((column) => (
    <td
      {...roles.cell}
      key={column.id}
      className={column.isAction ? 'pf-v6-c-table__td pf-v6-c-table__action' : 'pf-v6-c-table__td'}
      {...(!column.isAction && { 'data-label': column.title })}
      {...(isGone && column.isAction && { inert: '' })}
    >
      {column.render(row)}
    </td>
  ))
}

const MemoCells = memo(Cells) as unknown as typeof Cells

/**
 * The height of a row as the browser has laid it out. Before it has, the last known one: asking
 * would make it lay out the page for each row by itself.
 */
function rowHeight(
  element: HTMLTableRowElement,
  entry: ResizeObserverEntry | undefined,
  virtualizer: Virtualizer<HTMLDivElement, HTMLTableRowElement>,
): number {
  const [box] = entry?.borderBoxSize ?? []
  if (box) return Math.round(box.blockSize)
  const key = virtualizer.options.getItemKey(virtualizer.indexFromElement(element))
  return virtualizer.itemSizeCache.get(key) ?? estimatedRowPx
}

/** What browsers forget of an element of a table once it is displayed as something else. */
const roles = {
  group: { role: 'rowgroup' },
  row: { role: 'row' },
  head: { role: 'columnheader' },
  cell: { role: 'gridcell' },
}

/**
 * The columns of the grid that each row is. Rows of a CSS table would all be laid out again for each
 * that scrolls into view.
 */
function tracks<R>(columns: readonly TableColumn<R>[]): string {
  return columns.map(({ width = 'minmax(0, 1fr)' }) => width).join(' ')
}

export function ResourceTable<R extends SteadyRow>({
  label,
  columns,
  rows,
  sort,
  onSort,
  query,
}: ResourceTableProps<R>) {
  const scroller = useRef<HTMLDivElement>(null)

  const arrange = useMemo(() => {
    const value = columns.find((column) => column.id === sort.column)?.sortValue
    return createSort(value ?? ((row: R) => naturalKey(row.key)), sort.isDescending)
  }, [columns, sort.column, sort.isDescending])
  const arranged = useMemo(() => arrange(rows), [arrange, rows])

  const order = `${query} ${sort.column} ${sort.isDescending}`
  const { steady, freezing } = useSteadyRows(arranged, order, scroller)

  // The same function for the same rows: with another, all of them are measured again.
  const itemKey = useCallback(
    (index: number) => {
      const entry = steady[index]
      return entry ? entry.row.key : index
    },
    [steady],
  )
  // oxlint-disable-next-line react/incompatible-library -- we don't use the compiler it speaks of
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLTableRowElement>({
    count: steady.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimatedRowPx,
    getItemKey: itemKey,
    measureElement: rowHeight,
    // Before the table is measured; else its rows would be made after that, all in one piece.
    initialRect: { width: 0, height: window.innerHeight },
    overscan: 4,
  })
  const shown = virtualizer.getVirtualItems()
  const above = shown[0]?.start ?? 0
  const below = virtualizer.getTotalSize() - (shown.at(-1)?.end ?? 0)

  return (
    <div className="kc-table-scroller" ref={scroller} tabIndex={-1}>
      <Table
        aria-label={label}
        aria-rowcount={steady.length + 1}
        variant="compact"
        isStickyHeader
        gridBreakPoint="grid-lg"
        className="kc-table"
        style={{ '--kc-columns': tracks(columns) } as CSSProperties}
      >
        <Thead {...roles.group}>
          <tr {...roles.row} aria-rowindex={1} className="pf-v6-c-table__tr">
            <MemoHeader columns={columns} sort={sort} onSort={onSort} />
          </tr>
        </Thead>
        <Tbody {...roles.group} {...freezing}>
          {above > 0 && <tr aria-hidden style={{ height: above, display: 'block' }} />}
          {shown.map(({ index, key }) => {
            const entry = steady[index]
            if (!entry) return null
            return (
              <tr
                {...roles.row}
                key={String(key)}
                ref={virtualizer.measureElement}
                data-index={index}
                aria-rowindex={index + 2}
                className={entry.isGone ? 'pf-v6-c-table__tr kc-row-gone' : 'pf-v6-c-table__tr'}
              >
                <MemoCells row={entry.row} isGone={entry.isGone} columns={columns} />
              </tr>
            )
          })}
          {below > 0 && <tr aria-hidden style={{ height: below, display: 'block' }} />}
        </Tbody>
      </Table>
    </div>
  )
}

/** Which columns of a table fit, and how wide they are. */
import type { TableColumn } from './ResourceTable.tsx'

export interface FittingColumn<R> extends Omit<TableColumn<R>, 'width'> {
  /** Enough for usual values and for the title with its arrow. */
  minPx: number
  /** Its share of the room that is left; none for what is always about as long. */
  growth?: number
  /** What doesn't fit is left out: the first first, columns without it never. */
  leftOut?: 1 | 2 | 3
}

/** A scroll bar takes this much of the table. */
const scrollBarPx = 16

/** In a window so narrow, each row is a card, which has room for all. PatternFly's `grid-lg`. */
const cardsBelowPx = 992

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}

/**
 * The columns that fit a table so wide, and how wide they are; the first takes what is left. The
 * sorted one stays, or the order would have no visible reason.
 */
export function fitColumns<R>(
  all: readonly FittingColumn<R>[],
  tablePx: number,
  sortedId: string,
): readonly TableColumn<R>[] {
  const widthPx = tablePx - scrollBarPx
  let columns = all
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

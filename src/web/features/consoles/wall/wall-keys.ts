/** Where the keys of a grid lead (https://www.w3.org/WAI/ARIA/apg/patterns/grid/). */

interface Keystroke {
  key: string
  ctrlKey: boolean
  altKey: boolean
  metaKey: boolean
}

export interface TilePlaces {
  count: number
  columns: number
  rowsInView: number
}

/** The place the focus goes to; undefined where the key is none of the grid's. */
export function movedPlace(
  { key, ctrlKey, altKey, metaKey }: Keystroke,
  place: number,
  { count, columns, rowsInView }: TilePlaces,
): number | undefined {
  if (altKey || metaKey) return undefined
  const rowStart = place - (place % columns)
  const target = {
    ArrowLeft: place - 1,
    ArrowRight: place + 1,
    ArrowUp: place - columns,
    ArrowDown: place + columns,
    PageUp: place - columns * rowsInView,
    PageDown: place + columns * rowsInView,
    Home: ctrlKey ? 0 : rowStart,
    End: ctrlKey ? count - 1 : rowStart + columns - 1,
  }[key]
  if (target === undefined) return undefined
  const isByRow = key === 'ArrowUp' || key === 'ArrowDown'
  // A step beyond the edge stays; the last row may be shorter than the one above it.
  if (target < 0) return isByRow ? place : Math.min(place, key === 'PageUp' ? place % columns : 0)
  if (target < count) return target
  const isInLastRow = rowStart + columns >= count
  return isByRow && isInLastRow ? place : count - 1
}

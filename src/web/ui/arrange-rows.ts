/** Order of table rows; pure, so that it is easy to trust with many thousands. */

export interface SortOrder {
  column: string
  isDescending: boolean
}

/** Makes `web-10` come after `web-2` under a plain comparison, much cheaper than a collator. */
export function naturalKey(text: string): string {
  return text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(10, '0'))
}

interface Keyed<R> {
  row: R
  value: string | number | undefined
  tie: string
}

/**
 * Makes an ordering by `value`, then by key; rows without a value come last either way. It
 * remembers its last answer: of a long list only the rows that are new since then are sorted, and
 * put between those that have stayed.
 */
export function createSort<R extends { key: string }>(
  value: (row: R) => string | number | undefined,
  isDescending: boolean,
): (rows: readonly R[]) => R[] {
  const sign = isDescending ? -1 : 1
  let sorted: Keyed<R>[] = []

  function compare(a: Keyed<R>, b: Keyed<R>): number {
    if (a.value !== b.value) {
      if (a.value === undefined) return 1
      if (b.value === undefined) return -1
      return a.value < b.value ? -sign : sign
    }
    // `web-1` and `web-01` are one number, but one of them is always first.
    return inOrder(a.tie, b.tie) || inOrder(a.row.key, b.row.key)
  }

  return (rows) => {
    const left = new Set(rows)
    const kept = sorted.filter(({ row }) => left.delete(row))
    const added = Array.from(left, (row) => ({ row, value: value(row), tie: naturalKey(row.key) }))
    sorted = merge(kept, added.sort(compare), compare)
    return sorted.map(({ row }) => row)
  }
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Both in order, into one in order. */
function merge<T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => number): T[] {
  const merged: T[] = []
  let next = 0
  for (const one of b) {
    for (; next < a.length && compare(a[next] as T, one) <= 0; next++) merged.push(a[next] as T)
    merged.push(one)
  }
  for (; next < a.length; next++) merged.push(a[next] as T)
  return merged
}

/**
 * The order to show while someone is about to click: every row stays where it was, those that are
 * gone included, and new ones come last.
 */
export function keepOrder<R extends { key: string }>(
  shown: readonly R[],
  arranged: readonly R[],
): { row: R; isGone: boolean }[] {
  const current = new Map<string, R>()
  for (const row of arranged) current.set(row.key, row)
  const kept = shown.map((row) => {
    const now = current.get(row.key)
    current.delete(row.key)
    return { row: now ?? row, isGone: now === undefined }
  })
  return [...kept, ...Array.from(current.values(), (row) => ({ row, isGone: false }))]
}

import { useDeferredValue, useMemo } from 'react'

import { useListQuery } from './list-query.ts'
import { facetKeys, filterAndCount, searchKeys, type FilterFields } from './row-filter.ts'
import { parseSearch } from './search-words.ts'

/**
 * The rows that the address asks for, with counts by state. `fields` are a module-level constant or
 * made with `useMemo`, with a field `status`.
 */
export function useFilteredRows<R>(rows: readonly R[], fields: FilterFields<R>) {
  const keys = useMemo(() => facetKeys(fields), [fields])
  const query = useListQuery(keys, 'name')
  // Typing comes before its effect, however many rows there are.
  const text = useDeferredValue(query.text)
  const { facets } = query
  const statusField = fields.fields.find(({ key }) => key === 'status')!
  const { found, counts } = useMemo(
    () => filterAndCount(rows, text, facets, fields, statusField),
    [rows, text, facets, fields, statusField],
  )
  const known = searchKeys(fields)
  const { unknownKeys } = parseSearch(text, known)
  return {
    query,
    found,
    counts,
    chosenStates: facets['status'] ?? [],
    /** Changes when the user asks for other rows. */
    asked: `${text} ${JSON.stringify(facets)}`,
    /** About keys in the search text that don't exist; false when there are none. */
    hint:
      unknownKeys.length > 0 &&
      `There is no key “${unknownKeys.join('”, “')}” to search by; there are ${known.join(', ')}.`,
  }
}

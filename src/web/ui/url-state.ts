/** Page state that a link carries: search text and sort order. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'

import type { SortOrder } from './arrange-rows.ts'

/** Browsers limit how often the address may change; typing is faster. */
const addressDelayMs = 300

/** A text field's value, kept in the URL without a history entry for each letter. */
export function useUrlText(name: string): [text: string, setText: (text: string) => void] {
  const [parameters, setParameters] = useSearchParams()
  const [text, setText] = useState(() => parameters.get(name) ?? '')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  return [
    text,
    (next) => {
      setText(next)
      clearTimeout(timer.current)
      timer.current = setTimeout(
        () =>
          setParameters(
            (current) => {
              if (next === '') current.delete(name)
              else current.set(name, next)
              return current
            },
            { replace: true },
          ),
        addressDelayMs,
      )
    },
  ]
}

/** The sort order of a table, e.g. `?sort=-age`. */
export function useUrlSort(defaultColumn: string): [SortOrder, (sort: SortOrder) => void] {
  const [parameters, setParameters] = useSearchParams()
  const raw = parameters.get('sort') ?? defaultColumn
  const isDescending = raw.startsWith('-')
  const setSort = useCallback(
    (next: SortOrder) =>
      setParameters(
        (current) => {
          current.set('sort', (next.isDescending ? '-' : '') + next.column)
          return current
        },
        { replace: true },
      ),
    [setParameters],
  )
  return [{ column: isDescending ? raw.slice(1) : raw, isDescending }, setSort]
}

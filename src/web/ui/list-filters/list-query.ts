/**
 * What a list shows, kept in its address: `?q=web&status=Running&status=Paused&sort=-age`. A link
 * carries it, a reload keeps it, and going back and forth follows it.
 */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'

import type { SortOrder } from '../arrange-rows.ts'
import type { Facets } from './row-filter.ts'

const textParameter = 'q'
const sortParameter = 'sort'

/** Browsers limit how often the address may change; typing is faster. */
const addressDelayMs = 300

export interface ListQuery {
  /** What is in the search box, which may be ahead of the address. */
  text: string
  /** The same object until a value is chosen or removed. */
  facets: Facets
  sort: SortOrder
  isFiltered: boolean
  setText: (text: string) => void
  /** Puts the text into the address now; for when the search box is left. */
  settle: () => void
  toggle: (key: string, value: string) => void
  clearFacet: (key: string) => void
  /** Removes text and facets; the order stays. */
  clear: () => void
  setSort: (sort: SortOrder) => void
}

function readFacets(parameters: URLSearchParams, keys: readonly string[]): Facets {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const values = [...new Set(parameters.getAll(key))].filter((value) => value !== '')
      return values.length > 0 ? [[key, values]] : []
    }),
  )
}

function readSort(parameters: URLSearchParams, defaultColumn: string): SortOrder {
  const raw = parameters.get(sortParameter) || defaultColumn
  const isDescending = raw.startsWith('-')
  return { column: isDescending ? raw.slice(1) : raw, isDescending }
}

function setValues(parameters: URLSearchParams, key: string, values: readonly string[]): void {
  parameters.delete(key)
  for (const value of values) parameters.append(key, value)
}

/** The address's parameters, and a way to change them without a history entry for each change. */
function useAddress() {
  const [parameters, setParameters] = useSearchParams()
  // Changes that follow each other before the page renders again must not undo one another.
  const latest = useRef({ parameters, setParameters })
  useLayoutEffect(() => {
    latest.current = { parameters, setParameters }
  }, [parameters, setParameters])
  const change = useCallback((edit: (parameters: URLSearchParams) => void) => {
    const next = new URLSearchParams(latest.current.parameters)
    edit(next)
    latest.current.parameters = next
    latest.current.setParameters(next, { replace: true })
  }, [])
  return { parameters, change }
}

/** The search text: what is being typed, until it is in the address or the address becomes another. */
function useText(inAddress: string, write: (text: string) => void) {
  const [typed, setTyped] = useState<string>()
  const written = useRef<string>(undefined)
  const waiting = useRef<string>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const forget = useCallback(() => {
    clearTimeout(timer.current)
    waiting.current = undefined
    setTyped(undefined)
  }, [])
  useEffect(() => () => clearTimeout(timer.current), [])
  useEffect(() => {
    // Our own change has arrived, while more may have been typed; any other is to be followed.
    if (inAddress === written.current) setTyped((now) => (now === inAddress ? undefined : now))
    else forget()
    written.current = undefined
  }, [inAddress, forget])
  /** Writes what waits to be written. Late, it would take back where a click has led meanwhile. */
  const settle = useCallback(() => {
    clearTimeout(timer.current)
    const next = waiting.current
    waiting.current = undefined
    if (next === undefined) return
    written.current = next
    write(next)
  }, [write])
  const setText = useCallback(
    (next: string) => {
      setTyped(next)
      waiting.current = next
      clearTimeout(timer.current)
      timer.current = setTimeout(settle, addressDelayMs)
    },
    [settle],
  )
  return { text: typed ?? inAddress, setText, settle, forget }
}

/** @param keys the parameters that hold facets; the same array from call to call */
export function useListQuery(keys: readonly string[], defaultColumn: string): ListQuery {
  const { parameters, change } = useAddress()
  const write = useCallback(
    (next: string) => change((edited) => setValues(edited, textParameter, next ? [next] : [])),
    [change],
  )
  const { text, setText, settle, forget } = useText(parameters.get(textParameter) ?? '', write)

  const address = parameters.toString()
  const facets = useMemo(() => readFacets(new URLSearchParams(address), keys), [address, keys])
  const sort = useMemo(
    () => readSort(new URLSearchParams(address), defaultColumn),
    [address, defaultColumn],
  )
  const changes = useMemo(
    () => ({
      toggle(key: string, value: string) {
        change((edited) => {
          const values = edited.getAll(key)
          const others = values.filter((one) => one !== value)
          setValues(edited, key, others.length < values.length ? others : [...values, value])
        })
      },
      clearFacet(key: string) {
        change((edited) => edited.delete(key))
      },
      clear() {
        forget()
        change((edited) => {
          for (const key of [textParameter, ...keys]) edited.delete(key)
        })
      },
      setSort({ column, isDescending }: SortOrder) {
        const value = (isDescending ? '-' : '') + column
        change((edited) => setValues(edited, sortParameter, value === defaultColumn ? [] : [value]))
      },
    }),
    [change, forget, keys, defaultColumn],
  )
  const isFiltered = text.trim() !== '' || Object.keys(facets).length > 0
  return useMemo(
    () => ({ text, facets, sort, isFiltered, setText, settle, ...changes }),
    [text, facets, sort, isFiltered, setText, settle, changes],
  )
}

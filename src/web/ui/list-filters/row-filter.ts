/** Which rows of a list a search and its facets leave; pure, over texts that the rows hold. */
import { parseSearch, type SearchWord } from './search-words.ts'

export type Labels = Readonly<Record<string, string>>

export interface FilterField<R> {
  /** As in the address and in `key:value`. */
  key: string
  title: string
  /** Empty where the row has none. */
  text: (row: R) => string
  /** Offers its values in a menu of the filter bar. */
  isFacet?: boolean
  /** For the help of the search box, such as `running`. */
  example: string
}

/** What a list can be filtered by. */
export interface FilterFields<R> {
  name: (row: R) => string
  fields: readonly FilterField<R>[]
  /** Kubernetes labels: `label:key=value`, and a menu that suggests them. */
  labels?: (row: R) => Labels | undefined
}

/** Chosen values by field. Several of one field widen a list, several fields narrow it. */
export type Facets = Readonly<Record<string, readonly string[]>>

export const labelKey = 'label'
const nameKey = 'name'

type Matches<R> = (row: R) => boolean

/** All keys that may stand before a colon. */
export function searchKeys<R>({ fields, labels }: FilterFields<R>): string[] {
  return [nameKey, ...fields.map(({ key }) => key), ...(labels ? [labelKey] : [])]
}

/** Fields whose chosen values stand in the address. */
export function facetKeys<R>({ fields, labels }: FilterFields<R>): string[] {
  const keys = fields.filter(({ isFacet }) => isFacet).map(({ key }) => key)
  return labels ? [...keys, labelKey] : keys
}

function every<R>(tests: readonly Matches<R>[]): Matches<R> {
  return (row) => tests.every((matches) => matches(row))
}

function some<R>(tests: readonly Matches<R>[]): Matches<R> {
  return (row) => tests.some((matches) => matches(row))
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return [...groups.values()]
}

function splitLabel(label: string): [key: string, value: string | undefined] {
  const equals = label.indexOf('=')
  return equals < 0 ? [label, undefined] : [label.slice(0, equals), label.slice(equals + 1)]
}

function containsLabel(labels: Labels | undefined, typed: string): boolean {
  if (!labels) return false
  const [key, value] = splitLabel(typed)
  for (const name in labels) {
    const isFound =
      value === undefined
        ? name.toLowerCase().includes(key)
        : name.toLowerCase() === key && labels[name]?.toLowerCase().includes(value)
    if (isFound) return true
  }
  return false
}

function hasLabel(labels: Labels | undefined, label: string): boolean {
  const [key, value] = splitLabel(label)
  // What is asked for may be `constructor`, which every object has in some way.
  if (!labels || !Object.hasOwn(labels, key)) return false
  return value === undefined || labels[key] === value
}

function wordTest<R>({ key, value }: SearchWord, filtered: FilterFields<R>): Matches<R> {
  if (key === labelKey) return (row) => containsLabel(filtered.labels?.(row), value)
  const text = filtered.fields.find((field) => field.key === key)?.text ?? filtered.name
  return (row) => text(row).toLowerCase().includes(value)
}

/** Words without a key narrow; several words of one key widen, as several values of a facet do. */
function searchTest<R>(text: string, filtered: FilterFields<R>): Matches<R> {
  const { words } = parseSearch(text, searchKeys(filtered))
  const groups = groupBy(words, ({ key, value }) => {
    if (key === undefined) return ` ${value}`
    return key === labelKey ? `${key} ${splitLabel(value)[0]}` : key
  })
  return every(groups.map((group) => some(group.map((word) => wordTest(word, filtered)))))
}

function facetTest<R>(
  key: string,
  values: readonly string[],
  filtered: FilterFields<R>,
): Matches<R> {
  if (key === labelKey) {
    const byName = groupBy(values, (label) => splitLabel(label)[0])
    return every(
      byName.map((group) =>
        some(group.map((label) => (row) => hasLabel(filtered.labels?.(row), label))),
      ),
    )
  }
  const text = filtered.fields.find((field) => field.key === key)?.text
  const wanted = new Set(values)
  return text ? (row) => wanted.has(text(row)) : () => true
}

/** Whether a row is to be shown; with `besides`, as if that facet had no values chosen. */
export function rowTest<R>(
  text: string,
  facets: Facets,
  filtered: FilterFields<R>,
  besides?: string,
): Matches<R> {
  const tests = Object.entries(facets)
    .filter(([key, values]) => key !== besides && values.length > 0)
    .map(([key, values]) => facetTest(key, values, filtered))
  if (text.trim() !== '') tests.push(searchTest(text, filtered))
  return every(tests)
}

/** The rows to show, and how many there would be of each value of `counted` were none chosen. */
export function filterAndCount<R>(
  rows: readonly R[],
  text: string,
  facets: Facets,
  filtered: FilterFields<R>,
  counted: FilterField<R>,
): { found: readonly R[]; counts: ReadonlyMap<string, number> } {
  const chosen = new Set(facets[counted.key])
  const isNarrowed = text.trim() !== '' || Object.values(facets).some(({ length }) => length > 0)
  const matches = rowTest(text, facets, filtered, counted.key)
  const counts = new Map<string, number>()
  const found: R[] = []
  for (const row of rows) {
    if (isNarrowed && !matches(row)) continue
    const value = counted.text(row)
    counts.set(value, (counts.get(value) ?? 0) + 1)
    if (chosen.size === 0 || chosen.has(value)) found.push(row)
  }
  return { found: isNarrowed ? found : rows, counts }
}

export interface FacetOption {
  value: string
  count: number
}

/**
 * The values to choose from and how many rows have each, among those the other facets leave. Labels
 * can be chosen by their value and by their key alone.
 */
export function facetOptions<R>(
  rows: readonly R[],
  text: string,
  facets: Facets,
  filtered: FilterFields<R>,
  key: string,
): FacetOption[] {
  const matches = rowTest(text, facets, filtered, key)
  const counts = new Map((facets[key] ?? []).map((value) => [value, 0]))
  const add = (value: string) => counts.set(value, (counts.get(value) ?? 0) + 1)
  const field = filtered.fields.find((one) => one.key === key)
  for (const row of rows) {
    if (!matches(row)) continue
    if (field) {
      const value = field.text(row)
      if (value !== '') add(value)
    } else {
      for (const [name, value] of Object.entries(filtered.labels?.(row) ?? {})) {
        add(name)
        add(`${name}=${value}`)
      }
    }
  }
  return Array.from(counts, ([value, count]) => ({ value, count }))
}

/** Search box, facet menus and the chips of what is chosen; all of it is the list's query. */
import {
  SearchInput,
  Toolbar,
  ToolbarContent,
  ToolbarFilter,
  ToolbarGroup,
  ToolbarItem,
  ToolbarToggleGroup,
} from '@patternfly/react-core'
import { FilterIcon } from '@patternfly/react-icons'

import { FacetMenu } from './FacetMenu.tsx'
import type { ListQuery } from './list-query.ts'
import { facetOptions, labelKey, type FilterFields } from './row-filter.ts'
import { SearchHelp } from './SearchHelp.tsx'

interface FilterBarProps<R> {
  searchLabel: string
  query: ListQuery
  filtered: FilterFields<R>
  /** All rows, of which the menus offer what there is. */
  rows: readonly R[]
  /** Whether more rows are on their way. */
  isLoading: boolean
}

export function FilterBar<R>({ searchLabel, query, filtered, rows, isLoading }: FilterBarProps<R>) {
  const { text, facets } = query
  const menus = filtered.fields
    .filter(({ isFacet }) => isFacet)
    .map(({ key, title }) => ({ key, title }))
  if (filtered.labels) menus.push({ key: labelKey, title: 'Label' })

  return (
    <Toolbar
      className="kc-list-toolbar"
      clearAllFilters={query.clear}
      clearFiltersButtonText="Clear all filters"
      collapseListedFiltersBreakpoint="md"
      numberOfFiltersText={(count) =>
        count === 1 ? '1 filter applied' : `${count} filters applied`
      }
    >
      <ToolbarContent>
        <ToolbarItem className="kc-search">
          <SearchInput
            aria-label={searchLabel}
            placeholder="Name or key:value"
            value={text}
            onChange={(_event, value) => query.setText(value)}
            onBlur={query.settle}
            onClear={() => query.setText('')}
          />
          <SearchHelp filtered={filtered} />
        </ToolbarItem>
        <ToolbarToggleGroup toggleIcon={<FilterIcon />} breakpoint="lg">
          <ToolbarGroup variant="filter-group">
            {menus.map(({ key, title }) => (
              <ToolbarFilter
                key={key}
                categoryName={{ key, name: title }}
                labels={(facets[key] ?? []).map((value) => ({ key: value, node: value }))}
                deleteLabel={(_category, label) =>
                  query.toggle(key, typeof label === 'string' ? label : label.key)
                }
                deleteLabelGroup={() => query.clearFacet(key)}
              >
                <FacetMenu
                  title={title}
                  chosen={facets[key] ?? []}
                  onToggle={(value) => query.toggle(key, value)}
                  options={() => facetOptions(rows, text, facets, filtered, key)}
                  version={String(isLoading)}
                  {...(key === labelKey && { canType: true, placeholder: 'key=value or key' })}
                />
              </ToolbarFilter>
            ))}
          </ToolbarGroup>
        </ToolbarToggleGroup>
      </ToolbarContent>
    </Toolbar>
  )
}

import {
  Badge,
  Divider,
  MenuSearch,
  MenuSearchInput,
  MenuToggle,
  SearchInput,
  Select,
  SelectList,
  SelectOption,
} from '@patternfly/react-core'
import { useEffect, useRef, useState } from 'react'

import { naturalKey } from '../arrange-rows.ts'
import { formatNumber } from '../language.ts'
import { useLazyMenu } from '../lazy-menu.ts'
import type { FacetOption } from './row-filter.ts'

/** From here on a menu can be searched. */
const manyOptions = 10
/** More than anyone scrolls through; typing narrows it down. */
const shownAtMost = 100

interface FacetMenuProps {
  title: string
  chosen: readonly string[]
  onToggle: (value: string) => void
  /** Called when the menu opens: the options stand still while one chooses. */
  options: () => FacetOption[]
  /** Changes when the options can have become other ones, as when a list is complete. */
  version: string
  /** What is typed may be chosen where no row has it now. */
  canType?: boolean
  /** What to type, where it isn't obvious. */
  placeholder?: string
}

/** A menu of a field's values with how many rows have each; several can be chosen. */
export function FacetMenu(props: FacetMenuProps) {
  const { title, chosen, onToggle } = props
  const { isOpen, setIsOpen, isMade, toggle, toggleProps } = useLazyMenu()
  return (
    <>
      <MenuToggle
        {...toggleProps}
        // The table's heads have the same titles.
        aria-label={`Filter by ${title}${chosen.length > 0 ? `: ${chosen.length} chosen` : ''}`}
        {...(chosen.length > 0 && { badge: <Badge isRead>{chosen.length}</Badge> })}
      >
        {title}
      </MenuToggle>
      {isMade && (
        <Select
          role="menu"
          isOpen={isOpen}
          isScrollable
          selected={[...chosen]}
          onSelect={(_event, value) => onToggle(String(value))}
          onOpenChange={setIsOpen}
          onOpenChangeKeys={['Escape']}
          popperProps={{ preventOverflow: true }}
          shouldFocusFirstItemOnOpen={false}
          toggle={{ toggleRef: toggle, toggleNode: <></> }}
        >
          {isOpen && <FacetOptions {...props} />}
        </Select>
      )}
    </>
  )
}

function inOrder(options: FacetOption[]) {
  return options
    .map((option) => ({ ...option, order: naturalKey(option.value) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
}

function FacetOptions({
  title,
  chosen,
  onToggle,
  options,
  version,
  canType = false,
  placeholder,
}: FacetMenuProps) {
  // Counted anew in place: what is typed stays.
  const [counted, setCounted] = useState(() => ({ version, all: inOrder(options()) }))
  if (counted.version !== version) setCounted({ version, all: inOrder(options()) })
  const { all } = counted
  const [typed, setTyped] = useState('')
  const word = typed.trim().toLowerCase()
  const found = all.filter(({ value }) => value.toLowerCase().includes(word))
  const hasSearch = canType || all.length > manyOptions
  const isEmpty = all.length === 0
  const isNew = canType && word !== '' && found.length === 0
  const first = isNew ? typed.trim() : found[0]?.value

  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const target = input.current ?? list.current?.querySelector('input')
    target?.focus({ preventScroll: true })
  }, [hasSearch, isEmpty])

  return (
    <>
      {hasSearch && (
        <>
          <MenuSearch>
            <MenuSearchInput>
              <SearchInput
                ref={input}
                value={typed}
                aria-label={`Find in ${title}`}
                {...(placeholder !== undefined && { placeholder })}
                onChange={(_event, value) => setTyped(value)}
                onClear={() => setTyped('')}
                onKeyDown={(event) => {
                  if (event.key !== 'Enter' || word === '' || first === undefined) return
                  event.preventDefault()
                  onToggle(first)
                  setTyped('')
                }}
              />
            </MenuSearchInput>
          </MenuSearch>
          <Divider />
        </>
      )}
      <div ref={list}>
        <SelectList aria-label={title}>
          {isNew && (
            <SelectOption value={first} hasCheckbox isSelected={chosen.includes(first ?? '')}>
              {first}
            </SelectOption>
          )}
          {found.slice(0, shownAtMost).map(({ value, count }) => (
            <SelectOption key={value} value={value} hasCheckbox isSelected={chosen.includes(value)}>
              <span className="kc-option">
                <span>{value}</span>
                <span className="kc-muted">{formatNumber(count)}</span>
              </span>
            </SelectOption>
          ))}
          {found.length === 0 && !isNew && (
            <SelectOption isDisabled>
              {all.length === 0 ? 'None to choose from' : 'Nothing matches'}
            </SelectOption>
          )}
          {found.length > shownAtMost && (
            <SelectOption isDisabled>
              {formatNumber(found.length - shownAtMost)} more: type to narrow down
            </SelectOption>
          )}
        </SelectList>
      </div>
    </>
  )
}

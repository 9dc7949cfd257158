import { Button, TextInput, Tooltip } from '@patternfly/react-core'
import { AngleDownIcon, AngleUpIcon, TimesIcon } from '@patternfly/react-icons'
import { useEffect, useRef, useState } from 'react'

import type { SerialDisplay, SerialView } from './serial-display.ts'
import type { SearchOptions } from './terminal-search.ts'

function isValid(term: string, isRegex: boolean): boolean {
  if (!isRegex) return true
  try {
    RegExp(term)
    return true
  } catch {
    return false
  }
}

/** Searches the terminal, from its end upwards. */
export function SearchPanel({
  display,
  found,
}: {
  display: SerialDisplay
  found: SerialView['found']
}) {
  const [term, setTerm] = useState('')
  const [options, setOptions] = useState<SearchOptions>({ isRegex: false, isCaseSensitive: false })
  const isUsable = isValid(term, options.isRegex)
  useEffect(() => {
    if (isUsable) display.find(term, options, 'typed')
  }, [display, term, options, isUsable])

  function close() {
    display.setSearching(false)
    display.focus()
  }
  const step = (direction: 'next' | 'previous') => {
    if (isUsable && term !== '') display.find(term, options, direction)
  }
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    const handleKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close()
      else if (event.key === 'Enter' && event.target instanceof HTMLInputElement)
        step(event.shiftKey ? 'next' : 'previous')
      else return
      event.preventDefault()
      event.stopPropagation()
    }
    const element = panel.current
    element?.addEventListener('keydown', handleKey)
    return () => element?.removeEventListener('keydown', handleKey)
  })

  return (
    <search ref={panel} className="kc-serial-panel" aria-label="Terminal">
      <TextInput
        // Whoever opens the search wants to type into it.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        className="kc-serial-term"
        aria-label="Search text"
        value={term}
        validated={isUsable ? 'default' : 'error'}
        onChange={(_event, value) => setTerm(value)}
      />
      <output className="kc-serial-count">{countWords(term, isUsable, found)}</output>
      <Tooltip content="Match case">
        <Button
          variant="plain"
          className="kc-serial-toggle"
          aria-label="Match case"
          aria-pressed={options.isCaseSensitive}
          onClick={() => setOptions({ ...options, isCaseSensitive: !options.isCaseSensitive })}
        >
          Aa
        </Button>
      </Tooltip>
      <Tooltip content="Regular expression">
        <Button
          variant="plain"
          className="kc-serial-toggle"
          aria-label="Regular expression"
          aria-pressed={options.isRegex}
          onClick={() => setOptions({ ...options, isRegex: !options.isRegex })}
        >
          .*
        </Button>
      </Tooltip>
      <Tooltip content="Previous, further up (Enter)">
        <Button
          variant="plain"
          icon={<AngleUpIcon />}
          aria-label="Previous match"
          onClick={() => step('previous')}
        />
      </Tooltip>
      <Tooltip content="Next, further down (Shift+Enter)">
        <Button
          variant="plain"
          icon={<AngleDownIcon />}
          aria-label="Next match"
          onClick={() => step('next')}
        />
      </Tooltip>
      <Tooltip content="Close (Esc)">
        <Button variant="plain" icon={<TimesIcon />} aria-label="Close search" onClick={close} />
      </Tooltip>
    </search>
  )
}

function countWords(term: string, isUsable: boolean, found: SerialView['found']): string {
  if (!isUsable) return 'Not an expression'
  if (term === '' || !found) return ''
  if (found.count === 0) return 'Nothing found'
  return found.index < 0 ? `${found.count} found` : `${found.index + 1} of ${found.count}`
}

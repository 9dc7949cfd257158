import {
  Button,
  MenuToggle,
  Select,
  SelectList,
  SelectOption,
  TextInputGroup,
  TextInputGroupMain,
  TextInputGroupUtilities,
} from '@patternfly/react-core'
import { TimesIcon } from '@patternfly/react-icons'
import { useEffect, useState, type KeyboardEvent, type RefObject } from 'react'

export interface SearchChoice {
  value: string
  /** Second line: what helps to choose. */
  description: string
}

export interface SearchSelectProps {
  choices: readonly SearchChoice[]
  placeholder: string
  /** Shown when nothing can be chosen at all. */
  emptyText: string
  isLoading?: boolean
}

/** More are found by typing; drawn, they would hold up each key. */
const shownAtOnce = 100

/** One of many, found by typing part of its name or description. Its label and help are a field's. */
export function SearchSelect({
  id,
  label,
  value,
  inputRef,
  isInvalid,
  describedBy,
  choices,
  placeholder,
  emptyText,
  isLoading = false,
  onChange,
  onBlur,
}: SearchSelectProps & {
  id: string
  label: string
  value: string
  inputRef: RefObject<HTMLInputElement | null>
  isInvalid: boolean
  describedBy: string
  onChange: (value: string) => void
  onBlur?: () => void
}) {
  const [isOpen, setOpen] = useState(false)
  /** What is typed while the list is open; the chosen value is shown otherwise. */
  const [typed, setTyped] = useState<string>()
  const [active, setActive] = useState(0)
  const words = (typed ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const found = choices.filter((choice) =>
    words.every((word) => `${choice.value} ${choice.description}`.toLowerCase().includes(word)),
  )
  const matches = found.slice(0, shownAtOnce)
  const activeId = isOpen && matches[active] ? `${id}-option-${active}` : undefined

  // Found by keys, it may lie outside of what the list shows.
  useEffect(() => {
    if (activeId !== undefined)
      document.getElementById(activeId)?.scrollIntoView?.({ block: 'nearest' })
  }, [activeId])

  function close(): void {
    setOpen(false)
    setTyped(undefined)
    setActive(0)
  }

  function choose(choice: string): void {
    onChange(choice)
    close()
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      if (!isOpen) setOpen(true)
      else if (matches.length > 0) setActive((active + step + matches.length) % matches.length)
    } else if (event.key === 'Enter' && isOpen) {
      event.preventDefault()
      const match = matches[active]
      if (match) choose(match.value)
    } else if (event.key === 'Escape' && isOpen) {
      // The dialog around the list leaves a handled key alone.
      event.preventDefault()
      close()
    }
  }

  return (
    <Select
      isOpen={isOpen}
      isScrollable
      selected={value}
      onSelect={(_event, choice) => choose(String(choice))}
      onOpenChange={(next) => (next ? setOpen(true) : close())}
      // Within the dialog's edge a list would be cut off, and what is beside the dialog's backdrop
      // is hidden from assistive technology each time the dialog renders.
      popperProps={{ appendTo: () => backdropOf(inputRef.current) ?? document.body }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          variant="typeahead"
          isExpanded={isOpen}
          isFullWidth
          onClick={() => (isOpen ? close() : setOpen(true))}
          aria-label={`${label}, choices`}
          {...(isInvalid && { status: 'danger' as const })}
        >
          <TextInputGroup isPlain>
            <TextInputGroupMain
              inputId={id}
              innerRef={inputRef}
              value={typed ?? value}
              placeholder={placeholder}
              onClick={() => setOpen(true)}
              onChange={(_event, text) => {
                setTyped(text)
                setActive(0)
                setOpen(true)
              }}
              {...(onBlur && { onBlur })}
              onKeyDown={onKeyDown}
              aria-controls={`${id}-list`}
              aria-label={label}
              {...(activeId !== undefined && { 'aria-activedescendant': activeId })}
              inputProps={{
                role: 'combobox',
                'aria-expanded': isOpen,
                'aria-invalid': isInvalid,
                'aria-describedby': describedBy,
                autoComplete: 'off',
              }}
            />
            {value !== '' && (
              <TextInputGroupUtilities>
                <Button
                  variant="plain"
                  icon={<TimesIcon />}
                  aria-label={`Clear ${label}`}
                  onClick={() => choose('')}
                />
              </TextInputGroupUtilities>
            )}
          </TextInputGroup>
        </MenuToggle>
      )}
    >
      <SelectList id={`${id}-list`}>
        {matches.length === 0 && (
          <SelectOption isDisabled value="">
            {isLoading
              ? 'Loading…'
              : choices.length === 0
                ? emptyText
                : `Nothing matches “${typed ?? ''}”.`}
          </SelectOption>
        )}
        {matches.map((choice, index) => (
          <SelectOption
            key={choice.value}
            id={`${id}-option-${index}`}
            value={choice.value}
            description={choice.description}
            isFocused={index === active}
          >
            {choice.value}
          </SelectOption>
        ))}
        {found.length > matches.length && (
          <SelectOption isDisabled value="" key="more">
            {found.length - matches.length} more: type to narrow them down.
          </SelectOption>
        )}
      </SelectList>
    </Select>
  )
}

function backdropOf(element: HTMLElement | null): HTMLElement | null | undefined {
  return element?.closest<HTMLElement>('.pf-v6-c-backdrop')
}

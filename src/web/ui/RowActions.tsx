import { Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core'
import { EllipsisVIcon } from '@patternfly/react-icons'
import { useState } from 'react'

export interface RowAction {
  title: string
  onClick(): void
  /** Why it can't be used now; shown below its title. */
  reason?: string | undefined
  isDangerous?: boolean
}

/** The menu at a table row's end; `label` names the row for screen readers. */
export function RowActions({ label, actions }: { label: string; actions: readonly RowAction[] }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      shouldFocusToggleOnSelect
      popperProps={{ position: 'right', appendTo: () => document.body, maxWidth: '20rem' }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          variant="plain"
          icon={<EllipsisVIcon />}
          aria-label={label}
          isExpanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        />
      )}
    >
      <DropdownList>
        {actions.map(({ title, onClick, reason, isDangerous = false }) => (
          <DropdownItem
            key={title}
            isDanger={isDangerous && reason === undefined}
            onClick={onClick}
            {...(reason !== undefined && { isAriaDisabled: true, description: reason })}
          >
            {title}
          </DropdownItem>
        ))}
      </DropdownList>
    </Dropdown>
  )
}

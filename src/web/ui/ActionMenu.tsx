import {
  Button,
  Divider,
  Dropdown,
  DropdownItem,
  DropdownList,
  MenuToggle,
  Tooltip,
} from '@patternfly/react-core'
import { EllipsisVIcon } from '@patternfly/react-icons'
import { Fragment, useRef, useState, type ReactNode } from 'react'

export interface MenuAction {
  id: string
  label: string
  /** Why it can't be done; it stays reachable and says so. */
  disabledReason?: string
  isPending: boolean
  run: () => Promise<void>
}

/** A button for one action; when it can't be done, a tooltip says why. */
export function ActionButton({
  action,
  icon,
  label,
  variant = 'plain',
  children,
}: {
  action: MenuAction
  icon?: ReactNode
  /** Spoken name, such as `Start web-1`. */
  label?: string
  variant?: 'plain' | 'secondary' | 'primary' | 'link'
  children?: ReactNode
}) {
  const { disabledReason } = action
  const button = useRef<HTMLButtonElement>(null)
  const hint = disabledReason ?? (variant === 'plain' ? action.label : undefined)
  return (
    <>
      <Button
        ref={button}
        variant={variant}
        {...(label !== undefined && { 'aria-label': label })}
        {...(icon !== undefined && { icon })}
        isAriaDisabled={disabledReason !== undefined || action.isPending}
        onClick={() => void action.run()}
      >
        {children}
      </Button>
      {/* Beside it: around it, its coming and going would take the focus off the button. */}
      {hint !== undefined && <Tooltip content={hint} triggerRef={button} />}
    </>
  )
}

/** All actions in a menu; what can't be done keeps its place, with the reason below it. */
export function ActionMenu({
  label,
  useActions,
  isKebab = false,
}: {
  label: string
  /** Called while the menu is open only: rows of a list stay cheap. */
  useActions: () => MenuAction[]
  isKebab?: boolean
}) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      onSelect={() => setIsOpen(false)}
      // What the action opens gives the focus back to it.
      shouldFocusToggleOnSelect
      shouldFocusFirstItemOnOpen
      // In the page's body, or a scrolling table would cut it off.
      popperProps={{ position: 'end', appendTo: () => document.body }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          variant={isKebab ? 'plain' : 'default'}
          isExpanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
          {...(isKebab && { icon: <EllipsisVIcon />, 'aria-label': label })}
        >
          {isKebab ? undefined : label}
        </MenuToggle>
      )}
    >
      {isOpen && <MenuItems useActions={useActions} />}
    </Dropdown>
  )
}

function MenuItems({ useActions }: { useActions: () => MenuAction[] }) {
  const actions = useActions()
  return (
    <DropdownList>
      {actions.map((action) => (
        <Fragment key={action.id}>
          {action.id === 'delete' && <Divider component="li" />}
          <DropdownItem
            isAriaDisabled={action.disabledReason !== undefined || action.isPending}
            isDanger={action.id === 'delete' && action.disabledReason === undefined}
            description={action.disabledReason}
            onClick={() => void action.run()}
          >
            {action.label}
          </DropdownItem>
        </Fragment>
      ))}
    </DropdownList>
  )
}

import {
  Button,
  Divider,
  Dropdown,
  DropdownItem,
  DropdownList,
  MenuToggle,
} from '@patternfly/react-core'
import { EllipsisVIcon } from '@patternfly/react-icons'
import { Fragment, useEffect, type ReactNode } from 'react'

import { useLazyMenu } from './lazy-menu.ts'

export interface MenuAction {
  id: string
  label: string
  /** Why it can't be done; it stays reachable and says so. */
  disabledReason?: string
  isPending: boolean
  run: () => Promise<void>
}

/** An action that opens something, unless there is a reason why not. */
export function openingAction<Id extends string>(
  id: Id,
  label: string,
  disabledReason: string | undefined,
  open: (id: Id) => void,
): MenuAction {
  return {
    id,
    label,
    isPending: false,
    ...(disabledReason !== undefined && { disabledReason }),
    run: () => {
      if (disabledReason === undefined) open(id)
      return Promise.resolve()
    },
  }
}

/** A button for one action; when it can't be done, its hint says why. */
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
  const hint = disabledReason ?? (variant === 'plain' ? action.label : undefined)
  return (
    <Button
      variant={variant}
      {...(label !== undefined && { 'aria-label': label })}
      {...(icon !== undefined && { icon })}
      {...(hint !== undefined && { 'data-hint': hint })}
      isAriaDisabled={disabledReason !== undefined || action.isPending}
      onClick={() => void action.run()}
    >
      {children}
    </Button>
  )
}

/** All actions in a menu; what can't be done keeps its place, with the reason below it. */
export function ActionMenu({
  label,
  useActions,
  isKebab = false,
  tabIndex,
}: {
  label: string
  /** Called while the menu is open only. */
  useActions: () => MenuAction[]
  isKebab?: boolean
  /** Of its button, where arrows lead from one to the next. */
  tabIndex?: number
}) {
  const { isOpen, setIsOpen, isMade, toggle, toggleProps } = useLazyMenu()
  return (
    <>
      <MenuToggle
        {...toggleProps}
        {...(tabIndex !== undefined && { tabIndex })}
        variant={isKebab ? 'plain' : 'default'}
        {...(isKebab && { icon: <EllipsisVIcon />, 'aria-label': label })}
      >
        {isKebab ? undefined : label}
      </MenuToggle>
      {isMade && (
        <Dropdown
          isOpen={isOpen}
          onOpenChange={setIsOpen}
          onSelect={() => setIsOpen(false)}
          // What the action opens gives the focus back to it.
          shouldFocusToggleOnSelect
          shouldFocusFirstItemOnOpen
          className="kc-action-menu"
          // In the page's body, or a scrolling table would cut it off.
          popperProps={{ position: 'end', preventOverflow: true, appendTo: () => document.body }}
          toggle={{ toggleRef: toggle, toggleNode: <></> }}
        >
          {isOpen && <MenuItems useActions={useActions} />}
        </Dropdown>
      )}
    </>
  )
}

function MenuItems({ useActions }: { useActions: () => MenuAction[] }) {
  const actions = useActions()
  const reasons = actions.map(({ disabledReason }) => disabledReason).join()
  // PatternFly puts a menu in its place before these have come, and once more when the window changes.
  useEffect(() => void window.dispatchEvent(new Event('resize')), [reasons])
  return (
    <DropdownList>
      {actions.map((action) => (
        <Fragment key={action.id}>
          {action.id === 'delete' && <Divider component="li" />}
          <DropdownItem
            className="kc-action"
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

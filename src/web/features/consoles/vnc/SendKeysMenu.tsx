import {
  Dropdown,
  DropdownGroup,
  DropdownItem,
  DropdownList,
  MenuToggle,
} from '@patternfly/react-core'
import { useRef, useState } from 'react'

import {
  consoleCombinations,
  ownKeys,
  sysRqCommands,
  usualCombinations,
  type KeyCombination,
} from './key-combinations.ts'
import type { Key } from './keyboard-keys.ts'
import { useOwnCombinations } from './own-combinations.ts'
import { OwnCombinationsDialog } from './OwnCombinationsDialog.tsx'
import type { VncDisplay } from './vnc-display.ts'

interface SendKeysMenuProps {
  display: VncDisplay | undefined
  /** Why no keys can be sent. */
  disabledReason: string | undefined
}

/** Keys that the browser or the desktop would keep for itself. */
export function SendKeysMenu({ display, disabledReason }: SendKeysMenuProps) {
  const [isMenuOpen, setIsMenuOpen] = useState(false)
  const [isDialogOpen, setIsDialogOpen] = useState(false)
  const [own] = useOwnCombinations()
  const toggle = useRef<HTMLButtonElement>(null)
  const isDisabled = disabledReason !== undefined
  const isOpen = isMenuOpen && !isDisabled

  function send(keys: readonly Key[]) {
    setIsMenuOpen(false)
    display?.sendKeys(keys)
    display?.focus()
  }

  const item = ({ label, keys }: KeyCombination) => (
    <DropdownItem key={label} onClick={() => send(keys)}>
      {label}
    </DropdownItem>
  )

  return (
    <>
      <Dropdown
        isOpen={isOpen}
        isScrollable
        maxMenuHeight="min(32rem, 60dvh)"
        className="kc-vnc-keys-menu"
        onOpenChange={setIsMenuOpen}
        popperProps={{ preventOverflow: true }}
        // The screen takes the focus after keys were sent, not the menu's button.
        shouldFocusToggleOnSelect={false}
        toggle={{
          toggleRef: toggle,
          toggleNode: (
            <MenuToggle
              ref={toggle}
              isExpanded={isOpen}
              aria-disabled={isDisabled}
              data-hint={disabledReason}
              onClick={() => setIsMenuOpen(!isMenuOpen)}
            >
              Send keys
            </MenuToggle>
          ),
        }}
      >
        {own.length > 0 && (
          <DropdownGroup label="Own combinations">
            <DropdownList>
              {own.map((one) => (
                <DropdownItem key={one.name} onClick={() => send(ownKeys(one))}>
                  {one.name}
                </DropdownItem>
              ))}
            </DropdownList>
          </DropdownGroup>
        )}
        <DropdownList className="kc-vnc-keys-pairs">{usualCombinations.map(item)}</DropdownList>
        <DropdownList>
          <DropdownItem
            onClick={() => {
              setIsMenuOpen(false)
              setIsDialogOpen(true)
            }}
          >
            Own combinations…
          </DropdownItem>
        </DropdownList>
        <DropdownGroup label="Linux consoles: Ctrl+Alt and">
          <DropdownList className="kc-vnc-keys-grid">
            {consoleCombinations.map(({ label, keys }) => (
              <DropdownItem key={label} aria-label={label} onClick={() => send(keys)}>
                {label.split('+').at(-1)}
              </DropdownItem>
            ))}
          </DropdownList>
        </DropdownGroup>
        <DropdownGroup label="Linux kernel: Alt+SysRq and">
          <DropdownList className="kc-vnc-keys-pairs">
            {sysRqCommands.map(({ label, letter, meaning, keys }) => (
              <DropdownItem
                key={label}
                aria-label={`${label}: ${meaning}`}
                onClick={() => send(keys)}
              >
                <kbd>{letter}</kbd> {meaning}
              </DropdownItem>
            ))}
          </DropdownList>
        </DropdownGroup>
      </Dropdown>
      {isDialogOpen && (
        <OwnCombinationsDialog
          onClose={() => {
            setIsDialogOpen(false)
            toggle.current?.focus()
          }}
        />
      )}
    </>
  )
}

import {
  Button,
  Dropdown,
  DropdownItem,
  DropdownList,
  MenuToggle,
  ToggleGroup,
  ToggleGroupItem,
} from '@patternfly/react-core'
import { PasteIcon } from '@patternfly/react-icons'
import { useEffect, useState, useSyncExternalStore } from 'react'

import { useStoredChoice } from '../../../ui/stored-choice.ts'
import type { ClipboardLink } from './clipboard-link.ts'
import type { RdpScale } from './rdp-display.ts'
import type { RdpSession } from './rdp-session.ts'

interface RdpControlsProps {
  session: RdpSession
  isLive: boolean
  areOthersShown: boolean
  onShowOthers: (isShown: boolean) => void
}

/** Keys that the browser or the user's system keep for themselves; names as in KeyboardEvent.code. */
const combinations: { label: string; codes: string[] }[] = [
  { label: 'Ctrl+Alt+Del', codes: ['ControlLeft', 'AltLeft', 'Delete'] },
  { label: 'Win', codes: ['MetaLeft'] },
  { label: 'Alt+Tab', codes: ['AltLeft', 'Tab'] },
  { label: 'Alt+F4', codes: ['AltLeft', 'F4'] },
  { label: 'Ctrl+Shift+Esc', codes: ['ControlLeft', 'ShiftLeft', 'Escape'] },
  { label: 'Print', codes: ['PrintScreen'] },
]

/** What the bar offers for a remote desktop. */
export function RdpControls({ session, isLive, areOthersShown, onShowOthers }: RdpControlsProps) {
  const [storedScale, storeScale] = useStoredChoice('console-scale')
  const scale: RdpScale = storedScale === 'actual' ? 'actual' : 'fit'
  const { display } = session
  useEffect(() => display?.setScale(scale), [display, scale])

  return (
    <>
      <SendKeysMenu session={session} isDisabled={!isLive} />
      {display && <ClipboardMenu link={display.clipboard} />}
      <ToggleGroup aria-label="Scale" className="kc-console-scale">
        <ToggleGroupItem
          text="Fit"
          isSelected={scale === 'fit'}
          onChange={() => storeScale('fit')}
        />
        <ToggleGroupItem
          text="1:1"
          isSelected={scale === 'actual'}
          onChange={() => storeScale('actual')}
        />
      </ToggleGroup>
      <Button
        variant={areOthersShown ? 'secondary' : 'link'}
        aria-pressed={areOthersShown}
        onClick={() => onShowOthers(!areOthersShown)}
      >
        Other clients
      </Button>
    </>
  )
}

function SendKeysMenu({ session, isDisabled }: { session: RdpSession; isDisabled: boolean }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Dropdown
      isOpen={isOpen && !isDisabled}
      onOpenChange={setIsOpen}
      popperProps={{ preventOverflow: true }}
      // The screen takes the focus after keys were sent, not the menu's button.
      shouldFocusToggleOnSelect={false}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          isExpanded={isOpen && !isDisabled}
          aria-disabled={isDisabled}
          data-hint={isDisabled ? 'The desktop is not connected' : undefined}
          onClick={() => setIsOpen(!isOpen && !isDisabled)}
        >
          Send keys
        </MenuToggle>
      )}
    >
      <DropdownList>
        {combinations.map(({ label, codes }) => (
          <DropdownItem
            key={label}
            onClick={() => {
              setIsOpen(false)
              session.display?.sendKeys(codes)
            }}
          >
            {label}
          </DropdownItem>
        ))}
      </DropdownList>
    </Dropdown>
  )
}

function ClipboardMenu({ link }: { link: ClipboardLink }) {
  const [isOpen, setIsOpen] = useState(false)
  const { isOn, hindrance, waiting } = useSyncExternalStore(link.subscribe, link.getState)
  const words = !isOn
    ? 'Clipboard, off'
    : waiting === undefined
      ? 'Clipboard'
      : 'Clipboard, with text of the guest'
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      popperProps={{ preventOverflow: true }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          variant="plain"
          aria-label={words}
          data-hint={words}
          icon={<PasteIcon />}
          isExpanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          {waiting !== undefined && <span className="kc-console-dot" data-tone="attention" />}
        </MenuToggle>
      )}
    >
      <DropdownList>
        <DropdownItem
          key="shared"
          hasCheckbox
          isSelected={isOn}
          description={
            isOn
              ? (hindrance ?? 'Text copied here can be pasted there, and the other way.')
              : undefined
          }
          onClick={() => link.setOn(!isOn)}
        >
          Share the clipboard with the guest
        </DropdownItem>
        {waiting !== undefined && (
          <DropdownItem
            key="take"
            onClick={() => {
              setIsOpen(false)
              void link.takeWaiting()
            }}
          >
            Copy the guest&apos;s text to this computer
          </DropdownItem>
        )}
      </DropdownList>
    </Dropdown>
  )
}

import {
  Button,
  Dropdown,
  DropdownItem,
  DropdownList,
  MenuToggle,
  ToggleGroup,
  ToggleGroupItem,
  Tooltip,
} from '@patternfly/react-core'
import { CameraIcon } from '@patternfly/react-icons'
import { useEffect, useState } from 'react'

import { downloadFile } from '../../../ui/download-file.ts'
import { useStoredChoice } from '../../../ui/stored-choice.ts'
import { showToast } from '../../../ui/toasts.tsx'
import type { ConsoleSession } from '../session/console-session.ts'
import { keyCombinations } from './key-combinations.ts'
import type { VncDisplay, VncScale } from './vnc-display.ts'

interface VncControlsProps {
  session: ConsoleSession<VncDisplay>
  isLive: boolean
  name: string
}

/** What the bar offers for a VNC screen. */
export function VncControls({ session, isLive, name }: VncControlsProps) {
  const [storedScale, storeScale] = useStoredChoice('console-scale')
  const scale: VncScale = storedScale === 'actual' ? 'actual' : 'fit'
  const { display } = session
  useEffect(() => display?.setScale(scale), [display, scale])

  async function saveScreenshot() {
    try {
      const blob = await session.display?.takeScreenshot()
      if (blob) downloadFile(blob, `${name}.png`)
    } catch (error) {
      showToast({
        variant: 'danger',
        title: `No screenshot of ${name}`,
        body: error instanceof Error ? error.message : String(error),
      })
    }
  }

  return (
    <>
      <SendKeysMenu session={session} isDisabled={!isLive} />
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
      <Tooltip content="Save a screenshot">
        <Button
          variant="plain"
          icon={<CameraIcon />}
          aria-label="Save a screenshot"
          isAriaDisabled={!isLive}
          onClick={() => void saveScreenshot()}
        />
      </Tooltip>
    </>
  )
}

function SendKeysMenu({
  session,
  isDisabled,
}: {
  session: ConsoleSession<VncDisplay>
  isDisabled: boolean
}) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Dropdown
      isOpen={isOpen && !isDisabled}
      onOpenChange={setIsOpen}
      // The screen takes the focus after keys were sent, not the menu's button.
      shouldFocusToggleOnSelect={false}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          isExpanded={isOpen && !isDisabled}
          isDisabled={isDisabled}
          onClick={() => setIsOpen(!isOpen)}
        >
          Send keys
        </MenuToggle>
      )}
    >
      <DropdownList>
        {keyCombinations.map(({ label, keys }) => (
          <DropdownItem
            key={label}
            onClick={() => {
              setIsOpen(false)
              session.display?.sendKeys(keys)
            }}
          >
            {label}
          </DropdownItem>
        ))}
      </DropdownList>
    </Dropdown>
  )
}

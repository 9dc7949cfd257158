import {
  Divider,
  Dropdown,
  DropdownGroup,
  DropdownItem,
  DropdownList,
  MenuToggle,
} from '@patternfly/react-core'
import { useState } from 'react'

import type { SerialCommands } from './serial-commands.ts'
import { stepFontSize, type useSerialSettings } from './serial-settings.ts'
import { themeChoices, type ThemeChoice } from './terminal-themes.ts'

const themeLabels: Record<ThemeChoice, string> = {
  dark: 'Dark',
  light: 'Light',
  page: 'As the page',
  contrast: 'High contrast',
}

interface CopyItemsProps {
  commands: SerialCommands
  hasSelection: boolean
  isLive: boolean
}

/** Items about the clipboard; both menus have them. */
export function CopyItems({ commands, hasSelection, isLive }: CopyItemsProps) {
  return (
    <>
      <DropdownItem
        isAriaDisabled={!hasSelection}
        description={hasSelection ? undefined : 'Nothing is selected.'}
        onClick={commands.copySelection}
      >
        Copy selection
      </DropdownItem>
      <DropdownItem onClick={commands.copyAll}>Copy all</DropdownItem>
      <DropdownItem onClick={commands.selectAll}>Select all</DropdownItem>
      <DropdownItem
        isAriaDisabled={!isLive}
        description={isLive ? undefined : 'The console is not connected.'}
        onClick={commands.paste}
      >
        Paste
      </DropdownItem>
    </>
  )
}

interface TerminalMenuProps extends CopyItemsProps {
  options: ReturnType<typeof useSerialSettings>
}

/** What is not needed all the time. */
export function TerminalMenu({ commands, hasSelection, isLive, options }: TerminalMenuProps) {
  const [isOpen, setIsOpen] = useState(false)
  const { settings, chooseTheme, setTimes, setRead } = options
  const close = () => setIsOpen(false)
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      isScrollable
      className="kc-serial-menu"
      maxMenuHeight="min(42rem, 58dvh)"
      popperProps={{ position: 'end', preventOverflow: true }}
      toggle={(ref) => (
        <MenuToggle ref={ref} isExpanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          Terminal
        </MenuToggle>
      )}
    >
      <DropdownList onClick={close}>
        <CopyItems {...{ commands, hasSelection, isLive }} />
      </DropdownList>
      <Divider />
      <DropdownList onClick={close}>
        <DropdownItem
          description="Since the session began, as plain text"
          onClick={commands.downloadText}
        >
          Download log
        </DropdownItem>
        <DropdownItem
          description="Every byte, with escape sequences"
          onClick={commands.downloadRaw}
        >
          Download raw log
        </DropdownItem>
        <DropdownItem onClick={commands.clear}>Clear</DropdownItem>
        <DropdownItem description="If characters look wrong" onClick={commands.reset}>
          Reset terminal
        </DropdownItem>
      </DropdownList>
      <Divider />
      <DropdownGroup label={`Font size: ${settings.fontSize} px`}>
        <DropdownList className="kc-serial-menu-row">
          <DropdownItem onClick={() => stepFontSize(1)}>Larger</DropdownItem>
          <DropdownItem onClick={() => stepFontSize(-1)}>Smaller</DropdownItem>
          <DropdownItem onClick={() => stepFontSize(0)}>Usual size</DropdownItem>
        </DropdownList>
      </DropdownGroup>
      <Divider />
      <DropdownGroup label="Theme">
        <DropdownList className="kc-serial-menu-row">
          {themeChoices.map((theme) => (
            <DropdownItem
              key={theme}
              isSelected={settings.theme === theme}
              onClick={() => chooseTheme(theme)}
            >
              {themeLabels[theme]}
            </DropdownItem>
          ))}
        </DropdownList>
      </DropdownGroup>
      <Divider />
      <DropdownList>
        <DropdownItem isSelected={settings.hasTimes} onClick={() => setTimes(!settings.hasTimes)}>
          Timestamps
        </DropdownItem>
        <DropdownItem
          isSelected={settings.isRead}
          description="Lines are read out as they come"
          onClick={() => setRead(!settings.isRead)}
        >
          Screen reader mode
        </DropdownItem>
      </DropdownList>
    </Dropdown>
  )
}

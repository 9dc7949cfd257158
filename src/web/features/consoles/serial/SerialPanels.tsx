import './serial.css'
import { useEffect, useSyncExternalStore } from 'react'

import type { ConsoleSession } from '../session/console-session.ts'
import { PasteDialog } from './PasteDialog.tsx'
import { PointerMenu } from './PointerMenu.tsx'
import { SearchPanel } from './SearchPanel.tsx'
import { serialCommands } from './serial-commands.ts'
import type { SerialDisplay } from './serial-display.ts'
import { useSerialSettings } from './serial-settings.ts'

interface SerialPanelsProps {
  session: ConsoleSession<SerialDisplay>
  isLive: boolean
  name: string
}

/** Keeps a terminal as the user wants it, and opens over it. It stands before the screen, and takes no room. */
export function SerialPanels({ session, isLive, name }: SerialPanelsProps) {
  const { display } = session
  return display && <OpenPanels {...{ display, isLive, name }} />
}

function OpenPanels({
  display,
  isLive,
  name,
}: Omit<SerialPanelsProps, 'session'> & { display: SerialDisplay }) {
  const { isSearching, found, menuAt, hasSelection, pasting } = useSyncExternalStore(
    display.subscribe,
    display.getView,
  )
  const { settings } = useSerialSettings()
  useEffect(() => display.configure(settings), [display, settings])
  return (
    <div className="kc-serial-panels">
      {isSearching && <SearchPanel display={display} found={found} />}
      {menuAt && (
        <PointerMenu
          at={menuAt}
          commands={serialCommands(display, name)}
          hasSelection={hasSelection}
          isLive={isLive}
          onClose={display.closeMenu}
        />
      )}
      {pasting !== undefined && (
        <PasteDialog text={pasting} name={name} onAnswer={display.answerPaste} />
      )}
    </div>
  )
}

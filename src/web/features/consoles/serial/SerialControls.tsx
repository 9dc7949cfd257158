import { Button, Tooltip } from '@patternfly/react-core'
import { SearchIcon } from '@patternfly/react-icons'
import { useSyncExternalStore } from 'react'

import type { ConsoleSession } from '../session/console-session.ts'
import { RecordButton } from './RecordButton.tsx'
import { serialCommands } from './serial-commands.ts'
import type { SerialDisplay } from './serial-display.ts'
import { useSerialSettings } from './serial-settings.ts'
import { TerminalMenu } from './TerminalMenu.tsx'

interface SerialControlsProps {
  session: ConsoleSession<SerialDisplay>
  isLive: boolean
  name: string
}

/** What the bar offers for a terminal. Without one that is loaded there is nothing to offer. */
export function SerialControls({ session, isLive, name }: SerialControlsProps) {
  const { display } = session
  return display && <LoadedControls {...{ display, isLive, name }} />
}

interface LoadedProps {
  display: SerialDisplay
  isLive: boolean
  name: string
}

function LoadedControls({ display, isLive, name }: LoadedProps) {
  const view = useSyncExternalStore(display.subscribe, display.getView)
  const options = useSerialSettings()
  const commands = serialCommands(display, name)
  return (
    <>
      <Tooltip content="Search the terminal (Ctrl+F)">
        <Button
          variant="plain"
          icon={<SearchIcon />}
          aria-label="Search"
          aria-pressed={view.isSearching}
          onClick={() => display.setSearching(!view.isSearching)}
        />
      </Tooltip>
      <RecordButton display={display} view={view} onStop={commands.saveRecording} />
      <TerminalMenu
        commands={commands}
        hasSelection={view.hasSelection}
        isLive={isLive}
        options={options}
      />
    </>
  )
}

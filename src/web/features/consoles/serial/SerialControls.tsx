import './serial.css'
import { Button, Tooltip } from '@patternfly/react-core'
import { SearchIcon } from '@patternfly/react-icons'
import { useEffect, useSyncExternalStore } from 'react'
import { createPortal } from 'react-dom'

import { copyToClipboard } from '../../../ui/clipboard.ts'
import { downloadFile } from '../../../ui/download-file.ts'
import { showToast } from '../../../ui/toasts.tsx'
import type { ConsoleSession } from '../session/console-session.ts'
import { PasteDialog } from './PasteDialog.tsx'
import { plainLog } from './plain-log.ts'
import { PointerMenu } from './PointerMenu.tsx'
import { RecordButton } from './RecordButton.tsx'
import { SearchPanel } from './SearchPanel.tsx'
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
  return display && <LoadedControls {...{ display, session, isLive, name }} />
}

function LoadedControls({
  display,
  session,
  isLive,
  name,
}: SerialControlsProps & { display: SerialDisplay }) {
  const view = useSyncExternalStore(display.subscribe, display.getView)
  const options = useSerialSettings()
  const { settings } = options
  useEffect(() => display.configure(settings), [display, settings])

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
      {createPortal(
        <>
          {view.isSearching && <SearchPanel display={display} found={view.found} />}
          {view.menuAt && (
            <PointerMenu
              at={view.menuAt}
              commands={commands}
              hasSelection={view.hasSelection}
              isLive={isLive}
              onClose={display.closeMenu}
            />
          )}
        </>,
        session.element,
      )}
      {view.pasting !== undefined && (
        <PasteDialog text={view.pasting} name={name} onAnswer={display.answerPaste} />
      )}
    </>
  )
}

export interface SerialCommands {
  copySelection: () => void
  copyAll: () => void
  selectAll: () => void
  paste: () => void
  downloadText: () => void
  downloadRaw: () => void
  clear: () => void
  reset: () => void
  saveRecording: () => void
}

function serialCommands(display: SerialDisplay, name: string): SerialCommands {
  async function copy(text: string, what: string) {
    const isCopied = await copyToClipboard(text)
    showToast(
      isCopied
        ? { variant: 'success', title: `${what} is in the clipboard` }
        : {
            variant: 'warning',
            title: `${what} could not be copied`,
            body: 'The browser refused: pages over plain HTTP may not use the clipboard. Download the log instead.',
          },
    )
    display.focus()
  }

  async function paste() {
    try {
      display.paste(await navigator.clipboard.readText())
    } catch {
      showToast({
        variant: 'warning',
        title: 'The browser does not let the page read the clipboard',
        body: 'Click the terminal and press Ctrl+Shift+V.',
      })
    }
  }

  function fileName(ending: string): string {
    const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
    return `${name}-serial-${time}.${ending}`
  }

  function tellDropped() {
    const { droppedBytes } = display.transcript
    if (droppedBytes === 0) return
    showToast({
      variant: 'warning',
      title: 'The beginning of the log is missing',
      body: `The page keeps the last 64 MiB of a session; ${droppedBytes.toLocaleString()} bytes before them are gone.`,
    })
  }

  async function downloadText() {
    downloadFile(await plainLog(display.transcript.blocks()), fileName('log'))
    tellDropped()
  }

  return {
    copySelection: () => void copy(display.selection(), 'The selection'),
    copyAll: () => void copy(display.text(), 'The text of the terminal'),
    selectAll: display.selectAll,
    paste: () => void paste(),
    downloadText: () => void downloadText(),
    downloadRaw() {
      downloadFile(
        new Blob(display.transcript.blocks(), { type: 'application/octet-stream' }),
        fileName('raw'),
      )
      tellDropped()
    },
    clear: display.clear,
    reset: display.reset,
    saveRecording() {
      const file = display.stopRecording()
      if (file) downloadFile(file, fileName('cast'))
    },
  }
}

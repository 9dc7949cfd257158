import { Alert, Button, TextInput } from '@patternfly/react-core'
import { useEffect, useId, useState, type ClipboardEvent, type KeyboardEvent } from 'react'

import { confirm } from '../../../ui/confirm.tsx'
import { createReleaseDetector } from '../session/keyboard-release.ts'
import { keyStroke } from '../session/remote-input.ts'
import type { Broadcast, BroadcastState } from './broadcast.ts'

interface BroadcastBarProps {
  broadcast: Broadcast
  state: BroadcastState
}

/** Whether a key is how the browser pastes, which brings a paste event. */
function isPaste({ key, ctrlKey, shiftKey, metaKey }: KeyboardEvent): boolean {
  const isV = key.toLowerCase() === 'v'
  return (isV && (metaKey || (ctrlKey && shiftKey))) || (key === 'Insert' && shiftKey)
}

/** Where one types to several consoles at once; every key goes out while it has the focus. */
export function BroadcastBar({ broadcast, state: { members, notes } }: BroadcastBarProps) {
  const id = useId()
  const chosen = members.filter(({ isChosen }) => isChosen)
  const canAll = members.some(({ isChosen, reason }) => !isChosen && reason === undefined)
  const label =
    chosen.length === 0
      ? 'Choose the consoles to type to'
      : `Type to ${chosen.length === 1 ? '1 console' : `${chosen.length} consoles`}`

  const [detectRelease] = useState(() =>
    createReleaseDetector(() => document.getElementById(`${id}-stop`)?.focus()),
  )
  // Keys that are down when the bar goes would stay down in the guests.
  useEffect(() => () => broadcast.release(), [broadcast])

  function handleKey(event: KeyboardEvent) {
    detectRelease(event.nativeEvent)
    // An input method makes a text of it, which arrives by itself.
    if (event.nativeEvent.isComposing || event.key === 'Process' || event.code === '') return
    if (isPaste(event)) return
    event.preventDefault()
    broadcast.key(keyStroke(event.nativeEvent))
  }

  async function paste(text: string) {
    const lines = text.trimEnd().split('\n').length
    const names = chosen.map((one) => one.label).join(', ')
    const isConfirmed =
      lines === 1 ||
      (await confirm({
        title: `Paste ${lines} lines to ${chosen.length} consoles?`,
        consequence: `Each line may run as a command on ${names}.`,
        action: 'Paste',
      }))
    if (isConfirmed) broadcast.paste(text)
  }

  return (
    <section aria-label="Typing to several consoles" className="kc-broadcast">
      <div className="kc-broadcast-line">
        <TextInput
          aria-label={label}
          aria-describedby={`${id}-help`}
          placeholder={label}
          className="kc-broadcast-input"
          value=""
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          isDisabled={chosen.length === 0}
          onKeyDown={handleKey}
          onKeyUp={handleKey}
          onBlur={() => broadcast.release()}
          onChange={(_event, text) => {
            if (text !== '') broadcast.paste(text)
          }}
          onPaste={(event: ClipboardEvent) => {
            event.preventDefault()
            void paste(event.clipboardData.getData('text/plain'))
          }}
        />
        <Button variant="secondary" isDisabled={!canAll} onClick={() => broadcast.chooseAll(true)}>
          All
        </Button>
        <Button
          variant="secondary"
          isDisabled={chosen.length === 0}
          onClick={() => broadcast.chooseAll(false)}
        >
          None
        </Button>
        <Button id={`${id}-stop`} variant="secondary" onClick={() => broadcast.setOn(false)}>
          Stop typing to several
        </Button>
      </div>
      <div id={`${id}-help`} className="kc-broadcast-help">
        Every key goes at once to {chosen.length === 0 ? 'those you choose' : receivers(chosen)}.
        Ctrl+Alt gives the keyboard back, Ctrl+Shift+V pastes.
      </div>
      {notes.map((note) => (
        <Alert
          key={note}
          isInline
          isPlain
          isLiveRegion
          component="p"
          variant="warning"
          title={note}
        />
      ))}
    </section>
  )
}

function receivers(chosen: readonly { label: string }[]): string {
  return chosen.map(({ label }) => label).join(', ')
}

import { FullscreenHint } from './FullscreenButton.tsx'
import type { ConsoleKind, LiveState } from './session/console-state.ts'
import { liveNote } from './session/state-words.ts'

interface KeyboardHintProps {
  kind: ConsoleKind
  /** Undefined while the console is not connected. */
  live: LiveState | undefined
}

/** How the keyboard gets in and out; which half shows depends on where the focus is. */
export function KeyboardHint({ kind, live }: KeyboardHintProps) {
  return (
    // Hidden it keeps its height, so that the screen does not change size with the connection.
    <div className="kc-console-hint" data-hidden={live === undefined}>
      {live && <output className="kc-console-note">{liveNote(live)}</output>}
      <span className="kc-console-hint-outside">
        {kind === 'serial' ? 'Click the terminal to type.' : 'Click the screen to type.'}
      </span>
      <span className="kc-console-hint-inside">
        {kind === 'serial'
          ? 'Every key goes to the guest, Tab included. Ctrl+Alt gives the keyboard back; Ctrl+Shift+C copies, Ctrl+Shift+V pastes.'
          : 'Every key goes to the guest, Tab included. Ctrl+Alt gives the keyboard back.'}
      </span>
      <FullscreenHint />
    </div>
  )
}

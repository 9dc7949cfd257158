import type { ConsoleSession } from '../session/console-session.ts'
import { ConnectionStrip } from './ConnectionStrip.tsx'
import { useKeyBarChoice } from './key-bar-choice.ts'
import { KeyBar } from './KeyBar.tsx'
import { keysDisabledReason } from './keys-disabled.ts'
import { useVncScreen } from './use-vnc-screen.ts'
import type { VncDisplay } from './vnc-display.ts'

interface VncStripsProps {
  session: ConsoleSession<VncDisplay>
  isLive: boolean
}

/** Between the bar and the screen, what was asked for. */
export function VncStrips({ session, isLive }: VncStripsProps) {
  const { display } = session
  const screen = useVncScreen(display)
  const [isKeyBarShown] = useKeyBarChoice()
  return (
    <>
      {isKeyBarShown && (
        <KeyBar
          display={display}
          held={screen?.held ?? {}}
          disabledReason={keysDisabledReason(isLive, screen)}
        />
      )}
      {display && screen?.isConnectionShown && (
        <ConnectionStrip
          display={display}
          screen={screen}
          onClose={() => display.showConnection(false)}
        />
      )}
    </>
  )
}

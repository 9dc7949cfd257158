import type { MachineAction } from '../../ui/machine-actions.ts'
import { StepButton } from './ConsoleMessage.tsx'
import type { ConsoleSession } from './session/console-session.ts'
import type { ConsoleState } from './session/console-state.ts'
import { useIsStartedPaused } from './session/start-and-open.ts'

interface ConsoleStripsProps {
  session: ConsoleSession
  state: ConsoleState
  isGuestPaused: boolean
  /** Absent where the guest can't be paused. */
  unpause: MachineAction | undefined
}

/** What is to be known of a console that can be used as it is, with what would change it. */
export function ConsoleStrips({ session, state, isGuestPaused, unpause }: ConsoleStripsProps) {
  const isStartedPaused = useIsStartedPaused(session)
  return (
    <>
      {isGuestPaused && !isStartedPaused && unpause && (
        <div className="kc-console-strip" role="note">
          <span>Paused: nothing moves, and keys wait.</span>
          <StepButton
            label="Unpause"
            isPrimary={false}
            isSmall
            isPending={unpause.isPending}
            disabledReason={unpause.disabledReason}
            onClick={() => void unpause.run()}
          />
        </div>
      )}
      {state.name === 'live' && state.isFollowing && (
        <div className="kc-console-strip" role="note">
          <span>This window follows another one of yours, and types into it.</span>
          <StepButton
            label="Move here"
            isPrimary={false}
            isSmall
            onClick={() => session.connect({ move: true })}
          />
        </div>
      )}
    </>
  )
}

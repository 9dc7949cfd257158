import { Button } from '@patternfly/react-core'
import { CircleIcon, EyeIcon, LockIcon } from '@patternfly/react-icons'
import { useEffect, useState } from 'react'

import { formatBytes } from '../../../../kube/quantity.ts'
import type { ConsoleSession } from '../session/console-session.ts'
import { modifierNames } from './keyboard-keys.ts'
import type { Recording } from './screen-recorder.ts'
import type { HeldModifiers } from './sticky-modifiers.ts'
import { useVncScreen } from './use-vnc-screen.ts'
import type { VncDisplay } from './vnc-display.ts'

interface ScreenMarksProps {
  session: ConsoleSession<VncDisplay>
}

/** At the screen's edge: what is not as usual, so that nobody wonders or forgets. */
export function ScreenMarks({ session: { display } }: ScreenMarksProps) {
  const screen = useVncScreen(display)
  if (!screen) return null
  const { recording, isViewOnly, isPanning, held } = screen
  return (
    <div className="kc-vnc-marks">
      {recording && <RecordingMark recording={recording} />}
      {isViewOnly && (
        <span className="kc-vnc-mark">
          <EyeIcon /> View only
        </span>
      )}
      {isPanning && <span className="kc-vnc-mark">Dragging moves the screen</span>}
      <HeldMark held={held} onRelease={() => display?.releaseModifiers()} />
    </div>
  )
}

function RecordingMark({ recording: { startedAt, bytes } }: { recording: Recording }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, Math.floor((now - startedAt) / 1000))
  return (
    <span className="kc-vnc-mark" data-recording="true">
      <CircleIcon /> Recording {clock(seconds)} · {formatBytes(bytes)}
    </span>
  )
}

/** `1:02:03`, without hours below one. */
function clock(seconds: number): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  const rest = `${two(minutes % 60)}:${two(seconds % 60)}`
  return minutes < 60 ? rest : `${Math.floor(minutes / 60)}:${rest}`
}

function HeldMark({ held, onRelease }: { held: HeldModifiers; onRelease: () => void }) {
  const names = (how: 'next' | 'locked') => modifierNames.filter((name) => held[name] === how)
  const [next, locked] = [names('next').join('+'), names('locked').join('+')]
  if (next === '' && locked === '') return null
  return (
    <span className="kc-vnc-mark" data-held="true">
      {locked !== '' && (
        <>
          <LockIcon /> {locked} locked
        </>
      )}
      {locked !== '' && next !== '' && ', '}
      {next !== '' && `${next} held for the next key`}
      <Button
        variant="link"
        isInline
        onMouseDown={(event) => event.preventDefault()}
        onClick={onRelease}
      >
        Let go
      </Button>
    </span>
  )
}

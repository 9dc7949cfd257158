import { Button, Tooltip } from '@patternfly/react-core'
import { useEffect, useState } from 'react'

import type { SerialDisplay, SerialView } from './serial-display.ts'

interface RecordButtonProps {
  display: SerialDisplay
  view: SerialView
  /** Ends the recording and saves it. */
  onStop: () => void
}

/** Records the terminal; while it does, it says so in red, and for how long. */
export function RecordButton({ display, view, onStop }: RecordButtonProps) {
  const { recordingSince, isRecordingFull } = view
  if (recordingSince === undefined)
    return (
      <Tooltip content="Record the terminal (asciicast)">
        <Button
          variant="plain"
          icon={<span className="kc-record-mark" />}
          aria-label="Record"
          onClick={display.startRecording}
        />
      </Tooltip>
    )
  return (
    <Tooltip
      content={
        isRecordingFull
          ? 'The recording has its greatest size; what comes now is not in it. Stop and save it'
          : 'Stop recording and save it'
      }
    >
      <Button
        variant="secondary"
        isDanger
        className="kc-recording"
        icon={<span className="kc-record-mark" data-on="true" />}
        aria-label="Stop recording"
        onClick={onStop}
      >
        {isRecordingFull ? 'Full' : <Elapsed since={recordingSince} />}
      </Button>
    </Tooltip>
  )
}

function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, Math.floor((now - since) / 1000))
  const minutes = Math.floor(seconds / 60)
  return <>{`${minutes}:${String(seconds % 60).padStart(2, '0')}`}</>
}

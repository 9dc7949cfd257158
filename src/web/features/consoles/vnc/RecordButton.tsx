import { Button } from '@patternfly/react-core'
import { StopIcon, VideoIcon } from '@patternfly/react-icons'

import { showToast } from '../../../ui/toasts.tsx'
import { recordingObstacle } from './screen-recorder.ts'
import type { VncDisplay } from './vnc-display.ts'

interface RecordButtonProps {
  display: VncDisplay | undefined
  isRecording: boolean
  /** Of the machine. */
  name: string
  /** Why there is no screen to record. */
  disabledReason: string | undefined
}

/** Starts a recording, or stops and saves it. */
export function RecordButton({ display, isRecording, name, disabledReason }: RecordButtonProps) {
  const obstacle = isRecording ? undefined : (recordingObstacle() ?? disabledReason)
  const label = isRecording ? 'Stop recording and save' : 'Record as WebM'

  function start() {
    try {
      display?.startRecording()
    } catch (error) {
      showToast({
        variant: 'danger',
        title: `${name} is not recorded`,
        body: error instanceof Error ? error.message : String(error),
      })
    }
  }

  return (
    <Button
      variant="plain"
      icon={isRecording ? <StopIcon className="kc-vnc-stop" /> : <VideoIcon />}
      aria-label={label}
      data-hint={obstacle ?? label}
      isAriaDisabled={obstacle !== undefined}
      onClick={() => (isRecording ? display?.stopRecording('byUser') : start())}
    />
  )
}

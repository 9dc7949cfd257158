import { useEffect } from 'react'

import type { ConsoleSession } from '../session/console-session.ts'
import { useKeyBarChoice } from './key-bar-choice.ts'
import { keysDisabledReason } from './keys-disabled.ts'
import { RecordButton } from './RecordButton.tsx'
import { ScreenshotMenu } from './ScreenshotMenu.tsx'
import { SendKeysMenu } from './SendKeysMenu.tsx'
import { TypeTextButton } from './type-text/TypeTextButton.tsx'
import { useVncScreen } from './use-vnc-screen.ts'
import { ViewMenu } from './ViewMenu.tsx'
import type { VncDisplay } from './vnc-display.ts'
import { useVncView } from './vnc-view.ts'

interface VncControlsProps {
  session: ConsoleSession<VncDisplay>
  isLive: boolean
  /** Of the machine. */
  namespace: string
  name: string
}

/** What the bar offers for a VNC screen. */
export function VncControls({ session, isLive, namespace, name }: VncControlsProps) {
  const { display } = session
  const screen = useVncScreen(display)
  const [view, chooseView] = useVncView()
  useEffect(() => display?.setView(view), [display, view])
  const [isKeyBarShown, showKeyBar] = useKeyBarChoice()
  const keysReason = keysDisabledReason(isLive, screen)
  const screenReason = isLive ? undefined : 'The screen is not connected'

  return (
    <>
      <SendKeysMenu display={display} disabledReason={keysReason} />
      <TypeTextButton
        session={session}
        namespace={namespace}
        name={name}
        disabledReason={keysReason}
      />
      <ViewMenu
        display={display}
        screen={screen}
        name={name}
        view={view}
        onView={chooseView}
        isKeyBarShown={isKeyBarShown}
        onKeyBar={showKeyBar}
      />
      <ScreenshotMenu display={display} name={name} disabledReason={screenReason} />
      <RecordButton
        display={display}
        isRecording={screen?.recording !== undefined}
        name={name}
        disabledReason={screenReason}
      />
    </>
  )
}

import { Button } from '@patternfly/react-core'
import { CompressIcon, ExpandIcon } from '@patternfly/react-icons'
import { useEffect, useSyncExternalStore, type RefObject } from 'react'

import {
  enterFullscreen,
  fullscreen,
  leaveFullscreen,
  subscribeToFullscreen,
} from './fullscreen.ts'

/** Shows what is in `container`, bar included, on the whole of the user's screen. */
export function FullscreenButton({ container }: { container: RefObject<HTMLElement | null> }) {
  const isFullscreen = useSyncExternalStore(
    subscribeToFullscreen,
    () => fullscreen() !== undefined && fullscreen()?.container === container.current,
  )
  useEffect(() => {
    const { current } = container
    return () => {
      if (current && fullscreen()?.container === current) leaveFullscreen()
    }
  }, [container])
  const label = isFullscreen ? 'Leave fullscreen' : 'Fullscreen'
  return (
    <Button
      variant="plain"
      icon={isFullscreen ? <CompressIcon /> : <ExpandIcon />}
      aria-label={label}
      data-hint={label}
      onClick={() => {
        if (isFullscreen) leaveFullscreen()
        else if (container.current) void enterFullscreen(container.current)
      }}
    />
  )
}

/** While it lasts: how to leave, which depends on whether the guest gets Esc. */
export function FullscreenHint() {
  const hasKeyboard = useSyncExternalStore(subscribeToFullscreen, () => fullscreen()?.hasKeyboard)
  if (hasKeyboard === undefined) return null
  return (
    <span>
      {hasKeyboard
        ? ' The desktop’s own keys go to the guest as well. Hold Esc to leave fullscreen.'
        : ' Esc leaves fullscreen.'}
    </span>
  )
}

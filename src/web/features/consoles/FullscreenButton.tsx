import { Button, Tooltip } from '@patternfly/react-core'
import { CompressIcon, ExpandIcon } from '@patternfly/react-icons'
import { useEffect, useState, type RefObject } from 'react'

/**
 * Shows what is in `container`, bar included, on the whole of the user's screen. It is the page that
 * goes fullscreen, with the container over all else of it: menus, dialogs and messages stand in the
 * page's body, and a browser shows nothing outside of the element that is fullscreen.
 */
export function FullscreenButton({ container }: { container: RefObject<HTMLElement | null> }) {
  const [isFullscreen, setIsFullscreen] = useState(false)
  useEffect(() => {
    const element = container.current
    const leave = () => {
      if (document.fullscreenElement) return
      setIsFullscreen(false)
      element?.removeAttribute('data-fullscreen')
    }
    document.addEventListener('fullscreenchange', leave)
    return () => {
      document.removeEventListener('fullscreenchange', leave)
      // Gone from the page, it would leave the rest of it on the whole screen.
      if (element?.dataset['fullscreen'] !== undefined) void document.exitFullscreen()
    }
  }, [container])
  const label = isFullscreen ? 'Leave fullscreen' : 'Fullscreen'

  function enter() {
    document.documentElement.requestFullscreen().then(
      () => {
        container.current?.setAttribute('data-fullscreen', 'true')
        setIsFullscreen(true)
      },
      // A refusal (an iframe without the permission) leaves the page as it is.
      () => undefined,
    )
  }

  return (
    <Tooltip content={isFullscreen ? label : `${label}; Esc leaves it`}>
      <Button
        variant="plain"
        icon={isFullscreen ? <CompressIcon /> : <ExpandIcon />}
        aria-label={label}
        onClick={() => {
          if (isFullscreen) void document.exitFullscreen()
          else enter()
        }}
      />
    </Tooltip>
  )
}

import { Button, Tooltip } from '@patternfly/react-core'
import { CompressIcon, ExpandIcon } from '@patternfly/react-icons'
import { useEffect, useState, type RefObject } from 'react'

/** Shows what is in `container`, bar included, on the whole of the user's screen. */
export function FullscreenButton({ container }: { container: RefObject<HTMLElement | null> }) {
  const [isFullscreen, setIsFullscreen] = useState(false)
  useEffect(() => {
    const update = () => setIsFullscreen(document.fullscreenElement !== null)
    document.addEventListener('fullscreenchange', update)
    return () => document.removeEventListener('fullscreenchange', update)
  }, [])
  const label = isFullscreen ? 'Leave fullscreen' : 'Fullscreen'
  return (
    <Tooltip content={isFullscreen ? label : `${label}; Esc leaves it`}>
      <Button
        variant="plain"
        icon={isFullscreen ? <CompressIcon /> : <ExpandIcon />}
        aria-label={label}
        onClick={() => {
          // A refusal (an iframe without the permission) leaves the page as it is.
          if (isFullscreen) void document.exitFullscreen()
          else container.current?.requestFullscreen().catch(() => undefined)
        }}
      />
    </Tooltip>
  )
}

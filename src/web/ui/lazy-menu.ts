import { useEffect, useRef, useState } from 'react'

/**
 * For a menu that is made when its toggle is first pointed at or focused: PatternFly's asks the
 * browser to lay out the page each time it is rendered, also while it is closed.
 */
export function useLazyMenu() {
  const [isOpen, setIsOpen] = useState(false)
  const [isWanted, setIsWanted] = useState(false)
  const toggle = useRef<HTMLButtonElement>(null)
  const prepare = () => setIsWanted(true)
  const isMade = isWanted || isOpen
  // PatternFly places a menu beside its toggle only where it was made closed, and opened then.
  const [canOpen, setCanOpen] = useState(false)
  // oxlint-disable-next-line react/set-state-in-effect -- once PatternFly's own effects have run
  useEffect(() => setCanOpen(isMade), [isMade])
  return {
    isOpen: isOpen && canOpen,
    setIsOpen,
    /** Whether to render the menu. */
    isMade,
    toggle,
    /** For the MenuToggle. */
    toggleProps: {
      ref: toggle,
      isExpanded: isOpen,
      onMouseEnter: prepare,
      onFocus: prepare,
      onClick: () => setIsOpen(!isOpen),
    },
  }
}

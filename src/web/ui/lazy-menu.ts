import { useRef, useState } from 'react'

/**
 * For a menu that is made when its toggle is first pointed at or focused: PatternFly's asks the
 * browser to lay out the page each time it is rendered, also while it is closed.
 */
export function useLazyMenu() {
  const [isOpen, setIsOpen] = useState(false)
  const [isWanted, setIsWanted] = useState(false)
  const toggle = useRef<HTMLButtonElement>(null)
  const prepare = () => setIsWanted(true)
  return {
    isOpen,
    setIsOpen,
    /** Whether to render the menu. */
    isMade: isWanted || isOpen,
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

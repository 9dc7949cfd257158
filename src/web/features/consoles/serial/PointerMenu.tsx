import { DropdownList, Menu, MenuContent } from '@patternfly/react-core'
import { useEffect, useRef } from 'react'

import type { SerialCommands } from './serial-commands.ts'
import { CopyItems } from './TerminalMenu.tsx'

interface PointerMenuProps {
  at: { x: number; y: number }
  commands: SerialCommands
  hasSelection: boolean
  isLive: boolean
  onClose: () => void
}

/** The menu of the right mouse button. */
export function PointerMenu({ at, onClose, ...items }: PointerMenuProps) {
  const menu = useRef<HTMLDivElement>(null)
  useEffect(() => {
    menu.current?.querySelector<HTMLElement>('button:not([aria-disabled="true"])')?.focus()
    const closeOutside = (event: Event) => {
      if (!menu.current?.contains(event.target as Node)) onClose()
    }
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' || event.key === 'Tab') onClose()
    }
    document.addEventListener('pointerdown', closeOutside, true)
    document.addEventListener('keydown', closeByKey)
    window.addEventListener('blur', onClose)
    return () => {
      document.removeEventListener('pointerdown', closeOutside, true)
      document.removeEventListener('keydown', closeByKey)
      window.removeEventListener('blur', onClose)
    }
  }, [onClose])

  return (
    <Menu
      ref={menu}
      className="kc-serial-pointer-menu"
      style={{ left: `min(${at.x}px, 100vw - 15rem)`, top: `min(${at.y}px, 100vh - 14rem)` }}
      onSelect={onClose}
    >
      <MenuContent>
        <DropdownList>
          <CopyItems {...items} />
        </DropdownList>
      </MenuContent>
    </Menu>
  )
}

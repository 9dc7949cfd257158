import { Button } from '@patternfly/react-core'
import { KeyboardIcon } from '@patternfly/react-icons'
import { lazy, Suspense, useRef, useState } from 'react'

import type { ConsoleSession } from '../../session/console-session.ts'
import type { VncDisplay } from '../vnc-display.ts'

const TypeTextPanel = lazy(() =>
  import('./TypeTextPanel.tsx').then((module) => ({ default: module.TypeTextPanel })),
)

interface TypeTextButtonProps {
  session: ConsoleSession<VncDisplay>
  namespace: string
  name: string
  /** Why no keys can be sent now. */
  disabledReason: string | undefined
}

/** Opens and closes the panel for typing a text, which stands beside the screen. */
export function TypeTextButton(props: TypeTextButtonProps) {
  const [isOpen, setIsOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const isDisabled = props.disabledReason !== undefined && !isOpen
  return (
    <>
      <Button
        ref={button}
        variant="plain"
        isClicked={isOpen}
        icon={<KeyboardIcon />}
        aria-label="Type text"
        data-hint={isDisabled ? props.disabledReason : 'Type text'}
        aria-expanded={isOpen}
        isAriaDisabled={isDisabled}
        onClick={() => setIsOpen(!isOpen)}
      />
      {isOpen && (
        <Suspense>
          <TypeTextPanel
            {...props}
            onClose={() => {
              setIsOpen(false)
              button.current?.focus()
            }}
          />
        </Suspense>
      )}
    </>
  )
}

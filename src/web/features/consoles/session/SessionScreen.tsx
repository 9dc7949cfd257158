import { useLayoutEffect, useRef, type ReactNode } from 'react'

import type { ConsoleSession } from './console-session.ts'
import type { ConsoleState } from './console-state.ts'

interface SessionScreenProps {
  session: ConsoleSession
  state: ConsoleState
  /** Accessible name of the region. */
  label: string
  /** The user wants to type here, maybe before it is possible. */
  onFocus: () => void
  /** What is said about a live screen, beside which it can be used. */
  note?: ReactNode
  /** At the screen's edge. */
  marks?: ReactNode
  /** What lies over the screen while it is not live. */
  children?: ReactNode
}

/** Puts a session's element on the page, and takes it off again without ending the session. */
export function SessionScreen({
  session,
  state,
  label,
  onFocus,
  note,
  marks,
  children,
}: SessionScreenProps) {
  const holder = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    holder.current?.append(session.element)
    session.attach()
    return () => {
      session.detach()
      session.element.remove()
    }
  }, [session])

  return (
    <section aria-label={label} className="kc-console-screen" data-state={state.name}>
      <div ref={holder} className="kc-console-holder" />
      {note}
      {marks}
      {children !== undefined && (
        // A click beside what lies over the screen is meant for the screen.
        // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- as is the screen below it
        <div
          className="kc-console-overlay"
          onMouseDown={(event) => {
            if (event.target !== event.currentTarget && state.name !== 'connecting') return
            // The browser would take the focus away again.
            event.preventDefault()
            onFocus()
          }}
        >
          {children}
        </div>
      )}
    </section>
  )
}

import { useLayoutEffect, useRef, type ReactNode } from 'react'

import type { ConsoleSession } from './console-session.ts'
import type { ConsoleState } from './console-state.ts'

interface SessionScreenProps {
  session: ConsoleSession
  state: ConsoleState
  /** Accessible name of the region. */
  label: string
  /** What lies over the screen while it is not live. */
  children?: ReactNode
}

/** Puts a session's element on the page, and takes it off again without ending the session. */
export function SessionScreen({ session, state, label, children }: SessionScreenProps) {
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
      {children !== undefined && <div className="kc-console-overlay">{children}</div>}
    </section>
  )
}

import { useEffect } from 'react'
import { useBlocker } from 'react-router'

import { useHost } from '../data/host-context.tsx'
import { confirm } from './confirm.tsx'
import { useUnsavedWork } from './unsaved-work.ts'

interface LeaveQuestionProps {
  /** Whether there is something to lose. */
  isDirty: boolean
  /** What would be lost. */
  consequence: string
}

/** Asks before unsaved work is left behind, inside the console and by closing the window. */
export function LeaveQuestion({ isDirty, consequence }: LeaveQuestionProps) {
  const { providesFrame } = useHost()
  useUnsavedWork(isDirty ? consequence : undefined)
  if (!isDirty) return null
  return providesFrame ? (
    <LinkGuard consequence={consequence} />
  ) : (
    <RouteGuard consequence={consequence} />
  )
}

function ask(consequence: string): Promise<boolean> {
  return confirm({
    title: 'Leave without saving?',
    consequence,
    action: 'Leave',
    isDangerous: true,
  })
}

function RouteGuard({ consequence }: { consequence: string }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => currentLocation.pathname !== nextLocation.pathname,
  )
  useEffect(() => {
    if (blocker.state !== 'blocked') return
    void ask(consequence).then((isConfirmed) => (isConfirmed ? blocker.proceed() : blocker.reset()))
  }, [blocker, consequence])
  return null
}

/** The OpenShift Console's router lets nobody block it; its links can be held back all the same. */
function LinkGuard({ consequence }: { consequence: string }) {
  useEffect(() => {
    let allowed: Element | undefined
    function hold(event: MouseEvent) {
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null
      const leavesPage =
        link instanceof HTMLAnchorElement &&
        link.target !== '_blank' &&
        link.pathname !== location.pathname
      const isPlainClick =
        event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey
      if (!leavesPage || !isPlainClick || link === allowed) return
      event.preventDefault()
      event.stopPropagation()
      void ask(consequence).then((isConfirmed) => {
        if (!isConfirmed) return
        allowed = link
        link.click()
      })
    }
    document.addEventListener('click', hold, { capture: true })
    return () => document.removeEventListener('click', hold, { capture: true })
  }, [consequence])
  return null
}

import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react'

import { useHost, useKube } from '../../data/host-context.tsx'
import { retryLiveCache } from '../../data/live-cache.ts'
import type { Session } from '../../host/contract.ts'
import type { SessionKeeper, SessionState } from '../../host/session-keeper.ts'
import { closeOpenConsoles } from '../../ui/open-consoles.ts'
import { showToast } from '../../ui/toasts.tsx'
import { unsavedWork } from '../../ui/unsaved-work.ts'
import { goAsOther } from './leave-session.ts'

const loadDialog = () => import('./SessionDialog.tsx')
const SessionDialog = lazy(async () => ({ default: (await loadDialog()).SessionDialog }))
/** A gateway that has been updated has new keys, and no longer the files of this page. */
const preloadMs = 10_000

/** Where the end of the session is told and mended; once per page. */
export function SessionHost() {
  const { session, keeper } = useHost()
  return keeper ? <KeptSession session={session} keeper={keeper} /> : null
}

function useSessionState(keeper: SessionKeeper): SessionState {
  return useSyncExternalStore(keeper.subscribe, keeper.getState)
}

function KeptSession({ session, keeper }: { session: Session; keeper: SessionKeeper }) {
  const client = useKube()
  const queryClient = useQueryClient()
  const state = useSessionState(keeper)
  const isSignedOut = state.name === 'ended' && state.cause === 'signedOut'
  const isDismissed = state.name === 'ended' && state.isDismissed

  useEffect(() => {
    const timer = setTimeout(() => void loadDialog().catch(() => undefined), preloadMs)
    return () => clearTimeout(timer)
  }, [])

  useEffect(() => {
    if (state.name !== 'ended') return undefined
    // Once it is over: what has failed meanwhile is asked for again.
    return () => {
      retryLiveCache(client)
      void queryClient.refetchQueries({ predicate: (query) => query.state.status === 'error' })
    }
  }, [client, queryClient, state.name])

  useEffect(() => {
    if (!isSignedOut) return
    closeOpenConsoles()
    // Who signs out wants nothing of theirs left on the screen.
    if (unsavedWork().length === 0) goAsOther()
  }, [isSignedOut])

  useEffect(() => {
    if (!isDismissed) return undefined
    return showToast({
      variant: 'warning',
      title: 'You are not signed in',
      body: 'This page shows what was there before, and nothing can be changed.',
      action: { label: 'Sign in', onClick: () => keeper.ask() },
    })
  }, [isDismissed, keeper])

  if (state.name === 'open' || isDismissed) return null
  return (
    <Suspense fallback={null}>
      <SessionDialog session={session} keeper={keeper} state={state} />
    </Suspense>
  )
}

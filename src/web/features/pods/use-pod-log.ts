import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'

import { useKube } from '../../data/host-context.tsx'
import { createPodLog, type PodLogState } from './pod-log.ts'

/** Whether somebody can see the page: browsers hide tabs behind others. */
function useIsPageVisible(): boolean {
  return useSyncExternalStore(subscribeVisibility, () => document.visibilityState === 'visible')
}

function subscribeVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener)
  return () => document.removeEventListener('visibilitychange', listener)
}

/**
 * The log of one container while the page is looked at. `run` tells one start of the container from
 * the next; the log goes on from one to the other.
 */
export function usePodLog(
  { namespace, name }: { namespace: string; name: string },
  source: { container: string; previous: boolean; tailLines: number },
  now: { isFollowed: boolean; isRunning: boolean; isGone: boolean; run: string },
): PodLogState & { retry: () => void } {
  const client = useKube()
  const { container, previous, tailLines } = source
  const { isFollowed, isRunning, isGone, run } = now
  const isVisible = useIsPageVisible()
  const [attempt, setAttempt] = useState(0)
  const log = useMemo(
    () => createPodLog(client, { namespace, name }, { container, previous, tailLines }),
    [client, namespace, name, container, previous, tailLines],
  )
  useEffect(() => {
    if (!isVisible || isGone) return
    log.start({ isFollowed, isRunning: isRunning && !previous })
    return () => log.stop()
  }, [log, isVisible, isGone, isFollowed, isRunning, previous, run, attempt])
  const state = useSyncExternalStore(log.subscribe, log.getSnapshot)
  return useMemo(() => ({ ...state, retry: () => setAttempt((count) => count + 1) }), [state])
}

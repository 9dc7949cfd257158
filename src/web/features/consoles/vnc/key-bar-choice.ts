import { useSyncExternalStore } from 'react'

import { useStoredChoice } from '../../../ui/stored-choice.ts'

const touch = () => window.matchMedia('(pointer: coarse)')

function subscribeToPointer(listener: () => void): () => void {
  const query = touch()
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

/** Whether the key bar is shown: as chosen, or else where fingers do the pointing. */
export function useKeyBarChoice(): [isShown: boolean, choose: (isShown: boolean) => void] {
  const [chosen, store] = useStoredChoice('console-key-bar')
  const isTouch = useSyncExternalStore(subscribeToPointer, () => touch().matches)
  return [
    chosen === undefined ? isTouch : chosen === 'shown',
    (isShown) => store(isShown ? 'shown' : 'hidden'),
  ]
}

import { useCallback, useMemo } from 'react'

import { useStoredChoice } from '../../../ui/stored-choice.ts'
import { parseOwnCombinations, type OwnCombination } from './key-combinations.ts'

/** The user's own key combinations, which this browser keeps. */
export function useOwnCombinations(): [
  combinations: OwnCombination[],
  save: (combinations: OwnCombination[]) => void,
] {
  const [stored, store] = useStoredChoice('console-key-combinations')
  const combinations = useMemo(() => parseOwnCombinations(stored), [stored])
  const save = useCallback((next: OwnCombination[]) => store(JSON.stringify(next)), [store])
  return [combinations, save]
}

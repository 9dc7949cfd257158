import { useLayoutEffect, type RefObject } from 'react'

/**
 * Marks the console that something stands beside, for the styles of the whole of it. With `:has()`
 * instead, the browser would look through all styles again at each change of the page: on a console
 * that is being connected that was nine tenths of it.
 * @param inside anything within the console
 */
export function useBesideMark(
  inside: RefObject<HTMLElement | null>,
  mark: 'besidePanel' | 'besideTypeText',
  isShown: boolean,
): void {
  useLayoutEffect(() => {
    const pane = isShown ? inside.current?.closest<HTMLElement>('.kc-consoles') : undefined
    if (!pane) return undefined
    pane.dataset[mark] = 'true'
    return () => {
      delete pane.dataset[mark]
    }
  }, [inside, mark, isShown])
}

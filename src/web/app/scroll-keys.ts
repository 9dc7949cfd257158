import { useEffect } from 'react'

const keys = new Set(['PageUp', 'PageDown', 'Home', 'End', 'ArrowUp', 'ArrowDown', ' '])

/** The page scrolls inside the frame: keys that find the focus nowhere are meant for it. */
export function useScrollKeys(): void {
  useEffect(() => {
    function give({ key }: KeyboardEvent) {
      if (!keys.has(key) || document.activeElement !== document.body) return
      const scroller = document.querySelector<HTMLElement>(
        '.kc-table-scroller, main:not(:has(.kc-table-scroller))',
      )
      scroller?.focus({ preventScroll: true })
    }
    document.addEventListener('keydown', give)
    return () => document.removeEventListener('keydown', give)
  }, [])
}

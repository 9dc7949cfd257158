import { startTransition, useLayoutEffect, useState } from 'react'

/** Fine enough to decide what fits, coarse enough not to render for each pixel of a resize. */
const stepPx = 8

/** The width of an element in CSS pixels, rounded down to steps; `undefined` before it is there. */
export function useElementWidth(element: HTMLElement | null): number | undefined {
  const [width, setWidth] = useState<number>()
  useLayoutEffect(() => {
    if (!element) return
    // In a transition: what depends on it may be a long table, which is then rendered in slices.
    const measure = () =>
      startTransition(() => setWidth(Math.floor(element.clientWidth / stepPx) * stepPx))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return width
}

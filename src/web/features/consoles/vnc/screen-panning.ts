/**
 * Moves a screen that is larger than its frame. The frame scrolls, so its bars tell where one is;
 * with the focus on it, arrow keys and Page Up and Down scroll as on any page.
 */

/** What noVNC would send to the guest. */
const pointerEvents = ['mousedown', 'mouseup', 'mousemove', 'wheel'] as const
const touchEvents = ['touchstart', 'touchmove', 'touchend', 'touchcancel'] as const

/** While it lasts, dragging and the wheel move the screen and don't reach the guest. */
export function panByDragging(
  element: HTMLElement,
  scroller: () => HTMLElement | null,
): () => void {
  let from: { x: number; y: number } | undefined

  function keep(event: Event) {
    event.stopPropagation()
  }
  function handleDown(event: PointerEvent) {
    // A finger scrolls by itself once noVNC lets it.
    if (event.pointerType === 'touch' || event.button !== 0) return
    from = { x: event.clientX, y: event.clientY }
    element.setPointerCapture(event.pointerId)
  }
  function handleMove(event: PointerEvent) {
    if (!from) return
    scroller()?.scrollBy(from.x - event.clientX, from.y - event.clientY)
    from = { x: event.clientX, y: event.clientY }
  }
  function handleUp() {
    from = undefined
  }

  const abort = new AbortController()
  const { signal } = abort
  for (const type of [...pointerEvents, ...touchEvents])
    element.addEventListener(type, keep, { capture: true, signal })
  element.addEventListener('pointerdown', handleDown, { signal })
  element.addEventListener('pointermove', handleMove, { signal })
  element.addEventListener('pointerup', handleUp, { signal })
  element.addEventListener('pointercancel', handleUp, { signal })
  element.dataset.panning = 'true'
  return () => {
    abort.abort()
    delete element.dataset.panning
  }
}

/** Whether there is anything to pan; if so, the keyboard can as well. */
export function updateScroller(scroller: HTMLElement): boolean {
  const overflows =
    scroller.scrollWidth > scroller.clientWidth || scroller.scrollHeight > scroller.clientHeight
  if (overflows) {
    scroller.tabIndex = 0
    scroller.setAttribute('role', 'group')
    scroller.setAttribute('aria-label', 'Part of the screen that is shown; arrow keys move it')
  } else {
    for (const name of ['tabindex', 'role', 'aria-label']) scroller.removeAttribute(name)
  }
  return overflows
}

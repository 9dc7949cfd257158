/** Rows that stand still while someone is about to click on one of them. */
import { useEffect, useMemo, useState, type FocusEvent, type RefObject } from 'react'

import { keepOrder } from './arrange-rows.ts'

export interface SteadyRow {
  /** Unique in its list. */
  key: string
}

interface Frozen<R> {
  order: string
  rows: readonly R[]
}

/** The rows in the order to show, which stands still while the pointer or the focus is on them. */
export function useSteadyRows<R extends SteadyRow>(
  arranged: readonly R[],
  order: string,
  scroller: RefObject<HTMLElement>,
) {
  const [pointed, setPointed] = useState<Frozen<R>>()
  const [focused, setFocused] = useState<Frozen<R>>()
  const frozen = [pointed, focused].find((one) => one?.order === order)
  const steady = useMemo(
    () =>
      frozen ? keepOrder(frozen.rows, arranged) : arranged.map((row) => ({ row, isGone: false })),
    [arranged, frozen],
  )
  const current = () => ({ order, rows: steady.map(({ row }) => row) })
  // A row that is gone or scrolled away takes the focus with it, and no event tells so: looked for
  // whenever the rows in the page may have changed.
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- it ends by unsetting what it waits for
  useEffect(() => {
    if (!focused || !isFocusLost()) return
    // oxlint-disable-next-line react/set-state-in-effect -- the focus is no state of React's
    setFocused(undefined)
    scroller.current?.focus({ preventScroll: true })
  })
  return {
    steady,
    freezing: {
      onMouseOver: () => {
        if (pointed?.order !== order) setPointed(current())
      },
      onMouseLeave: () => setPointed(undefined),
      // What is set already, not what was rendered last: the focus may have been lost just before.
      onFocus: () => setFocused((now) => (now?.order === order ? now : current())),
      onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => {
        if (!currentTarget.contains(relatedTarget)) setFocused(undefined)
      },
    },
  }
}

function isFocusLost(): boolean {
  const { activeElement, body } = document
  return !activeElement || activeElement === body || activeElement.closest('[inert]') !== null
}

import { render, screen } from '@testing-library/react'
import { useEffect, useRef } from 'react'
import { expect, it } from 'vitest'

import { useSteadyRows } from './steady-rows.ts'

interface WindowedProps {
  keys: readonly string[]
  /** Only these are in the page, as in a list that is scrolled. */
  inView: readonly string[]
  wanted: string
}

/** A list that takes the focus to a row as soon as that is in the page. */
function Windowed({ keys, inView, wanted }: WindowedProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const { steady, freezing } = useSteadyRows(
    keys.map((key) => ({ key })),
    'by name',
    scroller as React.RefObject<HTMLElement>,
  )
  useEffect(() => {
    scroller.current?.querySelector<HTMLElement>(`[data-key="${wanted}"]`)?.focus()
  }, [inView, wanted])
  return (
    <div ref={scroller} tabIndex={-1}>
      <div {...freezing}>
        {steady
          .filter(({ row }) => inView.includes(row.key))
          .map(({ row }) => (
            <button key={row.key} type="button" data-key={row.key}>
              {row.key}
            </button>
          ))}
      </div>
    </div>
  )
}

it('stands still for the row that the focus is taken to as the one that had it scrolls away', () => {
  const { rerender } = render(<Windowed keys={['b', 'd']} inView={['b']} wanted="b" />)
  expect(document.activeElement?.textContent).toBe('b')
  rerender(<Windowed keys={['b', 'd']} inView={['d', 'c']} wanted="d" />)
  expect(document.activeElement?.textContent).toBe('d')
  rerender(<Windowed keys={['b', 'c', 'd']} inView={['d', 'c']} wanted="d" />)
  expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['d', 'c'])
})

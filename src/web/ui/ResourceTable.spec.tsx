import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { ResourceTable, type TableColumn } from './ResourceTable.tsx'

interface Row {
  key: string
  age: number
}

const columns: TableColumn<Row>[] = [
  { id: 'name', title: 'Name', render: ({ key }) => <a href={`#${key}`}>{key}</a> },
  { id: 'age', title: 'Age', render: ({ age }) => age, sortValue: ({ age }) => age },
  { id: 'do', title: 'Do', isAction: true, render: ({ key }) => <button>Do {key}</button> },
]

function table(...rows: Row[]) {
  return (
    <ResourceTable
      label="Things"
      columns={columns}
      rows={rows}
      sort={{ column: 'age', isDescending: false }}
      onSort={() => undefined}
      query=""
    />
  )
}

const names = () => screen.getAllByRole('link').map(({ textContent }) => textContent)
const focusOn = (role: 'link' | 'button', name: string) =>
  act(() => screen.getByRole(role, { name }).focus())

// Rows are laid out for the height of the table, which this environment has none of.
beforeEach(() => {
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(500)
})

afterEach(cleanup)

describe('ResourceTable', () => {
  const a = { key: 'a', age: 1 }
  const b = { key: 'b', age: 2 }

  it('keeps the order while the focus moves among its rows, and no longer', () => {
    const { rerender } = render(table(a, b))
    focusOn('link', 'a')
    rerender(table({ ...a, age: 3 }, b))
    expect(names()).toEqual(['a', 'b'])
    focusOn('button', 'Do a')
    expect(names()).toEqual(['a', 'b'])
    act(() => screen.getByRole('button', { name: 'Do a' }).blur())
    expect(names()).toEqual(['b', 'a'])
  })

  it('lets a row go whose button had the focus, and keeps the focus in the table', () => {
    const { rerender, container } = render(table(a, b))
    focusOn('button', 'Do a')
    rerender(table(b))
    expect(names()).toEqual(['b'])
    expect(document.activeElement).toBe(container.firstElementChild)
  })

  it('keeps a row that goes away under the pointer', () => {
    const { rerender, container } = render(table(a, b))
    fireEvent.mouseOver(screen.getByRole('link', { name: 'a' }))
    rerender(table(b))
    expect(names()).toEqual(['a', 'b'])
    fireEvent.mouseLeave(container.querySelector('tbody') as HTMLElement)
    expect(names()).toEqual(['b'])
  })
})

import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { MemoryRouter, useLocation } from 'react-router'
import { afterEach, describe, expect, it } from 'vitest'

import type { ListedMachine } from './machine-rows.ts'
import { SelectionBar } from './SelectionBar.tsx'

const rows = ['api', 'db', 'web'].map(
  (name) => ({ key: `demo/${name}`, namespace: 'demo', name }) as ListedMachine,
)

function Address() {
  const { pathname, search } = useLocation()
  return <p>{decodeURIComponent(pathname + search)}</p>
}

function show(...keys: string[]) {
  render(
    <MemoryRouter>
      <SelectionBar selected={new Set(keys)} rows={rows} onClear={() => undefined} />
      <Address />
    </MemoryRouter>,
  )
}

afterEach(cleanup)

describe('SelectionBar', () => {
  it('opens the consoles in the order in which they were chosen', () => {
    show('demo/web', 'demo/api')
    fireEvent.click(screen.getByRole('button', { name: 'Open side by side' }))
    expect(screen.getByText(/consoles\?c=demo\/web\/vnc&c=demo\/api\/vnc$/)).toBeDefined()
  })

  it('leaves out what has gone out of sight, and is not there without any', () => {
    show('demo/gone', 'demo/db')
    expect(screen.getByText('1 selected')).toBeDefined()
    cleanup()
    show('demo/gone')
    expect(screen.queryByRole('button')).toBeNull()
  })
})

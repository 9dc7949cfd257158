import { fireEvent, render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'

import { FacetMenu } from './FacetMenu.tsx'

it('keeps what is typed while the list still changes, and counts anew', async () => {
  const menu = (values: string[]) => (
    <FacetMenu
      title="Label"
      chosen={[]}
      onToggle={() => undefined}
      options={() => values.map((value) => ({ value, count: 1 }))}
      version={String(values.length)}
      canType
    />
  )
  const { rerender } = render(menu(['app=web']))
  fireEvent.click(screen.getByRole('button', { name: 'Filter by Label' }))
  const find = await screen.findByRole('textbox', { name: 'Find in Label' })
  fireEvent.change(find, { target: { value: 'purpose' } })
  rerender(menu(['app=web', 'purpose=test']))
  await screen.findByRole('menuitem', { name: /purpose=test/ })
  expect(screen.getByDisplayValue('purpose')).toBe(find)
  expect(screen.queryByRole('menuitem', { name: /app=web/ })).toBeNull()
})

/** In a file of its own: what the first dialog of a page does differs from what later ones do. */
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useForm } from 'react-hook-form'
import { expect, it, vi } from 'vitest'

import { FormSearchField } from '../form-fields/FormSearchField.tsx'
import { FormShell } from './FormShell.tsx'

function TestForm({ onClose }: { onClose: () => void }) {
  const form = useForm({ defaultValues: { claim: '' } })
  return (
    <FormShell
      title="Insert"
      form={form}
      steps={undefined}
      effect={undefined}
      submitLabel="Insert"
      onReload={async () => undefined}
      onClose={onClose}
    >
      <FormSearchField
        form={form}
        name="claim"
        label="Claim"
        placeholder="Find a claim"
        emptyText="There is none."
        choices={[{ value: 'tools-iso', description: '64 MiB' }]}
      />
    </FormShell>
  )
}

it('closes an open list before it closes the dialog, also the first on a page', async () => {
  const onClose = vi.fn<() => void>()
  render(<TestForm onClose={onClose} />)
  await userEvent.click(screen.getByRole('combobox', { name: 'Claim' }))
  await userEvent.keyboard('{Escape}')
  expect(screen.queryByRole('option')).toBeNull()
  expect(onClose).not.toHaveBeenCalled()
  await userEvent.keyboard('{Escape}')
  expect(onClose).toHaveBeenCalledOnce()
})

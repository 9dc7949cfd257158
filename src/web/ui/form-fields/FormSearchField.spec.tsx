import { Modal } from '@patternfly/react-core'
import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useForm } from 'react-hook-form'
import { afterEach, expect, it } from 'vitest'

import { FormSearchField } from './FormSearchField.tsx'

afterEach(cleanup)

function TestForm() {
  const form = useForm({ defaultValues: { claim: '' } })
  return (
    <Modal isOpen aria-label="Insert">
      <FormSearchField
        form={form}
        name="claim"
        label="Claim"
        placeholder="Find a claim"
        emptyText="There is none."
        choices={[{ value: 'tools-iso', description: '64 MiB' }]}
      />
    </Modal>
  )
}

it('keeps its list within reach when the dialog around it renders again', async () => {
  const { rerender } = render(<TestForm />)
  await userEvent.click(screen.getByRole('combobox', { name: 'Claim' }))
  rerender(<TestForm />)
  expect(screen.getByRole('option', { name: /^tools-iso/ })).toBeTruthy()
})

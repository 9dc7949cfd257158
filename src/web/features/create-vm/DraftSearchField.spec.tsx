import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { afterEach, expect, it } from 'vitest'

import { KubeError } from '../../../kube/kube-error.ts'
import { CurrentDraft } from './draft-context.ts'
import { newDraft } from './draft/draft.ts'
import { vmName } from './draft/vm-fields.ts'
import { DraftSearchField } from './DraftSearchField.tsx'

afterEach(cleanup)

/** The field over a draft's name, which stands below it. */
function Step({ error }: { error: KubeError | null }) {
  const [draft, change] = useState(newDraft('demo'))
  return (
    <CurrentDraft.Provider value={{ draft, namespace: 'demo', change, problems: {} }}>
      <DraftSearchField
        field={vmName}
        label="Claim"
        choices={[{ value: 'tools-iso', description: '64 MiB' }]}
        placeholder="Type to find one"
        emptyText="There is none."
        error={error}
      />
      <output>{vmName.get(draft)}</output>
    </CurrentDraft.Provider>
  )
}

it('takes what is found by what is typed', async () => {
  render(<Step error={null} />)
  await userEvent.type(screen.getByRole('combobox', { name: 'Claim' }), '64')
  await userEvent.click(await screen.findByRole('option', { name: /tools-iso/ }))
  expect(screen.getByRole('status').textContent).toBe('tools-iso')
})

it('takes a name that is typed by who may list none', async () => {
  render(<Step error={new KubeError(403, 'claims is forbidden')} />)
  expect(screen.getByText(/claims is forbidden/)).toBeTruthy()
  await userEvent.type(screen.getByRole('textbox', { name: 'Claim' }), 'data')
  expect(screen.getByRole('status').textContent).toBe('data')
})

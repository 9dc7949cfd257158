import { cleanup, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it } from 'vitest'

import { nodeKind, resourceQuotaKind } from '../../../../kube/kinds.ts'
import { newDraft } from '../draft/draft.ts'
import { manyCount } from '../draft/many.ts'
import { renderStep } from '../spec-step.tsx'
import { SizeStep } from './SizeStep.tsx'

afterEach(cleanup)

const node = {
  metadata: { name: 'one', labels: { 'kubevirt.io/schedulable': 'true' } },
  status: { allocatable: { cpu: '8', memory: '32Gi' } },
}
const hard = { 'requests.memory': '10Gi' }
const quota = { metadata: { name: 'team' }, spec: { hard }, status: { hard, used: {} } }

it('says while one chooses what there is room for', async () => {
  const user = userEvent.setup()
  renderStep(<SizeStep />, {
    draft: manyCount.set(newDraft('demo'), '4'),
    objects: [
      [nodeKind, [node]],
      [resourceQuotaKind, [quota]],
    ],
  })
  await screen.findByText(
    'The namespace’s quota leaves room for 4 of these (team: requests.memory).',
  )
  expect(screen.getByText(/^Fits on the one node now\./)).toBeTruthy()
  const memory = screen.getByRole('textbox', { name: 'Memory' })
  await user.clear(memory)
  await user.type(memory, '4')
  await screen.findByText('Quota team leaves 10 GiB of requests.memory: room for 2 of the 4.')
  await user.clear(memory)
  await user.type(memory, '40')
  await screen.findByText(/^Too large for the one node: the largest has 8 CPUs and 32 GiB/)
})

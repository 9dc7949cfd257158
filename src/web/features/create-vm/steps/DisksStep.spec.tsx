import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useEffect, useState } from 'react'
import { afterEach, expect, it, vi } from 'vitest'

import type { KubeClient } from '../../../../kube/client.ts'
import { KubeError } from '../../../../kube/kube-error.ts'
import { HostProvider } from '../../../data/host-context.tsx'
import type { Host } from '../../../host/contract.ts'
import { CurrentDraft } from '../draft-context.ts'
import { devicesOf, newDraft } from '../draft/draft.ts'
import { DisksStep } from './DisksStep.tsx'

afterEach(cleanup)

const create = vi.fn<(...given: unknown[]) => Promise<object>>()
const client = {
  read: () => Promise.resolve({ items: [] }),
  review: () => Promise.resolve({ status: { allowed: true } }),
  create,
} as unknown as KubeClient

/** The draft as it was drawn last. */
const drawn = { draft: newDraft('demo') }

function Step() {
  const [current, setCurrent] = useState(drawn.draft)
  useEffect(() => {
    drawn.draft = current
  }, [current])
  return (
    <CurrentDraft.Provider
      value={{ draft: current, namespace: 'demo', change: setCurrent, problems: {} }}
    >
      <DisksStep />
    </CurrentDraft.Provider>
  )
}

it('adds, changes and removes a disk by the form of a VM’s own page', async () => {
  const user = userEvent.setup()
  const refusal = {
    field: 'spec.template.spec.domain.devices.disks[0].disk.bus',
    message: 'no such bus',
  }
  create.mockRejectedValueOnce(
    new KubeError(422, 'refused', { causes: [refusal, { field: 'spec.other', message: 'else' }] }),
  )
  create.mockResolvedValue({})
  render(
    <QueryClientProvider client={new QueryClient()}>
      <HostProvider host={{ session: { user: 'me' } } as unknown as Host} client={client}>
        <Step />
      </HostProvider>
    </QueryClientProvider>,
  )
  await user.click(screen.getByRole('button', { name: 'Add disk' }))
  const dialog = await screen.findByRole('dialog', { name: 'Add a disk' })
  expect(within(dialog).getByRole('textbox', { name: 'PVC name' })).toHaveProperty(
    'value',
    'vm-disk-1',
  )
  await user.click(within(dialog).getByRole('button', { name: 'Add disk' }))
  expect(await within(dialog).findByText('no such bus')).toBeTruthy()
  expect(within(dialog).queryByText('else')).toBeNull()
  await user.click(within(dialog).getByRole('button', { name: 'Add disk' }))
  await screen.findByRole('button', { name: 'Edit disk disk-1' })
  expect(devicesOf(drawn.draft)).toMatchObject({
    disks: [{ name: 'disk-1', disk: { bus: 'virtio' } }],
    dataVolumeTemplates: [{ metadata: { name: 'vm-disk-1' } }],
  })

  await user.click(screen.getByRole('button', { name: 'Edit disk disk-1' }))
  const edit = await screen.findByRole('dialog', { name: 'Edit disk disk-1' })
  await user.selectOptions(within(edit).getByRole('combobox', { name: 'Bus' }), 'scsi')
  await user.click(within(edit).getByRole('button', { name: 'Save' }))
  await screen.findByText('Disk, SCSI')
  await user.click(screen.getByRole('button', { name: 'Remove disk disk-1' }))
  await screen.findByText(/No disks yet/)
  expect(devicesOf(drawn.draft).dataVolumeTemplates).toEqual([])
})
